"""The log as the flows know it: the port `Ledger` over a sequencer, a reader and the verification."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sluis.core.entry import EntryDraft, LoggedEntry, Receipt
from sluis.core.errors import Flaw, LedgerBroken, LedgerUnavailable
from sluis.core.merkle import Frontier
from sluis.core.note import VerifierKey, parse_vkey
from sluis.ledger import postgres, reading, sqlite
from sluis.ledger.model import LogParts, Reader, SignedHead, Writer, from_micros, micros, peaks_of
from sluis.ledger.postgres import Place, PostgresReader, PostgresWriter
from sluis.ledger.prepare import prepare
from sluis.ledger.sequencer import Sequencer, Ticket, sign_head
from sluis.ledger.signing import verifier_key, verify_checkpoint
from sluis.ledger.sqlite import SqliteReader, SqliteWriter
from sluis.ledger.verify import Audit, Progress, silent
from sluis.ports import LogQuery, LogState

FORMAT = "1"


@dataclass(frozen=True, slots=True)
class Database:
    """A database that holds one log: its one writer and its readers."""

    writer: Writer
    reader: Reader


class TransparencyLog:
    """One log (port `Ledger`). Safe to use from any number of threads."""

    def __init__(self, database: Database, parts: LogParts) -> None:
        self.parts, self.database, self.reader = parts, database, database.reader
        check_opening(self.reader, parts)
        self._sequencer = Sequencer(database.writer, parts)

    def append(self, draft: EntryDraft) -> Receipt:
        """Return only once the entry survives a power cut; raise `LedgerUnavailable` otherwise."""
        return self.submit(draft).wait(self.parts.timeout)

    def submit(self, draft: EntryDraft) -> Ticket:
        """Queue an entry without waiting; nothing may leave before the ticket gives a receipt."""
        return self._sequencer.submit(prepare(draft, self.parts))

    def receipt(self, entry_id: str) -> Receipt:
        """A receipt against the newest checkpoint. Raises `NotFound`."""
        return reading.receipt(self.reader, self.parts.origin, entry_key(entry_id))

    def entry(self, entry_id: str) -> LoggedEntry:
        """The entry, its cells opened as far as their keys exist. Raises `NotFound`, `LedgerBroken`."""
        return reading.find(self.reader, self.parts, entry_key(entry_id))

    def entries(self, query: LogQuery) -> Sequence[LoggedEntry]:
        """The entries that match, newest first."""
        return reading.search(self.reader, self.parts, query)

    def state(self) -> LogState:
        """What the newest checkpoint commits to."""
        signed = reading.newest_checkpoint(self.reader)
        return LogState(
            origin=self.parts.origin,
            size=signed.size,
            root=signed.root,
            checkpoint=signed.note,
            signed_at=from_micros(signed.signed_at),
        )

    def flaws(self, progress: Progress = silent) -> Iterator[Flaw]:
        """Everything that verification finds wrong."""
        return Audit(self.reader, self.parts.origin, known_keys(self.reader), progress).run()

    def verify(self) -> LogState:
        """Recompute everything. Raises `LedgerBroken` with the first flaw."""
        state = self.state()
        for flaw in self.flaws():
            raise LedgerBroken(str(flaw))
        return state

    def close(self) -> None:
        """Finish what is waiting and let go of the database."""
        self._sequencer.close()
        self.reader.close()


def entry_key(entry_id: str) -> bytes:
    """The bytes of an entry id; of what is none, bytes that no entry has."""
    try:
        return bytes.fromhex(entry_id)
    except ValueError:
        return b""


def known_keys(reader: Reader) -> list[VerifierKey]:
    """The keys that may have signed checkpoints of this log."""
    return [parse_vkey(value) for (value,) in reader.rows("SELECT value FROM meta WHERE name = 'vkey'")]


def check_opening(reader: Reader, parts: LogParts) -> None:
    """Refuse to open a log that is not ours or does not hold together. Raises `LedgerBroken` or `LedgerUnavailable`."""
    meta: dict[str, str] = dict(reader.rows("SELECT name, value FROM meta"))
    if meta.get("format") != FORMAT or meta.get("origin") != parts.origin:
        raise LedgerBroken(f"origin: this is not the log `{parts.origin}` in format {FORMAT}")
    if verifier_key(parts.signer) not in known_keys(reader):
        raise LedgerBroken("key: the configured checkpoint key is not the key of this log")
    size, peaks, recorded = reader.rows("SELECT size, peaks, recorded FROM head")[0]
    signed = reading.newest_checkpoint(reader)
    head = verify_checkpoint(signed.note, parts.origin, known_keys(reader)).head
    frontier = Frontier(size, peaks_of(peaks))
    if (head.size, head.root) != (size, frontier.root()):
        raise LedgerBroken(f"head: the log stands at {size}, its newest checkpoint at {head.size}, or their roots differ")
    if micros(parts.clock.now()) < recorded - parts.clock_slack * 1_000_000:
        raise LedgerUnavailable("the clock stands before the newest entry of the log: set the clock, then start again")


def _birth(parts: LogParts) -> tuple[dict[str, str], SignedHead]:
    """What a new log knows of itself, and its first checkpoint: that of the empty tree."""
    if parts.signer.name != parts.origin:
        raise LedgerBroken("key: the name of the checkpoint key is not the origin")
    meta = {"format": FORMAT, "origin": parts.origin, "vkey": str(verifier_key(parts.signer))}
    return meta, sign_head(Frontier(), micros(parts.clock.now()), parts)


def open_postgres_log(place: Place, parts: LogParts) -> TransparencyLog:
    """The log in this schema, made when there is none. Raises `LedgerUnavailable`, `LedgerBroken`."""
    postgres.create(place, *_birth(parts))
    return TransparencyLog(Database(PostgresWriter(place), PostgresReader(place)), parts)


def open_sqlite_log(path: Path, parts: LogParts) -> TransparencyLog:
    """The log in this file, made when there is none. Raises `LedgerUnavailable`, `LedgerBroken`."""
    sqlite.create(path, *_birth(parts), parts.timeout)
    return TransparencyLog(Database(SqliteWriter(path, parts.timeout), SqliteReader(path, parts.timeout)), parts)
