"""The life of a case after its notification (`flows/notify.py`): admitted or not, participants, leads, renewal, closing.

Laws of this file: admission, involvement, renewal and closing are acts of the public participants (WGS 2.31), each a
recorded decision of a named human; every act is on record before it has effect.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from sluis.core.case import Act, Case, CaseState, Participant, Resolution, appoint, involve, renew, resolve
from sluis.core.entry import Json, Kind, Receipt
from sluis.core.errors import BadInput, Flaw, LedgerUnavailable, NotAllowed, NotFound, StoreUnavailable, WrongState
from sluis.flows.acting import Actor, act_entry, authorised
from sluis.flows.establishing import position
from sluis.flows.retention import NOT_ADMITTED, Ending, end
from sluis.ports.services import Services

UNSEEN = frozenset({CaseState.AFGESLOTEN, CaseState.GEEN})
"""The states in which a case exists for nobody who takes part."""


def resolve_case(case_id: str, act: Act, reasons: str, actor: Actor, services: Services) -> tuple[Case, Receipt]:
    """Admit, reject or close: a public participant's recorded decision, with reasons (BGS 2.20(3), AVG 22).

    A partner closes through `flows/closing.py`, which sees to what remains to be done.
    """
    at = services.clock.now()
    case = case_for_public(case_id, actor, services, at)
    reasoned(reasons)
    resolution = Resolution(act=act, by=(actor.partner.id,), user=actor.user, at=at, reasons=reasons)
    changed = resolve(case, resolution)
    if act is Act.OPNEMEN:
        changed = involve(changed, Participant(partner=actor.partner.id, since=at))
        changed = involve(changed, Participant(partner=case.notifier, since=at))
    kept, receipt = record_change(act.value, changed, actor, services)
    if kept.state is CaseState.GEEN:
        _destroyed(kept, services)
    return kept, receipt


def reasoned(reasons: str) -> None:
    """Return when there are reasons; raise `BadInput` otherwise."""
    if not reasons.strip():
        raise BadInput(Flaw(where="motivering", what="ontbreekt", mend="schrijf de overwegingen van het besluit op"))


def involve_partner(case_id: str, partner_id: str, *, third: bool, actor: Actor, services: Services) -> tuple[Case, Receipt]:
    """Involve a participant, or invite an incidental third party (WGS 2.31(4), (9))."""
    at = services.clock.now()
    case = case_for_public(case_id, actor, services, at)
    partner = services.partners.by_id(partner_id)
    group = "zvh-incidenteel" if third else "zvh-deelnemers"
    if partner is None or not partner.active(at):
        raise BadInput(Flaw(where="organisatie", what="deze organisatie neemt niet deel", mend="zie /v1/deelnemers"))
    if partner.kind not in services.rules.current().vocabulary.groups[group].members:
        raise NotAllowed(f"this kind of organisation is not in the group {group}")
    changed = involve(case, Participant(partner=partner_id, since=at, third=third))
    return record_change("derde uitgenodigd" if third else "deelnemer betrokken", changed, actor, services)


def sign_secrecy(case_id: str, actor: Actor, services: Services) -> tuple[Case, Receipt]:
    """The invited third party signs the secrecy statement (BGS 2.21(2))."""
    at = services.clock.now()
    case = services.cases.find(case_id)
    seat = case.participant(actor.partner.id) if case else None
    if case is None or seat is None or not seat.third:
        raise NotFound("no such case")
    authorised(actor, services, at)
    return record_change("geheimhouding getekend", involve(case, replace(seat, signed=at)), actor, services)


def appoint_leads(case_id: str, lead: str, co_leads: Sequence[str], actor: Actor, services: Services) -> tuple[Case, Receipt]:
    """Name the lead and at most two co-leads (seed S2)."""
    case = case_for_public(case_id, actor, services, services.clock.now())
    return record_change("regie belegd", appoint(case, lead, tuple(co_leads)), actor, services)


def renew_case(case_id: str, categories: frozenset[str], actor: Actor, services: Services) -> tuple[Case, Receipt]:
    """Renew the case for the categories whose providers agreed (WGS 1.8(7), BGS 1.16(2)-(3))."""
    at = services.clock.now()
    case = case_for_public(case_id, actor, services, at)
    return record_change("verlengd", renew(case, categories, at), actor, services)


def case_for(case_id: str, actor: Actor, services: Services) -> Case:
    """The case, for an organisation that takes part in it or notified it; raises `NotFound` for anybody else.

    A closed case is shielded: nobody but oversight sees that it exists (WGS 2.31(8)). A rejected one is nobody's any more.
    """
    case = services.cases.find(case_id)
    if case is None or case.state in UNSEEN or not _sees(case, actor, services):
        raise NotFound("no such case")
    return case


def cases_of(actor: Actor, services: Services) -> Sequence[Case]:
    """The running and notified cases of the actor's organisation."""
    return [c for c in services.cases.of_partner(actor.partner.id) if c.state not in UNSEEN]


def _destroyed(case: Case, services: Services) -> None:
    """Destroy a case that was not admitted (BGS 1.16(1)(b)). The rejection stands, and nobody sees the case any more."""
    try:
        end(Ending(case=case, ground=NOT_ADMITTED), services)
    except (StoreUnavailable, LedgerUnavailable, WrongState):
        # What is left is found by the hourly sweep (`flows/retention.py`); the decision itself is durable and answered.
        return


def _sees(case: Case, actor: Actor, services: Services) -> bool:
    seat = case.participant(actor.partner.id)
    if case.notifier == actor.partner.id or (seat is not None and not seat.third):
        return True
    # Before admission the public participants judge whether the case fits (WGS 2.31(2)).
    return case.state is CaseState.AANGEMELD and position(actor.partner, services.rules.current().vocabulary).public


def case_for_public(case_id: str, actor: Actor, services: Services, at: datetime) -> Case:
    """The case, for an act of a public participant. Raises `NotFound`, `NotAllowed`."""
    case = case_for(case_id, actor, services)
    authorised(actor, services, at)
    if not position(actor.partner, services.rules.current().vocabulary).public:
        raise NotAllowed("only public participants decide on a case (WGS 2.31)")
    return case


def record_change(
    change: str, case: Case, actor: Actor, services: Services, said: Mapping[str, Json] = MappingProxyType({})
) -> tuple[Case, Receipt]:
    """Put the change on record and keep the case. `said` goes into the person's cell: it may hold words about him."""
    receipt = services.ledger.append(
        act_entry(
            Kind.CASE_CHANGED,
            actor,
            services.clock.now(),
            subject=case.subject,
            core={"change": change, "state": case.state.value},
            data={
                "case": case.id,
                "participants": [p.partner for p in case.participants],
                "reasons": case.resolutions[-1].reasons if case.resolutions else "",
                **said,
            },
        )  # fmt: skip - one value
    )
    # If we die here the log names a change that has no effect: the case still stands as it was, and the act is done again.
    return services.cases.save(case), receipt
