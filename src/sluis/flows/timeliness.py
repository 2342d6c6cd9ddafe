"""How timely judgements are: made from the log and from what waits now, for who gives, who asks, and who oversees.

Laws of this file: it counts and tells nobody's name or case; it opens no cell; a partner gets the figures of its own questions
and its own judgements; that an officer has figures made is on record first, as any reading of the log.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sluis.core.books import text
from sluis.core.entry import Kind, LoggedEntry
from sluis.core.partner import Officer, Partner
from sluis.core.request import Task
from sluis.core.timeliness import Answered, Figures, Lane, Pending, Quarter, figures
from sluis.flows.audit import SEES_ALL, Aim, browse
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

PAGE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeliness:
    """The figures of a quarter: of one organisation as provider and as requester, or (`everyone`) of all providers."""

    quarter: Quarter
    as_provider: tuple[Figures, ...] = ()
    as_requester: tuple[Figures, ...] = ()
    everyone: tuple[Figures, ...] = ()


def own_timeliness(partner: Partner, quarter: Quarter, services: Services) -> Timeliness:
    """The figures of that organisation's own judgements and own questions. Organisations are told by their id."""
    answered, pending = _counted(quarter, services)
    return Timeliness(
        quarter=quarter,
        as_provider=figures(
            [one for one in answered if one.lane.provider == partner.id],
            [one for one in pending if one.lane.provider == partner.id],
        ),
        as_requester=figures(
            [one for one in answered if one.requester == partner.id], [one for one in pending if one.requester == partner.id]
        ),
    )


def timeliness_for(officer: Officer, quarter: Quarter, aim: Aim, services: Services) -> Timeliness:
    """The figures that an officer may see: of his own organisation, or of everyone for who oversees the region.

    Raises `NotAllowed` for a role that sees no content of the log.
    """
    # Puts the search on record and checks the role; what it finds is not looked at.
    browse(officer, _query(quarter, limit=1), aim, services)
    if officer.roles & SEES_ALL:
        answered, pending = _counted(quarter, services)
        return Timeliness(quarter=quarter, everyone=figures(answered, pending))
    partner = services.partners.by_id(officer.organisation or "")
    return own_timeliness(partner, quarter, services) if partner is not None else Timeliness(quarter=quarter)


def _counted(quarter: Quarter, services: Services) -> tuple[list[Answered], list[Pending]]:
    partners = services.partners.all()
    names = {partner.oin: partner.id for partner in partners}
    at = services.clock.now()
    waiting = [_pending(task, at) for partner in partners for task in services.tasks.waiting_at(partner.id)]
    return list(_answered(_entries(quarter, services), names)), waiting


def _query(quarter: Quarter, *, limit: int = PAGE, before: int | None = None) -> LogQuery:
    return LogQuery(
        kinds=(Kind.JUDGEMENT_RECORDED,), since=quarter.since, until=quarter.until, before=before, limit=limit, bare=True
    )


def _entries(quarter: Quarter, services: Services) -> Iterator[LoggedEntry]:
    """Every judgement of the quarter, newest first."""
    page = services.ledger.entries(_query(quarter))
    while page:
        yield from page
        page = services.ledger.entries(_query(quarter, before=page[-1].index)) if len(page) == PAGE else ()


def _answered(entries: Iterable[LoggedEntry], names: dict[str, str]) -> Iterable[Answered]:
    """One for each question that was judged as a whole: who judged twice after a fault of ours was in time the first time.

    A judgement of before the clock ran does not say when it was asked, and is not counted.
    """
    first: dict[str, Answered] = {}
    for entry in entries:
        core, asked, due = entry.core, text(entry.core, "asked"), text(entry.core, "due")
        if core.get("complete") is True and asked:
            oin = text(core, "provider")
            lane = Lane(provider=names.get(oin, oin), purpose=text(core, "purpose"), urgent=core.get("urgent") is True)
            first[text(core, "about")] = Answered(
                lane=lane,
                requester=names.get(text(core, "requester"), text(core, "requester")),
                asked=datetime.fromisoformat(asked),
                due=datetime.fromisoformat(due) if due else None,
                judged=entry.recorded,
            )
    return first.values()


def _pending(task: Task, at: datetime) -> Pending:
    request = task.request
    lane = Lane(provider=request.provider, purpose=request.purpose, urgent=request.urgent)
    return Pending(lane=lane, requester=request.requester, late=task.late(at))
