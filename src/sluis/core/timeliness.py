"""How timely humans judge what is put before them: counts and times per quarter, and no small number.

Laws of this file: a number from one to nine is not told, nor what would give it away (how many were in time while the others are
few, a median of a few); periods are whole calendar quarters, so that nobody finds a small number by moving a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

from sluis.core.errors import BadInput, Flaw

FEWEST = 10
"""From how many on a number is told; nought is told too."""
_QUARTER = re.compile(r"(20\d\d)-K([1-4])\Z")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter in UTC."""

    year: int
    number: int

    @property
    def word(self) -> str:
        """As it is written: `2026-K4`."""
        return f"{self.year}-K{self.number}"

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=UTC)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return self.next.since

    @property
    def next(self) -> Quarter:
        """The quarter after this one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> Quarter:
        """The quarter before this one."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


def quarter_of(at: datetime) -> Quarter:
    """The quarter in which that moment lies."""
    utc = at.astimezone(UTC)
    return Quarter(utc.year, (utc.month + 2) // 3)


def parse_quarter(word: str) -> Quarter:
    """The quarter of `2026-K4`. Raises `BadInput`."""
    found = _QUARTER.match(word)
    if found is None:
        raise BadInput(Flaw(where="kwartaal", what="dit is geen kwartaal", mend="schrijf jjjj-Kn, bijvoorbeeld 2026-K4"))
    return Quarter(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """What a row of figures is about: which provider judged, for which purpose, urgent or not."""

    provider: str
    purpose: str
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question that a human has judged as a whole: when it was asked, until when there was, when it was judged."""

    lane: Lane
    requester: str
    asked: datetime
    due: datetime | None
    judged: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A question that waits for a human now."""

    lane: Lane
    requester: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A row. `judged` and `in_time` are of the quarter, `waiting` and `late` of this moment; None: too few to tell."""

    lane: Lane
    judged: int | None
    in_time: int | None
    median: timedelta | None
    p90: timedelta | None
    waiting: int | None
    late: int | None


@dataclass(slots=True)
class _Row:
    answered: list[Answered] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)


def figures(answered: Iterable[Answered], pending: Iterable[Pending]) -> tuple[Figures, ...]:
    """The rows of these questions, in order of provider, purpose and urgency (the urgent first)."""
    rows: dict[Lane, _Row] = {}
    for one in answered:
        rows.setdefault(one.lane, _Row()).answered.append(one)
    for other in pending:
        rows.setdefault(other.lane, _Row()).pending.append(other)
    return tuple(_figures(lane, rows) for lane in sorted(rows, key=lambda one: (one.provider, one.purpose, not one.urgent)))


def _figures(lane: Lane, rows: Mapping[Lane, _Row]) -> Figures:
    row = rows[lane]
    times = sorted(max(one.judged - one.asked, timedelta()) for one in row.answered)
    enough = len(times) >= FEWEST
    waiting = [one.late for one in row.pending]
    return Figures(
        lane=lane,
        judged=told(len(times)),
        in_time=part(sum(one.due is None or one.judged <= one.due for one in row.answered), len(times)),
        median=_whole(_middle(times).total_seconds()) if enough else None,
        p90=_whole(times[ceil(0.9 * len(times)) - 1].total_seconds()) if enough else None,
        waiting=told(len(waiting)),
        late=part(sum(waiting), len(waiting)),
    )


def told(number: int) -> int | None:
    """The number, unless it is small."""
    return None if 0 < number < FEWEST else number


def part(number: int, whole: int) -> int | None:
    """The number of a part, unless it, the whole or the rest is small."""
    return None if None in {told(number), told(whole), told(whole - number)} else number


def _middle(times: list[timedelta]) -> timedelta:
    """The median of times in order. `statistics` would bring chance into the core."""
    half = len(times) // 2
    return times[half] if len(times) % 2 else (times[half - 1] + times[half]) / 2


def _whole(seconds: float) -> timedelta:
    """Rounded up to whole minutes."""
    return timedelta(minutes=ceil(seconds / 60))
