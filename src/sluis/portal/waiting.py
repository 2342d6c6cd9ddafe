"""What waits for a review, the oldest deadline first; and what waits too long for a professional."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import ClassVar

from starlette.responses import Response

from sluis.flows.audit import Aim
from sluis.flows.escalate import late_for
from sluis.flows.review import Stage, Waiting, queue
from sluis.portal import moments, reading
from sluis.portal.choosing import Choice, aims
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
class QueuePage:
    """The queue. `notice` says what was just done."""

    template: ClassVar[str] = "queue.html"
    frame: Frame
    aims: tuple[Choice, ...]
    rows: tuple[QueueRow, ...]
    count: str
    more: str
    late: tuple[LateRow, ...]
    late_count: str
    notice: str


def reviews(visit: Visit) -> Response:
    """The review queue of this officer."""
    aim, labels, at = visit.aim(), labels_of(visit), visit.services.clock.now()
    found = queue(visit.officer, aim, visit.services)
    late = sum(one.due < at for one in found)
    overdue = late_for(visit.officer, visit.services)
    word = _DONE.get(visit.place.query.get("gedaan", ""))
    return render(
        QueuePage(
            frame=frame_of(visit),
            aims=aims(visit, aim),
            rows=tuple(_row(one, visit, labels, aim) for one in found[:SHOWN]),
            count=visit.say["queue_count"].format(n=len(found), late=late) if found else "",
            more=visit.say["queue_more"].format(n=SHOWN) if len(found) > SHOWN else "",
            late=tuple(late_row(one, visit, labels, aim) for one in overdue[:SHOWN]),
            late_count=visit.say["late_count"].format(n=len(overdue)) if overdue else "",
            notice=visit.say[word] if word else "",
        )
    )


def _row(one: Waiting, visit: Visit, labels: Labels, aim: Aim) -> QueueRow:
    return QueueRow(
        row=row_of(one.entry, visit, labels, aim),
        due=moments.short(one.due, visit.language),
        due_iso=moments.dutch(one.due).isoformat(timespec="seconds"),
        left=left(one.due, visit),
        why=named(visit.language, "review", reading.text(one.entry.core, "review")),
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
