"""Search a person by citizen service number: by POST only, so that no number gets into an address, a history or a log line."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import ClassVar

from starlette.responses import Response

from sluis.core.errors import BadInput
from sluis.flows.audit import Aim, browse
from sluis.portal import moments
from sluis.portal.choosing import Choice, aims
from sluis.portal.frame import Frame, frame_of
from sluis.portal.labels import labels_of
from sluis.portal.rendering import render
from sluis.portal.rows import Day, days_of
from sluis.portal.visit import Visit
from sluis.ports.log import LogQuery

MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """The form, and after a search what was found. The number itself never comes back in the page."""

    template: ClassVar[str] = "person.html"
    frame: Frame
    aims: tuple[Choice, ...]
    since: str
    until: str
    error: str = ""
    searched: bool = False
    days: tuple[Day, ...] = field(default=(), repr=False)
    found: str = ""
    most: str = ""


def ask(visit: Visit) -> Response:
    """The empty form."""
    return render(PersonPage(frame=frame_of(visit), aims=aims(visit, Aim.LAWFULNESS), since="", until=""))


def search(visit: Visit) -> Response:
    """What was recorded about the person with that number, within the officer's reach; that he searched is on record first."""
    aim = visit.aim()
    since, until = visit.form.get("van", ""), visit.form.get("tot", "")
    empty = PersonPage(frame=frame_of(visit), aims=aims(visit, aim), since=since, until=until)
    try:
        subject = visit.services.subjects.subject({"bsn": visit.form.get("bsn", "").strip()})
    except BadInput:
        return render(replace(empty, error=visit.say["person_bad_bsn"]), HTTPStatus.UNPROCESSABLE_ENTITY)
    first, last = moments.parse_day(since, "van"), moments.parse_day(until, "tot")
    query = LogQuery(
        subject=subject,
        since=moments.start_of(first) if first else None,
        until=moments.start_of(last + timedelta(days=1)) if last else None,
        limit=MOST + 1,
    )
    found = browse(visit.officer, query, aim, visit.services)
    return render(
        replace(
            empty,
            searched=True,
            days=days_of(found[:MOST], visit, labels_of(visit), aim),
            found=visit.say["person_found"].format(n=min(len(found), MOST)),
            most=visit.say["person_most"].format(n=MOST) if len(found) > MOST else "",
        )
    )
