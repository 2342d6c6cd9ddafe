"""The actions of a case: who may give one to whom, change it, and say that it was done.

Laws of this file: actions are of a running case, between those who take part in it; lead and co-leads give them to anybody in the
case, everybody else only to himself; whoever owns one, or leads, says that it was done; what was settled does not change.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sluis.core.action import Action, ActionState, settled
from sluis.core.case import Case, CaseState
from sluis.core.errors import NotAllowed, NotFound, WrongState


def leads(case: Case, partner: str) -> bool:
    """Whether that organisation is lead or co-lead."""
    return partner in {case.lead, *case.co_leads}


def agree(case: Case, action: Action) -> Case:
    """The case with that action. Raises `WrongState`, and `NotAllowed` when its giver may not give it to its owner."""
    _running(case)
    _may_give(case, action.agreed_by, action.owner)
    return replace(case, actions=(*case.actions, action))


def assign(case: Case, changed: Action, by: str) -> Case:
    """The case with the owner, role and day of one open action changed. Raises `NotFound`, `NotAllowed`, `WrongState`."""
    _running(case)
    before = open_action(case, changed.id)
    for owner in (before.owner, changed.owner):
        _may_give(case, by, owner)
    same = (before.owner, before.due) == (changed.owner, changed.due)
    overdue = before.overdue if same else None  # another owner or day can be late anew
    given = replace(before, owner=changed.owner, role=changed.role, due=changed.due, assigned=changed.assigned)
    return _with(case, replace(given, overdue=overdue))


def marked(case: Case, action_id: str, at: datetime) -> Case:
    """The case with that action marked as on record as late. Raises `NotFound`."""
    return _with(case, replace(action_of(case, action_id), overdue=at))


def settle(case: Case, action_id: str, state: ActionState, by: str, at: datetime) -> Case:
    """The case with that action done or dropped. Raises `NotFound`, `NotAllowed`, `WrongState`."""
    _running(case)
    action = open_action(case, action_id)
    if by != action.owner and not leads(case, by):
        raise NotAllowed("the owner of an action, or who leads the case, says what came of it")
    return _with(case, settled(action, state, by, at))


def action_of(case: Case, action_id: str) -> Action:
    """That action of the case. Raises `NotFound`."""
    found = next((one for one in case.actions if one.id == action_id), None)
    if found is None:
        raise NotFound("no such action")
    return found


def open_action(case: Case, action_id: str) -> Action:
    """That action, while it is open. Raises `NotFound`, and `WrongState` once it was settled."""
    action = action_of(case, action_id)
    if action.state is not ActionState.OPEN:
        raise WrongState(f"an action that is {action.state} does not change any more")
    return action


def readable(case: Case, partner: str, writer: str | None) -> list[Action]:
    """The open actions that `partner` reads: its own; who leads reads all (`plan.afspraken`).

    Those in the words of `writer` only; None for the whole plan, as the joint case holds it.
    """
    return [
        one
        for one in case.actions
        if writer in {None, one.agreed_by} and one.state is ActionState.OPEN and (one.owner == partner or leads(case, partner))
    ]


def _running(case: Case) -> None:
    if case.state is not CaseState.OPGENOMEN:
        raise WrongState(f"a case that is {case.state} has no actions to agree on")


def _may_give(case: Case, giver: str, owner: str) -> None:
    seat = case.participant(giver)
    if seat is None or seat.third or case.participant(owner) is None:
        raise NotAllowed("actions are agreed between those who take part in the case")
    if owner != giver and not leads(case, giver):
        raise NotAllowed("who leads the case gives actions to others; everybody else to himself")


def _with(case: Case, changed: Action) -> Case:
    return replace(case, actions=tuple(changed if one.id == changed.id else one for one in case.actions))
