"""What waits too long for a professional, for the officers of the organisation that should have judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sluis.flows.audit import Aim
from sluis.flows.escalate import Late
from sluis.portal import moments
from sluis.portal.labels import Labels
from sluis.portal.rows import Mark, entry_link
from sluis.portal.visit import Visit

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRow:
    """A question that is late. It leads to the entry of the question; it shows no person and no case."""

    href: str
    how: Mark
    due: str
    due_iso: str
    provider: str
    requester: str
    purpose: str
    urgent: str
    escalated: str


def late_row(one: Late, visit: Visit, labels: Labels, aim: Aim) -> LateRow:
    """One late question as a line."""
    return LateRow(
        href=entry_link(one.entry_id, visit, aim),
        how=Mark(text=how_late(one.due, visit), tone="alarm"),
        due=moments.short(one.due, visit.language),
        due_iso=moments.dutch(one.due).isoformat(timespec="seconds"),
        provider=labels.organisation(one.provider),
        requester=labels.organisation(one.requester),
        purpose=labels.purpose(one.purpose),
        urgent=visit.say["mark_urgent"] if one.urgent else "",
        escalated=moments.short(one.escalated, visit.language) if one.escalated else visit.say["late_not_yet"],
    )


def how_late(due: datetime, visit: Visit) -> str:
    """How long ago it was due, in whole days, hours or minutes."""
    late = visit.services.clock.now() - due
    for unit, words in ((_DAY, "late_days"), (_HOUR, "late_hours")):
        if late >= 2 * unit:
            return visit.say[words].format(n=late // unit)
    return visit.say["late_minutes"].format(n=max(1, late // timedelta(minutes=1)))
