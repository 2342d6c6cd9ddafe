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

from sluis.core.entry import Kind, LoggedEntry
from sluis.core.partner import Officer
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
class Tallies:
    """The numbers of a period. `spans` has one for each span asked, `streams` the busiest first, `verdicts` those that stand."""

    spans: tuple[Outcomes, ...]
    streams: tuple[tuple[Stream, Outcomes], ...]
    verdicts: Mapping[Verdict, int]
    waiting: Sequence[Waiting]


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
    return Tallies(
        spans=tuple(_outcomes(by_span.get(number, ())) for number in range(len(bounds) - 1)),
        streams=tuple(sorted(streams, key=lambda one: (-one[1].total, one[0]))),
        verdicts=_standing(browse_all(officer, _of(period, Kind.REVIEW_VERDICT), aim, services)),
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


def _standing(verdicts: Sequence[LoggedEntry]) -> Mapping[Verdict, int]:
    """How often each verdict was given; one that another of the period superseded does not count."""
    replaced = {entry.core.get("supersedes") for entry in verdicts}
    counts = Counter(entry.core.get("verdict") for entry in verdicts if entry.entry_id not in replaced)
    return {verdict: counts[verdict.value] for verdict in Verdict}
