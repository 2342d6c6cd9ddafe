"""`/v1/verzoeken` and `/v1/noodinzagen`: asking, judging, collecting."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from starlette.requests import Request as Http
from starlette.responses import Response

from sluis import events
from sluis.api import answers
from sluis.api.body import body
from sluis.api.deps import Emergency, Requesting, Wired, actor, requesting, subject, trace, transaction
from sluis.api.document import reads, tells
from sluis.api.once import OnceOnly
from sluis.api.shapes.asking import CollectGiven, DryRunGiven, EmergencyGiven, FactGiven, JudgementsGiven, RequestGiven
from sluis.api.shapes.telling import AnswerTold, DecisionTold, PendingTold, TasksTold, TaskTold
from sluis.api.shapes.wire import Handle
from sluis.api.straight import straight
from sluis.core.partner import Caller
from sluis.core.question import FactValue, Truth
from sluis.core.request import Request, Task
from sluis.flows import ask as asking
from sluis.flows.acting import Actor
from sluis.flows.emergency import declare
from sluis.flows.escalate import waiting_for
from sluis.flows.judge import Judgement, collect, judge, task_of
from sluis.flows.offer import offer
from sluis.flows.share import Answer, share
from sluis.ports.services import Services

router = APIRouter(tags=["verzoeken"])


def put_request(
    http: Http, caller: Requesting, once: OnceOnly, given: Annotated[RequestGiven, Depends(body(RequestGiven))], services: Wired
) -> Response:
    """Vraag gegevens op, of bied ze aan (richting aanbod).

    201: verstrekt, geheel of gedeeltelijk. 202: eerst beslist een mens, of het aanbod staat klaar. 403: geweigerd, met per
    gegeven de reden en wat zou helpen. Een weigering is gelijk of de persoon nu bekend is of niet.
    """
    request = request_of(http, given, caller, services)
    if given.richting == "aanbod":
        return once(caller, lambda: _offered(request, services))
    return once(caller, lambda: _answered(share(request, services), services))


router.add_api_route(
    "/verzoeken",
    put_request,
    methods=["POST"],
    route_class_override=straight(requesting, RequestGiven),
    **reads(RequestGiven),
    **tells({201: AnswerTold, 202: PendingTold}),
)


@router.post("/verzoeken/_toets", **reads(DryRunGiven), **tells({200: DecisionTold}))
def dry_run(caller: Requesting, given: Annotated[DryRunGiven, Depends(body(DryRunGiven))], services: Wired) -> Response:
    """Mag ik dit vragen? Toetst zonder persoon en zonder iets vast te leggen, en zegt wat zou helpen."""
    question, decision = asking.ask(
        asking.Supposition(
            purpose=given.doel,
            direction=given.richting,
            requester=given.vrager,
            provider=given.verstrekker,
            categories=tuple(given.gegevens),
            person=given.persoon,
            case_state=given.casusstatus,
            facts={name: _fact(value) for name, value in given.feiten.items()},
        ),
        services,
    )  # fmt: skip - one value
    # All that stays of a dry run is a line to count: no person, no case, no category.
    events.emit(events.DRY_RUN, partner=caller.partner.id, purpose=question.purpose, outcome=decision.outcome.value)
    return answers.told(answers.of_decision(question, decision, services))


@router.get("/verzoeken", **tells({200: TasksTold}))
def list_requests(caller: Requesting, services: Wired, rol: Literal["vrager", "verstrekker"] = "vrager") -> Response:
    """De voorgelegde en klaarstaande verzoeken van de eigen organisatie, als vrager of als verstrekker die moet beslissen.

    Als verstrekker staat bovenaan wat te laat is, daarna wat het eerst moet worden beslist.
    """
    own = caller.partner
    tasks = services.tasks.of_requester(own.id) if rol == "vrager" else waiting_for(own, services)
    return answers.told(TasksTold(verzoeken=[answers.of_task(task, own, services) for task in tasks]))


@router.get("/verzoeken/{id}", **tells({200: TaskTold}))
def show_request(id: Handle, caller: Requesting, services: Wired) -> Response:  # noqa: A002 - the name in the path
    """Hoe het met een verzoek staat."""
    task = task_of(id, Actor(partner=caller.partner, user="", role=""), services)
    return answers.told(answers.of_task(task, caller.partner, services))


@router.post("/verzoeken/{id}/beoordelingen", **reads(JudgementsGiven), **tells({201: TaskTold}))
def judge_request(
    id: Handle,  # noqa: A002 - the name in the path
    caller: Requesting,
    once: OnceOnly,
    given: Annotated[JudgementsGiven, Depends(body(JudgementsGiven))],
    services: Wired,
) -> Response:
    """Leg de beslissing van de professional vast over wat is voorgelegd."""
    judgements = [
        Judgement(fact=one.feit, value=one.waarde, categories=frozenset(one.gegevens), ground=one.gronden)
        for one in given.oordelen
    ]
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _judged(judge(id, judgements, who, services)[0], who, services))


@router.post("/verzoeken/{id}/_ophalen", **reads(CollectGiven), **tells({201: AnswerTold, 202: PendingTold}))
def collect_request(
    id: Handle,  # noqa: A002 - the name in the path
    caller: Requesting,
    once: OnceOnly,
    given: Annotated[CollectGiven, Depends(body(CollectGiven))],
    services: Wired,
) -> Response:
    """Haal op wat na beoordeling, of na een aanbod, mag worden verstrekt. Er wordt opnieuw getoetst, nu."""
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _answered(collect(id, who, services), services))


@router.post("/noodinzagen", tags=["noodinzagen"], **reads(EmergencyGiven), **tells({201: AnswerTold, 202: PendingTold}))
def put_emergency(
    http: Http,
    caller: Emergency,
    once: OnceOnly,
    given: Annotated[EmergencyGiven, Depends(body(EmergencyGiven))],
    services: Wired,
) -> Response:
    """Noodinzage bij acuut gevaar. Verruimt niets; gaat altijd langs de functionaris gegevensbescherming."""
    request = request_of(http, given.verzoek, caller, services, emergency=given.grond)
    who = actor(caller, given.verzoek.medewerker)
    return once(caller, lambda: _answered(declare(request, who, services)[0], services))


def request_of(http: Http, given: RequestGiven, caller: Caller, services: Services, *, emergency: str | None = None) -> Request:
    """The request that a call puts."""
    own = caller.partner.id
    return Request(
        id=services.ids.public(),
        at=services.clock.now(),
        caller=own,
        user=given.medewerker.id,
        role=given.medewerker.rol,
        purpose=given.doel,
        direction=given.richting,
        requester=given.ontvanger or own,
        provider=given.verstrekker or own,
        subject=subject(given.betrokkene, services),
        person=given.persoon,
        case=given.casus,
        categories=tuple(given.gegevens),
        motivation=given.motivering,
        statements=given.verklaringen,
        urgent=given.spoed,
        emergency=emergency,
        trace=trace(http),
        transaction=transaction(http),
    )


def _answered(given: Answer, services: Services) -> tuple[str, Response]:
    return given.request.subject, answers.of_answer(given, services)


def _offered(request: Request, services: Services) -> tuple[str, Response]:
    given = offer(request, services)
    return given.request.subject, answers.of_offer(given, services)


def _judged(task: Task, who: Actor, services: Services) -> tuple[str, Response]:
    return task.request.subject, answers.told(answers.of_task(task, who.partner, services), 201)


def _fact(value: FactGiven) -> FactValue:
    return frozenset(value) if isinstance(value, list) else Truth(value)
