"""A witness: what the FG of a partner runs, so that the operator of a log cannot rewrite it and sign again.

Laws of this file: it cosigns only what extends everything it cosigned before; it checks and remembers in one step,
durably, before it answers; what it refuses although the log signed it is kept as evidence of a split view.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sluis.core.errors import BadInput, LedgerBroken, LedgerUnavailable
from sluis.core.merkle import EMPTY_ROOT
from sluis.core.note import Checkpoint, Note, VerifierKey, parse_checkpoint, parse_note
from sluis.core.proof import TreeHead, check_consistency
from sluis.core.witness import AddCheckpoint, origin_path, parse_request
from sluis.ledger.model import micros, raw
from sluis.ledger.signing import WitnessLine, signed_by
from sluis.ledger.sqlite import connect
from sluis.ports import Clock, Signer

_SEEN = """CREATE TABLE IF NOT EXISTS seen
  (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL) STRICT"""
_REFUSED = """CREATE TABLE IF NOT EXISTS refused
  (at INTEGER NOT NULL, origin TEXT NOT NULL, status INTEGER NOT NULL, note TEXT NOT NULL, known TEXT NOT NULL) STRICT"""
_MOST_EVIDENCE = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers: status, content type, text."""

    status: int
    text: str = ""
    content_type: str = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two checkpoints of one origin, both signed by the log, that cannot both be true."""

    at: int
    origin: str
    status: int
    offered: str
    known: str


class Witness:
    """The witness itself, without a network. Safe for any number of threads and processes on one file."""

    def __init__(self, path: Path, signer: Signer, logs: Mapping[str, Sequence[VerifierKey]], clock: Clock) -> None:
        self._path, self._line, self._logs, self._clock = path, WitnessLine(signer), logs, clock
        with self._transaction() as db:
            for table in (_SEEN, _REFUSED):
                db.execute(table)

    def key(self) -> VerifierKey:
        """The key under which this witness cosigns."""
        return self._line.key()

    def add_checkpoint(self, body: bytes) -> Answer:
        """Cosign, or say why not: 400 malformed, 403 signature, 404 origin, 409 size, 422 proof."""
        try:
            request = parse_request(body)
            note = parse_note(request.note)
            checkpoint = parse_checkpoint(note.text)
        except BadInput as fault:
            return Answer(400, f"{fault}\n")
        keys = self._logs.get(checkpoint.origin)
        if keys is None:
            return Answer(404, "unknown origin\n")
        try:
            if not signed_by(note, keys):
                return Answer(403, "no known key has signed this checkpoint\n")
        except LedgerBroken as fault:
            return Answer(403, f"{fault}\n")
        if request.old > checkpoint.head.size:
            return Answer(400, "the old size is larger than the checkpoint\n")
        with self._transaction() as db:
            return self._weigh(db, request, note, checkpoint)

    def _weigh(self, db: sqlite3.Connection, request: AddCheckpoint, note: Note, checkpoint: Checkpoint) -> Answer:
        """Compare with what was cosigned before, and remember, in the transaction of the caller."""
        origin = checkpoint.origin
        row = db.execute("SELECT size, root, note FROM seen WHERE origin = ?", (origin,)).fetchone()
        known = TreeHead(row[0], raw(row[1])) if row else TreeHead(0, EMPTY_ROOT)
        if request.old != known.size:
            return Answer(409, f"{known.size}\n", "text/x.tlog.size")
        if known.size == checkpoint.head.size and known.root != checkpoint.head.root:
            self._keep_evidence(db, Evidence(micros(self._clock.now()), origin, 409, str(note), row[2] if row else ""))
            return Answer(409, f"{known.size}\n", "text/x.tlog.size")
        try:
            _check_extends(known, checkpoint.head, request.proof)
        except LedgerBroken as fault:
            self._keep_evidence(db, Evidence(micros(self._clock.now()), origin, 422, str(note), row[2] if row else ""))
            return Answer(422, f"{fault}\n")
        line = self._line.line(note.text, self._clock.now())
        kept = (checkpoint.head.size, checkpoint.head.root, str(note.with_signatures(line)))
        db.execute(
            "INSERT INTO seen VALUES (?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET size = ?, root = ?, note = ?",
            (origin, *kept, *kept),
        )
        # The answer leaves after the caller's COMMIT. If we die between the two, the log asks again and is told 409.
        return Answer(200, f"{line}\n")

    def newest(self, path: str) -> Answer:
        """The newest checkpoint that was cosigned, at `<hex sha256(origin)>/checkpoint`."""
        for origin in self._logs:
            if origin_path(origin) == path:
                with self._transaction() as db:
                    row = db.execute("SELECT note FROM seen WHERE origin = ?", (origin,)).fetchone()
                return Answer(200, row[0]) if row else Answer(404, "nothing cosigned yet\n")
        return Answer(404, "unknown origin\n")

    def evidence(self) -> list[Evidence]:
        """What was refused although the log had signed it, newest first: each is proof of a split view or a rewriting."""
        with self._transaction() as db:
            rows = db.execute("SELECT at, origin, status, note, known FROM refused ORDER BY at DESC, rowid DESC").fetchall()
        return [Evidence(*row) for row in rows]

    def _keep_evidence(self, db: sqlite3.Connection, found: Evidence) -> None:
        # Once: a log that asks again and again must not crowd out what another one did.
        said = (found.offered, found.known)
        if db.execute("SELECT count(*) FROM refused WHERE note = ? AND known = ?", said).fetchone()[0]:
            return
        if db.execute("SELECT count(*) FROM refused").fetchone()[0] < _MOST_EVIDENCE:
            row = (found.at, found.origin, found.status, found.offered, found.known)
            db.execute("INSERT INTO refused VALUES (?, ?, ?, ?, ?)", row)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One durable step. An error on the way gives up the step, and the caller answers nothing."""
        try:
            with closing(connect(self._path, 5.0)) as db:
                db.execute("BEGIN IMMEDIATE")
                yield db
                db.execute("COMMIT")
        except sqlite3.Error as fault:
            raise LedgerUnavailable(f"the witness cannot remember: {fault}") from fault


def _check_extends(known: TreeHead, offered: TreeHead, proof: Sequence[bytes]) -> None:
    """From nothing, anything may follow, without a proof; from something, only what extends it."""
    if known.size == 0:
        if proof:
            raise LedgerBroken("consistency: a proof from nothing must be empty")
        if offered.size == 0 and offered.root != EMPTY_ROOT:
            raise LedgerBroken("consistency: the empty tree has one root")
        return
    check_consistency(old=known, new=offered, proof=proof)
