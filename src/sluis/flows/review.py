"""A privacy officer judges what waits for a review: every emergency disclosure, every hit of a rule, every drawn sample.

Laws of this file: a verdict is on record before it counts, and is never edited: it is reopened and given again; whoever acted
does not judge, nor does an officer of the organisation that asked; *onrechtmatig* is looked at by a second pair of eyes, so
that verdict waits for a review itself; an attempt to read the log for another aim is on record too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, LoggedEntry, Receipt
from sluis.core.errors import BadInput, Flaw, LogPurpose, NotAllowed, WrongState
from sluis.core.partner import Officer
from sluis.flows.audit import PAGE, Aim, Seen, aim_of, browse_all, look
from sluis.flows.every import every
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

REVIEWERS = frozenset({"fg", "coordinerend-fg"})
"""Roles that judge. An auditor reads and does not judge."""
WORKING_DAYS = 2
"""Within how many working days a review is due (`docs/portal.md`)."""
SAMPLE = "steekproef"
FLAGGED = "toetsregel"
SAMPLE_WORKING_DAYS = 10
"""A sample is large and nothing in it is known to be wrong, so it may take longer."""
FLAGGED_WORKING_DAYS = 5
"""A rule may be wrong, but something stood out."""
_DAYS: Mapping[Json, int] = {SAMPLE: SAMPLE_WORKING_DAYS, FLAGGED: FLAGGED_WORKING_DAYS}
MAX_GROUND = 2_000
MAX_STATED = 100
SECOND_LOOK = "tweede-paar-ogen"
_SATURDAY = 5
_TOGETHER = timedelta(minutes=2)


class Verdict(StrEnum):
    """What an officer finds of an entry that waits for a review."""

    JUSTIFIED = "gerechtvaardigd"
    NOTED = "gerechtvaardigd-met-aandachtspunt"
    UNLAWFUL = "onrechtmatig"
    UNCLEAR = "onvoldoende-informatie"
    FALSE_ALARM = "fout-positief"


class Stage(StrEnum):
    """Where the review of an entry stands."""

    NEW = "nieuw"
    TAKEN = "in-behandeling"
    JUDGED = "beoordeeld"
    REOPENED = "heropend"


_STAGES: Mapping[Kind, Stage] = {
    Kind.REVIEW_OPENED: Stage.TAKEN,
    Kind.REVIEW_VERDICT: Stage.JUDGED,
    Kind.REVIEW_REOPENED: Stage.REOPENED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A verdict with its ground. The ground names no person: it outlives the person it is about."""

    verdict: Verdict
    ground: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An entry that waits for a review, until when, and whether somebody (`taken_by`, his subject) has taken it up."""

    entry: LoggedEntry
    due: datetime
    taken: bool
    taken_by: str = field(default="", repr=False)


def stated_aim(word: str, officer: Officer, services: Services) -> Aim:
    """The aim of that word; for any other word the attempt goes on record and `LogPurpose` is raised."""
    try:
        return aim_of(word)
    except LogPurpose:
        services.ledger.append(_act(Kind.LOG_VIEWED, officer, services, refused="logdoel", data={"stated": _printable(word)}))
        raise


def queue(officer: Officer, aim: Aim, services: Services, *, bare: bool = False) -> Sequence[Waiting]:
    """Everything that waits for a review within the officer's reach, the oldest deadline first; `bare`: no cell is opened."""
    found = browse_all(officer, LogQuery(awaiting_review=True, bare=bare), aim, services)
    newest: dict[Json, LoggedEntry] = {}
    for act in _acts_since(found[-1].recorded, services, bare=bare) if found else ():
        newest.setdefault(act.core.get("about"), act)
    return sorted((_waiting(entry, newest.get(entry.entry_id)) for entry in found), key=lambda one: (one.due, one.entry.index))


def _waiting(entry: LoggedEntry, newest: LoggedEntry | None) -> Waiting:
    taken = newest is not None and newest.kind is Kind.REVIEW_OPENED
    by = [data.get("officer") for role, data in newest.cells if role == "actor" and data is not None] if newest and taken else []
    return Waiting(entry=entry, due=due(entry.recorded, entry.core.get("review")), taken=taken, taken_by=str(by[0]) if by else "")


def _acts_since(at: datetime, services: Services, *, bare: bool) -> Iterator[LoggedEntry]:
    """Every step of every review from that moment on, newest first."""
    return every(LogQuery(kinds=tuple(_STAGES), since=at, bare=bare), services.ledger)


def due(recorded: datetime, why: Json = None) -> datetime:
    """Two working days later; five for what a rule flagged, ten for a sample. Holidays count as working days: never too late."""
    at, left = recorded, _DAYS.get(why, WORKING_DAYS) if isinstance(why, str) else WORKING_DAYS
    while left:
        at += timedelta(days=1)
        left -= at.weekday() < _SATURDAY
    return at


def stage(entry: LoggedEntry, about: Sequence[LoggedEntry]) -> Stage | None:
    """Where the review of `entry` stands, from what was recorded about it; None when it needs no review."""
    if entry.core.get("review") is None:
        return None
    acts = [act for act in about if act.kind in _STAGES]
    return _STAGES[max(acts, key=lambda act: act.index).kind] if acts else Stage.NEW


def hindrance(officer: Officer, entry: LoggedEntry, services: Services) -> str | None:
    """Why this officer may not judge that entry, in one word: `rol`, `organisatie` or `zelf`; None when he may."""
    if not officer.roles & REVIEWERS:
        return "rol"
    own = services.partners.by_id(officer.organisation) if officer.organisation else None
    if own is not None and entry.core.get("recipient") == own.oin:
        return "organisatie"
    actors = [data for role, data in entry.cells if role == "actor" and data is not None]
    return "zelf" if any(data.get("officer") == officer.subject for data in actors) else None


def take_up(officer: Officer, entry_id: str, services: Services) -> Receipt:
    """Take a review up, so that colleagues see it. Raises `WrongState` unless it waits, `NotAllowed` for who may not judge."""
    seen = _judgeable(officer, entry_id, services)
    if stage(seen.entry, seen.about) not in {Stage.NEW, Stage.REOPENED}:
        raise WrongState("this review is not waiting to be taken up")
    return services.ledger.append(_about(Kind.REVIEW_OPENED, officer, seen.entry, services, data={}))


def give_verdict(officer: Officer, entry_id: str, opinion: Opinion, services: Services) -> Receipt:
    """Put a verdict on record; with that, and not before, the entry no longer waits.

    Raises `BadInput` without a ground, `NotAllowed` for who may not judge, `WrongState` when it does not wait. If we die after
    the append the verdict counts and the officer has no answer: he finds the entry judged. Two officers at once may both be
    recorded; the newest counts and both stay readable.
    """
    ground = _ground(opinion.ground)
    seen = _judgeable(officer, entry_id, services)
    if stage(seen.entry, seen.about) in {None, Stage.JUDGED}:
        raise WrongState("this entry does not wait for a review")
    earlier = [act for act in seen.about if act.kind is Kind.REVIEW_VERDICT]
    core: dict[str, Json] = {"verdict": opinion.verdict.value}
    if earlier:
        core["supersedes"] = max(earlier, key=lambda act: act.index).entry_id
    if opinion.verdict is Verdict.UNLAWFUL and seen.entry.kind is not Kind.REVIEW_VERDICT:
        core["review"] = SECOND_LOOK
    return services.ledger.append(_about(Kind.REVIEW_VERDICT, officer, seen.entry, services, data={"ground": ground}, **core))


def reopen(officer: Officer, entry_id: str, ground: str, services: Services) -> Receipt:
    """Reopen a review that was closed, with a ground. Raises `BadInput`, `NotAllowed`, `WrongState`."""
    words = _ground(ground)
    seen = _judgeable(officer, entry_id, services)
    if stage(seen.entry, seen.about) is not Stage.JUDGED:
        raise WrongState("only a review that was closed can be reopened")
    return services.ledger.append(_about(Kind.REVIEW_REOPENED, officer, seen.entry, services, data={"ground": words}))


def of_one_request(seen: Seen, services: Services) -> Sequence[LoggedEntry]:
    """The other entries of the same emergency: its declaration and what came of it, recorded within two minutes.

    They have the same two organisations and the same request as `seen`, which the officer sees already.
    """
    request, entry = _request(seen.entry), seen.entry
    if request is None or not (entry.kind is Kind.EMERGENCY_DECLARED or entry.core.get("emergency") is True):
        return ()
    near = LogQuery(
        recipient=str(entry.core.get("recipient")), since=entry.recorded - _TOGETHER, until=entry.recorded + _TOGETHER, limit=PAGE
    )
    return [other for other in services.ledger.entries(near) if _request(other) == request and other.entry_id != entry.entry_id]


def _request(entry: LoggedEntry) -> Json:
    return next((data.get("request") for role, data in entry.cells if role == "subject" and data is not None), None)


def _judgeable(officer: Officer, entry_id: str, services: Services) -> Seen:
    seen = look(officer, entry_id, Aim.LAWFULNESS, services)
    if hindrance(officer, seen.entry, services):
        raise NotAllowed("whoever acted or asked does not judge, nor does an auditor")
    return seen


def _ground(text: str) -> str:
    words = text.strip()
    if not words or len(words) > MAX_GROUND:
        raise BadInput(
            Flaw(where="grond", what="ontbreekt of is te lang", mend=f"schrijf op waarom, in ten hoogste {MAX_GROUND} tekens")
        )
    return words


def _printable(word: str) -> str:
    return "".join(char for char in word[:MAX_STATED] if char.isprintable())


def _about(
    kind: Kind, officer: Officer, entry: LoggedEntry, services: Services, *, data: Mapping[str, Json], **core: Json
) -> EntryDraft:
    """An act about an entry. It names that entry's organisations, so that whoever sees the entry sees the act."""
    named = {name: entry.core[name] for name in ("provider", "recipient", "purpose") if isinstance(entry.core.get(name), str)}
    return _act(kind, officer, services, data=data, about=entry.entry_id, aim=Aim.LAWFULNESS.value, **named, **core)


def _act(kind: Kind, officer: Officer, services: Services, *, data: Mapping[str, Json], **core: Json) -> EntryDraft:
    at = services.clock.now()
    who: dict[str, Json] = {
        "officer": officer.subject,
        "name": officer.name,
        "roles": sorted(officer.roles),
        "organisation": officer.organisation,
    }
    return EntryDraft(
        kind=kind,
        at=at,
        core=core,
        cells=(CellDraft(role="actor", identifier=officer.subject, bucket=str(at.year), data={**who, **data}),),
    )
