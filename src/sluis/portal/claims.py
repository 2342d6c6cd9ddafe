"""What data subjects ask: the list with the day on which each is answered, a form to record one, and one to answer it.

A number comes by POST and never comes back; the words of a person are on the page of the entry, where reading is on record.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from http import HTTPStatus
from typing import ClassVar

from starlette.responses import RedirectResponse, Response

from sluis.core.claims import Claim, Right
from sluis.core.errors import BadInput
from sluis.flows.audit import Aim
from sluis.flows.claims import Invocation, Weighing, answer, invoke, open_claims
from sluis.portal import moments
from sluis.portal.choosing import Choice, choices
from sluis.portal.frame import Frame, frame_of
from sluis.portal.labels import Labels, labels_of
from sluis.portal.rendering import render
from sluis.portal.rows import entry_link
from sluis.portal.visit import Visit
from sluis.portal.words import named

MOST_TEXT = 2000
_OUTCOMES = frozenset({"toegewezen", "afgewezen"})
_DONE = {"vastgelegd": "claims_done_vastgelegd", "beantwoord": "claims_done_beantwoord"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """Something that waits for an answer. `id` is that of its entry: nobody is in this row."""

    id: str
    href: str
    due: str
    iso: str
    late: bool
    right: str
    participant: str
    received: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsPage:
    """The list and the forms. `problems` are those of the form to record, `unanswered` the claim whose answer lacks something."""

    template: ClassVar[str] = "claims.html"
    frame: Frame
    rows: tuple[ClaimRow, ...]
    rights: tuple[Choice, ...]
    participants: tuple[Choice, ...]
    today: str
    most: int
    notice: str = ""
    problems: tuple[str, ...] = ()
    unanswered: str = ""
    owner: str = ""
    said: str = field(default="", repr=False)
    reasons: str = field(default="", repr=False)
    categories: str = ""
    received: str = ""


def claims(visit: Visit) -> Response:
    """What waits for an answer within the officer's reach, and the forms."""
    notice = _DONE.get(visit.place.query.get("gedaan", ""))
    return render(replace(_page(visit), notice=visit.say[notice] if notice else ""))


def record(visit: Visit) -> Response:
    """Record what somebody asks; what is not complete comes back as it was, without the number."""
    form, today = visit.form, moments.dutch(visit.services.clock.now()).date()
    try:
        subject = visit.services.subjects.subject({"bsn": form.get("bsn", "").strip()})
    except BadInput:
        return _back(visit, (visit.say["person_bad_bsn"],))
    try:
        received = moments.parse_day(form.get("ontvangen", ""), "ontvangen") or today
        given = Invocation(
            right=Right(form.get("recht", "")),
            participant=form.get("deelnemer", ""),
            received=received,
            owner=form.get("eigenaar", "")[:MOST_TEXT],
            said=form.get("toelichting", "")[:MOST_TEXT],
            categories=frozenset(form.get("gegevens", "").split()),
        )
        invoke(subject, given, visit.officer, visit.services)
    except BadInput as bad:
        return _back(visit, tuple(f"{flaw.where}: {flaw.what}" for flaw in bad.flaws))
    except ValueError:
        return _back(visit, (visit.say["claims_right"],))
    # A redirect: reloading the page then records nothing.
    return RedirectResponse(visit.place.to("/rechten?gedaan=vastgelegd"), HTTPStatus.SEE_OTHER)


def reply(visit: Visit) -> Response:
    """Record the answer; without an outcome or reasons it comes back as it was."""
    claim, outcome, reasons = visit.parts.get("beroep", ""), visit.form.get("uitkomst", ""), visit.form.get("reden", "")
    if outcome not in _OUTCOMES or len(reasons) > MOST_TEXT:
        return _unanswered(visit, claim, reasons)
    try:
        answer(claim, Weighing(granted=outcome == "toegewezen", reasons=reasons), visit.officer, visit.services)
    except BadInput:
        return _unanswered(visit, claim, reasons)
    return RedirectResponse(visit.place.to("/rechten?gedaan=beantwoord"), HTTPStatus.SEE_OTHER)


def _unanswered(visit: Visit, claim: str, reasons: str) -> Response:
    return render(replace(_page(visit), unanswered=claim, reasons=reasons[:MOST_TEXT]), HTTPStatus.UNPROCESSABLE_ENTITY)


def _back(visit: Visit, problems: tuple[str, ...]) -> Response:
    form = visit.form
    page = replace(
        _page(visit),
        problems=problems,
        owner=form.get("eigenaar", ""),
        said=form.get("toelichting", ""),
        categories=form.get("gegevens", ""),
        received=form.get("ontvangen", ""),
    )
    return render(page, HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(visit: Visit) -> ClaimsPage:
    waiting, labels = open_claims(visit.officer, visit.services), labels_of(visit)
    today = moments.dutch(visit.services.clock.now()).date()
    rights = [(one.value, named(visit.language, "right", one.value)) for one in Right]
    everybody = "coordinerend-fg" in visit.officer.roles
    partners = [one for one in visit.services.partners.all() if everybody or one.id == visit.officer.organisation]
    return ClaimsPage(
        frame=frame_of(visit),
        rows=tuple(_row(one, visit, labels, today) for one in waiting),
        rights=choices(rights, visit.form.get("recht", Right.BEZWAAR.value)),
        participants=choices([(one.id, one.name) for one in partners], visit.form.get("deelnemer", "")),
        today=today.isoformat(),
        most=MOST_TEXT,
    )


def _row(one: Claim, visit: Visit, labels: Labels, today: date) -> ClaimRow:
    right, due = named(visit.language, "right", one.right.value), moments.on(one.due, visit.language)
    return ClaimRow(
        id=one.id,
        href=entry_link(one.id, visit, Aim.LAWFULNESS),
        due=due,
        iso=one.due.isoformat(),
        late=one.late(today),
        right=right,
        participant=labels.organisation(one.participant),
        received=moments.on(one.received, visit.language),
        title=visit.say["claims_answer_to"].format(right=right, due=due),
    )
