"""From answers of the flows to shapes on the wire. Written out: what does not stand here does not leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import orjson
from starlette.background import BackgroundTask
from starlette.responses import Response

from sluis.api.problems import Problem, answer
from sluis.api.shapes.directory import PartnersTold, PartnerTold, PilotTold, PolicyTold, PurposesTold, PurposeTold, WordTold
from sluis.api.shapes.telling import (
    DecisionTold,
    DutyTold,
    PendingTold,
    ProofTold,
    RecordedTold,
    ReferralTold,
    RefusalTold,
    ReleaseTold,
    TaskTold,
)
from sluis.api.shapes.wire import Told, moment
from sluis.core.entry import LoggedEntry, Receipt
from sluis.core.partner import Partner
from sluis.core.question import Question
from sluis.core.receipt import receipt_text
from sluis.core.request import Request, RequestStatus, Task
from sluis.core.rules import Pilot, Rule
from sluis.core.verdict import Decision, Outcome
from sluis.flows.deliver import delivered
from sluis.flows.escalate import term_in_words
from sluis.flows.offer import Offered
from sluis.flows.share import Answer, Referred, Refused, Shared
from sluis.ports.services import Services

REFUSED = Problem(403, "geweigerd", "Er wordt niets verstrekt", "Zie geweigerd: per gegeven de reden en wat zou helpen")
"""One text for every refusal, whether or not the person is known (acceptance N01)."""


def told(shape: Told, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """The shape as JSON with camelCase names."""
    return Response(orjson.dumps(shape.model_dump(by_alias=True)), status, dict(headers or {}), "application/json")


def of_answer(given: Answer, services: Services) -> Response:
    """201 with what is released, 202 with whom it waits for, 403 with the reasons."""
    if isinstance(given, Shared):
        place = {"Location": f"/v1/verstrekkingen/{given.receipt.entry_id}"}
        answered = Response(_released(given, services), 201, place, "application/json")
        answered.background = BackgroundTask(delivered, given, services)
        return answered
    if isinstance(given, Referred):
        pending = of_pending(given.request, given.decision, given.receipt, services, waits=given.waits)
        return told(pending, 202, {"Location": f"/v1/verzoeken/{given.request.id}"})
    return of_refusal(given, services)


def of_refusal(given: Refused, services: Services) -> Response:
    """The problem of a refusal, with the reasons per category."""
    shape = of_pending(given.request, given.decision, given.receipt, services, status=RequestStatus.GEWEIGERD)
    return answer(REFUSED, more=shape.model_dump(by_alias=True, exclude={"status", "antwoord_binnen", "voorgelegd"}))


def _released(given: Shared, services: Services) -> bytes:
    """The body of `AnswerTold`, written out without making one: a test holds it to that shape.

    The bundle stands in it as the very bytes of which the log has the hash.
    """
    decision = given.decision
    return orjson.dumps(
        {
            "id": given.request.id,
            "besluit": decision.outcome.value,
            "bundel": orjson.Fragment(given.bundle.canonical),
            "bundelHash": given.bundle.digest,
            "bewaren": {name: permit.retention for name, permit in decision.permitted.items()},
            "geweigerd": {name: one.model_dump(by_alias=True) for name, one in _refusals(decision).items()},
            "voorgelegd": {name: one.model_dump(by_alias=True) for name, one in _referrals(decision).items()},
            "antwoordBinnen": given.waits,
            "plichten": [one.model_dump(by_alias=True) for one in _duties(decision, services)],
            "regels": decision.rules,
            "beleid": decision.policy,
            "logboek": of_receipt(given.receipt).model_dump(by_alias=True),
        }
    )


def of_pending(
    request: Request,
    decision: Decision,
    receipt: Receipt,
    services: Services,
    *,
    waits: str | None = None,
    status: RequestStatus = RequestStatus.VOORGELEGD,
) -> PendingTold:
    """A decision that released nothing (yet)."""
    return PendingTold(
        id=request.id,
        besluit=decision.outcome.value,
        status=status.value,
        geweigerd=_refusals(decision),
        voorgelegd=_referrals(decision),
        antwoord_binnen=waits,
        plichten=_duties(decision, services),
        regels=list(decision.rules),
        beleid=decision.policy,
        logboek=of_receipt(receipt),
    )


def of_decision(_question: Question, decision: Decision, services: Services) -> DecisionTold:
    """The answer to a dry run."""
    return DecisionTold(
        besluit=decision.outcome.value,
        gegevens={name: permit.precision.word for name, permit in decision.permitted.items()},
        geweigerd=_refusals(decision),
        voorgelegd=_referrals(decision),
        plichten=_duties(decision, services),
        regels=list(decision.rules),
        grondslagen={name: list(permit.grounds) for name, permit in decision.permitted.items()},
        beleid=decision.policy,
    )


def _refusals(decision: Decision) -> dict[str, RefusalTold]:
    return {
        name: RefusalTold(reden=deny.reason.value, uitleg=deny.explanation, wat_helpt=list(deny.helps))
        for name, deny in decision.refused.items()
    }


def _referrals(decision: Decision) -> dict[str, ReferralTold]:
    return {name: ReferralTold(rol=refer.role, feiten=list(refer.facts)) for name, refer in decision.referred.items()}


def _duties(decision: Decision, services: Services) -> list[DutyTold]:
    known = services.rules.current().vocabulary.duties
    return [DutyTold(plicht=name, tekst=known[name].nl) for name in decision.duties]


def of_receipt(receipt: Receipt) -> ProofTold:
    """Where it stands in the log, and the receipt that an outsider's program verifies."""
    return ProofTold(registratie=receipt.entry_id, positie=receipt.index, bewijs=receipt_text(receipt))


def of_task(task: Task, reader: Partner, services: Services) -> TaskTold:
    """A task for its requester or provider. Only the provider, who has to judge, reads the motivation."""
    request = task.request
    judges = reader.id == request.provider
    return TaskTold(
        id=request.id,
        status=task.status.value,
        doel=request.purpose,
        richting=request.direction,
        vrager=request.requester,
        verstrekker=request.provider,
        ingediend_op=moment(request.at),
        spoed=request.urgent,
        uiterlijk_op=moment(task.due) if task.due else None,
        antwoord_binnen=term_in_words(request.provider, services, urgent=request.urgent) if task.due else None,
        te_laat=task.late(services.clock.now()),
        geescaleerd_op=moment(task.escalated) if task.escalated else None,
        wacht_op={name: list(facts) for name, facts in task.waits_for.items()},
        motivering=dict(request.motivation) if judges else {},
    )


def of_entry(entry: LoggedEntry, services: Services) -> ReleaseTold:
    """A release in the register. After erasure the categories are gone and the rest still stands."""
    about = next((data for role, data in entry.cells if role == "subject" and data is not None), {})
    names = {partner.oin: partner.id for partner in services.partners.all()}
    return ReleaseTold(
        registratie=entry.entry_id,
        vastgelegd_op=moment(entry.recorded),
        doel=str(entry.core["purpose"]),
        verstrekker=names.get(str(entry.core["provider"]), str(entry.core["provider"])),
        ontvanger=names.get(str(entry.core["recipient"]), str(entry.core["recipient"])),
        gegevens=dict(cast("Mapping[str, str]", about.get("released", {}))),
        geweigerd=dict(cast("Mapping[str, str]", about.get("refused", {}))),
        plichten=list(cast("list[str]", entry.core["duties"])),
        regels=list(cast("list[str]", entry.core["rules"])),
        beleid=str(entry.core["policy"]),
        bundel_hash=str(entry.core["bundle"]),
    )


def of_offer(given: Offered, services: Services) -> Response:
    """202: the offer stands ready or waits for a judgement; 403 when the rules refuse it."""
    if given.decision.outcome is Outcome.WEIGEREN:
        return of_refusal(Refused(request=given.request, decision=given.decision, receipt=given.receipt), services)
    status = RequestStatus.VOORGELEGD if given.decision.referred else RequestStatus.BESLIST
    shape = of_pending(given.request, given.decision, given.receipt, services, status=status)
    return told(shape, 202, {"Location": f"/v1/verzoeken/{given.request.id}"})


def of_recorded(ident: str, receipt: Receipt) -> RecordedTold:
    """Something that was put on record."""
    return RecordedTold(id=ident, logboek=of_receipt(receipt))


def of_withdrawn(ident: str, receipt: Receipt) -> tuple[str, Response]:
    """Something that was taken back, for `Once`: a random id and a proof, about nobody."""
    return "", told(of_recorded(ident, receipt), 201)


def of_partners(services: Services) -> PartnersTold:
    """The organisations that take part now."""
    at = services.clock.now()
    return PartnersTold(
        deelnemers=[PartnerTold(id=p.id, oin=p.oin, soort=p.kind, naam=p.name) for p in services.partners.all() if p.active(at)]
    )


def of_purposes(services: Services) -> PurposesTold:
    """The purposes of the policy set in force."""
    purposes = services.rules.current().vocabulary.purposes.values()
    return PurposesTold(
        doelen=[
            PurposeTold(doel=p.id, titel=p.title, route=p.route.value, wet=p.law, zekerheid=p.certainty.value) for p in purposes
        ]
    )


def of_policy(services: Services) -> PolicyTold:
    """The policy set in force and its words."""
    book = services.rules.current()
    words = book.vocabulary
    return PolicyTold(
        beleid=book.policy,
        versie=words.version,
        regels=len(book.rules),
        gegevens=[WordTold(woord=c.id, titel=c.title) for c in words.categories.values()],
        feiten=[WordTold(woord=f.id, titel=f.nl) for f in words.facts.values()],
        soorten=[WordTold(woord=k.id, titel=k.title) for k in words.kinds.values()],
        redenen=[WordTold(woord=r.id, titel=r.nl) for r in words.reasons.values()],
        plichten=[WordTold(woord=d.id, titel=d.nl) for d in words.duties.values()],
        proeven=[_pilot(rule, rule.pilot, services) for rule in book.pilots if rule.pilot is not None],
    )


def _pilot(rule: Rule, pilot: Pilot, services: Services) -> PilotTold:
    return PilotTold(
        regel=rule.id,
        doel=rule.purpose,
        van_datum=pilot.since.isoformat(),
        tot_datum=pilot.until.isoformat(),
        leervraag=pilot.question,
        loopt=pilot.runs(services.clock.now()),
    )
