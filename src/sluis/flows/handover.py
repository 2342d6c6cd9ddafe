"""Warm handover: offered with a talk and the minimum information, accepted or declined, late when nobody answers (seed S3).

Laws of this file: what goes along is decided as an offer, under its purpose (`flows/offer.py`); it is released when the receiver
collects, and he collects only what he accepted; both the offer and the answer are on record before they count; a no has a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sluis.core.entry import Json, Kind, Receipt
from sluis.core.errors import BadInput, Flaw, NotFound, WrongState
from sluis.core.handover import Declined, Handover, HandoverState
from sluis.core.request import Request, RequestStatus, Task
from sluis.core.urgency import due
from sluis.core.verdict import Outcome
from sluis.flows.acting import Actor, act_entry, authorised
from sluis.flows.offer import Offered, decided, put_ready
from sluis.flows.recording import Weighed
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The day of the talk, and the role at the receiver that takes over, where that is known."""

    talk: date
    role: str | None = None


def hand_over(request: Request, terms: Terms, actor: Actor, services: Services) -> Offered:
    """Offer a handover to `request.requester`. Raises what `offer` raises, and `BadInput` for a day that is over."""
    at = services.clock.now()
    authorised(actor, services, at)
    if terms.talk < at.date():
        raise BadInput(Flaw(where="gesprekDatum", what="ligt in het verleden", mend="noem vandaag of een latere dag"))
    weighed, receipt = decided(request, services)
    if weighed.decision.outcome is not Outcome.WEIGEREN:
        handover = Handover(talk=terms.talk, role=terms.role, due=_due(weighed, services))
        services.ledger.append(
            act_entry(
                Kind.HANDOVER_OFFERED,
                actor,
                at,
                subject=weighed.request.subject,
                core={**_sides(weighed, receipt.entry_id), "due": handover.due.isoformat()},
                data={"request": weighed.request.id, "case": weighed.request.case, "role": terms.role},
            )  # fmt: skip - one value
        )
        # If we die here the log says that something was offered which nobody can accept: the giver offers it again.
        put_ready(weighed, receipt, services, handover=handover)
    return Offered(request=weighed.request, decision=weighed.decision, receipt=receipt)


def answer_handover(request_id: str, declined: Declined | None, actor: Actor, services: Services) -> tuple[Task, Receipt]:
    """Accept a handover, or decline it for that reason. Raises `NotFound` unless it is the actor's to answer, `WrongState`."""
    at = services.clock.now()
    task = services.tasks.find(request_id)
    if task is None or task.handover is None or task.request.requester != actor.partner.id:
        raise NotFound("no such handover")
    authorised(actor, services, at)
    if task.status is not RequestStatus.BESLIST or task.handover.state is not HandoverState.AANGEBODEN:
        raise WrongState("this handover does not wait for an answer")
    giver = services.partners.by_id(task.request.provider)
    core: dict[str, Json] = {
        "about": task.entry_id,
        "provider": giver.oin if giver else "",
        "purpose": task.request.purpose,
        "late": task.handover.late(at),
        **({"reason": declined.value} if declined else {}),
    }
    kind = Kind.HANDOVER_DECLINED if declined else Kind.HANDOVER_ACCEPTED
    data: dict[str, Json] = {"request": request_id, "case": task.request.case}
    receipt = services.ledger.append(act_entry(kind, actor, at, subject=task.request.subject, core=core, data=data))
    # If we die here the answer is on record and the handover still waits: the receiver answers again.
    state = HandoverState.AFGEWEZEN if declined else HandoverState.AANGENOMEN
    kept = replace(task.handover, state=state, answered=at, declined=declined)
    status = RequestStatus.GEWEIGERD if declined else task.status
    return services.tasks.update(replace(task, handover=kept, status=status)), receipt


def handovers(actor: Actor, services: Services, *, giving: bool) -> Sequence[Task]:
    """The handovers that the organisation offered (`giving`) or was offered: what waits first, the earliest due on top."""
    own = actor.partner.id
    tasks = services.tasks.of_provider(own) if giving else services.tasks.of_requester(own)
    found = [(task.handover, task) for task in tasks if task.handover is not None]
    found.sort(key=lambda one: (one[0].state is not HandoverState.AANGEBODEN, one[0].due, one[1].request.id))
    return [task for _, task in found]


def _due(weighed: Weighed, services: Services) -> datetime:
    """When the receiver should have answered: the time of its own domain."""
    domain = services.rules.current().vocabulary.kinds[weighed.parties.requester.kind].domain
    return due(domain, urgent=weighed.request.urgent, at=weighed.at)[0]


def _sides(weighed: Weighed, about: str) -> dict[str, Json]:
    return {
        "about": about,
        "purpose": weighed.request.purpose,
        "provider": weighed.parties.provider.oin,
        "recipient": weighed.parties.requester.oin,
    }
