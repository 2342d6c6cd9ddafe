"""Every question in the log is screened by rules; what hits waits for an officer. Sampling and complaints alone do not do.

Laws of this file: no cell is opened, so screening decrypts nothing about anybody; how far it came is on record in the log and
nowhere else; a hit is on record before how far it came, so that who dies in between repeats and neither loses nor doubles one;
a hit releases, refuses and stops nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from sluis.core.entry import EntryDraft, Json, Kind, LoggedEntry
from sluis.core.errors import NotFound
from sluis.core.partner import Officer
from sluis.core.screening import QUESTIONS, Hit, Known, Parameters, Row, RuleName, Screen, learns_from, row_of
from sluis.flows.audit import PAGE, within_reach
from sluis.flows.review import FLAGGED
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

START = -1

Told = Callable[[int], None]
"""Hears how many questions were screened so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """A round: how many questions it saw, and what hit. `added`: how many of these were not on record yet."""

    questions: int
    hits: tuple[Hit, ...]
    added: int

    def per_rule(self) -> Mapping[RuleName, int]:
        """How many hits each rule has, in the order of the rules; rules without one are left out."""
        counts = Counter(hit.rule for hit in self.hits)
        return {rule: counts[rule] for rule in RuleName if counts[rule]}


def screen(parameters: Parameters, services: Services, *, dry_run: bool = False, told: Told = lambda _: None) -> Screened:
    """Screen what came since the last round. `dry_run` puts nothing on record.

    May be repeated and may die at any point. Two rounds at once may both put a hit on record: it is then judged twice.
    """
    position = screened_upto(services)
    rules, questions, added, found = _prepared(position, parameters, services), 0, 0, list[Hit]()
    for page in _pages(LogQuery(after=position), services):
        hits = [hit for row in page for hit in rules.hits(row)]
        if not dry_run:
            added += sum(_flagged(hit, services) for hit in hits)
            # If we die before this, the same rows give the same hits, and those on record are found there.
            services.ledger.append(_done(page, hits, parameters, services))
        questions, found = questions + len(page), found + hits
        told(questions)
    return Screened(questions=questions, hits=tuple(found), added=added)


def screened_upto(services: Services) -> int:
    """The index of the last entry that was screened; -1 before the first round.

    The indexes of a family of logs shift when its oldest year is taken away: an entry then says that it screened what came
    after itself, and all that is left is screened again. What hit before is found on record.
    """
    newest = services.ledger.entries(LogQuery(kinds=(Kind.SCREENING_DONE,), limit=1, bare=True))
    upto = newest[0].core.get("upto") if newest else START
    return upto if isinstance(upto, int) and newest and upto < newest[0].index else START


def entries_behind(officer: Officer, flag: LoggedEntry, services: Services) -> Sequence[LoggedEntry]:
    """The entries that made a hit, as far as this officer may see them, oldest first; the page of each records who reads it."""
    named = flag.core.get("entries")
    found = []
    for entry_id in named if isinstance(named, Sequence) and not isinstance(named, str) else ():
        try:
            found.append(within_reach(officer, str(entry_id), services))
        except NotFound:
            continue  # of an organisation that is not his: that it counts is told, what it is not
    return found


def _prepared(position: int, parameters: Parameters, services: Services) -> Screen:
    """The rules, with the past before that position learnt when something came since."""
    new = services.ledger.entries(LogQuery(kinds=QUESTIONS, after=position, limit=1, bare=True))
    rules = Screen(parameters, _known(services))
    if not new:
        return rules
    since = learns_from(new[0].recorded, parameters)
    # The newest of what is too old tells where the past begins: found by the index of moments, not by reading the log.
    old = services.ledger.entries(LogQuery(until=since, limit=1, bare=True))
    for page in _pages(LogQuery(after=old[0].index if old else START, before=position + 1), services):
        for row in page:
            rules.learn(row)
    return rules


def _pages(query: LogQuery, services: Services) -> Iterator[Sequence[Row]]:
    """Every question of the query, in the order of the log, so many at a time."""
    asked = replace(query, kinds=QUESTIONS, limit=PAGE, bare=True)
    while page := services.ledger.entries(asked):
        yield [row_of(entry) for entry in page]
        if len(page) < PAGE:
            return
        asked = replace(asked, after=page[-1].index)


def _known(services: Services) -> Known:
    kinds = {partner.oin: partner.kind for partner in services.partners.all()}

    @cache
    def first(recipient: str, purpose: str) -> Row | None:
        query = LogQuery(kinds=QUESTIONS, recipient=recipient, purpose=purpose or None, after=START, limit=1, bare=True)
        return next(map(row_of, services.ledger.entries(query)), None)

    return Known(first=first, kind_of=lambda oin: kinds.get(oin, ""))


def _flagged(hit: Hit, services: Services) -> bool:
    """Put a hit on record unless it is there; whether it was not. Sluis says so itself: no user, and no cell of anybody."""
    known = services.ledger.entries(LogQuery(kinds=(Kind.REVIEW_FLAGGED,), about=hit.row.entry_id, bare=True))
    if any(flag.core.get("rule") == hit.rule.value for flag in known):
        return False
    named = {"provider": hit.row.provider, "recipient": hit.row.recipient, "purpose": hit.row.purpose}
    core: dict[str, Json] = {name: word for name, word in named.items() if word}
    services.ledger.append(
        EntryDraft(
            kind=Kind.REVIEW_FLAGGED,
            at=services.clock.now(),
            core={
                **core,
                "about": hit.row.entry_id,
                "rule": hit.rule.value,
                "entries": list(hit.entries),
                "count": hit.count,
                "bound": hit.bound,
                "review": FLAGGED,
                "by": "sluis",
            },
        )
    )
    return True


def _done(page: Sequence[Row], hits: Sequence[Hit], parameters: Parameters, services: Services) -> EntryDraft:
    counts = Counter(hit.rule.value for hit in hits)
    core: dict[str, Json] = {"upto": page[-1].index, "questions": len(page), "hits": dict(sorted(counts.items()))}
    core |= {"numbers": parameters.on_record(), "by": "sluis"}
    return EntryDraft(kind=Kind.SCREENING_DONE, at=services.clock.now(), core=core)
