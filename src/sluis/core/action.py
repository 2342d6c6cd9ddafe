"""An agreement of a case meeting: who does what, by which day, and whether it was done (seed S2, `law.md` 6, 7).

Laws of this file: an action belongs to an organisation (and, where it says so, to a role in it), never to a person, so it
survives whoever leaves; it is late from the day after the day that was agreed; what was done or dropped stays so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum


class ActionState(StrEnum):
    """How it is with an action."""

    OPEN = "open"
    GEDAAN = "gedaan"
    VERVALLEN = "vervallen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What `owner` does by the end of the day `due`. `what` is about the person: it is kept sealed and leaves as a release.

    `role` says who at the owner, where that was agreed; `agreed_by` is the organisation whose words `what` are; `settled` and
    `settled_by` say when it was done or dropped, and which organisation said so; `overdue` when it went on record as late;
    `assigned` when it went to this owner from another.
    """

    id: str
    what: str = field(repr=False)
    owner: str
    role: str | None = None
    due: date
    agreed_by: str
    agreed: datetime
    state: ActionState = ActionState.OPEN
    settled: datetime | None = None
    settled_by: str | None = None
    overdue: datetime | None = None
    assigned: datetime | None = None

    @property
    def since(self) -> datetime:
        """Since when it is its owner's."""
        return self.assigned or self.agreed

    def late(self, on: date) -> bool:
        """Whether it should have been done before that day and was not."""
        return self.state is ActionState.OPEN and self.due < on


def settled(action: Action, state: ActionState, by: str, at: datetime) -> Action:
    """The action as done or dropped."""
    return replace(action, state=state, settled=at, settled_by=by)


def in_order(actions: Iterable[Action]) -> list[Action]:
    """What is open first, the earliest day on top, so what is late comes before all; then what was done or dropped."""
    return sorted(actions, key=lambda one: (one.state is not ActionState.OPEN, one.due, one.agreed, one.id))
