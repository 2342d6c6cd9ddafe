"""`/v1/casussen/{id}/acties` and `/v1/acties`: what was agreed in a case meeting, by whom and by when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from starlette.responses import Response

from sluis.api import answers
from sluis.api.body import body
from sluis.api.deps import Casework, Wired, actor
from sluis.api.document import reads, tells
from sluis.api.once import OnceOnly
from sluis.api.shapes.actions import (
    ActionGiven,
    ActionRecordedTold,
    ActionsTold,
    ActionTold,
    AssignmentGiven,
    SettlementGiven,
)
from sluis.api.shapes.wire import Handle, moment
from sluis.core.action import ActionState
from sluis.flows import actions
from sluis.flows.acting import Actor
from sluis.flows.actions import Assignment, Listed, Place, Recorded, Settlement

router = APIRouter(tags=["acties"])
Id = Annotated[Handle, "the random id in the path"]


def place(id: Id, actie: Id) -> Place:  # noqa: A002 - the name in the path
    """The action that the path names."""
    return Place(id, actie)


Named = Annotated[Place, Depends(place)]


@router.post("/casussen/{id}/acties", **reads(ActionGiven), **tells({201: ActionRecordedTold}))
def agree(
    id: Id,  # noqa: A002 - the name in the path
    caller: Casework,
    once: OnceOnly,
    given: Annotated[ActionGiven, Depends(body(ActionGiven))],
    services: Wired,
) -> Response:
    """Leg een afspraak vast. Wie de regie heeft geeft haar aan ieder in de casus; een ander alleen aan zichzelf."""
    who = actor(caller, given.medewerker)
    assignment = Assignment(owner=given.eigenaar, role=given.rol, due=given.uiterlijk_datum)
    return once(caller, lambda: _recorded(actions.agree_action(id, given.wat, assignment, who, services), 201))


@router.get("/casussen/{id}/acties", **tells({200: ActionsTold}))
def list_of_case(id: Id, caller: Casework, services: Wired) -> Response:  # noqa: A002 - the name in the path
    """De afspraken in een casus waarin de eigen organisatie meedoet, zonder hun woorden."""
    return _told(actions.actions_of_case(id, Actor(partner=caller.partner, user="", role=""), services))


@router.get("/acties", **tells({200: ActionsTold}))
def list_own(caller: Casework, services: Wired, rol: Literal["eigenaar", "regie"] = "eigenaar") -> Response:
    """De open afspraken van de eigen organisatie over alle casussen; als `regie` die van alle casussen die zij trekt."""
    who = Actor(partner=caller.partner, user="", role="")
    return _told(actions.open_actions(who, services, leading=rol == "regie"))


@router.put("/casussen/{id}/acties/{actie}", **reads(AssignmentGiven), **tells({200: ActionRecordedTold}))
def assign(
    caller: Casework,
    named: Named,
    given: Annotated[AssignmentGiven, Depends(body(AssignmentGiven))],
    services: Wired,
) -> Response:
    """Geef een open afspraak een andere eigenaar of een andere dag."""
    assignment = Assignment(owner=given.eigenaar, role=given.rol, due=given.uiterlijk_datum)
    return _recorded(actions.assign_action(named, assignment, actor(caller, given.medewerker), services), 200)[1]


@router.post("/casussen/{id}/acties/{actie}/afmeldingen", **reads(SettlementGiven), **tells({201: ActionRecordedTold}))
def settle(
    caller: Casework,
    named: Named,
    once: OnceOnly,
    given: Annotated[SettlementGiven, Depends(body(SettlementGiven))],
    services: Wired,
) -> Response:
    """Meld een afspraak af: gedaan, of vervallen met de reden. Dat doet de eigenaar, of wie de regie heeft."""
    who = actor(caller, given.medewerker)
    settlement = Settlement(state=ActionState(given.uitkomst), reasons=given.toelichting or "")
    return once(caller, lambda: _recorded(actions.settle_action(named, settlement, who, services), 201))


def _recorded(done: Recorded, status: int) -> tuple[str, Response]:
    shape = ActionRecordedTold(actie=_shape(done.listed), registratie=done.receipt.entry_id)
    return done.subject, answers.told(shape, status)


def _told(found: Sequence[Listed]) -> Response:
    return answers.told(ActionsTold(acties=[_shape(one) for one in found]))


def _shape(listed: Listed) -> ActionTold:
    action = listed.action
    return ActionTold(
        id=action.id,
        casus=listed.case,
        eigenaar=action.owner,
        rol=action.role,
        uiterlijk_datum=action.due.isoformat(),
        status=action.state.value,
        te_laat=listed.late,
        opgesteld_door=action.agreed_by,
        afgesproken_op=moment(action.agreed),
        afgerond_door=action.settled_by,
        afgerond_op=moment(action.settled) if action.settled else None,
    )
