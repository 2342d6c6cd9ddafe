"""What another set would change: exactly, per category, over every state of the facts.

Laws of this file: a difference that is told exists (its example shows it under `decide`); a flow of which nothing is told
releases the same under both sets in every state of the facts. Reasons of refusals are no effect. Conditions that both sets
ask in the same way are taken as met: where they are not, neither releases.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sluis.core.cells import Fingerprints, Flow, Situation, Situations, flows, given
from sluis.core.changes import Aspect, Change, Effect, changes_between
from sluis.core.decision import decide
from sluis.core.formula import (
    VALUES,
    Condition,
    Formula,
    facts_of,
    filled,
    formula,
    literals,
    outcome,
)
from sluis.core.question import Question, Truth
from sluis.core.rules import Rulebook
from sluis.core.verdict import Deny, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A change with where it happens, and one question that shows it."""

    category: str
    purpose: str
    change: Change
    flows: tuple[tuple[str, str], ...]
    situations: tuple[Situation, ...]
    example: Question


Progress = Callable[[int, int], None]
"""Told how many of how many flows were compared."""

Told = dict[Change, Mapping[str, Truth]]


class _Comparing:
    """Compares two books; remembers what was found for formulas that return."""

    def __init__(self, old: Rulebook, new: Rulebook) -> None:
        self._old, self._new = old, new
        self._situations = Situations((old, new))
        self._found: dict[tuple[Formula, Formula], Told] = {}
        self._alike: dict[tuple[str, Hashable, Hashable], tuple[tuple[str, Situation, Told], ...]] = {}
        self._cells: dict[tuple[str, Hashable, Hashable, Situation], Told] = {}
        numbers: dict[Hashable, int] = {}
        self._prints = (Fingerprints(old, numbers), Fingerprints(new, numbers))

    def on(self, flow: Flow) -> tuple[tuple[str, Situation, Told], ...]:
        """The changes on a flow; flows that rest on the same share the work."""
        old, new = self._prints[0].of(flow), self._prints[1].of(flow)
        if old == new:
            return ()
        key = (flow.purpose, old, new)
        if (known := self._alike.get(key)) is None:
            categories = given(flow, self._old, self._new)
            known = self._alike[key] = tuple(found for category in categories for found in self._changes(flow, category))
        return known

    def _changes(self, flow: Flow, category: str) -> Iterator[tuple[str, Situation, Told]]:
        old, new = (one.of_category(flow, category) for one in self._prints)
        if old == new:
            return
        directed = any(one.is_directed(flow) for one in self._prints)
        for situation in self._situations.of(flow.purpose, category):
            key = (flow.purpose, old, new, situation if directed else situation._replace(direction=""))
            if (told := self._cells.get(key)) is None:
                shape = situation.shape(flow)
                told = self.between(formula(self._old, shape, category), formula(self._new, shape, category))
                if told:
                    told = self._named(told, Question(**shape._asdict(), categories=(category,)))
                self._cells[key] = told
            if told:
                yield category, situation, told

    def _named(self, told: Told, question: Question) -> Told:
        """A release that a secrecy held back, or will hold back, is told as a change of secrecy."""
        if not any(question.provider in book.common.secret for book in (self._old, self._new)):
            return told
        named: Told = {}
        for change, state in told.items():
            if change.aspect is Aspect.VERSTREKKEN and self._secrecy(_example(question, state, self._new), change):
                named[replace(change, aspect=Aspect.GEHEIM)] = state
            else:
                named[change] = state
        return named

    def _secrecy(self, example: Question, change: Change) -> bool:
        verdict = decide(example, self._old if change.effect is Effect.RUIMER else self._new).verdicts[example.categories[0]]
        return isinstance(verdict, Deny) and verdict.reason is Reason.GEHEIM

    def between(self, old: Formula, new: Formula) -> Told:
        """Every change between two formulas, each with the least state of facts that shows it."""
        if old == new:
            return {}
        if (known := self._found.get((old, new))) is None:
            met, left_old, left_new = _peeled(old, new)
            told = self._between(left_old, left_new)
            known = self._found[old, new] = {change: {**met, **state} for change, state in told.items()}
        return known

    def _between(self, old: Formula, new: Formula) -> Told:
        if old == new:
            return {}
        if (known := self._found.get((old, new))) is not None:
            return known
        told: Told = {}
        fact = _next(old, new)
        if fact is None:
            told = {change: {} for change in changes_between(outcome(old), outcome(new))}
        else:
            for value in _telling(fact, old, new):
                more = {} if value is Truth.ONBEKEND else {fact: value}
                for change, state in self._between(filled(old, fact, value), filled(new, fact, value)).items():
                    if change not in told or len(state) + len(more) < len(told[change]):
                        told[change] = {**more, **state}
        self._found[old, new] = told
        return told


def _next(old: Formula, new: Formula) -> str | None:
    """The fact that occurs most: filling it in ends most."""
    count: dict[str, int] = {}
    for one in (old, new):
        for literal in literals(one):
            count[literal.fact] = count.get(literal.fact, 0) + 1
    return max(sorted(count), key=count.__getitem__, default=None)


def _telling(fact: str, old: Formula, new: Formula) -> list[Truth]:
    """One of the values for each way in which the conditions on this fact can turn out."""
    conditions = {literal for one in (old, new) for literal in literals(one) if literal.fact == fact}
    ordered = sorted(conditions, key=lambda c: (sorted(c.holds), c.judgement))
    kinds: dict[tuple[tuple[bool, bool], ...], Truth] = {}
    for value in VALUES:
        turned = tuple((value in c.holds, c.judgement and value is Truth.ONBEKEND) for c in ordered)
        kinds.setdefault(turned, value)
    return list(kinds.values())


def _peeled(old: Formula, new: Formula) -> tuple[dict[str, Truth], Formula, Formula]:
    """Both formulas without the conditions that every grant of both has, with a state in which those conditions are met.

    Only conditions of which no fact plays another part: then they can be met whatever the rest is, and where they are not
    met neither formula releases.
    """
    grants = [*old.grants, *new.grants]
    if not (old.grants and new.grants):
        return {}, old, new
    common = frozenset.intersection(*(grant.conditions for grant in grants))
    used: dict[str, set[Condition]] = {}
    for condition in {condition for grant in grants for condition in grant.conditions}:
        for literal in (literal for choice in condition for literal in choice):
            used.setdefault(literal.fact, set()).add(condition)
    elsewhere = {literal.fact for grant in grants for _, when in grant.extras for literal in when}
    met: dict[str, Truth] = {}
    gone: set[Condition] = set()
    for condition in common:
        own = {literal.fact for choice in condition for literal in choice}
        if own & elsewhere or any(len(used[fact]) > 1 for fact in own):
            continue
        choice = min(condition, key=lambda c: (len(c), sorted(literal.fact for literal in c)))
        chosen = {x.fact: next((v for v in VALUES if v in x.holds), Truth.ONBEKEND) for x in choice}
        met.update({fact: value for fact, value in chosen.items() if value is not Truth.ONBEKEND})
        gone.add(condition)
    return met, _without(old, frozenset(gone)), _without(new, frozenset(gone))


def _without(one: Formula, gone: frozenset[Condition]) -> Formula:
    return replace(one, grants=frozenset(replace(grant, conditions=grant.conditions - gone) for grant in one.grants))


# ---- two books -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Place:
    """Where one change was found so far."""

    flows: dict[tuple[str, str], None] = field(default_factory=dict)
    situations: dict[Situation, None] = field(default_factory=dict)
    example: Question | None = None


def compare(old: Rulebook, new: Rulebook, progress: Progress | None = None) -> tuple[Difference, ...]:
    """Every difference between two books, wider first; empty when they release the same."""
    comparing = _Comparing(old, new)
    places: dict[tuple[str, str, Change], _Place] = {}
    todo = flows(old, new)
    for done, flow in enumerate(todo):
        if progress is not None and done % 200 == 0:
            progress(done, len(todo))
        for category, situation, told in comparing.on(flow):
            for change, state in told.items():
                place = places.setdefault((category, flow.purpose, change), _Place())
                if place.example is None:
                    question = Question(**situation.shape(flow)._asdict(), categories=(category,))
                    place.example = _example(question, state, new)
                place.flows[flow.provider, flow.requester] = None
                place.situations[situation] = None
    order = list(Effect)
    found = sorted(places.items(), key=lambda item: (order.index(item[0][2].effect), item[0][0], item[0][1]))
    return tuple(
        Difference(
            category=c, purpose=p, change=change, flows=tuple(at.flows), situations=tuple(at.situations), example=at.example
        )
        for (c, p, change), at in found
        if at.example is not None
    )


def _example(question: Question, state: Mapping[str, Truth], book: Rulebook) -> Question:
    category = question.categories[0]
    other = next(name for name in book.vocabulary.categories if name != category)
    return replace(question, facts=facts_of(state, category, other))


def wider(differences: tuple[Difference, ...]) -> bool:
    """Whether something becomes wider for somebody."""
    return any(one.change.effect is Effect.RUIMER for one in differences)
