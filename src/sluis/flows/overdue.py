"""Putting on record, once, that an action was not done by its day, or a handover not answered in its time (seeds S2, S3).

Laws of this file: the log comes first, then the mark in the books; whoever finds the entry there marks only, so a round can be
repeated; nothing is sent, nobody is decided for, and what may be released does not change by being late.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from sluis.core.action import Action
from sluis.core.agreements import marked
from sluis.core.case import Case, CaseState
from sluis.core.entry import CellDraft, EntryDraft, Json, Kind
from sluis.core.errors import WrongState
from sluis.core.handover import Handover
from sluis.core.partner import Partner
from sluis.core.request import RequestStatus, Task
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

ACTION, HANDOVER = "afspraak", "overdracht"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAction:
    """An action that its owner should have done."""

    case: Case = field(repr=False)
    action: Action = field(repr=False)

    @property
    def partner(self) -> str:
        """Who is late."""
        return self.action.owner

    @property
    def what(self) -> str:
        """What is late."""
        return ACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class LateHandover:
    """A handover that its receiver should have answered."""

    task: Task
    handover: Handover

    @property
    def partner(self) -> str:
        """Who is late."""
        return self.task.request.requester

    @property
    def what(self) -> str:
        """What is late."""
        return HANDOVER


LateWork = LateAction | LateHandover


def work_to_record(services: Services) -> Sequence[LateWork]:
    """Every action and handover that is late and not yet on record as late. Changes nothing."""
    at = services.clock.now()
    found: list[LateWork] = []
    for partner in services.partners.all():
        found += [*_actions(partner, at, services), *_offered(partner, at, services)]
    return found


def record_late_work(services: Services) -> Sequence[LateWork]:
    """Put on record what became late since the last round; return it. May be repeated, and die, at any point."""
    found = work_to_record(services)
    for one in found:
        if isinstance(one, LateAction):
            _record_action(one, services)
        else:
            _record_handover(one, services)
    return found


def _actions(partner: Partner, at: datetime, services: Services) -> list[LateAction]:
    return [
        LateAction(case=case, action=action)
        for case in services.cases.of_partner(partner.id)
        if case.state is CaseState.OPGENOMEN
        for action in case.actions
        if action.owner == partner.id and action.late(at.date()) and action.overdue is None
    ]


def _offered(partner: Partner, at: datetime, services: Services) -> list[LateHandover]:
    return [
        LateHandover(task=task, handover=task.handover)
        for task in services.tasks.of_requester(partner.id)
        if task.status is RequestStatus.BESLIST
        and task.handover is not None
        and task.handover.late(at)
        and task.handover.overdue is None
    ]


def _record_action(late: LateAction, services: Services) -> None:
    action, subject = late.action, late.case.subject
    said: dict[str, Json] = {"case": late.case.id, "action": action.id, "owner": action.owner, "due": action.due.isoformat()}
    entries = services.ledger.entries(LogQuery(kinds=(Kind.CASEWORK_OVERDUE,), subject=subject, limit=1_000))
    at = next((one.recorded for one in entries if dict(one.cells).get("subject") == said), None)
    if at is None:
        at = services.clock.now()
        core: dict[str, Json] = {
            "what": ACTION,
            "provider": _oin(action.owner, services),
            "recipient": _oin(action.agreed_by, services),
            "by": "sluis",
        }
        cell = CellDraft(role="subject", identifier=subject, bucket=str(at.year), data=said)
        services.ledger.append(EntryDraft(kind=Kind.CASEWORK_OVERDUE, at=at, core=core, cells=(cell,)))
    # If we die here the entry is there and the action unmarked: the next round finds the entry and only marks. Read anew: the
    # action before this one may have been of the same case.
    case = services.cases.find(late.case.id)
    with suppress(WrongState):  # somebody changed the case in between; if it is late still, the next round marks it
        if case is not None and action in case.actions:
            services.cases.save(marked(case, action.id, at))


def _record_handover(late: LateHandover, services: Services) -> None:
    task = late.task
    known = services.ledger.entries(LogQuery(kinds=(Kind.CASEWORK_OVERDUE,), about=task.entry_id, limit=1))
    at = known[0].recorded if known else services.clock.now()
    if not known:
        core: dict[str, Json] = {
            "about": task.entry_id,
            "what": HANDOVER,
            "purpose": task.request.purpose,
            "provider": _oin(task.request.provider, services),
            "recipient": _oin(task.request.requester, services),
            "due": late.handover.due.isoformat(),
            "by": "sluis",
        }
        services.ledger.append(EntryDraft(kind=Kind.CASEWORK_OVERDUE, at=at, core=core))
    # If we die here the entry is there and the handover unmarked: the next round finds the entry and only marks.
    with suppress(WrongState):  # somebody answered in between
        services.tasks.update(replace(task, handover=replace(late.handover, overdue=at)))


def _oin(partner_id: str, services: Services) -> str:
    partner = services.partners.by_id(partner_id)
    return partner.oin if partner is not None else ""
