"""`/access/v1/evaluation(s)`: AuthZEN 1.0, a second door to the same decision. It gives no data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends
from starlette.requests import Request as Http
from starlette.responses import Response

from sluis.api.body import body
from sluis.api.deps import Requesting, Wired, transaction, well_formed_trace
from sluis.api.shapes.authzen import Context, Evaluation, Evaluations, Options, PartialEvaluation
from sluis.core.errors import BadInput, Flaw
from sluis.core.partner import Caller
from sluis.core.question import Truth
from sluis.core.verdict import Decision
from sluis.flows.ask import Supposition
from sluis.flows.evaluate import Door, evaluate

router = APIRouter(include_in_schema=False)
CATEGORY, RELEASE = "gegeven", "verstrekking"


@router.post("/access/v1/evaluation")
def evaluation(
    http: Http, caller: Requesting, given: Annotated[Evaluation, Depends(body(Evaluation))], services: Wired
) -> Response:
    """One question, one answer."""
    decision = evaluate(_supposition(given), _door(http, caller, given.context), services)
    return _told(_answer(decision))


@router.post("/access/v1/evaluations")
def evaluations(
    http: Http, caller: Requesting, given: Annotated[Evaluations, Depends(body(Evaluations))], services: Wired
) -> Response:
    """Several questions; the outer parts stand in for what an inner question leaves out. None inside: the single form."""
    items = [_merged(one, given) for one in given.evaluations or [PartialEvaluation()]]
    # Everything is read before anything is decided: a flaw in the last question leaves no record of the first.
    asked = [(_supposition(item), _door(http, caller, item.context)) for item in items]
    answers: list[Mapping[str, object]] = []
    for supposed, door in asked:
        answers.append(_answer(evaluate(supposed, door, services)))
        if _stops(given.options, decision=answers[-1]["decision"] is True):
            break
    return _told({"evaluations": answers} if given.evaluations else answers[0])


def _stops(options: Options, *, decision: bool) -> bool:
    semantic = options.evaluations_semantic
    return (semantic == "deny_on_first_deny" and not decision) or (semantic == "permit_on_first_permit" and decision)


def _merged(one: PartialEvaluation, shared: PartialEvaluation) -> Evaluation:
    parts = {name: getattr(one, name) or getattr(shared, name) for name in ("subject", "action", "resource")}
    flaws = [
        Flaw(where=name, what="ontbreekt", mend="geef dit in de vraag of gedeeld") for name, part in parts.items() if part is None
    ]
    if flaws:
        raise BadInput(*flaws)
    return Evaluation(**parts, context=one.context or shared.context or Context())


def _supposition(given: Evaluation) -> Supposition:
    resource, asked = given.resource, given.resource.properties
    if resource.type not in {CATEGORY, RELEASE}:
        raise BadInput(Flaw(where="resource.type", what="onbekend", mend=f"{CATEGORY} of {RELEASE}"))
    purpose = (given.action.properties.processing_activity_id or "").rstrip("/").rpartition("/")[2]
    missing = [
        Flaw(where=where, what="ontbreekt", mend=mend)
        for where, value, mend in (
            ("action.properties.processing_activity_id", purpose, "het doel, of een adres dat op het doel eindigt"),
            ("resource.properties.verstrekker", asked.verstrekker, "de soort partner die de gegevens heeft"),
        )
        if not value
    ]
    if missing or asked.verstrekker is None:
        raise BadInput(*missing)
    return Supposition(
        purpose=purpose,
        direction=given.action.name,
        requester=given.subject.id,
        provider=asked.verstrekker,
        categories=(resource.id,) if resource.type == CATEGORY else tuple(dict.fromkeys(asked.gegevens)),
        person=asked.persoon,
        case_state=asked.casus,
        facts={name: frozenset(v) if isinstance(v, list) else Truth(v) for name, v in given.context.feiten.items()},
    )


def _door(http: Http, caller: Caller, context: Context) -> Door:
    return Door(partner=caller.partner, trace=_trace(http, context), transaction=transaction(http))


def _trace(http: Http, context: Context) -> str:
    for given in (context.traceparent, http.headers.get("traceparent")):
        if given and well_formed_trace(given):
            return given
    raise BadInput(Flaw(where="context.traceparent", what="ontbreekt of klopt niet", mend="W3C trace context, versie 00"))


def _answer(decision: Decision) -> Mapping[str, object]:
    """True only when everything that was asked may leave without a further human act."""
    return {
        "decision": len(decision.permitted) == len(decision.verdicts),
        "context": {
            "besluit": decision.outcome.value,
            "precisie": {name: permit.precision.word for name, permit in decision.permitted.items()},
            "redenen": {name: deny.reason.value for name, deny in decision.refused.items()},
            "voorleggen": {name: refer.role for name, refer in decision.referred.items()},
            "plichten": list(decision.duties),
            "beleid": decision.policy,
        },
    }


def _told(content: Mapping[str, object]) -> Response:
    return Response(orjson.dumps(content), media_type="application/json")
