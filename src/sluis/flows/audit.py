"""A privacy officer reads the log. Reading it is a processing too, and is on record before anything is shown.

Laws of this file: the reader states one of the four aims (WGS 1.8(4), Wpg 32a); an officer of one organisation sees what
that organisation gave or got; the operator sees no content at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, LoggedEntry, Receipt
from sluis.core.errors import LogPurpose, NotAllowed, NotFound
from sluis.core.partner import Officer
from sluis.ports.log import LogQuery, LogState
from sluis.ports.services import Services

CONTENT_ROLES = frozenset({"fg", "coordinerend-fg", "auditor"})
"""Roles that see what the log says; `beheerder` (operator) sees that it is whole, and nothing else."""
PAGE = 1_000
"""How many entries are read at a time by who reads them all."""
SEES_ALL = frozenset({"coordinerend-fg", "auditor"})


class Aim(StrEnum):
    """The four aims for which the log may be used, and no other."""

    LAWFULNESS = "rechtmatigheidscontrole"
    INTERNAL = "interne-controle"
    SECURITY = "integriteit-en-beveiliging"
    COURT = "gerechtelijke-procedure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One entry as an officer sees it, with the proof that it is in the log."""

    entry: LoggedEntry
    receipt: Receipt = field(repr=False)
    about: Sequence[LoggedEntry] = field(default=(), repr=False)


def aim_of(word: str) -> Aim:
    """The aim of that word. Raises `LogPurpose` for anything else: the log serves nothing else."""
    try:
        return Aim(word)
    except ValueError:
        raise LogPurpose("the log serves lawfulness control, internal checks, security and court proceedings only") from None


def browse(officer: Officer, query: LogQuery, aim: Aim, services: Services) -> Sequence[LoggedEntry]:
    """The entries that match and that this officer may see, newest first; the search itself is on record first."""
    scoped = _within_reach(officer, query, services)
    services.ledger.append(_reading(Kind.SEARCH_PERFORMED, officer, aim, services, query=_words(query)))
    return services.ledger.entries(scoped)


def browse_all(officer: Officer, query: LogQuery, aim: Aim, services: Services) -> Sequence[LoggedEntry]:
    """All the entries that match and that this officer may see, newest first, whatever `limit` says; one search on record."""
    page = browse(officer, replace(query, limit=PAGE), aim, services)
    scoped = replace(_within_reach(officer, query, services), limit=PAGE)
    found = list(page)
    while len(page) == PAGE:
        page = services.ledger.entries(replace(scoped, before=page[-1].index))
        found += page
    return found


def look(officer: Officer, entry_id: str, aim: Aim, services: Services) -> Seen:
    """One entry with its proof and with what was recorded about it. Raises `NotFound` outside the officer's reach."""
    entry = within_reach(officer, entry_id, services)
    services.ledger.append(_reading(Kind.LOG_VIEWED, officer, aim, services, entry=entry_id))
    about = services.ledger.entries(LogQuery(about=entry_id))
    return Seen(entry=entry, receipt=services.ledger.receipt(entry_id), about=about)


def within_reach(officer: Officer, entry_id: str, services: Services) -> LoggedEntry:
    """The entry, for a flow that shows nothing of it. Raises `NotFound` for one that is not, or not for this officer."""
    own = reach_of(officer, services)
    entry = services.ledger.entry(entry_id)
    if own is not None and own not in {entry.core.get("provider"), entry.core.get("recipient")}:
        raise NotFound("no such entry")
    return entry


def integrity(services: Services) -> LogState:
    """Recompute the whole log. Raises `LedgerBroken` with what is wrong and where."""
    return services.ledger.verify()


def _within_reach(officer: Officer, query: LogQuery, services: Services) -> LogQuery:
    own = reach_of(officer, services)
    return query if own is None else replace(query, party=own)


def _may_see_content(officer: Officer) -> None:
    if not officer.roles & CONTENT_ROLES:
        raise NotAllowed("this role sees no content of the log")


def reach_of(officer: Officer, services: Services) -> str | None:
    """The organisation (OIN) whose entries this officer sees; None when he sees all. Raises `NotAllowed` for who sees none."""
    _may_see_content(officer)
    return _own_oin(officer, services)


def _own_oin(officer: Officer, services: Services) -> str | None:
    """The organisation whose entries this officer sees; None when he sees all."""
    if officer.roles & SEES_ALL:
        return None
    partner = services.partners.by_id(officer.organisation or "")
    if partner is None:
        raise NotAllowed("this officer belongs to no organisation that takes part")
    return partner.oin


def _words(query: LogQuery) -> Json:
    return {
        "kinds": [kind.value for kind in query.kinds],
        "party": query.party,
        "provider": query.provider,
        "recipient": query.recipient,
        "purpose": query.purpose,
        "subject": query.subject is not None,
        "awaiting_review": query.awaiting_review,
        "since": query.since.isoformat() if query.since else None,
        "until": query.until.isoformat() if query.until else None,
    }


def _reading(kind: Kind, officer: Officer, aim: Aim, services: Services, **data: Json) -> EntryDraft:
    at = services.clock.now()
    return EntryDraft(
        kind=kind,
        at=at,
        core={"aim": aim.value},
        cells=(
            CellDraft(
                role="actor",
                identifier=officer.subject,
                bucket=str(at.year),
                data={"officer": officer.subject, "roles": sorted(officer.roles), **data},
            ),
        ),
    )
