"""A log as its readers have it: entries, receipts, state and verification. It needs no writer, so a retired log is one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sluis.core.entry import LoggedEntry, Receipt
from sluis.core.errors import Flaw, LedgerBroken
from sluis.ledger import reading
from sluis.ledger.model import LogParts, Reader, SignedHead, from_micros
from sluis.ledger.opening import first_key
from sluis.ledger.publishing import Folder, Served, served
from sluis.ledger.signing import verifier_key
from sluis.ledger.stamping import served_stamp
from sluis.ledger.verify import Audit, Progress, silent
from sluis.ports import LogQuery, LogState


class LogReading:
    """The reading half of the port `Ledger`. Reads never block the writer. `folder` is where it is published, with its stamps."""

    def __init__(self, reader: Reader, parts: LogParts, folder: Folder | None = None) -> None:
        self.reader, self.parts, self.folder = reader, parts, folder

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
        return self._state(reading.newest_checkpoint(self.reader))

    def state_since(self, at: datetime) -> LogState | None:
        """What the first checkpoint signed at or after that moment commits to; None when there is none yet."""
        signed = reading.checkpoint_since(self.reader, at)
        return None if signed is None else self._state(signed)

    def _state(self, signed: SignedHead) -> LogState:
        return LogState(
            origin=self.parts.origin,
            size=signed.size,
            root=signed.root,
            checkpoint=signed.note,
            signed_at=from_micros(signed.signed_at),
        )

    def served(self, path: str) -> Served | None:
        """What stands at this path under the log's public prefix (`checkpoint`, `tile/…`, `stamp/…`); None when nothing does.

        The origin may stand before it, for whoever has one prefix for the logs of all years.
        """
        path = path.removeprefix(f"{self.parts.origin}/")
        return served_stamp(self.folder, path) or served(self.reader, path)

    def flaws(self, progress: Progress = silent) -> Iterator[Flaw]:
        """Everything that verification finds wrong."""
        anchor = verifier_key(self.parts.signer)
        return Audit(self.reader, self.parts.origin, [first_key(self.reader)], anchor=anchor, progress=progress).run()

    def verify(self) -> LogState:
        """Recompute everything. Raises `LedgerBroken` with the first flaw."""
        state = self.state()
        for flaw in self.flaws():
            raise LedgerBroken(str(flaw))
        return state

    def close(self) -> None:
        """Let go of the database."""
        self.reader.close()


def entry_key(entry_id: str) -> bytes:
    """The bytes of an entry id; of what is none, bytes that no entry has."""
    try:
        return bytes.fromhex(entry_id)
    except ValueError:
        return b""
