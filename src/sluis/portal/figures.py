"""Figures: what questions came to per week and per stream, verdicts, and the age of what waits; each chart with its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar
from urllib.parse import urlencode

from starlette.responses import Response

from sluis.core.errors import BadInput, Flaw
from sluis.flows.audit import SEES_ALL, Aim
from sluis.flows.review import Verdict, Waiting
from sluis.flows.tallies import Outcomes, Tallies, tally
from sluis.portal import moments
from sluis.portal.choosing import Choice, aims, choices, oin_of, partner_names
from sluis.portal.drawing import Bar, Chart, Column, columns_of, row_of
from sluis.portal.frame import Frame, frame_of
from sluis.portal.labels import Labels, labels_of
from sluis.portal.rendering import render
from sluis.portal.visit import AIM, Visit
from sluis.portal.words import named

SPANS = (4, 8, 13, 26, 52)
"""Over how many weeks one may look; the last of them is the one we are in."""
USUAL = 8
_WEEK = timedelta(days=7)
_AGES = (("age_fresh", 2), ("age_week", 7), ("age_fortnight", 14), ("age_old", 0))
"""The name of an age and the days below which it ends; the last has no end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a table with its bars. `href` leads to the entries it counts, empty where no list shows just those."""

    name: str
    href: str
    numbers: tuple[int, ...]
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePage:
    """The figures. `none` says of each part that there is nothing to count."""

    template: ClassVar[str] = "figures.html"
    frame: Frame
    aims: tuple[Choice, ...]
    spans: tuple[Choice, ...]
    parties: tuple[Choice, ...]
    period: str
    chart: Chart
    weeks: tuple[Line, ...]
    total: tuple[int, ...]
    streams: tuple[Line, ...]
    verdicts: tuple[Line, ...]
    judged: int
    rules: tuple[Line, ...]
    ages: tuple[Line, ...]
    waiting: str


def figures(visit: Visit) -> Response:
    """The figures of the last so many weeks, within the officer's reach."""
    aim, labels, asked = visit.aim(), labels_of(visit), visit.place.query
    mondays = _mondays(visit, _span(asked.get("weken", "")))
    party = oin_of(visit, asked.get("organisatie", "")) if visit.officer.roles & SEES_ALL else None
    found = tally(visit.officer, [moments.start_of(day) for day in mondays], party, aim, visit.services)
    days = moments.span(mondays[0], mondays[-1] - timedelta(days=1), visit.language)
    return render(
        FigurePage(
            frame=frame_of(visit),
            aims=aims(visit, aim),
            spans=choices([(str(n), visit.say["figures_weeks"].format(n=n)) for n in SPANS], str(len(mondays) - 1)),
            parties=choices(partner_names(visit), asked.get("organisatie", "")) if visit.officer.roles & SEES_ALL else (),
            period=visit.say["figures_period"].format(days=days),
            chart=columns_of([_column(day, one) for day, one in zip(mondays, found.spans, strict=False)]),
            weeks=_weeks(mondays, found, visit, aim),
            total=_numbers(_summed(found.spans)),
            streams=_streams(mondays, found, visit, labels, aim),
            verdicts=_verdicts(found, visit),
            judged=sum(found.verdicts.values()),
            rules=_rules(found, visit),
            ages=_ages(found.waiting, visit),
            waiting=_waiting(found.waiting, visit),
        )
    )


def _span(text: str) -> int:
    if not text:
        return USUAL
    if text not in {str(span) for span in SPANS}:
        raise BadInput(Flaw(where="weken", what="over zoveel weken zijn er geen cijfers", mend="kies uit de lijst"))
    return int(text)


def _mondays(visit: Visit, span: int) -> list[date]:
    """The Mondays at which the weeks begin, and the one at which the last ends."""
    today = moments.dutch(visit.services.clock.now()).date()
    last = today - timedelta(days=today.weekday())
    return [last + _WEEK * (number - span + 1) for number in range(span + 1)]


def _parts(one: Outcomes) -> tuple[tuple[int, str], ...]:
    return (one.released, "released"), (one.refused, "refused"), (one.referred, "waiting")


def _numbers(one: Outcomes) -> tuple[int, ...]:
    return one.released, one.refused, one.referred, one.total, one.emergencies


def _summed(spans: Sequence[Outcomes]) -> Outcomes:
    return Outcomes(
        released=sum(one.released for one in spans),
        refused=sum(one.refused for one in spans),
        referred=sum(one.referred for one in spans),
        emergencies=sum(one.emergencies for one in spans),
    )


def _column(monday: date, one: Outcomes) -> Column:
    return Column(name=str(monday.isocalendar().week), parts=_parts(one))


def _weeks(mondays: Sequence[date], found: Tallies, visit: Visit, aim: Aim) -> tuple[Line, ...]:
    lines = []
    for monday, one in zip(mondays, found.spans, strict=False):
        name = f"{monday.strftime('%G-W%V')}, {moments.on(monday, visit.language)}"
        href = _list(visit, aim, van=monday.isoformat(), tot=(monday + _WEEK - timedelta(days=1)).isoformat())
        lines.append(Line(name=name, href=href, numbers=_numbers(one)))
    return tuple(lines)


def _streams(mondays: Sequence[date], found: Tallies, visit: Visit, labels: Labels, aim: Aim) -> tuple[Line, ...]:
    most = max((one.total for _, one in found.streams), default=0)
    lines = []
    for (provider, recipient), one in found.streams:
        name = f" {visit.say['to']} ".join(labels.organisation(oin) for oin in (provider, recipient) if oin)
        ends = {"verstrekker": labels.partner_id(provider), "ontvanger": labels.partner_id(recipient)}
        href = _list(visit, aim, van=mondays[0].isoformat(), **ends) if all(ends.values()) else ""
        lines.append(Line(name=name, href=href, numbers=_numbers(one), bars=row_of(_parts(one), most)))
    return tuple(lines)


def _verdicts(found: Tallies, visit: Visit) -> tuple[Line, ...]:
    most = max(found.verdicts.values(), default=0)
    return tuple(
        Line(
            name=named(visit.language, "verdict", verdict.value),
            href="",
            numbers=(count,),
            bars=row_of([(count, "refused" if verdict is Verdict.UNLAWFUL else "plain")], most),
        )
        for verdict, count in found.verdicts.items()
    )


def _rules(found: Tallies, visit: Visit) -> tuple[Line, ...]:
    """What each screening rule flagged: hits, judged, false positives."""
    return tuple(
        Line(name=named(visit.language, "rule", rule.value), href="", numbers=(one.hits, one.judged, one.false_alarms))
        for rule, one in found.rules.items()
    )


def _ages(waiting: Sequence[Waiting], visit: Visit) -> tuple[Line, ...]:
    """What waits by its age, what is in time apart from what is late."""
    now = visit.services.clock.now()
    rows: dict[str, list[int]] = {name: [0, 0] for name, _ in _AGES}
    for one in waiting:
        age = (now - one.entry.recorded).days
        name = next(name for name, end in _AGES if age < end or not end)
        rows[name][one.due < now] += 1
    most = max(sum(counts) for counts in rows.values())
    return tuple(
        Line(
            name=visit.say[name],
            href="",
            numbers=(*counts, sum(counts)),
            bars=row_of(tuple(zip(counts, ("plain", "refused"), strict=True)), most),
        )
        for name, counts in rows.items()
    )


def _waiting(waiting: Sequence[Waiting], visit: Visit) -> str:
    late = sum(one.due < visit.services.clock.now() for one in waiting)
    return visit.say["queue_count"].format(n=len(waiting), late=late) if waiting else ""


def _list(visit: Visit, aim: Aim, **words: str) -> str:
    stated = {} if aim is Aim.LAWFULNESS else {AIM: aim.value}
    return f"{visit.place.to('/logboek')}?{urlencode({**stated, **words})}"
