"""`/v1/casussen` and `/v1/bijdragen`: the case in the Zorg- en Veiligheidshuis and what is left for it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from sluis.api import answers, case_answers
from sluis.api.body import body
from sluis.api.deps import Casework, Contributing, Wired, actor, subject
from sluis.api.document import reads, tells
from sluis.api.once import OnceOnly
from sluis.api.shapes.cases import (
    CaseRecordedTold,
    CasesTold,
    CaseTold,
    ClosingGiven,
    ContributionGiven,
    FeedbackTold,
    InvolvementGiven,
    KnownGiven,
    LeadsGiven,
    NotificationGiven,
    RenewalGiven,
    ResolutionGiven,
    SigningGiven,
    WithdrawalGiven,
)
from sluis.api.shapes.telling import KnownTold, PendingTold, RecordedTold
from sluis.api.shapes.wire import Handle, moment
from sluis.core.case import Act, Case
from sluis.core.entry import Receipt
from sluis.flows import cases, contribute
from sluis.flows.acting import Actor
from sluis.flows.closing import Back, Closing, close_case
from sluis.flows.feedback import feedback_on
from sluis.flows.known import Asked, ask_known
from sluis.flows.notify import Notification, Notified, notify
from sluis.ports.services import Services

router = APIRouter(tags=["casussen"])
Id = Annotated[Handle, "the random id in the path"]


@router.post("/casussen", **reads(NotificationGiven), **tells({201: CaseRecordedTold, 202: PendingTold}))
def notify_case(
    caller: Casework, once: OnceOnly, given: Annotated[NotificationGiven, Depends(body(NotificationGiven))], services: Wired
) -> Response:
    """Meld een casus aan. De melding is zelf een verstrekking en wordt als zodanig getoetst."""
    notification = Notification(
        subject=subject(given.betrokkene, services),
        contact=given.contactpunt,
        records=given.gegevens,
        motivation=given.motivering,
        criteria=frozenset(given.criteria),
        own_view=given.eigen_visie,
        facts_tested=given.feiten_getoetst,
        house=given.huis or "",
    )
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _notified(notify(notification, who, services), who, services))


@router.get("/casussen", **tells({200: CasesTold}))
def list_cases(caller: Casework, services: Wired) -> Response:
    """De casussen waarin de eigen organisatie meedoet of die zij heeft aangemeld."""
    found = cases.cases_of(Actor(partner=caller.partner, user="", role=""), services)
    return answers.told(CasesTold(casussen=[case_answers.of_case(case, caller.partner, services) for case in found]))


@router.get("/casussen/{id}", **tells({200: CaseTold}))
def show_case(id: Id, caller: Casework, services: Wired) -> Response:  # noqa: A002 - the name in the path
    """Een casus, zonder inhoud: status, deelnemers en regie."""
    found = cases.case_for(id, Actor(partner=caller.partner, user="", role=""), services)
    return answers.told(case_answers.of_case(found, caller.partner, services))


@router.get("/casussen/{id}/terugkoppeling", **tells({200: FeedbackTold}))
def show_feedback(id: Id, caller: Casework, services: Wired) -> Response:  # noqa: A002 - the name in the path
    """Wat er van een eigen aanmelding is geworden: alleen een status en sinds wanneer. Een afgewezen melding is vernietigd."""
    found = feedback_on(id, Actor(partner=caller.partner, user="", role=""), services)
    return answers.told(FeedbackTold(id=found.case, uitkomst=found.became.value, sinds_op=moment(found.since)))


@router.post("/casussen/{id}/opnamebesluiten", **reads(ResolutionGiven), **tells({201: CaseRecordedTold}))
def resolve_case(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    once: OnceOnly,
    given: Annotated[ResolutionGiven, Depends(body(ResolutionGiven))],
    services: Wired,
) -> Response:
    """Leg het besluit over opname vast: een publieke deelnemer, met motivering."""
    act, who = Act(given.besluit), actor(caller, given.medewerker)
    return once(caller, lambda: _changed(cases.resolve_case(id, act, given.motivering, who, services), who, services))


@router.post("/casussen/{id}/sluitingen", **reads(ClosingGiven), **tells({201: CaseRecordedTold}))
def close(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    once: OnceOnly,
    given: Annotated[ClosingGiven, Depends(body(ClosingGiven))],
    services: Wired,
) -> Response:
    """Sluit een casus en schaal af: zeg naar wie zij teruggaat. Vanaf dat moment is zij afgeschermd.

    Een open afspraak gaat mee naar haar eigenaar, die haar woorden in een overdracht heeft aangenomen en opgehaald.
    """
    back = tuple(Back(partner=one.organisatie, handovers=tuple(one.overdrachten)) for one in given.terug_naar)
    closing, who = Closing(reasons=given.motivering, back=back), actor(caller, given.medewerker)
    return once(caller, lambda: _changed(close_case(id, closing, who, services), who, services))


@router.post("/casussen/{id}/bekendheidsvragen", **reads(KnownGiven), **tells({201: KnownTold}))
def ask_whether_known(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    once: OnceOnly,
    given: Annotated[KnownGiven, Depends(body(KnownGiven))],
    services: Wired,
) -> Response:
    """Vraag of de persoon van deze casus bij een ander Zorg- en Veiligheidshuis bekend is: ja of nee.

    Na een treffer vraagt u een maand lang gegevens op met doel zvh-verhuizing en dat huis als verstrekker. Ten hoogste twintig
    vragen per organisatie per dag.
    """
    asked, who = Asked(case=id, house=given.huis, motivation=given.motivering), actor(caller, given.medewerker)

    def work() -> tuple[str, Response]:
        known = ask_known(asked, who, services)
        return known.subject, answers.told(KnownTold(treffer=known.hit, logboek=answers.of_receipt(known.receipt)), 201)

    return once(caller, work)


@router.post("/casussen/{id}/deelnemers", **reads(InvolvementGiven), **tells({201: CaseRecordedTold}))
def involve(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    once: OnceOnly,
    given: Annotated[InvolvementGiven, Depends(body(InvolvementGiven))],
    services: Wired,
) -> Response:
    """Betrek een deelnemer bij de casus, of nodig een incidentele derde uit."""
    who = actor(caller, given.medewerker)
    return once(
        caller,
        lambda: _changed(
            cases.involve_partner(id, given.organisatie, third=given.derde, actor=who, services=services), who, services
        ),
    )


@router.post("/casussen/{id}/geheimhoudingen", **reads(SigningGiven), **tells({201: CaseRecordedTold}))
def sign(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    once: OnceOnly,
    given: Annotated[SigningGiven, Depends(body(SigningGiven))],
    services: Wired,
) -> Response:
    """Teken als uitgenodigde derde de geheimhoudingsverklaring."""
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _changed(cases.sign_secrecy(id, who, services), who, services))


@router.put("/casussen/{id}/regie", **reads(LeadsGiven), **tells({200: CaseRecordedTold}))
def appoint(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    given: Annotated[LeadsGiven, Depends(body(LeadsGiven))],
    services: Wired,
) -> Response:
    """Beleg de regie: een trekker en ten hoogste twee meetrekkers."""
    changed = cases.appoint_leads(id, given.trekker, given.meetrekkers, actor(caller, given.medewerker), services)
    return case_answers.of_case_recorded(changed, caller.partner, services, 200)


@router.post("/casussen/{id}/verlengingen", **reads(RenewalGiven), **tells({201: CaseRecordedTold}))
def renew(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    once: OnceOnly,
    given: Annotated[RenewalGiven, Depends(body(RenewalGiven))],
    services: Wired,
) -> Response:
    """Verleng de casus voor de gegevens waarvan de verstrekker instemt, voor ten hoogste twee jaar."""
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _changed(cases.renew_case(id, frozenset(given.gegevens), who, services), who, services))


@router.post("/casussen/{id}/bijdragen", tags=["bijdragen"], **reads(ContributionGiven), **tells({201: RecordedTold}))
def contribute_to_case(
    id: Id,  # noqa: A002 - the name in the path
    caller: Contributing,
    once: OnceOnly,
    given: Annotated[ContributionGiven, Depends(body(ContributionGiven))],
    services: Wired,
) -> Response:
    """Leg een bijdrage neer voor een casus. Zij blijft van de eigen organisatie."""
    left = contribute.Deposit(subject=subject(given.betrokkene, services), case=id, category=given.gegeven, fields=given.velden)
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _deposited(left, who, services))


@router.post("/bijdragen", tags=["bijdragen"], **reads(ContributionGiven), **tells({201: RecordedTold}))
def contribute_from_own_file(
    caller: Contributing, once: OnceOnly, given: Annotated[ContributionGiven, Depends(body(ContributionGiven))], services: Wired
) -> Response:
    """Leg een bijdrage neer uit het eigen dossier, voor verstrekkingen tussen twee partijen."""
    left = contribute.Deposit(subject=subject(given.betrokkene, services), case=None, category=given.gegeven, fields=given.velden)
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _deposited(left, who, services))


@router.post("/bijdragen/{id}/intrekkingen", tags=["bijdragen"], **reads(WithdrawalGiven), **tells({201: RecordedTold}))
def withdraw_contribution(
    id: Id,  # noqa: A002 - the name in the path
    caller: Contributing,
    once: OnceOnly,
    given: Annotated[WithdrawalGiven, Depends(body(WithdrawalGiven))],
    services: Wired,
) -> Response:
    """Trek een bijdrage in: zij wordt nooit meer verstrekt."""
    who = actor(caller, given.medewerker)
    return once(caller, lambda: answers.of_withdrawn(id, contribute.withdraw(id, who, services)))


def _notified(given: Notified, who: Actor, services: Services) -> tuple[str, Response]:
    return given.request.subject, case_answers.of_notified(given, who.partner, services)


def _changed(changed: tuple[Case, Receipt], who: Actor, services: Services) -> tuple[str, Response]:
    return changed[0].subject, case_answers.of_case_recorded(changed, who.partner, services)


def _deposited(left: contribute.Deposit, who: Actor, services: Services) -> tuple[str, Response]:
    kept, receipt = contribute.deposit(left, who, services)
    return kept.subject, answers.told(answers.of_recorded(kept.id, receipt), 201)
