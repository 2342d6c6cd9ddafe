"""What an officer may know in numbers: what was released, refused and referred, what was found of it, and what waits.

Laws of this file: it opens no cell, so counting decrypts nothing about anybody; it counts what the officer may see and no more;
each reading is on record first, with its aim; nothing is rounded or left out, for who reads it may read every entry as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sluis.core.entry import Json, Kind, LoggedEntry
from sluis.core.partner import Officer
from sluis.core.screening import RuleName
from sluis.flows.audit import Aim, browse_all
from sluis.flows.review import Verdict, Waiting, queue
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

OUTCOMES = (Kind.RELEASE_AUTHORISED, Kind.RELEASE_REFUSED, Kind.RELEASE_REFERRED)
"""What a question comes to, in the order in which it is shown."""

Stream = tuple[str, str]
"""Who gives and who gets, by number (OIN)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """How many questions came to what; `emergencies` are those of the releases that were emergency disclosures."""

    released: int = 0
    refused: int = 0
    referred: int = 0
    emergencies: int = 0

    @property
    def total(self) -> int:
        """How many questions came to anything."""
        return self.released + self.refused + self.referred


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What a screening rule flagged: how often, how many of those were judged in the same period, how many for nothing."""

    hits: int = 0
    judged: int = 0
    false_alarms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tallies:
    """The numbers of a period. `spans` has one for each span asked, `streams` the busiest first, `verdicts` those that stand."""

    spans: tuple[Outcomes, ...]
    streams: tuple[tuple[Stream, Outcomes], ...]
    verdicts: Mapping[Verdict, int]
    waiting: Sequence[Waiting]
    rules: Mapping[RuleName, Hits]


def tally(officer: Officer, bounds: Sequence[datetime], party: str | None, aim: Aim, services: Services) -> Tallies:
    """The numbers between the first and the last of `bounds`, which part the period into spans; what waits is counted as of now.

    `party` narrows it to what one organisation gave or got. Raises `NotAllowed` for a role that sees no content.
    """
    period = LogQuery(since=bounds[0], until=bounds[-1], party=party, bare=True)
    entries = browse_all(officer, _of(period, *OUTCOMES), aim, services)
    by_span: dict[int, list[LoggedEntry]] = {}
    by_stream: dict[Stream, list[LoggedEntry]] = {}
    for entry in entries:
        by_span.setdefault(bisect_right(bounds, entry.recorded) - 1, []).append(entry)
        by_stream.setdefault(_stream(entry), []).append(entry)
    streams = [(stream, _outcomes(found)) for stream, found in by_stream.items()]
    reviews = browse_all(officer, _of(period, Kind.REVIEW_VERDICT, Kind.REVIEW_FLAGGED), aim, services)
    return Tallies(
        spans=tuple(_outcomes(by_span.get(number, ())) for number in range(len(bounds) - 1)),
        streams=tuple(sorted(streams, key=lambda one: (-one[1].total, one[0]))),
        verdicts=_counted(_standing(reviews)),
        rules=_per_rule(reviews),
        waiting=[one for one in queue(officer, aim, services, bare=True) if party is None or party in _stream(one.entry)],
    )


def _of(period: LogQuery, *kinds: Kind) -> LogQuery:
    return LogQuery(kinds=kinds, since=period.since, until=period.until, party=period.party, bare=period.bare)


def _stream(entry: LoggedEntry) -> Stream:
    provider, recipient = (str(entry.core.get(name) or "") for name in ("provider", "recipient"))
    return provider, recipient


def _outcomes(entries: Sequence[LoggedEntry]) -> Outcomes:
    counts = Counter(entry.kind for entry in entries)
    emergencies = sum(entry.kind is Kind.RELEASE_AUTHORISED and entry.core.get("emergency") is True for entry in entries)
    return Outcomes(
        released=counts[Kind.RELEASE_AUTHORISED],
        refused=counts[Kind.RELEASE_REFUSED],
        referred=counts[Kind.RELEASE_REFERRED],
        emergencies=emergencies,
    )


def _standing(reviews: Sequence[LoggedEntry]) -> Sequence[LoggedEntry]:
    """The verdicts that stand; one that another of the period superseded does not."""
    verdicts = [entry for entry in reviews if entry.kind is Kind.REVIEW_VERDICT]
    replaced = {entry.core.get("supersedes") for entry in verdicts}
    return [entry for entry in verdicts if entry.entry_id not in replaced]


def _counted(verdicts: Sequence[LoggedEntry]) -> Mapping[Verdict, int]:
    """How often each verdict was given."""
    counts = Counter(entry.core.get("verdict") for entry in verdicts)
    return {verdict: counts[verdict.value] for verdict in Verdict}


def _per_rule(reviews: Sequence[LoggedEntry]) -> Mapping[RuleName, Hits]:
    """What each rule flagged, and what was found of it; rules that flagged nothing are left out."""
    found = {entry.core.get("about"): entry.core.get("verdict") for entry in _standing(reviews)}
    flagged: dict[str, list[Json]] = {}
    for entry in reviews:
        if entry.kind is Kind.REVIEW_FLAGGED:
            flagged.setdefault(str(entry.core.get("rule")), []).append(found.get(entry.entry_id))
    return {
        rule: Hits(
            hits=len(verdicts),
            judged=sum(verdict is not None for verdict in verdicts),
            false_alarms=verdicts.count(Verdict.FALSE_ALARM.value),
        )
        for rule in RuleName
        if (verdicts := flagged.get(rule.value))
    }
