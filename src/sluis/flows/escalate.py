"""The clock of what waits for a human: what is late, and putting it on record, once, that it is.

Laws of this file: the log comes first, so no task is marked without its entry; whoever finds an entry there marks only, so a
round can be repeated; nothing is sent, nobody is decided for, and what may be released does not change by being late.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sluis.core.entry import EntryDraft, Kind
from sluis.core.errors import WrongState
from sluis.core.partner import Officer, Partner
from sluis.core.request import Task
from sluis.core.urgency import by_due, to_escalate, words_of
from sluis.flows.audit import CONTENT_ROLES, SEES_ALL
from sluis.flows.judge import clock_of
from sluis.ports.log import LogQuery
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A request that a professional should have judged: which organisations, what for, since when. No person, no case."""

    entry_id: str
    provider: str
    requester: str
    purpose: str
    urgent: bool
    due: datetime
    escalated: datetime | None


def waiting_for(partner: Partner, services: Services) -> Sequence[Task]:
    """What waits for a judgement of that organisation, whoever of its people began or left: what is due first comes first."""
    return by_due(services.tasks.waiting_at(partner.id))


def term_in_words(provider: str, services: Services, *, urgent: bool) -> str:
    """How long that organisation has to judge, in the words of its domain. Raises `PolicyUnavailable`."""
    partner = services.partners.by_id(provider)
    kind = services.rules.current().vocabulary.kinds.get(partner.kind if partner is not None else "")
    return words_of(kind.domain if kind is not None else "", urgent=urgent)


def to_put_on_record(services: Services) -> Sequence[Task]:
    """Every task that is late and not yet on record as late. Changes nothing."""
    at = services.clock.now()
    return [task for partner in services.partners.all() for task in to_escalate(services.tasks.waiting_at(partner.id), at)]


def escalate(services: Services) -> Sequence[Task]:
    """Put on record what became late since the last round; return it. May be repeated, and die, at any point."""
    return [_escalated(task, services) for task in to_put_on_record(services)]


def late_for(officer: Officer, services: Services) -> Sequence[Late]:
    """What is late now at the officer's own organisation, or at all of them for who oversees the region; oldest first."""
    if not officer.roles & CONTENT_ROLES:
        return ()
    everyone = bool(officer.roles & SEES_ALL)
    partners = [one for one in services.partners.all() if everyone or one.id == officer.organisation]
    at = services.clock.now()
    return [_late(task) for task in by_due(_late_at(partners, services, at))]


def _late_at(partners: Iterable[Partner], services: Services, at: datetime) -> Iterable[Task]:
    return (task for partner in partners for task in services.tasks.waiting_at(partner.id) if task.late(at))


def _late(task: Task) -> Late:
    request = task.request
    return Late(
        entry_id=task.entry_id,
        provider=request.provider,
        requester=request.requester,
        purpose=request.purpose,
        urgent=request.urgent,
        due=task.due or request.at,
        escalated=task.escalated,
    )


def _escalated(task: Task, services: Services) -> Task:
    known = services.ledger.entries(LogQuery(kinds=(Kind.JUDGEMENT_OVERDUE,), about=task.entry_id, limit=1))
    at = known[0].recorded if known else services.clock.now()
    if not known:
        services.ledger.append(_overdue_entry(task, at, services))
    # If we die here the entry is there and the task unmarked: the next round finds the entry and only marks.
    marked = replace(task, escalated=at)
    with suppress(WrongState):  # somebody judged or came to collect in between; if it still waits, the next round marks it
        return services.tasks.update(marked)
    return marked


def _overdue_entry(task: Task, at: datetime, services: Services) -> EntryDraft:
    """Sluis itself says so: no user, and no cell of anybody. Both organisations are named, so that officers of both see it."""
    clock = clock_of(task, services)
    provider = services.partners.by_id(task.request.provider)
    named = {"provider": provider.oin if provider is not None else "", "recipient": clock["requester"]}
    return EntryDraft(kind=Kind.JUDGEMENT_OVERDUE, at=at, core={"about": task.entry_id, **named, **clock, "by": "sluis"})
