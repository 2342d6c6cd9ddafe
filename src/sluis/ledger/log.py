"""The log as the flows know it: the port `Ledger` over a sequencer, a reader and the verification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx2

from sluis.core.entry import EntryDraft, Kind, Receipt
from sluis.core.errors import LedgerBroken, LedgerUnavailable, SluisError
from sluis.core.merkle import Frontier
from sluis.ledger import postgres, sqlite
from sluis.ledger.model import Keeper, LogParts, Reader, SignedHead, Writer, micros
from sluis.ledger.opening import FORMAT, Outside, check_folder, check_opening, known_keys
from sluis.ledger.postgres import Place, PostgresKeeper, PostgresReader, PostgresWriter
from sluis.ledger.prepare import prepare
from sluis.ledger.reader import LogReading
from sluis.ledger.sequencer import Sequencer, Ticket, sign_head
from sluis.ledger.signing import verifier_key
from sluis.ledger.sqlite import SqliteKeeper, SqliteReader, SqliteWriter
from sluis.ledger.tending import Tender
from sluis.ledger.witnessing import Freshness, Witnesses
from sluis.ports.log import LogHealth, Stamped

LEAVES = frozenset({Kind.RELEASE_AUTHORISED, Kind.KNOWN_ASKED, Kind.HANDOVER_OFFERED, Kind.HANDOVER_ACCEPTED, Kind.LOG_EXPORTED})
"""What lets data out: it stops when no quorum of witnesses has seen the log for too long. Refusals and reviews go on."""


@dataclass(frozen=True, slots=True)
class Database:
    """A database that holds one log: its one writer, its readers, and the keeper of what stands beside it."""

    writer: Writer
    reader: Reader
    keeper: Keeper


class TransparencyLog(LogReading):
    """One log that is written to (port `Ledger`). Safe to use from any number of threads."""

    def __init__(self, database: Database, parts: LogParts, outside: Outside) -> None:
        super().__init__(database.reader, parts, outside.folder)
        self.database = database
        self._outside = outside
        check_opening(self.reader, parts)
        published = check_folder(self.reader, outside.folder, parts.origin) if outside.folder else 0
        self.witnesses = _witnesses(database, parts, outside)
        self.tender = Tender(self.reader, parts, outside, self.witnesses)
        self._freshness = _freshness(self.reader, outside)
        self._sequencer = Sequencer(database.writer, parts)
        self.tender.start(published)

    def append(self, draft: EntryDraft) -> Receipt:
        """Return only once the entry survives a power cut; raise `LedgerUnavailable` otherwise."""
        return self.submit(draft).wait(self.parts.timeout)

    def submit(self, draft: EntryDraft) -> Ticket:
        """Queue an entry without waiting; nothing may leave before the ticket gives a receipt."""
        if self.tender.broken is not None:
            raise LedgerUnavailable(f"the log has stopped: {self.tender.broken}")
        if self._freshness is not None and draft.kind in LEAVES:
            self._freshness.check(self.parts.clock.now())
        return self._sequencer.submit(prepare(draft, self.parts))

    def health(self) -> LogHealth:
        """What the last round around the log found: for the integrity page and the operator's alarm."""
        folder, policy, stamping = self._outside.folder, self._outside.policy, self.tender.stamping
        published = folder.checkpoint() if folder else None
        stamp = stamping.newest if stamping else None
        return LogHealth(
            broken=str(self.tender.broken or ""),
            problem=self.tender.problem,
            published=None if published is None else int(published.split("\n")[1]),
            witnesses=tuple(self.tender.asked),
            cosigned_at=Freshness(policy, timedelta.max, self.reader).seen() if policy else None,
            stamping=stamping is not None,
            stamp=Stamped(stamp.head.size, stamp.at, stamp.authority) if stamp else None,
            stamp_problem=stamping.problem if stamping else "",
        )

    def tend(self) -> None:
        """One round of asking the witnesses, publishing and stamping, now. Raises `LedgerBroken` for another history."""
        self.tender.round()

    def close(self) -> None:
        """Finish what is waiting and let go of the database."""
        self.tender.close()
        # Readers first: the last to leave an SQLite file brings its write-ahead log home, and a reader may not.
        self.reader.close()
        self._sequencer.close()


def _witnesses(database: Database, parts: LogParts, outside: Outside) -> Witnesses | None:
    """The witnesses of the policy, after comparing the database with what they remember. Raises `LedgerBroken`."""
    if outside.policy is None:
        return None
    http = outside.http or httpx2.Client(timeout=10)
    found = Witnesses(outside.policy, http, database.reader, database.keeper, parts.origin)
    found.check_memory(known_keys(database.reader))
    return found


def _freshness(reader: Reader, outside: Outside) -> Freshness | None:
    if outside.policy is None or outside.freshest is None:
        return None
    return Freshness(outside.policy, outside.freshest, reader)


def _birth(parts: LogParts) -> tuple[dict[str, str], SignedHead]:
    """What a new log knows of itself, and its first checkpoint: that of the empty tree."""
    if parts.signer.name != parts.origin:
        raise LedgerBroken("key: the name of the checkpoint key is not the origin")
    meta = {"format": FORMAT, "origin": parts.origin, "vkey": str(verifier_key(parts.signer))}
    return meta, sign_head(Frontier(), micros(parts.clock.now()), parts)


def open_postgres_log(place: Place, parts: LogParts, outside: Outside | None = None) -> TransparencyLog:
    """The log in this schema, made when there is none. Raises `LedgerUnavailable`, `LedgerBroken`."""
    postgres.create(place, *_birth(parts))
    return _opened(Database(PostgresWriter(place), PostgresReader(place), PostgresKeeper(place)), parts, outside)


def open_sqlite_log(path: Path, parts: LogParts, outside: Outside | None = None) -> TransparencyLog:
    """The log in this file, made when there is none. Raises `LedgerUnavailable`, `LedgerBroken`."""
    timeout = parts.timeout
    sqlite.create(path, *_birth(parts), timeout)
    database = Database(SqliteWriter(path, timeout), SqliteReader(path, timeout), SqliteKeeper(path, timeout))
    return _opened(database, parts, outside)


def _opened(database: Database, parts: LogParts, outside: Outside | None) -> TransparencyLog:
    """The log of a database; a database that is refused is let go."""
    try:
        return TransparencyLog(database, parts, outside or Outside())
    except SluisError:
        database.reader.close()
        database.writer.close()
        raise
