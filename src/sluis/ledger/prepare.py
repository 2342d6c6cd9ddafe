"""From a draft to what the sequencer needs: everything that can be done, or can fail, before an entry has a position.

It runs in the caller's thread: a draft that cannot be written down, or a key that cannot be reached, fails its own
caller and never the batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sluis.core.entry import CellDraft, EntryDraft, Json
from sluis.core.errors import BadInput, Flaw, KeyUnavailable, LedgerUnavailable, StoreUnavailable
from sluis.core.leaf import canonical, cell_aad, cell_plain, commitment, core_bytes, leaf_bytes, moment
from sluis.ledger.model import CellRow, EntryRow, LogParts

_INDEXED = ("provider", "recipient", "purpose", "decision", "review")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry that lacks only its position and the moment of recording."""

    entry_id: bytes
    kind: str
    started: str
    body: bytes
    salt: bytes
    columns: tuple[str | None, ...]
    about: bytes | None
    cells: tuple[CellRow, ...]

    def placed(self, seq: int, recorded: int, stamp: str) -> EntryRow:
        """The entry at its position; `stamp` is the moment `recorded` as the log writes it."""
        core = core_bytes(kind=self.kind, body=self.body, started=self.started, recorded=stamp, salt=self.salt)
        leaf = leaf_bytes(self.entry_id, core, [(cell.ct_hash, cell.commit) for cell in self.cells])
        provider, recipient, purpose, decision, review = self.columns
        return EntryRow(
            seq, self.entry_id, leaf, core, self.kind, recorded, provider, recipient, purpose, decision, self.about, review
        )


def index_columns(core: Mapping[str, Json]) -> tuple[str | None, ...]:
    """The columns that queries use, as `core` has them. Raises `BadInput` when one of them is no text."""
    values = [core.get(name) for name in _INDEXED]
    if not all(value is None or isinstance(value, str) for value in values):
        raise BadInput(Flaw(where="entry", what=f"one of {', '.join(_INDEXED)} is not text"))
    return tuple(None if value is None else str(value) for value in values)


def about_id(core: Mapping[str, Json]) -> bytes | None:
    """The id of the entry that this one is about. Raises `BadInput` when it is no entry id."""
    about = core.get("about")
    return None if about is None else entry_id_bytes(about)


def entry_id_bytes(value: Json) -> bytes:
    """The 16 bytes of an entry id written in hex. Raises `BadInput`."""
    if isinstance(value, str) and len(value) == 32:  # noqa: PLR2004 - 16 bytes in hex
        try:
            return bytes.fromhex(value)
        except ValueError:
            pass
    raise BadInput(Flaw(where="entry", what="an entry id is 32 hex digits"))


def prepare(draft: EntryDraft, parts: LogParts) -> Prepared:
    """The draft with its cells sealed. Raises `BadInput`; `LedgerUnavailable` when a cell cannot be sealed."""
    entry_id = parts.chance(16)
    body = canonical(draft.core)
    try:
        cells = _seal_all(draft.cells, entry_id, parts)
    except (KeyUnavailable, StoreUnavailable) as fault:
        raise LedgerUnavailable("the keys for an entry's cells are out of reach") from fault
    return Prepared(
        entry_id=entry_id,
        kind=draft.kind.value,
        started=moment(draft.at),
        body=body,
        salt=parts.chance(16),
        columns=index_columns(draft.core),
        about=about_id(draft.core),
        cells=cells,
    )


def _seal_all(cells: Sequence[CellDraft], entry_id: bytes, parts: LogParts) -> tuple[CellRow, ...]:
    return tuple(_seal(cell, entry_id, parts) for cell in cells)


def _seal(cell: CellDraft, entry_id: bytes, parts: LogParts) -> CellRow:
    """One cell under the key of its person and bucket. The commitment is over what went in, not over what came out."""
    plain = cell_plain(cell.data, parts.chance(32))
    tag = parts.vault.tag(cell.role, cell.identifier)
    sealed = parts.vault.seal(tag, cell.bucket, plain, cell_aad(entry_id, tag, cell.bucket))
    return CellRow(cell.role, tag, cell.bucket, sealed, sha256(sealed).digest(), commitment(plain))
