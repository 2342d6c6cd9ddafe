"""Questions to the log: entries by query, receipts and proofs from stored nodes. The same SQL for every database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256

from sluis.core.entry import Json, Kind, LoggedEntry, Receipt
from sluis.core.errors import KeyUnavailable, LedgerBroken, NotFound
from sluis.core.leaf import cell_aad, commitment, leaf_bytes
from sluis.core.merkle import Range, bag, consistency_ranges, inclusion_ranges, nodes_of, position, range_nodes
from sluis.ledger.model import LogParts, Reader, Row, SignedHead, from_micros, micros, raw
from sluis.ports import LogQuery

MOST_ENTRIES = 1000
_ENTRY = "SELECT seq, id, leaf, core, kind, recorded FROM entry"
_CELL = "SELECT seq, role, tag, bucket, ct, ct_hash, commitment FROM cell"
_OPEN_REVIEW = (
    "review IS NOT NULL AND NOT EXISTS (SELECT 1 FROM entry v WHERE v.about = entry.id AND v.kind = 'review.verdict' AND NOT"
    " EXISTS (SELECT 1 FROM entry r WHERE r.about = entry.id AND r.kind = 'review.reopened' AND r.seq > v.seq))"
)


def hashes(reader: Reader, spans: Sequence[Range]) -> list[bytes]:
    """The hash of each range, from the stored nodes. Raises `LedgerBroken` when a node is missing."""
    wanted = nodes_of(spans)
    numbers = [position(*node) for node in wanted]
    found = dict[int, bytes]()
    for at in range(0, len(numbers), 500):
        part = numbers[at : at + 500]
        marks = ", ".join("?" * len(part))
        found.update(reader.rows(f"SELECT pos, hash FROM node WHERE pos IN ({marks})", part))  # noqa: S608 - only question marks
    if missing := [node for node, number in zip(wanted, numbers, strict=True) if number not in found]:
        level, index = missing[0]
        raise LedgerBroken(f"node: the stored node {index} of level {level} is missing")
    return [bag([raw(found[position(*node)]) for node in range_nodes(*span)]) for span in spans]


def newest_checkpoint(reader: Reader) -> SignedHead:
    """The newest signed checkpoint."""
    rows = reader.rows("SELECT size, root, note, signed_at FROM checkpoint ORDER BY size DESC LIMIT 1")
    if not rows:
        raise LedgerBroken("checkpoint: the log has none")
    size, root, note, signed_at = rows[0]
    return SignedHead(size, raw(root), note, signed_at)


def checkpoint_since(reader: Reader, at: datetime) -> SignedHead | None:
    """The first checkpoint of a log that is not empty, signed at or after that moment; None when there is none yet."""
    rows = reader.rows(
        "SELECT size, root, note, signed_at FROM checkpoint WHERE signed_at >= ? AND size > 0 ORDER BY size LIMIT 1",
        (micros(at),),
    )
    return SignedHead(rows[0][0], raw(rows[0][1]), rows[0][2], rows[0][3]) if rows else None


def receipt(reader: Reader, origin: str, entry_id: bytes) -> Receipt:
    """The receipt of an entry against the newest checkpoint. Raises `NotFound`."""
    rows = reader.rows("SELECT seq, leaf FROM entry WHERE id = ?", (entry_id,))
    if not rows:
        raise NotFound("no such entry")
    index, leaf = rows[0]
    signed = newest_checkpoint(reader)
    proof = tuple(hashes(reader, inclusion_ranges(index, (0, signed.size))))
    return Receipt(origin=origin, index=index, entry_id=entry_id.hex(), leaf=raw(leaf), proof=proof, checkpoint=signed.note)


def consistency(reader: Reader, old: int, size: int) -> tuple[bytes, ...]:
    """The proof that the tree of `size` extends the one of `old`; empty from 0, as a witness wants it."""
    return tuple(hashes(reader, consistency_ranges((0, old), size))) if old else ()


def root_at(reader: Reader, size: int) -> bytes:
    """The root of the first `size` entries, from stored nodes."""
    return hashes(reader, [(0, size)])[0]


def find(reader: Reader, parts: LogParts, entry_id: bytes) -> LoggedEntry:
    """One entry. Raises `NotFound`, `LedgerBroken`."""
    rows = reader.rows(f"{_ENTRY} WHERE id = ?", (entry_id,))
    if not rows:
        raise NotFound("no such entry")
    return _opened(reader, parts, rows)[0]


def search(reader: Reader, parts: LogParts, query: LogQuery) -> Sequence[LoggedEntry]:
    """The entries that match, at most 1,000 at a time. Raises `LedgerBroken` when one does not match its leaf."""
    where, args = _where(query, parts)
    end = f"ORDER BY seq {'DESC' if query.after is None else 'ASC'} LIMIT {max(0, min(query.limit, MOST_ENTRIES))}"
    if query.party is None:
        return _opened(reader, parts, reader.rows(_ordered(_ENTRY, where, end), args), bare=query.bare)
    # Either side has an index in order of position; an OR over both would collect every entry of the party and sort.
    sides = [_ordered(_ENTRY, [*where, f"{side} = ?"], end) for side in ("provider", "recipient")]
    both = f"SELECT * FROM ({sides[0]}) p UNION SELECT * FROM ({sides[1]}) r"  # noqa: S608 - texts of this file, values as arguments
    found = reader.rows(f"{both} {end}", 2 * [*args, query.party])
    return _opened(reader, parts, found, bare=query.bare)


def _ordered(select: str, where: Sequence[str], end: str) -> str:
    return f"{select} WHERE {' AND '.join(where)} {end}"


def _where(query: LogQuery, parts: LogParts) -> tuple[list[str], list[object]]:
    """The conditions of a query, with their arguments."""
    marks = ", ".join("?" * len(query.kinds))
    tag = None if query.subject is None else parts.vault.tag("subject", query.subject)
    tests: list[tuple[str, Sequence[object | None]]] = [
        (f"kind IN ({marks})", [kind.value for kind in query.kinds] or [None]),
        ("provider = ?", [query.provider]),
        ("recipient = ?", [query.recipient]),
        ("purpose = ?", [query.purpose]),
        ("about = ?", [None if query.about is None else _id(query.about)]),
        ("seq IN (SELECT seq FROM cell WHERE tag = ?)", [tag]),
        ("recorded >= ?", [None if query.since is None else micros(query.since)]),
        ("recorded < ?", [None if query.until is None else micros(query.until)]),
        ("seq < ?", [query.before]),
        ("seq > ?", [query.after]),
    ]
    given = [(test, values) for test, values in tests if None not in values]
    where = ["1 = 1", *(test for test, _ in given), *([_OPEN_REVIEW] if query.awaiting_review else [])]
    return where, [value for _, values in given for value in values]


def _id(text: str) -> bytes:
    """The bytes of an entry id; of what is none, bytes that no entry has."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _opened(reader: Reader, parts: LogParts, rows: Sequence[Row], *, bare: bool = False) -> list[LoggedEntry]:
    """The entries of these rows with their cells (none opened when `bare`), each checked against its leaf."""
    cells: dict[int, list[Row]] = {row[0]: [] for row in rows}
    numbers = list(cells)
    for at in range(0, len(numbers), 500):
        part = numbers[at : at + 500]
        marks = ", ".join("?" * len(part))
        for cell in reader.rows(f"{_CELL} WHERE seq IN ({marks}) ORDER BY seq, n", part):
            cells[cell[0]].append(cell[1:])
    return [_logged(row, cells[row[0]], parts, bare=bare) for row in rows]


def _logged(row: Row, cells: Sequence[Row], parts: LogParts, *, bare: bool) -> LoggedEntry:
    seq, entry_id, leaf, core, kind, recorded = row
    if raw(leaf) != leaf_bytes(raw(entry_id), raw(core), [(raw(cell[4]), raw(cell[5])) for cell in cells]):
        raise LedgerBroken(f"entry {seq}: the row does not match its leaf")
    return LoggedEntry(
        index=seq,
        entry_id=raw(entry_id).hex(),
        kind=Kind(kind),
        recorded=from_micros(recorded),
        core=json.loads(raw(core))["core"],
        cells=() if bare else tuple((cell[0], open_cell(seq, raw(entry_id), cell, parts)) for cell in cells),
        tags=tuple((cell[0], raw(cell[1])) for cell in cells if cell[1] is not None),
    )


def open_cell(seq: int, entry_id: bytes, cell: Row, parts: LogParts) -> Mapping[str, Json] | None:
    """What a cell says; None once the person was erased. Raises `LedgerBroken` when it is not what was recorded."""
    _, tag, bucket, sealed, ct_hash, commit = cell
    if tag is None or sealed is None:
        return None
    if sha256(raw(sealed)).digest() != raw(ct_hash):
        raise LedgerBroken(f"entry {seq}: a cell's ciphertext was changed")
    try:
        plain = parts.vault.open(raw(tag), bucket, raw(sealed), cell_aad(entry_id, raw(tag), bucket))
    except KeyUnavailable:
        return None
    if commitment(plain) != raw(commit):
        raise LedgerBroken(f"entry {seq}: a cell opens to something else than was recorded")
    data: Mapping[str, Json] = json.loads(plain)["d"]
    return data
