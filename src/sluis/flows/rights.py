"""A data subject asks what was shared about him; a participant objects to telling its part (F03 to F06).

Laws of this file: the subject gets dates, named organisations, purposes and categories, and no employee's name unless a recorded
decision says that he needs it; what a participant withholds has a ground, an owner and a day on which it is looked at again; an
objection counts once it is on record; that a report was made is on record before the report exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sluis.core.books import REGISTER, RELEASES, WITHHOLDING, Disclosed, Withholding, disclosures, event_of, withholdings_of
from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, LoggedEntry, Receipt
from sluis.core.errors import BadInput, Flaw, NotAllowed, NotFound, WrongState
from sluis.core.partner import Officer
from sluis.flows.every import every
from sluis.flows.export import PAGE, reach_of
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

ANSWERS = frozenset({"fg", "coordinerend-fg"})
"""Roles that answer a data subject: the coordinating officer for the contact point, another for his own organisation's part."""
GROUNDS = frozenset({"uavg-41", "bgs-1.2", "bgs-1.3", "wpg-27", "wjsg-21", "wmo-5.3.2", "jeugdwet-7.3.10"})
"""The grounds on which a part may be withheld (`docs/exports.md`)."""
NAMES = "namen-noodzakelijk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What a participant (its id) withholds: a release or its whole part, these categories or all, until `review` at least."""

    participant: str
    ground: str
    owner: str
    review: date
    release: str | None = None
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The period that a report is about; None is open."""

    since: datetime | None = None
    until: datetime | None = None
    provider: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the subject gets. `users` holds a name per release, and only when a recorded decision gave them free."""

    lines: tuple[Disclosed, ...]
    users: Mapping[str, str] = field(default_factory=dict, repr=False)
    at: datetime
    period: Period
    receipt: Receipt = field(repr=False)


def withhold(subject: str, objection: Objection, officer: Officer, services: Services) -> Receipt:
    """Put an objection on record; with that it counts. Raises `BadInput`, `NotAllowed`, `NotFound` for a release not its part."""
    at = services.clock.now()
    partner = services.partners.by_id(objection.participant)
    flaws = _flaws(objection, at)
    if partner is None:
        flaws.append(Flaw(where="deelnemer", what="deze organisatie neemt niet deel"))
    if flaws or partner is None:
        raise BadInput(*flaws)
    speaks_for(officer, partner.oin, services)
    core: dict[str, Json] = {
        "provider": partner.oin,
        "ground": objection.ground,
        "review_date": objection.review.isoformat(),
    }
    if objection.release is not None:
        entry = services.ledger.entry(objection.release)
        found = services.ledger.entries(LogQuery(subject=subject, before=entry.index + 1, limit=1))
        is_about = bool(found) and found[0].entry_id == objection.release
        if not is_about or partner.oin not in {entry.core.get("provider"), entry.core.get("recipient")}:
            raise NotFound("no such release")
        core["about"] = objection.release
    data: dict[str, Json] = {"categories": sorted(objection.categories)}
    return services.ledger.append(
        act_of(Kind.WITHHOLD_SET, at, who=(officer, {"owner": objection.owner}), subject=(subject, data), core=core)
    )


def lift(subject: str, withholding: str, officer: Officer, services: Services) -> Receipt:
    """End an objection: from now on that part is given. Raises `NotFound`, `NotAllowed`, `WrongState` when it was lifted."""
    at = services.clock.now()
    found = next((one for one in objections(subject, services) if one.id == withholding), None)
    if found is None:
        raise NotFound("no such objection")
    speaks_for(officer, found.participant, services)
    if found.lifted is not None:
        raise WrongState("this objection was lifted before")
    core: dict[str, Json] = {"provider": found.participant, "about": withholding}
    return services.ledger.append(act_of(Kind.WITHHOLD_LIFTED, at, who=(officer, {}), subject=(subject, {}), core=core))


def objections(subject: str, services: Services) -> tuple[Withholding, ...]:
    """Every objection about that subject, lifted or not, oldest first."""
    return withholdings_of(every(LogQuery(kinds=WITHHOLDING, subject=subject), services.ledger))


def need_names(subject: str, ground: str, officer: Officer, services: Services) -> Receipt:
    """Record the decision that the subject needs employees' names to exercise his rights (C-579/21). Raises `BadInput`."""
    reach_of(officer, services)
    if "coordinerend-fg" not in officer.roles:
        raise NotAllowed("the coordinating privacy officer decides on names")
    if not ground.strip():
        raise BadInput(Flaw(where="grond", what="ontbreekt", mend="schrijf op waarom de namen nodig zijn"))
    core: dict[str, Json] = {"decision": NAMES}
    at = services.clock.now()
    return services.ledger.append(
        act_of(Kind.JUDGEMENT_RECORDED, at, who=(officer, {}), subject=(subject, {"ground": ground.strip()}), core=core)
    )


def report(subject: str, officer: Officer, period: Period, services: Services, *, names: str | None = None) -> Report:
    """What the register shows that subject of the period, on record before it is given.

    `names` is the id of a recorded decision that he needs employees' names; without it none are given. Raises `NotAllowed`
    for another role and for names without that decision.
    """
    own = _answering(officer, services)
    at = services.clock.now()
    entries = _about(subject, own, services)
    lines = tuple(line for line in disclosures(entries, at) if _within(line, period))
    if names is not None and not _decided(subject, names, services):
        raise NotAllowed("no recorded decision says that this subject needs names")
    shown = {line.entry_id for line in lines}
    users = {one.entry_id: _user(one) for one in entries if one.entry_id in shown} if names is not None else {}
    core: dict[str, Json] = {"book": "verstrekkingenregister", "format": "inzage", "count": len(lines), "names": bool(users)}
    # If we die after this the log holds a report that nobody has: it may over-report.
    receipt = services.ledger.append(
        act_of(Kind.LOG_EXPORTED, at, who=(officer, {"names": names}), subject=(subject, {}), core=core)
    )
    return Report(lines=lines, users=users, at=at, period=period, receipt=receipt)


def _about(subject: str, own: str | None, services: Services) -> list[LoggedEntry]:
    """The releases about that subject, the objections, and what became of each release."""
    found = list(every(LogQuery(kinds=(*REGISTER, *WITHHOLDING), subject=subject, party=own), services.ledger))
    released = [entry.entry_id for entry in found if entry.kind in RELEASES]
    later = [one for released_id in released for one in services.ledger.entries(LogQuery(about=released_id, limit=PAGE))]
    kept = {entry.entry_id: entry for entry in (*found, *(one for one in later if one.kind in REGISTER))}
    return list(kept.values())


def _within(line: Disclosed, period: Period) -> bool:
    return (
        (period.since is None or line.at >= period.since)
        and (period.until is None or line.at < period.until)
        and (period.provider is None or line.provider == period.provider)
    )


def _decided(subject: str, decision: str, services: Services) -> bool:
    kept = every(LogQuery(kinds=(Kind.JUDGEMENT_RECORDED,), subject=subject), services.ledger)
    return any(one.entry_id == decision and one.core.get("decision") == NAMES for one in kept)


def _user(entry: LoggedEntry) -> str:
    actor = event_of(entry).actor
    return actor.user if actor is not None else ""


def _flaws(objection: Objection, at: datetime) -> list[Flaw]:
    flaws = []
    if objection.ground not in GROUNDS:
        flaws.append(Flaw(where="grond", what="geen grond van de wet", mend=f"een van {', '.join(sorted(GROUNDS))}"))
    if not objection.owner.strip():
        flaws.append(Flaw(where="eigenaar", what="ontbreekt", mend="noem wie over deze grond gaat"))
    if objection.review <= at.date():
        flaws.append(Flaw(where="herzien", what="ligt niet in de toekomst", mend="noem de dag waarop opnieuw wordt gekeken"))
    return flaws


def _answering(officer: Officer, services: Services) -> str | None:
    own = reach_of(officer, services)
    if not officer.roles & ANSWERS:
        raise NotAllowed("a privacy officer answers a data subject")
    return None if "coordinerend-fg" in officer.roles else own


def speaks_for(officer: Officer, oin: str, services: Services) -> None:
    """Return when this officer answers for that organisation (OIN); raise `NotAllowed` otherwise."""
    own = _answering(officer, services)
    if own not in {None, oin}:
        raise NotAllowed("an officer speaks for the part of his own organisation")


def act_of(
    kind: Kind,
    at: datetime,
    *,
    who: tuple[Officer, Mapping[str, Json]],
    subject: tuple[str, Mapping[str, Json]],
    core: Mapping[str, Json],
) -> EntryDraft:
    """An act of an officer about a data subject, each with what is said of him in his own cell."""
    bucket, (officer, more) = str(at.year), who
    acted: dict[str, Json] = {"officer": officer.subject, "roles": sorted(officer.roles), "organisation": officer.organisation}
    return EntryDraft(
        kind=kind,
        at=at,
        core=core,
        cells=(
            CellDraft(role="subject", identifier=subject[0], bucket=bucket, data=subject[1]),
            CellDraft(role="actor", identifier=officer.subject, bucket=bucket, data={**acted, **more}),
        ),
    )
