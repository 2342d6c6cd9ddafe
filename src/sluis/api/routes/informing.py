"""`/v1/casussen/{id}/informeringen` and `/uitstellen`: telling the person of a case, or why not yet (AVG 14)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from sluis.api import case_answers
from sluis.api.body import body
from sluis.api.deps import Casework, Wired, actor
from sluis.api.document import reads, tells
from sluis.api.once import OnceOnly
from sluis.api.shapes.cases import CaseRecordedTold, PutOffGiven, TellingGiven
from sluis.api.shapes.wire import Handle
from sluis.core.case import Case
from sluis.core.entry import Receipt
from sluis.core.partner import Partner
from sluis.flows.informing import PutOff, Telling, put_off, tell_person
from sluis.ports.services import Services

router = APIRouter(tags=["casussen"])
Id = Annotated[Handle, "the random id in the path"]


@router.post("/casussen/{id}/informeringen", **reads(TellingGiven), **tells({201: CaseRecordedTold}))
def inform(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    once: OnceOnly,
    given: Annotated[TellingGiven, Depends(body(TellingGiven))],
    services: Wired,
) -> Response:
    """Leg vast dat de betrokkene is geïnformeerd. Dat doet een publieke deelnemer van de casus, of wie de regie heeft."""
    telling = Telling(on=given.datum, way=given.wijze, by=given.organisatie, words=given.toelichting or "")
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _told(tell_person(id, telling, who, services), who.partner, services))


@router.post("/casussen/{id}/uitstellen", **reads(PutOffGiven), **tells({201: CaseRecordedTold}))
def postpone(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    once: OnceOnly,
    given: Annotated[PutOffGiven, Depends(body(PutOffGiven))],
    services: Wired,
) -> Response:
    """Leg vast waarom de betrokkene nog niet is geïnformeerd, wie daar opnieuw naar kijkt en wanneer."""
    put = PutOff(ground=given.grond, owner=given.eigenaar, review=given.herzien_datum, words=given.toelichting)
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _told(put_off(id, put, who, services), who.partner, services))


def _told(changed: tuple[Case, Receipt], reader: Partner, services: Services) -> tuple[str, Response]:
    return changed[0].subject, case_answers.of_case_recorded(changed, reader, services)
