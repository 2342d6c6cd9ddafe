"""Notifying a case to a Zorg- en Veiligheidshuis (WGS 2.31(1)).

Laws of this file: notifying is itself a disclosure, decided by the rules of `zvh-melding`: whoever is bound by secrecy needs
a route through it; a notification that the rules refuse leaves no case behind; before admission nobody is asked anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sluis.core.case import JOINT_CASE, Case, CaseState
from sluis.core.decision import decide
from sluis.core.entry import Kind, Receipt
from sluis.core.errors import BadInput, Flaw
from sluis.core.facts import ADMISSION_CRITERIA
from sluis.core.record import Contribution, FieldValue, Record
from sluis.core.request import Request, RequestStatus, Task
from sluis.core.verdict import Decision, Outcome
from sluis.flows.acting import Actor, act_entry, authorised
from sluis.flows.contribute import prepared_for
from sluis.flows.establishing import parties_of, question_of
from sluis.flows.recording import Weighed, offer_entry, referral_entry, refusal_entry
from sluis.ports.services import Services

PURPOSE = "zvh-melding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """A person put forward to `contact`, a public participant.

    `records` is what the notifier gives per category; `criteria` those of BGS 2.20(1) that it substantiates; `own_view` what
    the person thinks of it (seed S10); `facts_tested` that it tested its own facts (BGS 1.6); `house` the Zorg- en
    Veiligheidshuis (its id) whose case it becomes: the only one there is when it is not named.
    """

    subject: str = field(repr=False)
    contact: str
    records: Mapping[str, Mapping[str, FieldValue]] = field(repr=False)
    motivation: str = field(repr=False)
    criteria: frozenset[str]
    own_view: str = field(repr=False)
    facts_tested: bool
    house: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """What became of a notification: the case, or None when the rules do not let it through."""

    case: Case | None
    request: Request
    decision: Decision
    receipt: Receipt


def notify(given: Notification, actor: Actor, services: Services) -> Notified:
    """Open a case in state `aangemeld` when the rules permit the notification, and put it ready for the contact point."""
    at = services.clock.now()
    authorised(actor, services, at)
    _complete(given)
    case = Case(
        id=services.ids.public(),
        subject=given.subject,
        notifier=actor.partner.id,
        state=CaseState.AANGEMELD,
        first_processed=at,
        criteria=given.criteria,
        own_view=given.own_view,
        house=_house(given.house, services, at),
    )  # fmt: skip - one value
    weighed = _weigh(given, case, actor, services)
    if weighed.decision.outcome is not Outcome.VERSTREKKEN:
        draft = refusal_entry(weighed) if weighed.decision.outcome is Outcome.WEIGEREN else referral_entry(weighed)
        return Notified(case=None, request=weighed.request, decision=weighed.decision, receipt=services.ledger.append(draft))
    services.ledger.append(
        act_entry(
            Kind.CASE_CHANGED,
            actor,
            at,
            subject=case.subject,
            core={"change": "aangemeld", "state": case.state.value},
            data={"case": case.id},
        )  # fmt: skip - one value
    )
    receipt = services.ledger.append(offer_entry(weighed))
    # If we die before the task is in the books, nobody can collect the notification: the notifier notifies again.
    kept = services.cases.save(case)
    _leave_records(given, kept, weighed, services)
    services.tasks.add(Task(request=weighed.request, status=RequestStatus.BESLIST, entry_id=receipt.entry_id))
    return Notified(case=kept, request=weighed.request, decision=weighed.decision, receipt=receipt)


def _complete(given: Notification) -> None:
    flaws = [
        Flaw(where="criteria", what=f"criterium {name} is niet onderbouwd", mend="BGS 2.20 lid 1 onder a-d, alle vier")
        for name in sorted(ADMISSION_CRITERIA - given.criteria)
    ]
    if not given.own_view.strip():
        flaws.append(Flaw(where="eigenVisie", what="ontbreekt", mend="wat vindt de persoon zelf, of waarom is dat niet gevraagd"))
    if flaws:
        raise BadInput(*flaws)


def _house(given: str, services: Services, at: datetime) -> str:
    houses = [one.id for one in services.partners.all() if one.kind == JOINT_CASE and one.active(at)]
    if given and given not in houses:
        raise BadInput(Flaw(where="huis", what="dit is geen Zorg- en Veiligheidshuis dat meedoet", mend="zie /v1/deelnemers"))
    return given or (houses[0] if len(houses) == 1 else "")


def _weigh(given: Notification, case: Case, actor: Actor, services: Services) -> Weighed:
    at = case.first_processed
    rulebook = services.rules.current()
    request = Request(
        id=services.ids.public(),
        at=at,
        caller=actor.partner.id,
        user=actor.user,
        role=actor.role,
        purpose=PURPOSE,
        direction="aanbod",
        requester=given.contact,
        provider=actor.partner.id,
        subject=given.subject,
        person="betrokkene",
        case=case.id,
        categories=tuple(given.records),
        motivation=dict.fromkeys(given.records, given.motivation),
        statements={"feiten-getoetst": given.facts_tested},
    )  # fmt: skip - one value
    parties = parties_of(request, services, at)
    question = question_of(request, case, parties, services, at)
    return Weighed(request=request, parties=parties, question=question, decision=decide(question, rulebook), at=at)


def _leave_records(given: Notification, case: Case, weighed: Weighed, services: Services) -> None:
    for category in weighed.decision.permitted:
        services.contributions.deposit(
            Contribution(
                id=services.ids.public(),
                provider=case.notifier,
                subject=case.subject,
                case=case.id,
                deposited=weighed.at,
                record=Record(
                    category=category,
                    provider=case.notifier,
                    recorded=weighed.at,
                    fields=given.records[category],
                    prepared=prepared_for(given.records[category], services),
                ),
            )  # fmt: skip - one value
        )
