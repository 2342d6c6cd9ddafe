"""Is this person known in another Zorg- en Veiligheidshuis? Hit or no hit, and nothing more (WGS 2.28(1), seed S6).

Laws of this file: a hit and a miss are disclosures with a rule of their own, decided as any and on record before they are told;
who may not ask gets the answer of a miss, after the same work; a hit opens the question for data for a month and gives none
itself; who asks too often is stopped, whatever the answers were.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sluis.core.case import JOINT_CASE, Case
from sluis.core.decision import decide
from sluis.core.entry import Kind, Receipt
from sluis.core.errors import BadInput, Flaw, NotAllowed, NotFound
from sluis.core.evidence import Evidence
from sluis.core.request import Request
from sluis.core.verdict import Outcome
from sluis.flows.acting import Actor, authorised
from sluis.flows.establishing import KNOWN, MOVING, parties_of, question_of, running_in
from sluis.flows.recording import Weighed, known_entry
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

HIT = "treffer"
HIT_HOLDS = timedelta(days=30)
"""How long a hit opens the question for data; then one asks again, for he may have left there."""
MOST_A_DAY = 20
"""How often one organisation may ask in a day: people move now and then, and who asks about everybody is fishing (N02)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whether the person of this case is known at that house (its id), and why that must be known."""

    case: str
    house: str
    motivation: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownThere:
    """The answer. No hit also stands for: not allowed to ask."""

    subject: str = field(repr=False)
    hit: bool
    receipt: Receipt


def ask_known(given: Asked, actor: Actor, services: Services) -> KnownThere:
    """Answer whether that house has a running case about the person of the actor's own case.

    Raises `NotFound` for a case that is not the actor's, `BadInput` for a house that is none or its own, `NotAllowed` for an
    employee without authority and for who asked too often; `LedgerUnavailable`: nothing was told.
    """
    at = services.clock.now()
    authorised(actor, services, at)
    case = services.cases.find(given.case)
    seat = case.participant(actor.partner.id) if case is not None else None
    if case is None or seat is None or seat.third:
        raise NotFound("no such case")
    _another_house(given.house, case, services)
    _not_too_often(actor, services, at)
    weighed = _weigh(given, case, actor, services)
    # Looked up whatever was decided, so that a refusal takes the work of an answer.
    there = running_in(given.house, services.cases.about(case.subject), at)
    hit = weighed.decision.outcome is Outcome.VERSTREKKEN and there is not None
    receipt = services.ledger.append(known_entry(weighed, hit=hit))
    # If we die here the log holds an answer that nobody got: it may over-report. He asks again.
    if hit:
        services.evidence.record(_evidence(weighed, actor, services))
    return KnownThere(subject=case.subject, hit=hit, receipt=receipt)


def _another_house(house: str, case: Case, services: Services) -> None:
    partner = services.partners.by_id(house)
    if partner is None or partner.kind != JOINT_CASE or not partner.active(services.clock.now()) or house == case.house:
        raise BadInput(
            Flaw(where="huis", what="dit is geen ander Zorg- en Veiligheidshuis dat meedoet", mend="zie /v1/deelnemers")
        )


def _not_too_often(actor: Actor, services: Services, at: datetime) -> None:
    today = LogQuery(
        kinds=(Kind.KNOWN_ASKED,), recipient=actor.partner.oin, since=at - timedelta(days=1), limit=MOST_A_DAY, bare=True
    )
    if len(services.ledger.entries(today)) >= MOST_A_DAY:
        raise NotAllowed("this organisation asked too often in a day whether somebody is known")


def _weigh(given: Asked, case: Case, actor: Actor, services: Services) -> Weighed:
    at = services.clock.now()
    request = Request(
        id=services.ids.public(),
        at=at,
        caller=actor.partner.id,
        user=actor.user,
        role=actor.role,
        purpose=MOVING,
        direction="opvraag",
        requester=actor.partner.id,
        provider=given.house,
        subject=case.subject,
        person="betrokkene",
        case=case.id,
        categories=(KNOWN,),
        motivation={KNOWN: given.motivation},
    )  # fmt: skip - one value
    parties = parties_of(request, services, at)
    question = question_of(request, case, parties, services, at)
    decision = decide(question, services.rules.current())
    return Weighed(request=request, parties=parties, question=question, decision=decision, at=at)


def _evidence(weighed: Weighed, actor: Actor, services: Services) -> Evidence:
    """What the house that was asked says from now on: there was a hit, for this asker, in this case."""
    request, at = weighed.request, weighed.at
    return Evidence(
        id=services.ids.public(),
        fact=HIT,
        value=True,
        subject=request.subject,
        provider=request.provider,
        recipients=frozenset({request.requester}),
        purposes=frozenset({MOVING}),
        categories=None,
        case=request.case,
        recorded_by=request.provider,
        user=actor.user,
        recorded=at,
        valid_from=at,
        valid_until=at + HIT_HOLDS,
    )
