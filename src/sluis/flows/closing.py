"""Closing a case, and scaling down: to whom it goes back, with what remains to be done (seed S5).

Laws of this file: a case closes by a public participant's recorded decision; the owner of every action that is still open is
named, and took its words over in a handover while the case was open; after it the case is shielded and gives nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sluis.core.action import Action, ActionState
from sluis.core.case import Act, Case, Resolution, resolve
from sluis.core.entry import Json, Receipt
from sluis.core.errors import BadInput, Flaw
from sluis.core.handover import HandoverState
from sluis.core.request import RequestStatus, Task
from sluis.flows.acting import Actor
from sluis.flows.cases import case_for_public, reasoned, record_change
from sluis.ports.services import Services

PLAN = "plan.afspraken"
"""The category that says what was agreed: what a handover of remaining work consists of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """The case goes back to this participant; `handovers` (request ids) gave it the words of what it still does."""

    partner: str
    handovers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """Why the case closes, and to whom it goes back."""

    reasons: str = field(repr=False)
    back: tuple[Back, ...] = ()


def close_case(case_id: str, given: Closing, actor: Actor, services: Services) -> tuple[Case, Receipt]:
    """Close a case. Raises `BadInput` while an open action has nobody to take it back, `NotFound`, `NotAllowed`, `WrongState`."""
    at = services.clock.now()
    case = case_for_public(case_id, actor, services, at)
    reasoned(given.reasons)
    resolution = Resolution(act=Act.SLUITEN, by=(actor.partner.id,), user=actor.user, at=at, reasons=given.reasons)
    closed = resolve(case, resolution)
    handed = [(back, _handed(back, case, services)) for back in given.back]
    flaws = [*_no_participants(case, given.back), *_nobodys(case, handed)]
    if flaws:
        raise BadInput(*flaws)
    said: dict[str, Json] = {"back": [_said(case, back, tasks) for back, tasks in handed]}
    return record_change(Act.SLUITEN.value, closed, actor, services, said)


def _handed(back: Back, case: Case, services: Services) -> list[Task]:
    """The handovers to that participant that were accepted and collected in this case, of nothing but what was agreed."""
    found = [services.tasks.find(ident) for ident in back.handovers]
    return [
        task
        for task in found
        if task is not None
        and task.handover is not None
        and task.handover.state is HandoverState.AANGENOMEN
        and task.status is RequestStatus.VERSTREKT
        and (task.request.case, task.request.requester, task.request.categories) == (case.id, back.partner, (PLAN,))
    ]


def _no_participants(case: Case, given: Sequence[Back]) -> Iterator[Flaw]:
    for place, back in enumerate(given):
        seat = case.participant(back.partner)
        if seat is None or seat.third:
            mend = "noem een deelnemer van de casus"
            yield Flaw(where=f"terugNaar[{place}].organisatie", what="neemt niet deel aan de casus", mend=mend)


def _nobodys(case: Case, handed: Sequence[tuple[Back, Sequence[Task]]]) -> Iterator[Flaw]:
    if any(not any(_has(action, back, tasks) for back, tasks in handed) for action in _open(case)):
        mend = "meld haar af, of noem de eigenaar met de overdracht waarin hij haar aannam en ophaalde"
        yield Flaw(where="terugNaar", what="een open afspraak gaat naar niemand terug", mend=mend)


def _has(action: Action, back: Back, tasks: Sequence[Task]) -> bool:
    """Whether the owner has the words: he wrote them himself, or took them over from who did, after they were agreed."""
    if action.owner != back.partner:
        return False
    return action.agreed_by == back.partner or any(
        task.request.provider == action.agreed_by
        and task.handover is not None
        and task.handover.answered is not None
        and task.handover.answered >= action.since
        for task in tasks
    )


def _open(case: Case) -> list[Action]:
    return [action for action in case.actions if action.state is ActionState.OPEN]


def _said(case: Case, back: Back, tasks: Sequence[Task]) -> dict[str, Json]:
    return {
        "organisation": back.partner,
        "handovers": [task.entry_id for task in tasks],
        "actions": [{"action": one.id, "due": one.due.isoformat()} for one in _open(case) if one.owner == back.partner],
    }
