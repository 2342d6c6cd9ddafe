"""A privacy officer draws a random sample of the releases of a week or month; what is drawn waits for a review.

Laws of this file: nobody chooses the lots, they follow from the first root of the log after the period (`core.sampling`); a draw
is on record before the first release waits; drawing again gives the same releases, or more of the same order, and none waits
twice because of it. Emergencies and what waits anyhow are no part of it: those are reviewed without exception.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, LoggedEntry
from sluis.core.errors import BadInput, Flaw, NotAllowed, WrongState
from sluis.core.partner import Officer
from sluis.core.sampling import MOST, Candidate, Period, Size, drawn, seed_of
from sluis.flows.audit import Aim, browse_all, reach_of
from sluis.flows.review import REVIEWERS, SAMPLE, Verdict
from sluis.ports.log import LogQuery, LogState
from sluis.ports.services import Services

EVERYBODY = "alle"
"""The scope of an officer who oversees the region; that of another is the number (OIN) of his own organisation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lots:
    """What an officer asks for: how much, of which period. `since` and `until` are the moments at which it begins and ends."""

    period: Period
    since: datetime
    until: datetime
    size: Size


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A sample that was drawn: of how many, how many, and how many of those no sample had put into the queue before."""

    entry_id: str
    population: int
    drawn: int
    added: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Of what a draw put into the queue: how many, how many were judged, and how many of those found unlawful."""

    lots: int = 0
    judged: int = 0
    unlawful: int = 0

    def counting(self, verdict: Json) -> Progress:
        """With one lot more, of that verdict; None when it still waits."""
        unlawful = verdict == Verdict.UNLAWFUL.value
        return Progress(lots=self.lots + 1, judged=self.judged + (verdict is not None), unlawful=self.unlawful + unlawful)


def draw(officer: Officer, lots: Lots, aim: Aim, services: Services) -> Draw:
    """Draw the lots and put the releases into the review queue. What the officer's own organisation gave, or the whole region.

    Raises `NotAllowed` for who does not judge, `WrongState` before the log has a root from after the period, `BadInput` when
    more than `MOST` come up. If we die on the way the draw is on record and some releases wait; drawing again does the rest.
    Two draws at once may put the same release into the queue twice: it is then judged twice.
    """
    if not officer.roles & REVIEWERS:
        raise NotAllowed("who does not judge draws no sample")
    scope = reach_of(officer, services) or EVERYBODY
    state = services.ledger.state_since(lots.until)
    if state is None:
        raise WrongState("the log has no checkpoint from after this period yet")
    releases = {one.entry_id: one for one in _population(officer, lots, scope, aim, services)}
    seed = seed_of(state.root, lots.period, scope)
    taken = drawn([_candidate(one) for one in releases.values()], seed, lots.size)
    if len(taken) > MOST:
        raise BadInput(Flaw(where="omvang", what=f"dit zijn er meer dan {MOST}", mend="kies een kleiner deel of een week"))
    found = {"population": len(releases), "drawn": len(taken)}
    receipt = services.ledger.append(_draw_entry(officer, lots, aim, services, **_derived(state, scope, seed), **found))
    added = 0
    for entry_id in taken:
        if not services.ledger.entries(LogQuery(kinds=(Kind.REVIEW_SAMPLED,), about=entry_id, limit=1, bare=True)):
            services.ledger.append(_lot_entry(releases[entry_id], receipt.entry_id, services.clock.now()))
            added += 1
    return Draw(entry_id=receipt.entry_id, population=len(releases), drawn=len(taken), added=added)


def draws(officer: Officer, aim: Aim, services: Services) -> Sequence[LoggedEntry]:
    """The samples that were drawn within the officer's reach, newest first; that he looks is on record first."""
    return browse_all(officer, LogQuery(kinds=(Kind.SAMPLE_DRAWN,)), aim, services)


def progress(officer: Officer, aim: Aim, services: Services) -> Mapping[str, Progress]:
    """How far the review of each draw is, by the id of its entry; without opening a cell. The newest verdict of a lot counts."""
    kinds = (Kind.REVIEW_SAMPLED, Kind.REVIEW_VERDICT, Kind.REVIEW_REOPENED)
    found = browse_all(officer, LogQuery(kinds=kinds, bare=True), aim, services)
    newest: dict[Json, Json] = {}
    for act in found:
        if act.kind is not Kind.REVIEW_SAMPLED:
            newest.setdefault(act.core.get("about"), act.core.get("verdict"))
    told: dict[str, Progress] = {}
    for lot in found:
        if lot.kind is Kind.REVIEW_SAMPLED:
            of, verdict = str(lot.core.get("draw")), newest.get(lot.entry_id)
            told[of] = told.get(of, Progress()).counting(verdict)
    return told


def _population(officer: Officer, lots: Lots, scope: str, aim: Aim, services: Services) -> Sequence[LoggedEntry]:
    giver = None if scope == EVERYBODY else scope
    query = LogQuery(kinds=(Kind.RELEASE_AUTHORISED,), provider=giver, since=lots.since, until=lots.until, bare=True)
    return [
        one
        for one in browse_all(officer, query, aim, services)
        if one.core.get("emergency") is not True and one.core.get("review") is None
    ]


def _candidate(release: LoggedEntry) -> Candidate:
    stream = tuple(str(release.core.get(name)) for name in ("provider", "recipient", "purpose"))
    return Candidate(entry_id=release.entry_id, stream=stream)


def _derived(state: LogState, scope: str, seed: str) -> dict[str, Json]:
    """What an outsider needs to draw the same lots. A sample of one organisation names it, so that its officers see it."""
    owner: dict[str, Json] = {} if scope == EVERYBODY else {"provider": scope}
    head: dict[str, Json] = {"origin": state.origin, "size": state.size, "root": state.root.hex()}
    return {**owner, "scope": scope, "checkpoint": head, "seed": seed}


def _draw_entry(officer: Officer, lots: Lots, aim: Aim, services: Services, **found: Json) -> EntryDraft:
    at = services.clock.now()
    core: dict[str, Json] = {
        "aim": aim.value,
        "period": lots.period.word,
        "since": lots.since.isoformat(),
        "until": lots.until.isoformat(),
        "size": str(lots.size),
        **found,
    }
    who: dict[str, Json] = {
        "officer": officer.subject,
        "name": officer.name,
        "roles": sorted(officer.roles),
        "organisation": officer.organisation,
    }
    cell = CellDraft(role="actor", identifier=officer.subject, bucket=str(at.year), data=who)
    return EntryDraft(kind=Kind.SAMPLE_DRAWN, at=at, core=core, cells=(cell,))


def _lot_entry(release: LoggedEntry, draw_id: str, at: datetime) -> EntryDraft:
    """A release that was drawn waits. Nobody is named in it: who drew stands with the draw, and may judge what came up."""
    named = {name: release.core[name] for name in ("provider", "recipient", "purpose", "counts") if name in release.core}
    core: dict[str, Json] = {**named, "about": release.entry_id, "draw": draw_id, "review": SAMPLE}
    return EntryDraft(kind=Kind.REVIEW_SAMPLED, at=at, core=core)
