"""Entries leave the log as a file. That they do is on record before anybody gets them.

Laws of this file: the officer states one of the four aims and gets what is within his reach; persons leave under names made for
this one recipient and aim, never under the log's own index; the receipt that handing over demands comes from `put_on_record`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from sluis.core.books import WITHHOLDING, Event, Outside, Withholding, event_of, withholdings_of
from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, LoggedEntry, Receipt
from sluis.core.errors import NotAllowed
from sluis.core.partner import Officer
from sluis.flows.audit import CONTENT_ROLES, SEES_ALL, Aim
from sluis.flows.every import every
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

PAGE = 500
"""How many entries are read at a time."""
Progress = Callable[[int], None]
"""Is told how many entries were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the log keeps of an entry beside what it says: the bytes its leaf commits to, and the blind index of each cell."""

    core: bytes = field(repr=False)
    tags: tuple[str, ...] = field(repr=False)


class Rows(Protocol):
    """The rows behind entries."""

    def of(self, entry_ids: Sequence[str]) -> Mapping[str, Row]:
        """The row of each of these entries; a tag is empty once that person was erased."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who asks for which entries, for which aim, in which form."""

    officer: Officer
    query: LogQuery
    aim: Aim
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An entry that leaves: as it is kept, and as an event for the renderers."""

    entry: LoggedEntry
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What was made: how many entries went in, and the salted hash over every file (`exports.parcel`)."""

    count: int
    digest: str


def take(order: Order, rows: Rows, services: Services, progress: Progress = lambda _: None) -> Iterator[Taken]:
    """The entries that match and that the officer may see, newest first. Raises `NotAllowed`.

    What is appended meanwhile, this export itself included, is not among them.
    """
    query = _within_reach(order, services)
    objections = _objections(services)
    seen = 0
    while page := services.ledger.entries(replace(query, limit=PAGE)):
        kept = rows.of([entry.entry_id for entry in page])
        for entry in page:
            row = kept[entry.entry_id]
            outside = Outside(started=_started(row.core), pseudonyms=_pseudonyms(order, row, services))
            yield Taken(entry=entry, event=event_of(entry, outside, objections))
        seen += len(page)
        progress(seen)
        query = replace(query, before=page[-1].index)


def put_on_record(order: Order, contents: Contents, services: Services) -> Receipt:
    """Record the export; with this receipt, and not before, it may be handed over. If we die after it, nobody has it."""
    at = services.clock.now()
    officer = order.officer
    data: dict[str, Json] = {
        "officer": officer.subject,
        "roles": sorted(officer.roles),
        "organisation": officer.organisation,
        "query": described(order.query),
    }
    core: dict[str, Json] = {
        "aim": order.aim.value,
        "book": "verwerkingslogboek",
        "format": order.form,
        "count": contents.count,
        "bundle": contents.digest,
    }
    cell = CellDraft(role="actor", identifier=officer.subject, bucket=str(at.year), data=data)
    return services.ledger.append(EntryDraft(kind=Kind.LOG_EXPORTED, at=at, core=core, cells=(cell,)))


def described(query: LogQuery) -> dict[str, Json]:
    """The filters of a query in words; of a person only that there was one."""
    return {
        "kinds": [kind.value for kind in query.kinds],
        "party": query.party,
        "purpose": query.purpose,
        "person": query.subject is not None,
        "from": query.since.isoformat() if query.since else None,
        "until": query.until.isoformat() if query.until else None,
    }


def reach_of(officer: Officer, services: Services) -> str | None:
    """The organisation (OIN) whose entries this officer sees, None for all. Raises `NotAllowed` for who sees no content."""
    if not officer.roles & CONTENT_ROLES:
        raise NotAllowed("this role sees no content of the log")
    if officer.roles & SEES_ALL:
        return None
    partner = services.partners.by_id(officer.organisation or "")
    if partner is None:
        raise NotAllowed("this officer belongs to no organisation that takes part")
    return partner.oin


def _within_reach(order: Order, services: Services) -> LogQuery:
    own = reach_of(order.officer, services)
    if own is None or order.query.party == own:
        return order.query
    if order.query.party is not None:
        raise NotAllowed("an officer of one organisation gets what that organisation gave or got")
    return replace(order.query, party=own)


def _pseudonyms(order: Order, row: Row, services: Services) -> tuple[str, ...]:
    """One name per cell, equal for equal persons within this recipient and aim, and shared with nobody else."""
    recipient = order.officer.organisation or "+".join(sorted(order.officer.roles))
    purpose = f"uitvoer/{order.aim.value}"
    return tuple(tag and services.subjects.pseudonym(tag, recipient=recipient, purpose=purpose) for tag in row.tags)


def _objections(services: Services) -> tuple[Withholding, ...]:
    """Every objection in the log: they are few."""
    return withholdings_of(every(LogQuery(kinds=WITHHOLDING), services.ledger))


def _started(core: bytes) -> datetime | None:
    """When the event began, from the bytes that the leaf commits to."""
    said = json.loads(core).get("started") if core else None
    return datetime.fromisoformat(said) if isinstance(said, str) else None
