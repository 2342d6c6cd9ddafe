"""What a set says of one category in one shape of question, as a formula over facts: to compare sets and to list ways in.

Laws of this file: a formula is made of the very paths that `decide` walks; two equal formulas release the same in every
state of the facts; filling in a fact gives the formula of the facts that are left. Reasons of refusals play no part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from sluis.core.path import Path, Shape
from sluis.core.plan import PUSH, paths
from sluis.core.question import FactValue, Truth
from sluis.core.rules import Rulebook
from sluis.core.verdict import Precision, TextMode

ELSEWHERE = "*"
"""Behind the name of a scoped fact: that it was recorded as true for another category."""

VALUES = (Truth.ONBEKEND, Truth.WAAR, Truth.ONWAAR)
STRICTNESS = {mode: place for place, mode in enumerate((TextMode.MASK, TextMode.STRICT, TextMode.REVIEW, TextMode.WITHHOLD))}


class Literal(NamedTuple):
    """A fact that must have one of these truths. When it is unknown and a `judgement`, a human could still say so."""

    fact: str
    holds: frozenset[Truth]
    judgement: bool


Choice = frozenset[Literal]
Condition = frozenset[Choice]

_OPEN = Literal("", frozenset(), judgement=True)
"""In the place of a judgement that nobody gave yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a release is: everything of it that a partner or his privacy officer would notice."""

    precision: Precision
    text: TextMode
    duties: frozenset[str]
    retention: frozenset[str]
    onward: frozenset[str]
    grounds: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one rule releases: when every condition is met, with the `extras` (duty, when) that apply then."""

    conditions: frozenset[Condition]
    content: Content
    extras: frozenset[tuple[str, Choice]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """All that can release a category. `silent` is the duty that comes with an answer that releases nothing."""

    grants: frozenset[Grant]
    silent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a formula says once all its facts are known: released (`content`), put before a human, or refused."""

    content: Content | None = None
    referred: bool = False
    silent: str = ""


def formula(book: Rulebook, shape: Shape, category: str) -> Formula:
    """The formula of this category for questions of this shape."""
    held = shape.provider in book.common.silent and shape.direction != PUSH
    grants = (_grant(book, path, shape) for path in paths(book, shape, category))
    return Formula(grants=frozenset(g for g in grants if g is not None), silent=book.common.silent_duty if held else "")


def _grant(book: Rulebook, path: Path, shape: Shape) -> Grant | None:
    if any(not step.choices for step in path.steps):
        return None
    conditions, extras = set(), set()
    for step in path.steps:
        options = []
        for choice in step.choices:
            option = frozenset(Literal(test.fact, frozenset(test.holds), test.judgement) for test in choice.tests)
            options.append(option)
            extras |= {(duty, option) for duty in choice.duties}
        conditions.add(frozenset(options))
    for extra in path.extras:
        extras |= {(extra.duty, when) for when in _when(book, extra.unless, extra.once)}
    purpose = book.vocabulary.purposes[shape.purpose]
    own = next((rule.onward for rule in book.index.get((shape.purpose, shape.provider), ()) if rule.id == path.rule), "")
    content = Content(
        precision=path.permit.precision,
        text=path.permit.text,
        duties=frozenset(path.permit.duties),
        retention=frozenset({path.permit.retention}),
        onward=frozenset({own or purpose.onward}),
        grounds=frozenset(path.permit.grounds),
    )
    return Grant(conditions=frozenset(conditions), content=content, extras=frozenset(extras))


def _when(book: Rulebook, unless: str, once: str) -> Iterator[Choice]:
    """The states in which a duty is added: `once` recorded, here or for another category; and not `unless`."""
    base = frozenset({Literal(unless, frozenset({Truth.ONWAAR, Truth.ONBEKEND}), judgement=False)} if unless else ())
    recorded = frozenset({Truth.WAAR})
    if not once:
        yield base
        return
    yield base | {Literal(once, recorded, judgement=False)}
    if book.vocabulary.facts[once].scoped:
        yield base | {Literal(once + ELSEWHERE, recorded, judgement=False)}


# ---- filling in facts ----------------------------------------------------------------------------


def literals(one: Formula) -> Iterator[Literal]:
    """Every literal of a formula, with repeats."""
    for grant in one.grants:
        for condition in grant.conditions:
            for choice in condition:
                yield from (literal for literal in choice if literal.fact)
        for _, when in grant.extras:
            yield from (literal for literal in when if literal.fact)


def filled(one: Formula, fact: str, value: Truth) -> Formula:
    """The formula of what is left to know once `fact` has this value."""
    grants = (_filled(grant, fact, value) for grant in one.grants)
    return replace(one, grants=frozenset(g for g in grants if g is not None))


def _filled(grant: Grant, fact: str, value: Truth) -> Grant | None:
    conditions = set()
    for condition in grant.conditions:
        options = frozenset(c for choice in condition if (c := _choice(choice, fact, value)) is not None)
        if not options:
            return None
        if frozenset() not in options:
            conditions.add(options)
    content, extras = grant.content, set()
    for duty, when in grant.extras:
        left = _choice(when, fact, value)
        if left == frozenset():
            content = replace(content, duties=content.duties | {duty})
        elif left is not None and _OPEN not in left:
            extras.add((duty, left))
    return Grant(conditions=frozenset(conditions), content=content, extras=frozenset(extras))


def _choice(choice: Choice, fact: str, value: Truth) -> Choice | None:
    """What is left of a choice; None when it cannot hold any more, with an open place where a human could make it so."""
    found = [literal for literal in choice if literal.fact == fact]
    if not found:
        return choice
    rest = choice - frozenset(found)
    for literal in found:
        if value in literal.holds:
            continue
        if not (literal.judgement and value is Truth.ONBEKEND):
            return None
        rest |= {_OPEN}
    return rest


def outcome(one: Formula) -> Outcome:
    """What a formula without facts says: several releases are tied strictly, as `decide` ties them."""
    released = [grant.content for grant in one.grants if not grant.conditions]
    if released:
        return Outcome(content=_strictest(released))
    return Outcome(referred=bool(one.grants), silent=one.silent)


def _strictest(contents: list[Content]) -> Content:
    if len(contents) == 1:
        return contents[0]
    return Content(
        precision=min(c.precision for c in contents),
        text=max((c.text for c in contents), key=STRICTNESS.__getitem__),
        duties=_all(c.duties for c in contents),
        retention=_all(c.retention for c in contents),
        onward=_all(c.onward for c in contents),
        grounds=_all(c.grounds for c in contents),
    )


def _all(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


# ---- every way in --------------------------------------------------------------------------------

State = Mapping[str, frozenset[Truth]]
"""Per fact the truths that it may have; a fact that is not named may be anything."""


def ways(one: Formula) -> tuple[State, ...]:
    """The least that must be so for a release, each way once, shortest first; none of them needs what another does not."""
    found: list[dict[str, frozenset[Truth]]] = []
    for grant in one.grants:
        states: list[dict[str, frozenset[Truth]]] = [{}]
        for condition in sorted(grant.conditions, key=len):
            wider = [s for state in states for choice in condition if (s := _with(state, choice)) is not None]
            states = _least(wider)
        found += states
    return tuple(sorted(_least(found), key=lambda state: (len(state), sorted(state))))


def _with(state: Mapping[str, frozenset[Truth]], choice: Choice) -> dict[str, frozenset[Truth]] | None:
    """The state in which the choice holds as well; None where they contradict each other."""
    both = dict(state)
    for literal in choice:
        held = both.get(literal.fact, literal.holds) & literal.holds
        if not held:
            return None
        both[literal.fact] = held
    return both


def _least(states: list[dict[str, frozenset[Truth]]]) -> list[dict[str, frozenset[Truth]]]:
    kept: list[dict[str, frozenset[Truth]]] = []
    for state in sorted(states, key=len):
        if not any(_covers(other, state) for other in kept):
            kept.append(state)
    return kept


def _covers(less: Mapping[str, frozenset[Truth]], more: Mapping[str, frozenset[Truth]]) -> bool:
    return all(fact in more and more[fact] <= held for fact, held in less.items())


def facts_of(values: Mapping[str, Truth], category: str, other: str) -> dict[str, FactValue]:
    """These values as the facts of a question about `category`; `other` is the category for which the rest was recorded."""
    facts: dict[str, FactValue] = {
        fact: value for fact, value in sorted(values.items()) if value is not Truth.ONBEKEND and not fact.endswith(ELSEWHERE)
    }
    for name, value in values.items():
        if name.endswith(ELSEWHERE) and value is Truth.WAAR:
            fact = name.removesuffix(ELSEWHERE)
            facts[fact] = {category: values.get(fact, Truth.ONBEKEND), other: Truth.WAAR}
    return facts
