"""Random samples: draw one of a week or month that is over, and see which were drawn, with what redoes them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from http import HTTPStatus
from typing import ClassVar

from starlette.responses import RedirectResponse, Response

from sluis.core.entry import LoggedEntry
from sluis.core.errors import BadInput, WrongState
from sluis.core.sampling import MOST, Period, Unit, parse_period, parse_size
from sluis.flows.audit import Aim
from sluis.flows.review import REVIEWERS
from sluis.flows.sampling import Lots, Progress, draw, draws, progress
from sluis.portal import moments, reading
from sluis.portal.choosing import Choice, aims, choices
from sluis.portal.frame import Frame, frame_of
from sluis.portal.labels import Labels, labels_of
from sluis.portal.rendering import render
from sluis.portal.rows import entry_link
from sluis.portal.visit import Visit
from sluis.portal.words import named

WEEKS, MONTHS = 13, 12
"""How far back one may draw; both a quarter and a year of reviews are then within reach."""
USUAL = "20"
_FAULTS = 3
"""No fault in n: with 95 percent confidence at most about 3/n of all have one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRow:
    """One sample that was drawn."""

    href: str
    when: str
    iso: str
    who: str
    period: str
    scope: str
    size: str
    count: str
    judged: str
    meaning: str
    checkpoint: str
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage:
    """The form for who judges, and the samples so far. `error` says why nothing was drawn, `notice` that it was."""

    template: ClassVar[str] = "samples.html"
    frame: Frame
    aims: tuple[Choice, ...]
    may_draw: bool
    weeks: tuple[Choice, ...]
    months: tuple[Choice, ...]
    units: tuple[Choice, ...]
    number: str
    most: int
    rows: tuple[DrawRow, ...] = field(repr=False)
    notice: str = ""
    error: str = ""


def samples(visit: Visit) -> Response:
    """The form, and what was drawn within the officer's reach."""
    page = _page(visit, visit.aim())
    return render(replace(page, notice=visit.say["sample_done"] if visit.place.query.get("gedaan") == "getrokken" else ""))


def drawing(visit: Visit) -> Response:
    """Draw; what cannot be drawn comes back as it was filled in, with why."""
    aim = visit.aim()
    period = parse_period(visit.form.get("periode", ""))
    since, until = moments.start_of(period.first), moments.start_of(period.last + timedelta(days=1))
    try:
        size = parse_size(visit.form.get("omvang", "").strip(), visit.form.get("eenheid", ""))
        draw(visit.officer, Lots(period=period, since=since, until=until, size=size), aim, visit.services)
    except BadInput:
        return render(
            replace(_page(visit, aim), error=visit.say["sample_bad_size"].format(n=MOST)), HTTPStatus.UNPROCESSABLE_ENTITY
        )
    except WrongState:
        return render(replace(_page(visit, aim), error=visit.say["sample_not_over"]), HTTPStatus.CONFLICT)
    # A redirect: reloading the page then draws nothing.
    return RedirectResponse(visit.place.to("/steekproef?gedaan=getrokken"), HTTPStatus.SEE_OTHER)


def _page(visit: Visit, aim: Aim) -> SamplePage:
    labels, chosen = labels_of(visit), visit.form.get("periode", "")
    today = moments.dutch(visit.services.clock.now()).date()
    unit = visit.form.get("eenheid", Unit.COUNT.value)
    return SamplePage(
        frame=frame_of(visit),
        aims=aims(visit, aim),
        may_draw=bool(visit.officer.roles & REVIEWERS),
        weeks=choices([(period.word, _told(period, visit)) for period in _weeks(today)], chosen),
        months=choices([(period.word, _told(period, visit)) for period in _months(today)], chosen),
        units=choices([(one.value, named(visit.language, "unit", one.value)) for one in Unit], unit),
        number=visit.form.get("omvang", USUAL),
        most=MOST,
        rows=_rows(visit, labels, aim),
    )


def _weeks(today: date) -> list[Period]:
    """The weeks that are over, the last one first."""
    mondays = [today - timedelta(days=today.weekday() + 7 * back) for back in range(1, WEEKS + 1)]
    return [parse_period(monday.strftime("%G-W%V")) for monday in mondays]


def _months(today: date) -> list[Period]:
    """The months that are over, the last one first."""
    counts = [12 * today.year + today.month - 1 - back for back in range(1, MONTHS + 1)]
    return [parse_period(f"{count // 12}-{count % 12 + 1:02}") for count in counts]


def _told(period: Period, visit: Visit) -> str:
    """A period with its days: `2026-W09: 23 feb t/m 1 mrt 2026`."""
    return f"{period.word}: {moments.span(period.first, period.last, visit.language)}"


def _recorded(word: str, visit: Visit) -> str:
    """The period of that word; of one that is none, the word itself."""
    try:
        return _told(parse_period(word), visit)
    except BadInput:
        return word or "?"


def _rows(visit: Visit, labels: Labels, aim: Aim) -> tuple[DrawRow, ...]:
    found = draws(visit.officer, aim, visit.services)
    known = progress(visit.officer, aim, visit.services) if found else {}
    return tuple(
        replace(_row(one, visit, labels, aim), judged=_judged(known.get(one.entry_id, Progress()), visit)) for one in found
    )


def _judged(one: Progress, visit: Visit) -> str:
    """How far its review is, and what came of it."""
    if not one.lots:
        return visit.say["sample_judged_before"]
    told = visit.say["sample_judged"].format(judged=one.judged, lots=one.lots)
    return f"{told}; {visit.say['sample_unlawful'].format(n=one.unlawful)}" if one.judged else told


def _row(entry: LoggedEntry, visit: Visit, labels: Labels, aim: Aim) -> DrawRow:
    core, actor = entry.core, reading.cell(entry, "actor")
    drawn, head = reading.number(core, "drawn"), reading.table(core, "checkpoint")
    scope, sizes = reading.text(core, "scope"), visit.say["sample_count"]
    return DrawRow(
        href=entry_link(entry.entry_id, visit, aim),
        when=moments.short(entry.recorded, visit.language),
        iso=moments.dutch(entry.recorded).isoformat(timespec="seconds"),
        who=visit.say["entry_actor_erased"] if actor is None else reading.text(actor, "name"),
        period=_recorded(reading.text(core, "period"), visit),
        scope=labels.organisation(scope) if "provider" in core else visit.say["sample_everybody"],
        size=reading.text(core, "size"),
        count=sizes.format(drawn=drawn, population=reading.number(core, "population")),
        judged="",
        meaning=_meaning(drawn, reading.number(core, "population"), visit),
        checkpoint=str(reading.number(head, "size")),
        root=reading.text(head, "root"),
    )


def _meaning(drawn: int, population: int, visit: Visit) -> str:
    """What it says when none of the drawn has a fault."""
    if drawn == population:
        return visit.say["sample_means_all"]
    if drawn <= _FAULTS:
        return visit.say["sample_means_little"]
    return visit.say["sample_means"].format(share=-(-100 * _FAULTS // drawn))
