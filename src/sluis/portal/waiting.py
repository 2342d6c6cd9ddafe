"""What waits for a review, the oldest deadline first; what waits too long for a professional; what is late around cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import ClassVar

from starlette.responses import Response

from sluis.flows.audit import Aim
from sluis.flows.escalate import late_for
from sluis.flows.lateness import lateness_for
from sluis.flows.review import Stage, Waiting, queue
from sluis.portal import moments, reading
from sluis.portal.choosing import Choice, aims, choices
from sluis.portal.flagged import rule_named
from sluis.portal.frame import Frame, frame_of
from sluis.portal.labels import Labels, labels_of
from sluis.portal.overdue import LateRow, late_row
from sluis.portal.rendering import render
from sluis.portal.rows import Mark, Row, row_of
from sluis.portal.visit import Visit
from sluis.portal.words import named

SHOWN = 100
SOON = timedelta(days=1)
_DONE = {"oordeel": "queue_done", "in-behandeling": "queue_taken", "heropend": "queue_reopened", "laatste": "queue_last"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A line of the queue."""

    row: Row
    due: str
    due_iso: str
    left: Mark
    why: str
    stage: str
    recorded: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedRow:
    """What is late around cases at one organisation, in numbers: nobody is in this row."""

    organisation: str
    actions: int
    handovers: int
    informing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """The queue. `notice` says what was just done."""

    template: ClassVar[str] = "queue.html"
    frame: Frame
    aims: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    empty: str
    rows: tuple[QueueRow, ...]
    count: str
    more: str
    late: tuple[LateRow, ...]
    late_count: str
    owed: tuple[OwedRow, ...]
    notice: str


def reviews(visit: Visit) -> Response:
    """The review queue of this officer."""
    aim, labels, at = visit.aim(), labels_of(visit), visit.services.clock.now()
    everything = queue(visit.officer, aim, visit.services)
    chosen = visit.place.query.get("waarom", "")
    found = [one for one in everything if chosen in {"", _reason(one)}]
    late = sum(one.due < at for one in found)
    overdue = late_for(visit.officer, visit.services)
    word = _DONE.get(visit.place.query.get("gedaan", ""))
    return render(
        QueuePage(
            frame=frame_of(visit),
            aims=aims(visit, aim),
            reasons=_reasons(everything, chosen, visit),
            empty=visit.say["queue_rule_none" if everything else "queue_empty"],
            rows=tuple(_row(one, visit, labels, aim) for one in found[:SHOWN]),
            count=visit.say["queue_count"].format(n=len(found), late=late) if found else "",
            more=visit.say["queue_more"].format(n=SHOWN) if len(found) > SHOWN else "",
            late=tuple(late_row(one, visit, labels, aim) for one in overdue[:SHOWN]),
            late_count=visit.say["late_count"].format(n=len(overdue)) if overdue else "",
            owed=_owed(visit, labels),
            notice=visit.say[word] if word else "",
        )
    )


def _owed(visit: Visit, labels: Labels) -> tuple[OwedRow, ...]:
    return tuple(
        OwedRow(
            organisation=labels.organisation(one.partner),
            actions=one.actions,
            handovers=one.handovers,
            informing=one.informing,
        )
        for one in lateness_for(visit.officer, visit.services)
    )


def _reason(one: Waiting) -> str:
    """Why it waits, in one word: the rule that hit, or what kind of review it is."""
    return reading.text(one.entry.core, "rule") or reading.text(one.entry.core, "review")


def _reasons(found: Sequence[Waiting], chosen: str, visit: Visit) -> tuple[Choice, ...]:
    """The reasons for which anything waits now, and the one that was chosen."""
    names = {
        _reason(one): rule_named(one.entry, visit) or named(visit.language, "review", reading.text(one.entry.core, "review"))
        for one in found
    }
    if chosen:
        names.setdefault(chosen, named(visit.language, "rule", chosen))
    ordered = sorted(names.items(), key=lambda pair: pair[1].casefold())
    return choices([("", visit.say["queue_rule_all"]), *ordered], chosen)


def _row(one: Waiting, visit: Visit, labels: Labels, aim: Aim) -> QueueRow:
    return QueueRow(
        row=row_of(one.entry, visit, labels, aim),
        due=moments.short(one.due, visit.language),
        due_iso=moments.dutch(one.due).isoformat(timespec="seconds"),
        left=left(one.due, visit),
        why=rule_named(one.entry, visit) or named(visit.language, "review", reading.text(one.entry.core, "review")),
        stage=named(visit.language, "stage", (Stage.TAKEN if one.taken else Stage.NEW).value),
        recorded=moments.short(one.entry.recorded, visit.language),
    )


def left(due: datetime, visit: Visit) -> Mark:
    """How long there is until a deadline."""
    remains = due - visit.services.clock.now()
    if remains <= timedelta():
        return Mark(text=visit.say["due_late"], tone="alarm")
    if remains <= SOON:
        return Mark(text=visit.say["due_hours"].format(n=max(1, round(remains.total_seconds() / 3600))), tone="waiting")
    return Mark(text=visit.say["due_days"].format(n=ceil(remains / SOON)), tone="plain")
