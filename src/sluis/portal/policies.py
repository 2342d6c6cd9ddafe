"""The rules in force, in sentences: what may be released, by whom, to whom, for which purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from starlette.responses import Response

from sluis.core.errors import NotFound
from sluis.core.explain import sentence
from sluis.core.rules import Pilot, Rule, Rulebook
from sluis.core.terms import Certainty, Purpose
from sluis.core.verdict import Precision
from sluis.portal import moments
from sluis.portal.frame import Frame, frame_of
from sluis.portal.rendering import render
from sluis.portal.rows import Mark
from sluis.portal.visit import Visit
from sluis.portal.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposeRow:
    """A purpose in the list."""

    href: str
    title: str
    id: str
    law: str
    rules: int
    certainty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotLine:
    """A rule on trial: whether it runs, its days, and what is to be learnt, in Dutch as it was written."""

    id: str
    title: str
    state: Mark
    since: str
    until: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesPage:
    """All purposes."""

    template: ClassVar[str] = "policies.html"
    frame: Frame
    policy: str
    purposes: tuple[PurposeRow, ...]
    pilots: tuple[PilotLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A rule as people read it. `title` is Dutch, `sentence` in the reader's language, empty for what several rules share."""

    id: str
    title: str
    sentence: str
    gives: tuple[str, ...]
    grounds: str
    retention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PurposePage:
    """One purpose with its rules."""

    template: ClassVar[str] = "purpose.html"
    frame: Frame
    title: str
    id: str
    law: str
    certainty: str
    retention: str
    onward: str
    note: str
    rules: tuple[RuleLine, ...]


def policies(visit: Visit) -> Response:
    """Every purpose, with how many rules it has."""
    book = visit.services.rules.current()
    counts = Counter(rule.purpose for rule in book.rules)
    rows = [_row(purpose, counts[purpose.id], visit) for purpose in book.vocabulary.purposes.values()]
    pilots = tuple(_pilot(rule, rule.pilot, visit) for rule in book.pilots if rule.pilot is not None)
    return render(
        PoliciesPage(frame=frame_of(visit), policy=book.policy, purposes=tuple(sorted(rows, key=_order)), pilots=pilots)
    )


def _pilot(rule: Rule, pilot: Pilot, visit: Visit) -> PilotLine:
    at = visit.services.clock.now()
    over = at.date() >= pilot.until
    word = "pilot_runs" if pilot.runs(at) else "pilot_over" if over else "pilot_ahead"
    return PilotLine(
        id=rule.id,
        title=rule.title,
        state=Mark(text=visit.say[word], tone="waiting" if pilot.runs(at) else "plain"),
        since=moments.on(pilot.since, visit.language),
        until=moments.on(pilot.until, visit.language),
        question=pilot.question,
    )


def purpose(visit: Visit) -> Response:
    """One purpose with its rules in sentences. Raises `NotFound`."""
    book = visit.services.rules.current()
    found = book.vocabulary.purposes.get(visit.parts.get("doel", ""))
    if found is None:
        raise NotFound("no such purpose")
    return render(
        PurposePage(
            frame=frame_of(visit),
            title=_title(found, visit),
            id=found.id,
            law=found.law,
            certainty=_certainty(found, visit),
            retention=found.retention,
            onward=found.onward,
            note=found.note,
            rules=tuple(rule_line(rule, book, visit) for rule in book.rules if rule.purpose == found.id),
        )
    )


def rule_line(rule: Rule, book: Rulebook, visit: Visit) -> RuleLine:
    """A rule in the reader's language."""
    return RuleLine(
        id=rule.id,
        title=rule.title,
        sentence=sentence(rule, book.vocabulary, english=visit.language is Language.EN),
        gives=tuple(_given(category, precision, book, visit) for category, precision in rule.gives.items()),
        grounds="; ".join(rule.grounds),
        retention=rule.retention,
    )


def _given(category: str, precision: Precision, book: Rulebook, visit: Visit) -> str:
    known = book.vocabulary.categories[category]
    return f"{known.title_en if visit.language is Language.EN else known.title} ({precision.word})"


def lines_of(names: Sequence[str], book: Rulebook, visit: Visit) -> tuple[RuleLine, ...]:
    """The rules of these names that the set in force has, in their order; what several rules share has a title only."""
    rules = {rule.id: rule for rule in book.rules}
    shared = {one.id: one.title for one in book.common.shared}
    return tuple(
        rule_line(rules[name], book, visit)
        if name in rules
        else RuleLine(id=name, title=shared[name], sentence="", gives=(), grounds="", retention="")
        for name in names
        if name in rules or name in shared
    )


def _row(purpose: Purpose, rules: int, visit: Visit) -> PurposeRow:
    return PurposeRow(
        href=visit.place.to(f"/beleid/{purpose.id}"),
        title=_title(purpose, visit),
        id=purpose.id,
        law=purpose.law,
        rules=rules,
        certainty=_certainty(purpose, visit) if rules else visit.say["policies_closed"],
    )


def _order(row: PurposeRow) -> tuple[bool, str]:
    return row.rules == 0, row.title.casefold()


def _title(purpose: Purpose, visit: Visit) -> str:
    return purpose.title_en if visit.language is Language.EN else purpose.title


def _certainty(purpose: Purpose, visit: Visit) -> str:
    return visit.say["policies_settled" if purpose.certainty is Certainty.VAST else "policies_disputed"]
