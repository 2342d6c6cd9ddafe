"""Rules over every question in the log: what an officer should look at, found without knowing whose it is.

Laws of this file: it sees organisations, purposes, outcomes, moments and blind indexes, never a name or a word that was said;
a hit accuses nobody, it waits for a human; what hits follows from the rows since the day that lies `history` days before, so
that it makes no difference where one round ends and the next begins; what is remembered is bounded per user and per pair.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sluis.core.dutch_time import dutch
from sluis.core.entry import Json, Kind, LoggedEntry

QUESTIONS = (Kind.RELEASE_AUTHORISED, Kind.RELEASE_REFUSED, Kind.RELEASE_REFERRED, Kind.KNOWN_ASKED)
"""What a question comes to; every one of them is screened."""
MOST_NAMED = 20
"""How many entries a hit names, the newest; it counts them all."""
_SATURDAY = 5


class RuleName(StrEnum):
    """The rules. What each means stands in `docs/portal.md` and in `policies/toetsing/regels.yaml`."""

    SEARCHING = "zoekgedrag"
    VOLUME = "omvang"
    VOLUME_ORGANISATION = "omvang-organisatie"
    HOURS = "buiten-werktijd"
    REPEATED = "herhaald"
    PROBING = "aftasten"
    NEW_PURPOSE = "nieuw-doel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From which number on the daily volume of a user (or an organisation) stands out, whatever the past was like."""

    factor: int = 5
    least: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What privacy officers set. `history` in days; `least_days` of work before a past counts; hours on a Dutch clock."""

    rules: frozenset[RuleName] = frozenset(RuleName)
    searches: int = 10
    user: Limits = field(default_factory=Limits)
    organisation: Limits = field(default_factory=lambda: Limits(least=100))
    history: int = 14
    least_days: int = 5
    opens: int = 7
    closes: int = 19
    day_and_night: frozenset[str] = frozenset()
    purposes: int = 3
    attempts: int = 3
    settled: int = 30

    def on_record(self) -> Mapping[str, Json]:
        """The numbers under the names of the file: with which of them a round was made goes on record with it."""
        return {
            "aan": [rule.value for rule in RuleName if rule in self.rules],
            "zoekgedrag": self.searches,
            "omvang": [self.user.factor, self.user.least],
            "omvang-organisatie": [self.organisation.factor, self.organisation.least],
            "buiten-werktijd": [self.opens, self.closes],
            "dag-en-nacht": sorted(self.day_and_night),
            "herhaald": self.purposes,
            "aftasten": self.attempts,
            "nieuw-doel": self.settled,
            "verleden": [self.history, self.least_days],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A question as the rules see it. `user` and `person` are blind indexes; None of whom was erased."""

    index: int
    entry_id: str
    at: datetime
    kind: Kind
    provider: str = ""
    recipient: str = ""
    purpose: str = ""
    direction: str = ""
    asked: int = 0
    emergency: bool = False
    user: bytes | None = field(default=None, repr=False)
    person: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule that hit at `row`: the entries that made it, the newest last; `count` of them, where `bound` is the limit."""

    rule: RuleName
    row: Row
    entries: tuple[str, ...]
    count: int
    bound: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rules ask of the world: when an organisation first asked (for a purpose; "" for any), and what kind it is."""

    first: Callable[[str, str], Row | None]
    kind_of: Callable[[str], str]


@dataclass(slots=True)
class _Today:
    """What somebody did today."""

    count: int = 0
    released: int = 0
    at_night: bool = False
    entries: deque[str] = field(default_factory=lambda: deque(maxlen=MOST_NAMED))


def row_of(entry: LoggedEntry) -> Row:
    """The row of an entry, from its core and its blind indexes."""
    core, tags, counts = entry.core, dict(entry.tags), entry.core.get("counts")
    asked = counts.get("asked") if isinstance(counts, Mapping) else 0
    words = {name: str(core.get(name) or "") for name in ("provider", "recipient", "purpose", "direction")}
    return Row(
        index=entry.index,
        entry_id=entry.entry_id,
        at=entry.recorded,
        kind=entry.kind,
        asked=asked if isinstance(asked, int) else 0,
        emergency=core.get("emergency") is True,
        user=tags.get("actor"),
        person=tags.get("subject"),
        **words,
    )


def learns_from(first: datetime, parameters: Parameters) -> datetime:
    """From which moment the rows before a round must be learnt: well before the Dutch midnight that begins the history."""
    return first - timedelta(days=parameters.history + 2)


def unusual_from(past: list[int], limits: Limits) -> float:
    """Above which number a day stands out from those of the past: median and median deviation, which one wild day cannot move."""
    middle = _median(past)
    spread = _median([abs(count - middle) for count in past])
    return max(limits.least, middle + limits.factor * max(1, spread))


def _median(numbers: Sequence[float]) -> float:
    """The middle one, of an even number the mean of the middle two. Written out: `statistics` brings chance into the core."""
    ordered, half = sorted(numbers), len(numbers) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


class Screen:
    """The rules with what they remember. Rows come in the order of the log: `learn` those of before a round, `hits` the rest."""

    def __init__(self, parameters: Parameters, known: Known) -> None:
        self._set, self._known = parameters, known
        self._day = date.min
        self._users: dict[bytes, _Today] = {}
        self._organisations: dict[str, _Today] = {}
        self._refused: dict[tuple[bytes, bytes], dict[tuple[str, str, int], str]] = {}
        self._purposes: dict[tuple[bytes, bytes], dict[str, tuple[date, str]]] = {}
        self._past: dict[bytes | str, deque[tuple[date, int]]] = {}
        self._used: set[tuple[str, str]] = set()

    def learn(self, row: Row) -> None:
        """Remember a row that was screened before."""
        self._used.add((row.recipient, row.purpose))
        for _ in self._told(row):
            pass

    def hits(self, row: Row) -> tuple[Hit, ...]:
        """What hits at this row."""
        new = self._new_purpose(row) if RuleName.NEW_PURPOSE in self._set.rules else ()
        return tuple(hit for hit in (*self._told(row), *new) if hit.rule in self._set.rules)

    def _told(self, row: Row) -> Iterator[Hit]:
        self._turn(max(self._day, dutch(row.at).date()))
        yield from self._of_organisation(row)
        if row.user is not None:
            yield from self._of_user(row, row.user)
            if row.person is not None:
                yield from self._of_pair(row, (row.user, row.person))

    def _turn(self, day: date) -> None:
        """Let a new day begin: what was done becomes the past, and what is older than the history is forgotten."""
        if day == self._day:
            return
        for done in (self._users, self._organisations):
            for key, today in done.items():
                self._past.setdefault(key, deque()).append((self._day, today.count))
        self._day, oldest = day, day - timedelta(days=self._set.history)
        for past in self._past.values():
            while past and past[0][0] < oldest:
                past.popleft()
        self._past = {key: past for key, past in self._past.items() if past}
        kept = {pair: {word: last for word, last in seen.items() if last[0] >= oldest} for pair, seen in self._purposes.items()}
        self._purposes = {pair: seen for pair, seen in kept.items() if seen}
        self._users, self._organisations, self._refused = {}, {}, {}

    def _of_organisation(self, row: Row) -> Iterator[Hit]:
        today = self._organisations.setdefault(row.recipient, _Today())
        today.count += 1
        today.entries.append(row.entry_id)
        yield from self._volume(RuleName.VOLUME_ORGANISATION, row, today, row.recipient)

    def _of_user(self, row: Row, user: bytes) -> Iterator[Hit]:
        today, limit = self._users.setdefault(user, _Today()), self._set.searches
        today.count += 1
        today.released += row.kind is Kind.RELEASE_AUTHORISED
        today.entries.append(row.entry_id)
        yield from self._volume(RuleName.VOLUME, row, today, user)
        if today.count == limit and not today.released:
            yield _hit(RuleName.SEARCHING, row, today.entries, limit, today.count)
        if self._off_hours(row) and not today.at_night:
            today.at_night = True
            yield _hit(RuleName.HOURS, row, [row.entry_id], 1)

    def _volume(self, rule: RuleName, row: Row, today: _Today, key: bytes | str) -> Iterator[Hit]:
        past = [count for _, count in self._past.get(key, ())]
        if len(past) < self._set.least_days:
            return
        bound = unusual_from(past, self._set.user if rule is RuleName.VOLUME else self._set.organisation)
        if today.count - 1 <= bound < today.count:
            yield _hit(rule, row, today.entries, int(bound), today.count)

    def _off_hours(self, row: Row) -> bool:
        """Whether nobody works there at that hour. Emergencies are reviewed anyway; holidays are not known."""
        at = dutch(row.at)
        working = at.weekday() < _SATURDAY and self._set.opens <= at.hour < self._set.closes
        return not working and not row.emergency and self._known.kind_of(row.recipient) not in self._set.day_and_night

    def _of_pair(self, row: Row, pair: tuple[bytes, bytes]) -> Iterator[Hit]:
        seen = self._purposes.setdefault(pair, {})
        fresh = row.purpose not in seen
        seen.pop(row.purpose, None)  # so that the newest stands last
        seen[row.purpose] = (self._day, row.entry_id)
        if fresh and len(seen) >= self._set.purposes:
            yield _hit(RuleName.REPEATED, row, [entry for _, entry in seen.values()], self._set.purposes)
        if row.kind is Kind.RELEASE_REFUSED:
            tried = self._refused.setdefault(pair, {})
            way, limit = (row.purpose, row.direction, row.asked), self._set.attempts
            if way not in tried and len(tried) < limit:
                tried[way] = row.entry_id
                if len(tried) == limit:
                    yield _hit(RuleName.PROBING, row, list(tried.values()), limit)

    def _new_purpose(self, row: Row) -> Iterator[Hit]:
        if (row.recipient, row.purpose) in self._used or not row.recipient or not row.purpose:
            return
        self._used.add((row.recipient, row.purpose))
        began = self._known.first(row.recipient, "")
        if began is None or row.at - began.at < timedelta(days=self._set.settled):
            return
        first = self._known.first(row.recipient, row.purpose)
        if first is not None and first.index == row.index:
            yield _hit(RuleName.NEW_PURPOSE, row, [row.entry_id], 1)


def _hit(rule: RuleName, row: Row, entries: deque[str] | list[str], bound: int, count: int = 0) -> Hit:
    named = tuple(entries)[-MOST_NAMED:]
    return Hit(rule=rule, row=row, entries=named, count=count or len(named), bound=bound)
