"""Handing a log over: to a new key, or to a new origin (a year ends, or a history cannot be mended)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sluis.core.entry import EntryDraft, Json, Kind, Receipt
from sluis.core.errors import WrongState
from sluis.core.note import Note, VerifierKey, parse_note, parse_signature
from sluis.ledger.log import TransparencyLog
from sluis.ledger.model import LogParts, Reader
from sluis.ledger.opening import known_keys
from sluis.ledger.publishing import Folder
from sluis.ledger.reader import LogReading
from sluis.ledger.reading import newest_checkpoint
from sluis.ledger.signing import verifier_key
from sluis.ledger.sqlite import SqliteReader


def announce_key(log: TransparencyLog, new: VerifierKey, at: datetime) -> Receipt:
    """Record, under the old key, that this new key signs from the next start on. Raises `WrongState`.

    Afterwards start the log with the new key as its signer and the old one in `LogParts.also`, hand out a new policy file,
    and drop the old line when nobody reads it any more.
    """
    if new.name != log.parts.origin or new in known_keys(log.reader):
        raise WrongState("the new key has another name than the log, or the log already knows it")
    core = {"old": str(verifier_key(log.parts.signer)), "new": str(new)}
    return log.append(EntryDraft(kind=Kind.LOG_KEY_ROTATED, at=at, core=core))


def last_cosigned(reader: Reader) -> str:
    """The newest checkpoint that a witness cosigned, with its lines; the newest of all when none was."""
    rows = reader.rows(
        "SELECT c.note, k.line FROM cosigned k JOIN checkpoint c ON c.size = k.size"
        " WHERE k.size = (SELECT max(size) FROM cosigned) ORDER BY k.line"
    )
    note: Note = parse_note(rows[0][0] if rows else newest_checkpoint(reader).note)
    return str(note.with_signatures(*(parse_signature(line) for _, line in rows)))


def open_retired(path: Path, parts: LogParts, folder: Folder | None = None) -> LogReading:
    """A retired log in a file, for reading: `parts` as when it was written to (origin, key, vault), `folder` with its stamps."""
    return LogReading(SqliteReader(path, parts.timeout), parts, folder)


def succeed(old: LogReading, new: TransparencyLog, at: datetime) -> Receipt:
    """Make entry 0 of the new log say which log it continues, and from which checkpoint. Raises `WrongState`.

    Ask the witnesses of the old log a last time before, and write nothing to it after.
    """
    if new.state().size or new.parts.origin == old.parts.origin:
        raise WrongState("a successor is a new, empty log with an origin of its own")
    checkpoint = last_cosigned(old.reader)
    core: dict[str, Json] = {"old_origin": old.parts.origin, "old_size": old.state().size, "old_checkpoint": checkpoint}
    return new.append(EntryDraft(kind=Kind.LOG_OPENED, at=at, core=core))
