"""`/v1/overdrachten`: handing somebody over in person, and whether it was taken over."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from starlette.requests import Request as Http
from starlette.responses import Response

from sluis.api import answers
from sluis.api.body import body
from sluis.api.deps import Requesting, Wired, actor
from sluis.api.document import reads, tells
from sluis.api.once import OnceOnly
from sluis.api.routes.asking import request_of
from sluis.api.shapes.handovers import HandoverAnswerGiven, HandoverGiven, HandoversTold, HandoverTold
from sluis.api.shapes.telling import PendingTold
from sluis.api.shapes.wire import Handle, moment
from sluis.core.errors import NotFound
from sluis.core.request import RequestStatus, Task
from sluis.flows.acting import Actor
from sluis.flows.handover import Terms, answer_handover, hand_over, handovers
from sluis.ports.services import Services

router = APIRouter(tags=["overdrachten"])
Id = Annotated[Handle, "the random id in the path"]


@router.post("/overdrachten", **reads(HandoverGiven), **tells({202: PendingTold}))
def offer_handover(
    http: Http, caller: Requesting, once: OnceOnly, given: Annotated[HandoverGiven, Depends(body(HandoverGiven))], services: Wired
) -> Response:
    """Bied een warme overdracht aan: een gesprek, en wat er als minimum meegaat.

    202: zij staat klaar voor de ontvanger, of eerst beslist een professional van u. 403: geweigerd. Er gaat niets uit voordat de
    ontvanger haar aanneemt en ophaalt; zo niet op tijd, dan staat zij als te laat op uw lijst.
    """
    request = request_of(http, given.verzoek, caller, services)
    terms, who = Terms(talk=given.gesprek_datum, role=given.rol), actor(caller, given.verzoek.medewerker)

    def work() -> tuple[str, Response]:
        offered = hand_over(request, terms, who, services)
        return offered.request.subject, answers.of_offer(offered, services)

    return once(caller, work)


@router.get("/overdrachten", **tells({200: HandoversTold}))
def list_handovers(caller: Requesting, services: Wired, rol: Literal["ontvanger", "gever"] = "ontvanger") -> Response:
    """De overdrachten aan de eigen organisatie, of (`gever`) die zij zelf aanbood: uw lijst om na te bellen."""
    found = handovers(Actor(partner=caller.partner, user="", role=""), services, giving=rol == "gever")
    return answers.told(HandoversTold(overdrachten=[_shape(task, services) for task in found]))


@router.post("/overdrachten/{id}/antwoorden", **reads(HandoverAnswerGiven), **tells({201: HandoverTold}))
def answer(
    id: Id,  # noqa: A002 - the name in the path
    caller: Requesting,
    once: OnceOnly,
    given: Annotated[HandoverAnswerGiven, Depends(body(HandoverAnswerGiven))],
    services: Wired,
) -> Response:
    """Neem een overdracht aan, of wijs haar af met een reden. Na aannemen haalt u op: `/verzoeken/{id}/_ophalen`."""
    who = actor(caller, given.medewerker)

    def work() -> tuple[str, Response]:
        task, _ = answer_handover(id, given.declined(), who, services)
        return task.request.subject, answers.told(_shape(task, services), 201)

    return once(caller, work)


def _shape(task: Task, services: Services) -> HandoverTold:
    request, handover = task.request, task.handover
    if handover is None:  # the flows give handovers only
        raise NotFound("no such handover")
    return HandoverTold(
        id=request.id,
        status=handover.state.value,
        gever=request.provider,
        ontvanger=request.requester,
        rol=handover.role,
        doel=request.purpose,
        casus=request.case,
        gesprek_datum=handover.talk.isoformat(),
        aangeboden_op=moment(request.at),
        uiterlijk_op=moment(handover.due),
        te_laat=handover.late(services.clock.now()),
        wacht_op_oordeel=task.status is RequestStatus.VOORGELEGD,
        beantwoord_op=moment(handover.answered) if handover.answered else None,
        reden=handover.declined.value if handover.declined else None,
    )
