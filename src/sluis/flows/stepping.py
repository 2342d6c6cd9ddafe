"""From one review to the next, in the order of the queue, so that a hundred of them are no hundred walks to the list."""

from __future__ import annotations

from dataclasses import dataclass

from sluis.core.partner import Officer
from sluis.flows.audit import Aim, within_reach
from sluis.flows.review import Waiting, due, hindrance, queue
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Where an officer goes on, None when nothing else is his to judge; `left` is how much is, beside where he stands."""

    to: Waiting | None
    left: int


def step(officer: Officer, entry_id: str, aim: Aim, services: Services, *, back: bool = False) -> Step:
    """What comes after that entry in the queue, or before it, going round the end. The entry need not wait any more.

    What the officer may not judge and what a colleague has taken up is passed over. That he looks through the queue is on record
    first. Raises `NotFound` for an entry that is not, or not for him.
    """
    entry = within_reach(officer, entry_id, services)
    at = (due(entry.recorded, entry.core.get("review")), entry.index)
    mine = [
        one
        for one in queue(officer, aim, services)
        if one.entry.entry_id != entry_id
        and one.taken_by in {"", officer.subject}
        and hindrance(officer, one.entry, services) is None
    ]
    beyond = [one for one in mine if ((one.due, one.entry.index) < at) is back] or mine
    return Step(to=(beyond[-1] if back else beyond[0]) if beyond else None, left=len(mine))
