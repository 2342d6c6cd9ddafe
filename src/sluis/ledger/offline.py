"""Checking a log without running it: from its SQLite file, from a published folder, or from its public address.

For an FG, an auditor, a mirror. Nothing here opens a cell, writes, or needs a private key; a file whose content is
trusted by itself proves little, so give the log's vkey, and a witness's policy where there is one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx2

from sluis.core.errors import BadInput, Flaw, LedgerBroken, NotFound, SourceUnavailable
from sluis.core.merkle import Frontier, leaf_hash, position, range_hash
from sluis.core.note import VerifierKey, parse_note
from sluis.core.quorum import TlogPolicy
from sluis.core.receipt import WrittenReceipt
from sluis.core.tiles import ENTRIES, FULL, Tile, parse_tile, tiles_between, unbundle
from sluis.ledger import reading
from sluis.ledger.model import Reader, from_micros, raw
from sluis.ledger.opening import first_key
from sluis.ledger.publishing import Fetch
from sluis.ledger.signing import signed_by, verify_checkpoint
from sluis.ledger.sqlite import SqliteReader
from sluis.ledger.stamps import Grown, is_stamp
from sluis.ledger.verify import Audit, Progress, silent


@dataclass(frozen=True, slots=True)
class Kept:
    """A log in its database, read only."""

    reader: Reader
    origin: str
    key: VerifierKey

    def flaws(self, anchor: VerifierKey | None, progress: Progress = silent) -> Iterator[Flaw]:
        """Everything that verification finds wrong; `anchor` is the vkey that the reader got from elsewhere."""
        return Audit(self.reader, self.origin, [self.key], anchor=anchor, progress=progress).run()

    def grown(self) -> Grown:
        """The log as its stamps are compared with: from stored nodes, which `flaws` computes again."""

        def recorded_at(size: int) -> datetime:
            rows = self.reader.rows("SELECT recorded FROM entry WHERE seq = ?", (size - 1,))
            return from_micros(rows[0][0] if rows else 0)  # a missing entry is a flaw of its own

        size = reading.newest_checkpoint(self.reader).size
        return Grown(self.origin, size, lambda covered: reading.root_at(self.reader, covered), recorded_at)

    def index(self, wanted: str) -> int:
        """The index of an entry that is named by index or id. Raises `NotFound`."""
        if wanted.isascii() and wanted.isdecimal() and len(wanted) < 16:  # noqa: PLR2004 - an id has 32 digits
            rows = self.reader.rows("SELECT seq FROM entry WHERE seq = ?", (int(wanted),))
        else:
            try:
                rows = self.reader.rows("SELECT seq FROM entry WHERE id = ?", (bytes.fromhex(wanted),))
            except ValueError:
                rows = []
        if not rows:
            raise NotFound("no such entry")
        return int(rows[0][0])

    def proof(self, wanted: str) -> WrittenReceipt:
        """A receipt of an entry against the newest checkpoint. Raises `NotFound`."""
        index = self.index(wanted)
        entry_id = raw(self.reader.rows("SELECT id FROM entry WHERE seq = ?", (index,))[0][0])
        found = reading.receipt(self.reader, self.origin, entry_id)
        return WrittenReceipt(found.index, found.proof, found.checkpoint, found.leaf)

    def one(self, wanted: str) -> dict[str, object]:
        """The core of one entry. Raises `NotFound`."""
        return said(*self.reader.rows("SELECT seq, id, core FROM entry WHERE seq = ?", (self.index(wanted),))[0])

    def newest(self, count: int) -> list[dict[str, object]]:
        """The cores of the newest entries, newest first: no cell is opened, so no person is in it."""
        rows = self.reader.rows("SELECT seq, id, core FROM entry ORDER BY seq DESC LIMIT ?", (count,))
        return [said(*row) for row in rows]


def said(seq: int, entry_id: object, core: object) -> dict[str, object]:
    """An entry's core with its position."""
    return {"index": seq, "id": raw(entry_id).hex(), **json.loads(raw(core))}


def open_kept(path: Path) -> Kept:
    """The log in a file. Raises `BadInput` when there is none."""
    if not path.is_file():
        raise BadInput(Flaw(where=str(path), what="no such file", mend="give the SQLite file of an audit log"))
    reader = SqliteReader(path, 5.0)
    rows = reader.rows("SELECT value FROM meta WHERE name = 'origin'")
    if not rows:
        raise BadInput(Flaw(where=str(path), what="this file holds no audit log"))
    return Kept(reader, rows[0][0], first_key(reader))


def from_folder(root: Path) -> Fetch:
    """What a folder holds, by the paths of a log and no others."""

    def fetch(path: str) -> bytes | None:
        known = path == "checkpoint" or is_stamp(path) or parse_tile(path) is not None
        return (root / path).read_bytes() if known and (root / path).is_file() else None

    return fetch


def from_address(prefix: str, http: httpx2.Client) -> Fetch:
    """What a log serves. Raises `SourceUnavailable` when it does not answer."""

    def fetch(path: str) -> bytes | None:
        try:
            answer = http.get(f"{prefix.rstrip('/')}/{path}")
        except httpx2.HTTPError as fault:
            raise SourceUnavailable(f"the log does not answer: {type(fault).__name__}") from fault
        return answer.content if answer.status_code == httpx2.codes.OK else None

    return fetch


def check_published_log(fetch: Fetch, key: VerifierKey, policy: TlogPolicy | None = None, progress: Progress = silent) -> Grown:
    """Fetch everything, compute the tree again, compare every tile. Raises `LedgerBroken` with what is wrong and where."""
    text = fetch("checkpoint")
    if text is None:
        raise LedgerBroken("checkpoint: there is none")
    checkpoint = verify_checkpoint(text.decode("utf-8", "replace"), key.name, [key])
    if policy is not None:
        named = {witness.key: name for name, witness in policy.witnesses.items()}
        if not policy.satisfied({named[who] for who, _ in signed_by(parse_note(text.decode()), named)}):
            raise LedgerBroken("quorum: not enough witnesses have cosigned the checkpoint")
    made = _made_again(fetch, checkpoint.head.size, progress)
    if made.frontier.root() != checkpoint.head.root:
        raise LedgerBroken("root: the published entries do not give the signed root")
    for tile in tiles_between(0, checkpoint.head.size):
        if tile.level != ENTRIES and fetch(str(tile)) != made.tile(tile):
            raise LedgerBroken(f"tile: `{tile}` is missing or wrong")
    return Grown(checkpoint.origin, checkpoint.head.size, made.root_at)


@dataclass(frozen=True, slots=True)
class _Made:
    """The tree over published entries; `nodes` in order of their position."""

    frontier: Frontier
    nodes: list[bytes]

    def root_at(self, size: int) -> bytes:
        """The root of the first `size` entries."""
        return range_hash((0, size), lambda node: self.nodes[position(*node)])

    def tile(self, tile: Tile) -> bytes:
        """The bytes that a tile should have."""
        return b"".join(self.nodes[position(*node)] for node in tile.nodes())


def _made_again(fetch: Fetch, size: int, progress: Progress) -> _Made:
    """The tree from the entry bundles. Raises `LedgerBroken` for a bundle that is missing or too short."""
    frontier, nodes = Frontier(), list[bytes]()
    for tile in (tile for tile in tiles_between(0, size) if tile.level == ENTRIES):
        content = fetch(str(tile))
        entries = [] if content is None else unbundle(content)
        if len(entries) != tile.width:
            raise LedgerBroken(f"bundle: `{tile}` is missing or does not hold {tile.width} entries")
        frontier, made = frontier.grow(map(leaf_hash, entries))
        nodes += made
        progress(min(size, (tile.number + 1) * FULL), size)
    return _Made(frontier, nodes)
