"""Actions of a case meeting: agreed, changed, done; listed per case and per organisation, late ones first (seed S2).

Laws of this file: every change is on record before it has effect; what an action says is in the sealed case only, never in the
core of an entry or in a list: it leaves as everything leaves, as the answer to a request for `plan.afspraken`, decided, redacted
and on record (`sources/plan.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sluis.core.action import Action, ActionState, in_order
from sluis.core.agreements import action_of, agree, assign, leads, settle
from sluis.core.case import Case, CaseState
from sluis.core.entry import Json, Receipt
from sluis.core.errors import BadInput, Flaw, NotAllowed
from sluis.flows.acting import Actor, authorised
from sluis.flows.cases import case_for, cases_of, record_change
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who does it, and by which day: an organisation in the case, and where that was agreed a role in it."""

    owner: str
    role: str | None
    due: date


@dataclass(frozen=True, slots=True)
class Place:
    """Which action: the case, and the action in it."""

    case: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What came of an action; `reasons` say why it was dropped, and stand in the log only."""

    state: ActionState
    reasons: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An action with the case it belongs to."""

    case: str
    action: Action
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An action after a change, and the entry of that change. `subject` is the blind index of the person it is about."""

    listed: Listed
    receipt: Receipt
    subject: str = field(repr=False)


def agree_action(case_id: str, what: str, assignment: Assignment, actor: Actor, services: Services) -> Recorded:
    """Put an action on record. Raises `BadInput`, `NotFound`, `NotAllowed`, `WrongState`."""
    at = services.clock.now()
    case = _case(case_id, actor, services)
    _in_time(assignment, at.date())
    if not what.strip():
        raise BadInput(Flaw(where="wat", what="ontbreekt", mend="schrijf op wat er is afgesproken"))
    action = Action(
        id=services.ids.public(),
        what=what,
        owner=assignment.owner,
        role=assignment.role,
        due=assignment.due,
        agreed_by=actor.partner.id,
        agreed=at,
    )
    return _kept("afspraak gemaakt", agree(case, action), {"action": action.id}, actor, services)


def assign_action(place: Place, assignment: Assignment, actor: Actor, services: Services) -> Recorded:
    """Give an open action to another owner, or another day. Raises what `agree_action` raises."""
    case = _case(place.case, actor, services)
    before = action_of(case, place.action)
    at = services.clock.now()
    if assignment.due != before.due:
        _in_time(assignment, at.date())
    assigned = before.assigned if assignment.owner == before.owner else at
    changed = replace(before, owner=assignment.owner, role=assignment.role, due=assignment.due, assigned=assigned)
    case = assign(case, changed, actor.partner.id)
    return _kept("afspraak gewijzigd", case, {"action": place.action}, actor, services)


def settle_action(place: Place, settlement: Settlement, actor: Actor, services: Services) -> Recorded:
    """Say that an action was done, or dropped with the reasons. Raises what `agree_action` raises."""
    case = _case(place.case, actor, services)
    state, reasons = settlement.state, settlement.reasons.strip()
    if state is ActionState.VERVALLEN and not reasons:
        raise BadInput(Flaw(where="toelichting", what="ontbreekt", mend="schrijf op waarom de afspraak vervalt"))
    case = settle(case, place.action, state, actor.partner.id, services.clock.now())
    return _kept(f"afspraak {state}", case, {"action": place.action, "reasons": reasons}, actor, services)


def actions_of_case(case_id: str, actor: Actor, services: Services) -> Sequence[Listed]:
    """The actions of one case, for whoever takes part in it. Raises `NotFound` for anybody else."""
    case = case_for(case_id, actor, services)
    return _listed(case, case.actions, services) if _takes_part(case, actor) else []


def open_actions(actor: Actor, services: Services, *, leading: bool = False) -> Sequence[Listed]:
    """The open actions of the actor's organisation, or (`leading`) of all the cases it leads; the earliest day first."""
    own = actor.partner.id
    found = [
        one
        for case in cases_of(actor, services)
        if case.state is CaseState.OPGENOMEN and _takes_part(case, actor)
        for one in _listed(case, case.actions, services)
        if one.action.state is ActionState.OPEN and (leads(case, own) if leading else one.action.owner == own)
    ]
    return sorted(found, key=lambda one: (one.action.due, one.action.agreed, one.action.id))


def _case(case_id: str, actor: Actor, services: Services) -> Case:
    case = case_for(case_id, actor, services)
    authorised(actor, services, services.clock.now())
    if not _takes_part(case, actor):
        raise NotAllowed("actions are agreed between those who take part in the case")
    return case


def _takes_part(case: Case, actor: Actor) -> bool:
    seat = case.participant(actor.partner.id)
    return seat is not None and not seat.third


def _in_time(assignment: Assignment, today: date) -> None:
    if assignment.due < today:
        raise BadInput(Flaw(where="uiterlijkDatum", what="ligt in het verleden", mend="noem vandaag of een latere dag"))


def _listed(case: Case, actions: Sequence[Action], services: Services) -> list[Listed]:
    today = services.clock.now().date()
    return [Listed(case=case.id, action=one, late=one.late(today)) for one in in_order(actions)]


def _kept(change: str, case: Case, said: Mapping[str, str], actor: Actor, services: Services) -> Recorded:
    action = action_of(case, said["action"])
    more: Mapping[str, Json] = {**said, "owner": action.owner, "due": action.due.isoformat()}
    kept, receipt = record_change(change, case, actor, services, more)
    (listed,) = _listed(kept, [action], services)
    return Recorded(listed=listed, receipt=receipt, subject=case.subject)
