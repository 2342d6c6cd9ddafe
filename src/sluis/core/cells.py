"""Every flow that a set opens: who may give what to whom, in which situations; and what tells two sets apart quickly.

Laws of this file: a situation that is not listed releases nothing under any of the books; two equal fingerprints of a flow
mean equal decisions, but for their reasons, on every question between those parties.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sluis.core.path import Shape
from sluis.core.plan import PUSH
from sluis.core.rules import Clause, Common, Rule, Rulebook, Shared
from sluis.core.terms import Purpose, Route


class Flow(NamedTuple):
    """Between which parties, for which purpose."""

    purpose: str
    provider: str
    requester: str


class Situation(NamedTuple):
    """Directions, persons and states of the case that come to the same: the first of each stands for all."""

    direction: str
    persons: tuple[str, ...]
    states: tuple[str, ...]

    def shape(self, flow: Flow) -> Shape:
        """The shape of a question in this situation."""
        return Shape(flow.purpose, flow.provider, flow.requester, self.direction, self.persons[0], self.states[0])


def flows(*books: Rulebook) -> tuple[Flow, ...]:
    """Every flow that one of the books opens, in order."""
    found: set[Flow] = set()
    for book in books:
        for (purpose, provider), rules in book.index.items():
            requesters = frozenset().union(*(rule.requesters for rule in rules)) - book.common.never_requesters
            found.update(Flow(purpose, provider, requester) for requester in requesters)
    return tuple(sorted(found))


def given(flow: Flow, *books: Rulebook) -> tuple[str, ...]:
    """The categories that a rule of one of the books gives in this flow, in the order of the words."""
    named = {category for book in books for rule in book.rules_for(*flow) for category in rule.gives}
    order = dict.fromkeys(category for book in reversed(books) for category in book.vocabulary.categories)
    return tuple(category for category in order if category in named)


@dataclass(slots=True)
class Situations:
    """The situations of each purpose and category under some books, remembered."""

    books: tuple[Rulebook, ...]
    _made: dict[tuple[str, str], tuple[Situation, ...]] = field(default_factory=dict)

    def of(self, purpose: str, category: str) -> tuple[Situation, ...]:
        """The situations in which something may be released under one of the books."""
        if (found := self._made.get((purpose, category))) is None:
            found = self._made[purpose, category] = tuple(self._find(purpose, category))
        return found

    def _find(self, purpose: str, category: str) -> Iterator[Situation]:
        words = self.books[-1].vocabulary
        persons = _grouped((p, tuple(_in_scope(b, purpose, p, category) for b in self.books)) for p in words.persons)
        for direction in words.directions:
            tags = ((s, tuple(_state(b, purpose, s, direction) for b in self.books)) for s in words.case_states)
            for states in _grouped(tags):
                yield from (Situation(direction, several, states) for several in persons)


def _grouped(tagged: Iterable[tuple[str, tuple[str, ...]]]) -> list[tuple[str, ...]]:
    """The words by what they mean under each book; those that open nothing under any book are left out."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for word, tags in tagged:
        if any(tags):
            groups.setdefault(tags, []).append(word)
    return [tuple(words) for words in groups.values()]


def _in_scope(book: Rulebook, purpose: str, person: str, category: str) -> str:
    allowed = book.common.persons.get(purpose, {}).get(person, frozenset())
    return "in" if allowed is None or category in allowed else ""


def _state(book: Rulebook, purpose: str, state: str, direction: str) -> str:
    """What a state of the case means for a purpose: open, only when extended, or (empty) closed."""
    known = book.vocabulary.purposes.get(purpose)
    if known is None or known.route is Route.GEEN or (purpose in book.common.push_only and direction != PUSH):
        return ""
    if not known.case_states or state in known.case_states:
        return "open"
    extended = book.common.extended
    return "extended" if extended is not None and state == extended[0] and extended[1] in known.case_states else ""


# ---- fingerprints --------------------------------------------------------------------------------


class Fingerprints:
    """What the decisions of one book on a flow rest on. Two books must share `numbers` to be compared."""

    def __init__(self, book: Rulebook, numbers: dict[Hashable, int]) -> None:
        self._book, self._numbers = book, numbers
        self._rules = {rule.id: self._number(_meaning(rule)) for rule in book.rules}
        self._gives = {rule.id: self._number(("gives", tuple(sorted(rule.gives.items())))) for rule in book.rules}
        self._shared = {name: self._of_purpose(purpose) for name, purpose in book.vocabulary.purposes.items()}
        self._whole = self._number(_whole(book))
        self._purposes = {name: self._number(_purpose(book.common, one)) for name, one in book.vocabulary.purposes.items()}

    def _number(self, value: Hashable) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    def _of_purpose(self, purpose: Purpose) -> list[tuple[Shared, int]]:
        return [(part, self._number(_shared_meaning(part))) for part in self._book.common.shared if _regards(part, purpose)]

    def of(self, flow: Flow) -> Hashable:
        """Equal for two books: then they decide alike on this flow."""
        rules = self._book.rules_for(*flow)
        meaning = frozenset((self._rules[rule.id], self._gives[rule.id]) for rule in rules)
        return (meaning, self._parties(flow), frozenset(number for _, number in self._touching(flow)))

    def of_category(self, flow: Flow, category: str) -> Hashable:
        """Equal for two books, or for two flows and categories: then they decide alike, but for what the situation opens."""
        common, known = self._book.common, self._book.vocabulary.categories.get(category)
        klass = known.klass if known is not None else ""
        rules = self._book.rules_for(*flow)
        meaning = frozenset((self._rules[rule.id], rule.gives[category]) for rule in rules if category in rule.gives)
        shared = frozenset(number for part, number in self._touching(flow) if _holds_for(part, category, klass))
        barred = frozenset(name for name, way in common.secrecy_ways.items() if category in way.never)
        return (meaning, self._parties(flow), shared, klass, category in common.never, barred)

    def is_directed(self, flow: Flow) -> bool:
        """Whether asking and offering can come to something else on this flow."""
        rules = self._book.rules_for(*flow)
        duties = [duty for rule in rules for duty in rule.duties]
        duties += [duty for part, _ in self._touching(flow) for duty in part.duties]
        silent = flow.provider in self._book.common.silent
        return silent or any(rule.push_only for rule in rules) or any(duty.direction for duty in duties)

    def _touching(self, flow: Flow) -> list[tuple[Shared, int]]:
        """The shared parts that apply to some category of this flow."""
        return [
            (part, number)
            for part, number in self._shared.get(flow.purpose, ())
            if (not part.providers or flow.provider in part.providers)
            and (not part.requesters or flow.requester in part.requesters)
        ]

    def _parties(self, flow: Flow) -> Hashable:
        book, common = self._book, self._book.common
        kind = book.vocabulary.kinds.get(flow.requester)
        return (
            self._whole,
            self._purposes.get(flow.purpose, -1),
            (flow.provider in common.secret, common.secret.get(flow.provider)),
            flow.provider in common.silent and common.silent_duty,
            flow.requester in common.never_requesters,
            kind is not None and kind.bsn,
        )


def _clauses(clauses: tuple[Clause, ...]) -> Hashable:
    return frozenset(clause.ways for clause in clauses)


def _meaning(rule: Rule) -> Hashable:
    return (
        "rule",
        tuple(sorted(rule.gives.items())),
        rule.push_only,
        _clauses(rule.clauses),
        rule.secrecy,
        frozenset(rule.duties),
        rule.grounds,
        rule.retention,
        rule.onward,
        rule.certainty,
        rule.text,
    )  # fmt: skip - one value


def _shared_meaning(part: Shared) -> Hashable:
    return ("shared", part.categories, part.classes, _clauses(part.clauses), frozenset(part.duties))


def _whole(book: Rulebook) -> Hashable:
    """What plays a part in every flow."""
    common, words = book.common, book.vocabulary
    ways = tuple(sorted(common.secrecy_ways.items(), key=lambda item: item[0]))
    classes = tuple(sorted((name, one.klass) for name, one in words.categories.items()))
    scoped = frozenset(name for name, fact in words.facts.items() if fact.scoped)
    return (
        "whole",
        _clauses(common.gate),
        frozenset(common.never),
        frozenset(common.numbers),
        ways,
        common.extended,
        book.carried,
        classes,
        scoped,
        tuple(words.persons),
        tuple(words.case_states),
        tuple(words.directions),
    )  # fmt: skip - one value


def _purpose(common: Common, purpose: Purpose) -> Hashable:
    persons = tuple(sorted(common.persons.get(purpose.id, {}).items()))
    return (
        "purpose",
        purpose.route,
        purpose.gdpr,
        purpose.case_states,
        purpose.motivation,
        purpose.retention,
        purpose.onward,
        purpose.certainty,
        purpose.id in common.push_only,
        persons,
    )  # fmt: skip - one value


def _regards(part: Shared, purpose: Purpose) -> bool:
    """Whether a shared part applies to some flow of this purpose."""
    return (
        (not part.purposes or purpose.id in part.purposes)
        and (not part.routes or purpose.route.value in part.routes)
        and (not part.motivations or purpose.motivation.value in part.motivations)
    )


def _holds_for(part: Shared, category: str, klass: str) -> bool:
    return (not part.categories or category in part.categories) and (not part.classes or klass in part.classes)
