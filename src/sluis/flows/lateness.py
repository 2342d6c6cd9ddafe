"""What is late around cases, per organisation that should see to it: actions, handovers, telling the person. Numbers only.

Laws of this file: an officer sees his own organisation, who oversees the region all of them; no person, no case, no words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sluis.core.case import CaseState
from sluis.core.partner import Officer, Partner
from sluis.core.request import RequestStatus
from sluis.flows.audit import CONTENT_ROLES, SEES_ALL
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Lateness:
    """How much is late at an organisation (its id)."""

    partner: str
    actions: int = 0
    handovers: int = 0
    informing: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.actions + self.handovers + self.informing


def lateness_for(officer: Officer, services: Services) -> Sequence[Lateness]:
    """What is late now at the officer's own organisation, or at each for who oversees the region; the most first."""
    if not officer.roles & CONTENT_ROLES:
        return ()
    everyone = bool(officer.roles & SEES_ALL)
    at = services.clock.now()
    partners = [one for one in services.partners.all() if everyone or one.id == officer.organisation]
    found = [_of(partner, at, services) for partner in partners]
    return sorted((one for one in found if one.total), key=lambda one: (-one.total, one.partner))


def _of(partner: Partner, at: datetime, services: Services) -> Lateness:
    """What that organisation owes; a closed case is shielded, and nothing of it is late any more."""
    own, today = partner.id, at.date()
    running = [case for case in services.cases.of_partner(own) if case.state is CaseState.OPGENOMEN]
    offered = [task for task in services.tasks.of_requester(own) if task.status is RequestStatus.BESLIST]
    return Lateness(
        partner=own,
        actions=sum(action.owner == own and action.late(today) for case in running for action in case.actions),
        handovers=sum(task.handover is not None and task.handover.late(at) for task in offered),
        informing=sum(case.informs == own and case.informing_late(today) for case in running),
    )
