"""How timely humans judge: a quarter in numbers, without small ones and without anybody's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from starlette.responses import Response

from sluis.core.timeliness import FEWEST, Figures, Quarter, parse_quarter, quarter_of
from sluis.flows.escalate import term_in_words
from sluis.flows.timeliness import timeliness_for
from sluis.portal.choosing import Choice, aims
from sluis.portal.frame import Frame, frame_of
from sluis.portal.labels import Labels, labels_of
from sluis.portal.rendering import render
from sluis.portal.visit import Visit

QUARTERS = 8
"""How many quarters back the form offers."""
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelyRow:
    """A row of figures in words."""

    provider: str
    purpose: str
    urgent: bool
    term: str
    judged: str
    in_time: str
    median: str
    p90: str
    waiting: str
    late: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelyTable:
    """A table of figures, under an id of its own on the page."""

    id: str
    title: str
    rows: tuple[TimelyRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinessPage:
    """The figures of a quarter."""

    template: ClassVar[str] = "timeliness.html"
    frame: Frame
    aims: tuple[Choice, ...]
    quarters: tuple[Choice, ...]
    tables: tuple[TimelyTable, ...]
    small: str


def timeliness(visit: Visit) -> Response:
    """The figures that this officer may see, of the quarter he chose or of this one."""
    aim, now = visit.aim(), quarter_of(visit.services.clock.now())
    chosen = visit.place.query.get("kwartaal", "")
    quarter = parse_quarter(chosen) if chosen else now
    found = timeliness_for(visit.officer, quarter, aim, visit.services)
    labels, given = labels_of(visit), visit.say
    sides = [("verstrekker", "timely_as_provider", found.as_provider), ("vrager", "timely_as_requester", found.as_requester)]
    if visit.sees_all:
        sides = [("allen", "timely_everyone", found.everyone)]
    return render(
        TimelinessPage(
            frame=frame_of(visit),
            aims=aims(visit, aim),
            quarters=tuple(Choice(value=one.word, text=one.word, chosen=one == quarter) for one in _offered(now, quarter)),
            tables=tuple(
                TimelyTable(id=ident, title=given[word], rows=_rows(rows, visit, labels)) for ident, word, rows in sides
            ),
            small=given["timely_small"].format(n=FEWEST),
        )
    )


def _offered(now: Quarter, chosen: Quarter) -> Sequence[Quarter]:
    """The newest quarters, and the chosen one when it is none of them."""
    found = [now]
    while len(found) < QUARTERS:
        found.append(found[-1].before)
    return found if chosen in found else [chosen, *found]


def _rows(rows: Sequence[Figures], visit: Visit, labels: Labels) -> tuple[TimelyRow, ...]:
    return tuple(
        TimelyRow(
            provider=labels.organisation(one.lane.provider),
            purpose=labels.purpose(one.lane.purpose),
            urgent=one.lane.urgent,
            term=term_in_words(one.lane.provider, visit.services, urgent=one.lane.urgent),
            judged=_number(one.judged),
            in_time=_number(one.in_time),
            median=length(one.median, visit.say),
            p90=length(one.p90, visit.say),
            waiting=_number(one.waiting),
            late=_number(one.late),
        )
        for one in rows
    )


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)


def length(value: timedelta | None, say: Mapping[str, str]) -> str:
    """A length of time in minutes, hours or days, rounded up; a dash when it is not told."""
    if value is None:
        return "–"
    for unit, words in ((_DAY, "timely_days"), (_HOUR, "timely_hours")):
        if value > 2 * unit:
            return say[words].format(n=-(-value // unit))
    return say["timely_minutes"].format(n=value // timedelta(minutes=1))
