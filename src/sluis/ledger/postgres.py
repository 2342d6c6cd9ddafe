"""The log in PostgreSQL: one schema per log, an elected sequencer, a fence that holds when the election does not.

Whoever holds the session's advisory lock is the sequencer of the next batch; it lets go after each, so that several
brokers take turns and a dead one loses its turn with its session. Inside the transaction the head row is locked and
moved only from where it was read: a sequencer that has lost its lock without noticing changes nothing.
A release waits for its entry's batch; there is no table of pending rows from which somebody could drop one unseen.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import LiteralString

import psycopg
from psycopg import sql

from sluis.core.errors import LedgerUnavailable, StoreUnavailable
from sluis.core.merkle import Frontier, nodes_before
from sluis.ledger.model import Batch, Head, Row, SignedHead, peaks_of

_TABLES: LiteralString = """
CREATE TABLE meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE entry (
  seq bigint PRIMARY KEY, id bytea NOT NULL UNIQUE, leaf bytea NOT NULL, core bytea NOT NULL, kind text NOT NULL,
  recorded bigint NOT NULL, provider text, recipient text, purpose text, decision text, about bytea, review text);
CREATE INDEX entry_kind ON entry (kind, seq);
CREATE INDEX entry_recorded ON entry (recorded);
CREATE INDEX entry_provider ON entry (provider, seq) WHERE provider IS NOT NULL;
CREATE INDEX entry_recipient ON entry (recipient, seq) WHERE recipient IS NOT NULL;
CREATE INDEX entry_purpose ON entry (purpose, seq) WHERE purpose IS NOT NULL;
CREATE INDEX entry_about ON entry (about, kind) WHERE about IS NOT NULL;
CREATE INDEX entry_review ON entry (seq) WHERE review IS NOT NULL;
CREATE TABLE cell (
  seq bigint NOT NULL, n integer NOT NULL, role text NOT NULL, tag bytea, bucket text NOT NULL, ct bytea,
  ct_hash bytea NOT NULL, commitment bytea NOT NULL, PRIMARY KEY (seq, n));
CREATE INDEX cell_tag ON cell (tag, seq) WHERE tag IS NOT NULL;
CREATE TABLE node (pos bigint PRIMARY KEY, hash bytea NOT NULL);
CREATE TABLE head (
  one integer PRIMARY KEY CHECK (one = 1), size bigint NOT NULL, peaks bytea NOT NULL, recorded bigint NOT NULL,
  epoch bigint NOT NULL);
CREATE TABLE checkpoint (size bigint PRIMARY KEY, root bytea NOT NULL, note text NOT NULL, signed_at bigint NOT NULL);
CREATE TABLE cosigned (size bigint NOT NULL, line text NOT NULL, seen_at bigint NOT NULL, PRIMARY KEY (size, line));
INSERT INTO head VALUES (1, 0, '', 0, 0);
CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE FUNCTION only_forgets() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (NEW.seq, NEW.n, NEW.role, NEW.bucket, NEW.ct_hash, NEW.commitment)
     IS DISTINCT FROM (OLD.seq, OLD.n, OLD.role, OLD.bucket, OLD.ct_hash, OLD.commitment)
     OR (NEW.tag IS NOT NULL AND NEW.tag IS DISTINCT FROM OLD.tag) OR (NEW.ct IS NOT NULL AND NEW.ct IS DISTINCT FROM OLD.ct)
  THEN RAISE EXCEPTION 'a cell can only be erased'; END IF; RETURN NEW; END $$;
CREATE TRIGGER entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON entry EXECUTE FUNCTION stays();
CREATE TRIGGER node_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON node EXECUTE FUNCTION stays();
CREATE TRIGGER checkpoint_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint EXECUTE FUNCTION stays();
CREATE TRIGGER cell_stays BEFORE DELETE OR TRUNCATE ON cell EXECUTE FUNCTION stays();
CREATE TRIGGER cell_only_forgets BEFORE UPDATE ON cell FOR EACH ROW EXECUTE FUNCTION only_forgets();
"""

_ENTRY: LiteralString = (
    "INSERT INTO entry SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[], %s::text[], %s::bigint[],"
    " %s::text[], %s::text[], %s::text[], %s::text[], %s::bytea[], %s::text[])"
)
_CELL: LiteralString = (
    "INSERT INTO cell SELECT * FROM unnest(%s::bigint[], %s::integer[], %s::text[], %s::bytea[], %s::text[], %s::bytea[],"
    " %s::bytea[], %s::bytea[])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a log is in PostgreSQL. `timeout` is how many seconds any one statement or lock may take."""

    dsn: str = field(repr=False)
    schema: str
    timeout: float = 5.0

    @property
    def lock(self) -> int:
        """The number of the advisory lock: the same for everybody who writes this log."""
        return int.from_bytes(sha256(f"sluis-log|{self.schema}".encode()).digest()[:8], "big", signed=True)


@contextmanager
def _as_unavailable(what: str) -> Iterator[None]:
    """Driver errors as `LedgerUnavailable`. The server's words may hold values, so only the SQLSTATE is passed on."""
    try:
        yield
    except psycopg.Error as fault:
        raise LedgerUnavailable(f"{what}: {fault.sqlstate or type(fault).__name__}") from fault


def connect(place: Place) -> psycopg.Connection[Row]:
    """A connection that commits durably. Raises `psycopg.Error`; `LedgerUnavailable` when the server would not sync."""
    limit = int(place.timeout * 1000)
    link = psycopg.connect(place.dsn, autocommit=True, connect_timeout=max(2, int(place.timeout)))
    link.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(place.schema)))
    link.execute(
        f"SET lock_timeout = {limit}; SET statement_timeout = {limit}; SET idle_in_transaction_session_timeout = {limit}"
    )
    # A session can ask for more durability than the server's default, never silently get less.
    link.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') <> 'remote_apply'"
    )
    for name, good in (("fsync", ("on",)), ("full_page_writes", ("on",)), ("synchronous_commit", ("on", "remote_apply"))):
        found = link.execute(f"SHOW {name}").fetchone()
        if found is None or found[0] not in good:
            link.close()
            raise LedgerUnavailable(f"the server has {name} = {found and found[0]}: it would confirm what a power cut loses")
    return link


def create(place: Place, meta: dict[str, str], first: SignedHead) -> None:
    """Make the schema, with the checkpoint of the empty tree, unless it is there. Raises `LedgerUnavailable`."""
    with _as_unavailable("the log cannot be created"), connect(place) as link, link.transaction():
        link.execute("SELECT pg_advisory_xact_lock(%s)", (place.lock,))
        there = link.execute("SELECT 1 FROM pg_tables WHERE schemaname = %s AND tablename = 'head'", (place.schema,)).fetchone()
        if there is None:
            link.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(place.schema)))
            link.execute(_TABLES)
            link.cursor().executemany("INSERT INTO meta VALUES (%s, %s)", list(meta.items()))
            link.execute("INSERT INTO checkpoint VALUES (%s, %s, %s, %s)", (first.size, first.root, first.note, first.signed_at))


def grants(schema: str, *, writer: str, eraser: str) -> list[sql.Composed]:
    """The statements that give each role its own: the writer appends and moves the head, the eraser makes cells forget.

    The owner of the schema is a third: he can drop a guard rail, and then the witness speaks.
    """
    rules: list[tuple[LiteralString, str]] = [
        ("GRANT USAGE ON SCHEMA {s} TO {r}", writer),
        ("GRANT SELECT ON ALL TABLES IN SCHEMA {s} TO {r}", writer),
        ("GRANT INSERT ON {s}.entry, {s}.cell, {s}.node, {s}.checkpoint, {s}.cosigned TO {r}", writer),
        ("GRANT UPDATE ON {s}.head TO {r}", writer),
        ("GRANT DELETE ON {s}.cosigned TO {r}", writer),
        ("GRANT USAGE ON SCHEMA {s} TO {r}", eraser),
        ("GRANT SELECT ON {s}.cell TO {r}", eraser),
        ("GRANT UPDATE (tag, ct) ON {s}.cell TO {r}", eraser),
        ("GRANT MAINTAIN ON {s}.cell TO {r}", eraser),
    ]
    return [sql.SQL(rule).format(s=sql.Identifier(schema), r=sql.Identifier(role)) for rule, role in rules]


class PostgresWriter:
    """The writing session (port `Writer`). Used by the sequencer's thread only."""

    def __init__(self, place: Place) -> None:
        self._place = place
        with _as_unavailable("the log cannot be opened"):
            self._link = connect(place)

    def begin(self) -> Head:
        """Be elected for one batch, then lock and read the head."""
        with _as_unavailable("the log cannot be locked"):
            self._link.execute("SELECT pg_advisory_lock(%s)", (self._place.lock,))
            self._link.execute("BEGIN")
            row = self._link.execute("SELECT size, peaks, recorded, epoch FROM head FOR UPDATE").fetchone()
        if row is None:
            raise LedgerUnavailable("the log has no head")
        return Head(Frontier(row[0], peaks_of(row[1])), row[2], row[3])

    def commit(self, batch: Batch) -> None:
        """Rows, nodes, head and checkpoint in one transaction, fenced; returns after the server has synced."""
        head, old, signed = batch.after, batch.before, batch.signed
        with _as_unavailable("the log cannot be written"):
            moved = self._link.execute(
                "UPDATE head SET size = %s, peaks = %s, recorded = %s, epoch = %s WHERE size = %s AND epoch = %s",
                (head.frontier.size, b"".join(head.frontier.peaks), head.recorded, head.epoch, old.frontier.size, old.epoch),
            )
            if moved.rowcount != 1:
                raise LedgerUnavailable("another sequencer has moved the log")
            self._insert(batch)
            self._link.execute(
                "INSERT INTO checkpoint VALUES (%s, %s, %s, %s)", (signed.size, signed.root, signed.note, signed.signed_at)
            )
            self._link.execute("COMMIT")
            # If we die here the lock goes with the session; the entries are durable and nobody was told.
            self._link.execute("SELECT pg_advisory_unlock(%s)", (self._place.lock,))

    def _insert(self, batch: Batch) -> None:
        rows = [
            (
                e.seq,
                e.entry_id,
                e.leaf,
                e.core,
                e.kind,
                e.recorded,
                e.provider,
                e.recipient,
                e.purpose,
                e.decision,
                e.about,
                e.review,
            )
            for e in batch.entries
        ]
        self._link.execute(_ENTRY, [list(column) for column in zip(*rows, strict=True)])
        cells = [
            (entry.seq, n, c.role, c.tag, c.bucket, c.ct, c.ct_hash, c.commit)
            for entry, of_entry in zip(batch.entries, batch.cells, strict=True)
            for n, c in enumerate(of_entry)
        ]
        if cells:
            self._link.execute(_CELL, [list(column) for column in zip(*cells, strict=True)])
        first = nodes_before(batch.before.frontier.size)
        places = list(range(first, first + len(batch.nodes)))
        self._link.execute("INSERT INTO node SELECT * FROM unnest(%s::bigint[], %s::bytea[])", (places, list(batch.nodes)))

    def recover(self) -> None:
        """Start over on a new session: the old one's transaction and lock die with it."""
        with _as_unavailable("the log cannot recover"):
            self._link.close()
            self._link = connect(self._place)

    def close(self) -> None:
        """End the session."""
        self._link.close()


class PostgresKeeper:
    """Small changes and erasure (port `Keeper`), each in a session of its own; its place may name a role of its own."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def write(self, changes: Sequence[tuple[str, Sequence[object]]]) -> int:
        """All changes in one durable transaction; how many rows changed."""
        with _as_unavailable("the log cannot be changed"), connect(self._place) as link, link.transaction():
            return sum(link.execute(_query(text), args).rowcount for text, args in changes)

    def purge(self) -> None:
        """Rewrite the table of cells without its dead rows. The server's own write-ahead log forgets them later."""
        with _as_unavailable("the log cannot be purged"), connect(self._place) as link:
            link.execute("VACUUM (FULL) cell")


class PostgresReader:
    """Read-only sessions, one per thread at a time (port `Reader`)."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._idle: list[psycopg.Connection[Row]] = []
        self._lock = threading.Lock()

    def rows(self, sql: str, args: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        try:
            with self._link() as link:
                return link.execute(_query(sql), args).fetchall()
        except StoreUnavailable:
            # An idle session may have died with a server that is back by now; a fresh one decides.
            self.close()
            with self._link() as link:
                return link.execute(_query(sql), args).fetchall()

    def stream(self, sql: str, args: Sequence[object] = ()) -> Iterator[Row]:
        """The rows one after the other, as of one moment, without holding all of them."""
        with self._link() as link, link.transaction(), link.cursor(name="sluis_stream") as cursor:
            cursor.itersize = 2000
            cursor.execute(_query(sql), args)
            yield from cursor

    @contextmanager
    def _link(self) -> Iterator[psycopg.Connection[Row]]:
        with self._lock:
            link = self._idle.pop() if self._idle else None
        try:
            link = link or self._connect()
            yield link
        except psycopg.Error as fault:
            raise StoreUnavailable(f"the log cannot be read: {fault.sqlstate or type(fault).__name__}") from fault
        with self._lock:
            self._idle.append(link)

    def _connect(self) -> psycopg.Connection[Row]:
        link = psycopg.connect(self._place.dsn, autocommit=True, connect_timeout=max(2, int(self._place.timeout)))
        link.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(self._place.schema)))
        link.read_only = True
        return link

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()


def _query(text: str) -> str:
    """The shared SQL in psycopg's spelling; its texts are constants of this package, every value is an argument."""
    return text.replace("?", "%s")
