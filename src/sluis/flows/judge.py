"""A human at the provider judges what was put before him; the requester then collects.

Laws of this file: only the provider that a task waits for judges it; each judgement is evidence with its grounds, recorded
before it counts; the release itself is decided again at the moment of collecting, with the facts of that moment; a declined
judgement gives the requester the answer that an unknown person would give (acceptance N04).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sluis.core.entry import Json, Kind, Receipt
from sluis.core.errors import BadInput, Flaw, NotFound, WrongState
from sluis.core.handover import HandoverState
from sluis.core.request import Request, RequestStatus, Task
from sluis.flows.acting import Actor, act_entry, authorised
from sluis.flows.evidence import Covering, check, record
from sluis.flows.share import Answer, Referred, Shared, share
from sluis.ports.services import Services

JUDGEMENT_HOLDS = timedelta(days=30)
"""How long a judgement opens what it was asked for: a weighing is of a moment, and after a month a human weighs again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the professional decides: `fact` for `categories`, yes or no, on these grounds."""

    fact: str
    value: bool
    categories: frozenset[str]
    ground: Mapping[str, str] = field(repr=False)


def task_of(request_id: str, actor: Actor, services: Services) -> Task:
    """The task of a request for its requester or its provider; raises `NotFound` for anybody else."""
    task = services.tasks.find(request_id)
    if task is None or actor.partner.id not in {task.request.requester, task.request.provider}:
        raise NotFound("no such request")
    return task


def judge(request_id: str, judgements: Sequence[Judgement], actor: Actor, services: Services) -> tuple[Task, Receipt]:
    """Record the judgements; the task is `beslist` once every category it waited for has been judged.

    Raises `NotFound` unless the task waits at the actor's organisation, `WrongState` when it no longer waits, `BadInput`
    for a judgement of something else or without its grounds: then nothing is on record.
    """
    at = services.clock.now()
    task = services.tasks.find(request_id)
    if task is None or task.request.provider != actor.partner.id:
        raise NotFound("no such request")
    if task.status is not RequestStatus.VOORGELEGD:
        raise WrongState("this request no longer waits for a judgement")
    authorised(actor, services, at)
    _only_what_was_asked(task, judgements)
    vocabulary = services.rules.current().vocabulary
    coverings = [_covering(task.request, one, scoped=vocabulary.facts[one.fact].scoped, at=at) for one in judgements]
    for covering in coverings:
        check(covering, actor, vocabulary, at)
    judged = frozenset[str]().union(*(j.categories for j in judgements))
    waits = {name: facts for name, facts in task.waits_for.items() if name not in judged}
    receipt = services.ledger.append(
        act_entry(
            Kind.JUDGEMENT_RECORDED,
            actor,
            at,
            subject=task.request.subject,
            core={"about": task.entry_id, "provider": actor.partner.oin, **clock_of(task, services), "complete": not waits},
            data={"request": request_id, "judged": {j.fact: {"value": j.value, "for": sorted(j.categories)} for j in judgements}},
        )  # fmt: skip - one value
    )
    for covering in coverings:
        record(covering, actor, services)
    # If we die here the judgements count and the task still waits: the provider judges again, which is harmless.
    status = RequestStatus.VOORGELEGD if waits else RequestStatus.BESLIST
    return services.tasks.update(replace(task, status=status, waits_for=waits)), receipt


def clock_of(task: Task, services: Services) -> dict[str, Json]:
    """What an entry says of the time that a judgement had: who asked for what purpose, when, and until when. No person."""
    requester = services.partners.by_id(task.request.requester)
    return {
        "purpose": task.request.purpose,
        "requester": requester.oin if requester is not None else "",
        "urgent": task.request.urgent,
        "asked": task.request.at.isoformat(),
        "due": task.due.isoformat() if task.due is not None else None,
    }


def collect(request_id: str, actor: Actor, services: Services) -> Answer:
    """Answer the request again, now that it was judged. Raises `NotFound` unless it is the actor's to collect."""
    at = services.clock.now()
    task = services.tasks.find(request_id)
    if task is None or task.request.requester != actor.partner.id:
        raise NotFound("no such request")
    if task.handover is not None and task.handover.state is not HandoverState.AANGENOMEN:
        raise WrongState("a handover is collected by whoever accepted it")
    authorised(actor, services, at)
    again = replace(task.request, at=at)
    if again.caller == actor.partner.id:
        again = replace(again, user=actor.user, role=actor.role)
    answer = share(again, services)
    if not isinstance(answer, Referred) and not (isinstance(answer, Shared) and answer.waits):
        status = RequestStatus.VERSTREKT if isinstance(answer, Shared) else RequestStatus.GEWEIGERD
        # If we die here the release is on record and the task still says `beslist`: collecting again releases again, on record.
        services.tasks.update(replace(task, status=status))
    return answer


def _only_what_was_asked(task: Task, judgements: Sequence[Judgement]) -> None:
    flaws = [
        Flaw(where=f"oordelen[{i}]", what="dit is hier niet gevraagd", mend="zie wachtOp in het verzoek")
        for i, judgement in enumerate(judgements)
        if not judgement.categories
        or any(judgement.fact not in task.waits_for.get(category, ()) for category in judgement.categories)
    ]
    if not judgements:
        flaws.append(Flaw(where="oordelen", what="ontbreekt", mend="geef ten minste een oordeel"))
    if flaws:
        raise BadInput(*flaws)


def _covering(request: Request, judgement: Judgement, *, scoped: bool, at: datetime) -> Covering:
    return Covering(
        fact=judgement.fact,
        value=judgement.value,
        subject=request.subject,
        provider=request.provider,
        recipients=frozenset({request.requester}),
        purposes=frozenset({request.purpose}),
        categories=judgement.categories if scoped else None,
        case=request.case,
        valid_until=at + JUDGEMENT_HOLDS,
        ground=judgement.ground,
    )
