"""The log in an SQLite file of its own: WAL, `synchronous=FULL`, one writing connection, readers that never block it.

`synchronous=FULL` is the promise: with NORMAL a commit in WAL mode returns before any sync. Any number of processes may
hold the file: `BEGIN IMMEDIATE` lets one batch in at a time, and each batch starts from the head row that it reads there.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from sluis.core.errors import LedgerBroken, LedgerUnavailable, StoreUnavailable
from sluis.core.merkle import Frontier, nodes_before
from sluis.ledger.model import Batch, Head, Row, SignedHead, peaks_of

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, leaf BLOB NOT NULL, core BLOB NOT NULL, kind TEXT NOT NULL,
  recorded INTEGER NOT NULL, provider TEXT, recipient TEXT, purpose TEXT, decision TEXT, about BLOB, review TEXT) STRICT;
CREATE INDEX entry_kind ON entry (kind, seq);
CREATE INDEX entry_recorded ON entry (recorded);
CREATE INDEX entry_provider ON entry (provider, seq) WHERE provider IS NOT NULL;
CREATE INDEX entry_recipient ON entry (recipient, seq) WHERE recipient IS NOT NULL;
CREATE INDEX entry_purpose ON entry (purpose, seq) WHERE purpose IS NOT NULL;
CREATE INDEX entry_about ON entry (about, kind) WHERE about IS NOT NULL;
CREATE INDEX entry_review ON entry (seq) WHERE review IS NOT NULL;
CREATE TABLE cell (
  seq INTEGER NOT NULL, n INTEGER NOT NULL, role TEXT NOT NULL, tag BLOB, bucket TEXT NOT NULL, ct BLOB,
  ct_hash BLOB NOT NULL, commitment BLOB NOT NULL, PRIMARY KEY (seq, n)) WITHOUT ROWID, STRICT;
CREATE INDEX cell_tag ON cell (tag, seq) WHERE tag IS NOT NULL;
CREATE TABLE node (pos INTEGER PRIMARY KEY, hash BLOB NOT NULL) STRICT;
CREATE TABLE head (
  one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, peaks BLOB NOT NULL, recorded INTEGER NOT NULL,
  epoch INTEGER NOT NULL) STRICT;
CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, root BLOB NOT NULL, note TEXT NOT NULL, signed_at INTEGER NOT NULL) STRICT;
CREATE TABLE cosigned (
  size INTEGER NOT NULL, line TEXT NOT NULL, seen_at INTEGER NOT NULL, PRIMARY KEY (size, line)) WITHOUT ROWID, STRICT;
INSERT INTO head VALUES (1, 0, x'', 0, 0);
"""

# Guard rails against a slip of the hand, not the protection: whoever can write the file can drop a trigger.
_KEPT = {
    "entry": "seq, id, leaf, core, kind, recorded, provider, recipient, purpose, decision, about, review",
    "cell": "seq, n, role, bucket, ct_hash, commitment",
    "node": "pos, hash",
    "checkpoint": "size, root, note, signed_at",
}
GUARDS = (*(f"{table}_{verb}" for table in _KEPT for verb in ("kept", "stays")), "cell_only_forgets")


def _guards() -> str:
    made = []
    for table, columns in _KEPT.items():
        stop = "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        made.append(f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {columns} ON {table} {stop};")
        made.append(f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} {stop};")
    made.append(
        "CREATE TRIGGER cell_only_forgets BEFORE UPDATE OF tag, ct ON cell WHEN NEW.tag IS NOT NULL AND NEW.tag IS NOT OLD.tag"
        " OR NEW.ct IS NOT NULL AND NEW.ct IS NOT OLD.ct BEGIN SELECT RAISE(ABORT, 'a cell can only be erased'); END;"
    )
    return "".join(made)


@contextmanager
def _as_unavailable(what: str) -> Iterator[None]:
    """Driver errors as `LedgerUnavailable`; SQLite's own words (`database or disk is full`) hold no personal value."""
    try:
        yield
    except sqlite3.Error as fault:
        raise LedgerUnavailable(f"{what}: {fault}") from fault


def connect(path: Path, timeout: float) -> sqlite3.Connection:
    """A connection that writes durably. Raises `sqlite3.Error`."""
    link = sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False, cached_statements=1024)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF"):
        link.execute(f"PRAGMA {pragma}")
    mode, level = link.execute("PRAGMA journal_mode").fetchone()[0], link.execute("PRAGMA synchronous").fetchone()[0]
    if (mode, level) != ("wal", 2):
        link.close()
        raise sqlite3.OperationalError(f"the file system gives journal_mode={mode} and synchronous={level}, not WAL and FULL")
    return link


def create(path: Path, meta: dict[str, str], first: SignedHead, timeout: float) -> None:
    """Make the tables, with the checkpoint of the empty tree, unless the file already has them. Raises `LedgerUnavailable`."""
    with _as_unavailable("the log cannot be created"):
        _claim(path)
        link = connect(path, timeout)
        try:
            link.execute("BEGIN IMMEDIATE")
            if link.execute("SELECT count(*) FROM sqlite_master WHERE name = 'head'").fetchone()[0] == 0:
                for statement in _statements(_TABLES + _guards()):
                    link.execute(statement)
                link.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
                link.execute("INSERT INTO checkpoint VALUES (?, ?, ?, ?)", (first.size, first.root, first.note, first.signed_at))
            link.execute("COMMIT")
        finally:
            link.close()
    # The file's name must survive a power cut too, or a durable log is a log that nobody finds.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _claim(path: Path) -> None:
    """Make the file for the broker's eyes only; SQLite gives its companions the same mode."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as fault:
        raise LedgerUnavailable(f"the log cannot be created: {fault.strerror}") from fault


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; a trigger ends at END, not at its first semicolon."""
    pending = ""
    for piece in script.split(";"):
        pending += piece + ";"
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""


@cache
def _insert(table: str, columns: int, rows: int) -> str:
    """One statement for all rows of a batch: one step through the driver instead of one per row."""
    one = f"({', '.join('?' * columns)})"
    return f"INSERT INTO {table} VALUES {', '.join([one] * rows)}"  # noqa: S608 - table names of this file, values as arguments


class SqliteWriter:
    """The writing connection (port `Writer`). Used by the sequencer's thread only."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path, self._timeout = path, timeout
        self._in_doubt = False
        with _as_unavailable("the log cannot be opened"):
            self._link = connect(path, timeout)

    def begin(self) -> Head:
        """Shut out every other writer and read the head."""
        if self._in_doubt:
            raise LedgerUnavailable("the disk failed to sync, and the log has not recovered yet")
        with _as_unavailable("the log cannot be locked"):
            self._link.execute("BEGIN IMMEDIATE")
            size, peaks, recorded, epoch = self._link.execute("SELECT size, peaks, recorded, epoch FROM head").fetchone()
        return Head(Frontier(size, peaks_of(peaks)), recorded, epoch)

    def commit(self, batch: Batch) -> None:
        """Rows, nodes, head and checkpoint in one transaction; returns after the sync of the write-ahead log."""
        with _as_unavailable("the log cannot be written"):
            head, old, signed = batch.after, batch.before, batch.signed
            moved = self._link.execute(
                "UPDATE head SET size = ?, peaks = ?, recorded = ?, epoch = ? WHERE size = ? AND epoch = ?",
                (head.frontier.size, b"".join(head.frontier.peaks), head.recorded, head.epoch, old.frontier.size, old.epoch),
            )
            if moved.rowcount != 1:
                raise LedgerUnavailable("another sequencer has moved the log")
            self._entries(batch)
            self._nodes(batch)
            self._link.execute(
                "INSERT INTO checkpoint VALUES (?, ?, ?, ?)", (signed.size, signed.root, signed.note, signed.signed_at)
            )
            self._in_doubt = True
            self._link.execute("COMMIT")
            self._in_doubt = False

    def _entries(self, batch: Batch) -> None:
        rows: list[object] = []
        for e in batch.entries:
            rows += (e.seq, e.entry_id, e.leaf, e.core, e.kind, e.recorded, e.provider, e.recipient)
            rows += (e.purpose, e.decision, e.about, e.review)
        self._link.execute(_insert("entry", 12, len(batch.entries)), rows)
        cells: list[object] = []
        for entry, of_entry in zip(batch.entries, batch.cells, strict=True):
            for n, c in enumerate(of_entry):
                cells += (entry.seq, n, c.role, c.tag, c.bucket, c.ct, c.ct_hash, c.commit)
        # 1,000 cells at a time: SQLite takes at most 32,766 arguments in one statement.
        for at in range(0, len(cells), 8000):
            part = cells[at : at + 8000]
            self._link.execute(_insert("cell", 8, len(part) // 8), part)

    def _nodes(self, batch: Batch) -> None:
        first, rows = nodes_before(batch.before.frontier.size), list[object]()
        for offset, node in enumerate(batch.nodes):
            rows += (first + offset, node)
        self._link.execute(_insert("node", 2, len(batch.nodes)), rows)

    def recover(self) -> None:
        """Start over on a new connection; after a failed COMMIT with everything in the main file and synced.

        After a failed sync the kernel may call pages clean that never reached the disk: a later sync of the write-ahead
        log would pass over the hole, and entries confirmed behind it would be lost in a power cut. Copying the whole
        write-ahead log into the main file writes those pages anew. While that fails the log stays unavailable.
        """
        with _as_unavailable("the log cannot recover"):
            self._link.close()
            self._link = connect(self._path, self._timeout)
            if not self._in_doubt:
                return
            busy, _, _ = self._link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            self._link.close()
            raise LedgerUnavailable("the log cannot recover while readers hold it")
        self._in_doubt = False

    def close(self) -> None:
        """Let go of the file."""
        self._link.close()


class SqliteKeeper:
    """Small changes and erasure (port `Keeper`), each on a connection of its own."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path, self._timeout = path, timeout

    def write(self, changes: Sequence[tuple[str, Sequence[object]]]) -> int:
        """All changes in one durable transaction; how many rows changed."""
        with _as_unavailable("the log cannot be changed"), closing(connect(self._path, self._timeout)) as link:
            link.execute("BEGIN IMMEDIATE")
            changed = sum(link.execute(sql, tuple(args)).rowcount for sql, args in changes)
            link.execute("COMMIT")
            return changed

    def purge(self) -> None:
        """Bring the erased pages home and empty the write-ahead log, which still holds what stood there before.

        `secure_delete` has already overwritten the freed bytes with zeros.
        """
        with _as_unavailable("the log cannot be purged"), closing(connect(self._path, self._timeout)) as link:
            busy, _, _ = link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise LedgerUnavailable("the log cannot be purged while readers hold it")
            link.execute("VACUUM")
            link.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class SqliteReader:
    """Read-only connections, one per thread at a time (port `Reader`)."""

    def __init__(self, path: Path, timeout: float) -> None:
        self._path, self._timeout = path, timeout
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()

    def rows(self, sql: str, args: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        with self._link() as link:
            return link.execute(sql, tuple(args)).fetchall()

    def stream(self, sql: str, args: Sequence[object] = ()) -> Iterator[Row]:
        """The rows one after the other, as of the moment of the first."""
        with self._link() as link:
            yield from link.execute(sql, tuple(args))

    @contextmanager
    def _link(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock:
                link = self._idle.pop() if self._idle else None
            link = link or sqlite3.connect(
                f"{self._path.absolute().as_uri()}?mode=ro", uri=True, timeout=self._timeout, check_same_thread=False
            )
            yield link
        except sqlite3.Error as fault:
            if type(fault) is sqlite3.DatabaseError:  # not one of its subclasses: "database disk image is malformed"
                raise LedgerBroken(f"file: {fault}") from fault
            raise StoreUnavailable(f"the log cannot be read: {fault}") from fault
        with self._lock:
            self._idle.append(link)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()
