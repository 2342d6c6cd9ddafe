"""The logs of one region, year after year, as one `Ledger`: the newest is written to, the retired ones are read.

Each is a log of its own, with its own origin, key, tree and receipts; entry 0 of a successor holds the last cosigned
checkpoint of the log before it. Only readers see them as one: the `index` of an entry goes on counting where the log
before ended, so that paging by `before` works; receipts keep the index that their own tree proves.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from sluis.core.entry import EntryDraft, Kind, LoggedEntry, Receipt
from sluis.core.errors import LedgerBroken, NotFound
from sluis.core.note import parse_checkpoint, parse_note
from sluis.ledger.log import TransparencyLog
from sluis.ledger.model import Reader, raw
from sluis.ledger.publishing import Served
from sluis.ledger.reader import LogReading
from sluis.ledger.reading import newest_checkpoint, root_at
from sluis.ports import LogHealth, LogQuery, LogState


class LogFamily:
    """One log that is written to and the retired ones before it, oldest first (port `Ledger`)."""

    def __init__(self, retired: Sequence[LogReading], current: TransparencyLog) -> None:
        self.current = current
        self.all: tuple[LogReading, ...] = (*retired, current)
        starts = [0]
        for log in retired:
            starts.append(starts[-1] + log.state().size)
        self._starts = tuple(starts)

    def append(self, draft: EntryDraft) -> Receipt:
        """Return only once the entry survives a power cut; raise `LedgerUnavailable` otherwise."""
        return self.current.append(draft)

    def receipt(self, entry_id: str) -> Receipt:
        """A receipt under the origin that holds the entry. Raises `NotFound`."""
        for log in reversed(self.all):
            try:
                return log.receipt(entry_id)
            except NotFound:
                continue
        raise NotFound("no such entry")

    def entry(self, entry_id: str) -> LoggedEntry:
        """The entry, wherever it stands. Raises `NotFound`, `LedgerBroken`."""
        for start, log in reversed(list(zip(self._starts, self.all, strict=True))):
            try:
                found = log.entry(entry_id)
            except NotFound:
                continue
            return replace(found, index=start + found.index)
        raise NotFound("no such entry")

    def entries(self, query: LogQuery) -> Sequence[LoggedEntry]:
        """The entries that match over all logs, newest first; the oldest first when `after` is given.

        A review of an entry of last year is written this year, so what still awaits one is asked of all logs together.
        """
        found: list[LoggedEntry] = []
        years = list(zip(self._starts, self.all, strict=True))
        for start, log in reversed(years) if query.after is None else years:
            left = query.limit - len(found)
            before = None if query.before is None else query.before - start
            if left <= 0 or (before is not None and before <= 0):
                continue
            after = None if query.after is None else query.after - start
            asked = replace(query, before=before, after=after, limit=left)
            settled_later = query.awaiting_review and log is not self.current
            there = self._waiting(log, asked) if settled_later else log.entries(asked)
            found += [replace(entry, index=start + entry.index) for entry in there]
        return found

    def _waiting(self, log: LogReading, query: LogQuery) -> Sequence[LoggedEntry]:
        """What a retired log still has waiting, without what a later log has settled."""
        found: list[LoggedEntry] = []
        while len(found) < query.limit and (page := log.entries(query)):
            found += [entry for entry in page if not self._reviewed_later(entry.entry_id)]
            last = page[-1].index
            query = replace(query, before=last) if query.after is None else replace(query, after=last)
        return found[: query.limit]

    def _reviewed_later(self, entry_id: str) -> bool:
        """Whether a verdict stands in a log after the entry's own; the newest of verdict and reopening counts."""
        kinds = (Kind.REVIEW_VERDICT, Kind.REVIEW_REOPENED)
        for log in reversed(self.all):
            said = log.entries(LogQuery(kinds=kinds, about=entry_id, limit=1))
            if said:
                return said[0].kind is Kind.REVIEW_VERDICT
        return False

    def state(self) -> LogState:
        """What the newest checkpoint of the log that is written to commits to."""
        return self.current.state()

    def state_since(self, at: datetime) -> LogState | None:
        """What the first checkpoint of any of them, signed at or after that moment, commits to; None when there is none yet."""
        return next((found for log in self.all if (found := log.state_since(at)) is not None), None)

    def health(self) -> LogHealth:
        """What those outside said last of the log that is written to."""
        return self.current.health()

    def served(self, path: str) -> Served | None:
        """What stands under the public prefix of the log that is written to; under `<origin>/…` of any of them."""
        named = (log for log in self.all if path.startswith(f"{log.parts.origin}/"))
        return next(named, self.current).served(path)

    def verify(self) -> LogState:
        """Verify every log, and that each continues the one before. Raises `LedgerBroken`, naming the origin."""
        for log in self.all:
            try:
                log.verify()
            except LedgerBroken as fault:
                raise LedgerBroken(f"`{log.parts.origin}`: {fault}") from fault
        for old, new in pairwise(self.all):
            check_succession(old, new)
        return self.state()

    def close(self) -> None:
        """Let go of all of them."""
        for log in self.all:
            log.close()


def check_succession(old: LogReading, new: LogReading) -> None:
    """Raise `LedgerBroken` unless entry 0 of the new log carries a checkpoint that the old log still holds."""
    check_continues(old.reader, old.parts.origin, new.reader, new.parts.origin)


def check_continues(old: Reader, old_origin: str, new: Reader, new_origin: str) -> None:
    """The same of two logs that are only read. Raises `LedgerBroken`."""
    first = new.rows("SELECT core FROM entry WHERE seq = 0 AND kind = ?", (Kind.LOG_OPENED.value,))
    try:
        carried = json.loads(raw(first[0][0]))["core"]["old_checkpoint"] if first else None
    except (ValueError, KeyError, TypeError):  # somebody wrote to the row
        carried = None
    if not isinstance(carried, str):
        raise LedgerBroken(f"`{new_origin}`: entry 0 does not say which log it continues")
    checkpoint = parse_checkpoint(parse_note(carried).text)
    head = checkpoint.head
    if checkpoint.origin != old_origin or head.size > newest_checkpoint(old).size or root_at(old, head.size) != head.root:
        raise LedgerBroken(f"`{new_origin}`: entry 0 carries another history than `{old_origin}` holds")
