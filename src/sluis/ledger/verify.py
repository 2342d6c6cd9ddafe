"""Verification from the rows up: every leaf, node, checkpoint and index column is computed again.

It needs no key that opens a cell. Each finding names what is wrong and where; `LedgerBroken` carries the first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import groupby, zip_longest

from sluis.core.entry import Kind
from sluis.core.errors import BadInput, Flaw, LedgerBroken
from sluis.core.leaf import LEAF_SIZE, leaf_bytes, moment
from sluis.core.merkle import Frontier, leaf_hash, nodes_before
from sluis.core.note import VerifierKey, parse_vkey
from sluis.core.proof import TreeHead
from sluis.ledger.model import Reader, Row, from_micros, raw
from sluis.ledger.prepare import about_id, index_columns
from sluis.ledger.signing import verify_checkpoint

Progress = Callable[[int, int], None]
"""Told now and then: how many entries are done, of how many."""

_STEP = 1000


def silent(done: int, total: int) -> None:
    """Progress that nobody sees."""


@dataclass(slots=True)
class Audit:
    """One pass over the log. `run` yields what is wrong, in the order of the log.

    `keys` starts with the log's first key; a further one counts from the checkpoint after the one, signed by a known key,
    that covers its `log.key_rotated` entry. `anchor` is a key from outside the database that must be among them: without
    it somebody could have written the whole log anew under a key of his own.
    """

    reader: Reader
    origin: str
    keys: list[VerifierKey]
    anchor: VerifierKey | None = None
    progress: Progress = silent
    frontier: Frontier = field(default_factory=Frontier)
    newest: int = 0
    announced: list[VerifierKey] = field(default_factory=list)

    def run(self) -> Iterator[Flaw]:
        """Every flaw. The head is read first: entries that are appended meanwhile belong to the next verification."""
        size, peaks, newest = self.reader.rows("SELECT size, peaks, (SELECT max(size) FROM checkpoint) FROM head")[0]
        signed = self.reader.stream("SELECT size, root, note FROM checkpoint WHERE size <= ? ORDER BY size", (size,))
        checkpoints = iter([*signed])
        pending = next(checkpoints, None)
        for row, cells, node in self._rows(size):
            while pending and pending[0] <= self.frontier.size:
                yield from self._checkpoint(pending)
                pending = next(checkpoints, None)
            yield from self._entry(row, cells)
            yield from self._tree(row, node)
            yield from self._rotation(row)
            if self.frontier.size % _STEP == 0:
                self.progress(self.frontier.size, size)
        while pending:
            yield from self._checkpoint(pending)
            pending = next(checkpoints, None)
        yield from self._head(size, raw(peaks), newest or 0)
        self.progress(size, size)

    def _rows(self, size: int) -> Iterator[tuple[Row, list[Row], list[bytes]]]:
        """Each entry with its cells and the nodes that it completes; missing cells and nodes come out as none."""
        entries = self.reader.stream(
            "SELECT seq, id, leaf, core, kind, recorded, provider, recipient, purpose, decision, review, about"
            " FROM entry ORDER BY seq"
        )
        cells = self.reader.stream("SELECT seq, n, ct, ct_hash, commitment FROM cell ORDER BY seq, n")
        grouped = ((seq, list(rows)) for seq, rows in groupby(cells, key=lambda row: row[0]))
        nodes = self.reader.stream("SELECT pos, hash FROM node ORDER BY pos")
        of_cells, node = next(grouped, None), next(nodes, None)
        for row in entries:
            while of_cells and of_cells[0] < row[0]:
                of_cells = next(grouped, None)
            mine = of_cells[1] if of_cells and of_cells[0] == row[0] else []
            made: list[bytes] = []
            while node and node[0] < nodes_before(row[0] + 1):
                made += [bytes(node[1])] if node[0] >= nodes_before(row[0]) else []
                node = next(nodes, None)
            if row[0] >= size and self._later(row[0], size):
                return
            yield row, mine, made

    def _later(self, seq: int, size: int) -> bool:
        """Whether an entry beyond the head came in after we read the head, rather than standing there unsigned."""
        now: int = self.reader.rows("SELECT size FROM head")[0][0]
        return size <= seq < now

    def _entry(self, row: Row, cells: Sequence[Row]) -> Iterator[Flaw]:
        seq, entry_id, leaf, core = row[0], raw(row[1]), raw(row[2]), raw(row[3])
        where = f"entry {seq}"
        if seq != self.frontier.size:
            yield Flaw(where=f"entry {self.frontier.size}", what=f"gap: the next entry that exists is {seq}")
        yield from _leaf_flaws(where, leaf, entry_id, core, cells)
        for n, (_, number, sealed, ct_hash, _) in enumerate(cells):
            if number != n or (sealed is not None and sha256(raw(sealed)).digest() != raw(ct_hash)):
                yield Flaw(where=f"{where}, cell {number}", what="ciphertext: it is not the one that was recorded")
        yield from _column_flaws(where, row)
        if row[5] < self.newest:
            yield Flaw(where=where, what="time: it was recorded before the entry in front of it")
        self.newest = max(self.newest, row[5])

    def _tree(self, row: Row, stored: Sequence[bytes]) -> Iterator[Flaw]:
        self.frontier, made = self.frontier.grow([leaf_hash(raw(row[2]))])
        for level, (ours, theirs) in enumerate(zip_longest(made, stored)):
            if ours != theirs:
                what = "leaf: it is not the one in the tree" if level == 0 else f"node: level {level} above it is wrong"
                yield Flaw(where=f"entry {row[0]}", what=what)

    def _rotation(self, row: Row) -> Iterator[Flaw]:
        """A key that an entry announces; it counts once the old key has signed for that entry."""
        if row[4] != Kind.LOG_KEY_ROTATED.value:
            return
        try:
            self.announced.append(parse_vkey(json.loads(raw(row[3]))["core"]["new"]))
        except (ValueError, KeyError, TypeError, AttributeError, BadInput):
            yield Flaw(where=f"entry {row[0]}", what="key: the new key cannot be read")

    def _checkpoint(self, row: Row) -> Iterator[Flaw]:
        size, root, note = row
        where = f"checkpoint {size}"
        try:
            said = verify_checkpoint(note, self.origin, self.keys).head
        except (BadInput, LedgerBroken) as fault:
            yield Flaw(where=where, what=str(fault))
            return
        self.keys, self.announced = [*self.keys, *self.announced], []
        if said != TreeHead(size, raw(root)):
            yield Flaw(where=where, what="checkpoint: the signed text and its row differ")
        if size == self.frontier.size and said.root != self.frontier.root():
            yield Flaw(where=where, what="root: the entries before it do not give the signed root")
        if size > self.frontier.size:
            yield Flaw(where=where, what=f"missing: it commits to {size} entries, the log has {self.frontier.size}")

    def _head(self, size: int, peaks: bytes, newest: int) -> Iterator[Flaw]:
        if self.frontier.size != size:
            yield Flaw(where="head", what=f"size: it says {size}, there are {self.frontier.size} entries")
        elif b"".join(self.frontier.peaks) != peaks:
            yield Flaw(where="head", what="peaks: they are not those of the entries")
        if self.anchor is not None and self.anchor not in [*self.keys, *self.announced]:
            yield Flaw(where="keys", what="anchor: the key known outside is none that this log was handed to")
        if newest > size:
            yield Flaw(where=f"checkpoint {newest}", what=f"missing: it commits to {newest} entries, the log has {size}")
        if newest < size:
            yield Flaw(where="head", what=f"unsigned: the newest checkpoint commits to {newest} of {size} entries")


def _leaf_flaws(where: str, leaf: bytes, entry_id: bytes, core: bytes, cells: Sequence[Row]) -> Iterator[Flaw]:
    """Which part of a row no longer matches its leaf."""
    made = leaf_bytes(entry_id, core, [(raw(cell[3]), raw(cell[4])) for cell in cells])
    names = {"leaf": slice(0, 14), "id": slice(14, 30), "core": slice(30, 62), "cells": slice(62, LEAF_SIZE)}
    if len(leaf) != LEAF_SIZE:
        yield Flaw(where=where, what="leaf: it is not 126 bytes")
    for name, part in names.items():
        if leaf[part] != made[part]:
            yield Flaw(where=where, what=f"{name}: it does not match the leaf")


def _column_flaws(where: str, row: Row) -> Iterator[Flaw]:
    """Whether the columns that queries use still say what the core says: else an entry could hide from its reader."""
    try:
        core = json.loads(raw(row[3]))
        said = (core["kind"], core["recorded"], *index_columns(core["core"]), about_id(core["core"]))
    except (ValueError, KeyError, TypeError, AttributeError, BadInput):
        yield Flaw(where=where, what="core: it cannot be read")
        return
    about = None if row[11] is None else raw(row[11])
    if said != (row[4], moment(from_micros(row[5])), *row[6:11], about):
        yield Flaw(where=where, what="columns: they do not say what the core says")
