"""Whether the log is whole: what it commits to, who outside saw it, a button that computes it again; and who is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from sluis import events
from sluis.core.errors import LedgerBroken
from sluis.flows.audit import integrity
from sluis.portal import moments
from sluis.portal.frame import Frame, frame_of
from sluis.portal.outside import OutsideView, outside_view
from sluis.portal.rendering import render
from sluis.portal.staffing import VacancyRow, vacancy_rows
from sluis.portal.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrityPage:
    """The state of the log. `verified` is None before anybody pressed the button; `flaw` says what is wrong and where.

    `outside` is what witnesses and a time-stamping authority said last. `vacancies` are the roles that nobody fills, or will
    fill soon, as far as this officer is told.
    """

    template: ClassVar[str] = "integrity.html"
    frame: Frame
    origin: str
    size: int
    root: str
    signed: str
    checkpoint: str
    outside: OutsideView
    verified: bool | None = None
    holds: str = ""
    flaw: str = ""
    vacancies: tuple[VacancyRow, ...] = ()


def state(visit: Visit) -> Response:
    """What the newest checkpoint says."""
    return render(_page(visit))


def verify(visit: Visit) -> Response:
    """Recompute the whole log, and say what came of it."""
    try:
        found = integrity(visit.services)
    except LedgerBroken as broken:
        events.emit(events.LEDGER_BROKEN, position=str(broken))
        return render(_page(visit, verified=False, flaw=str(broken)))
    return render(_page(visit, verified=True, holds=visit.say["integrity_holds_text"].format(n=found.size)))


def _page(visit: Visit, *, verified: bool | None = None, holds: str = "", flaw: str = "") -> IntegrityPage:
    now = visit.services.ledger.state()
    return IntegrityPage(
        frame=frame_of(visit),
        origin=now.origin,
        size=now.size,
        root=now.root.hex(),
        signed=moments.full(now.signed_at, visit.language) if now.signed_at else visit.say["integrity_never"],
        checkpoint=now.checkpoint,
        outside=outside_view(visit),
        verified=verified,
        holds=holds,
        flaw=flaw,
        vacancies=vacancy_rows(visit),
    )
