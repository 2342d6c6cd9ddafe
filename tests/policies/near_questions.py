"""Random questions near the rules of a set: right in most words and facts, wrong in some. For tests that want many, fast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from sluis.core.question import FactValue, Question, Truth
from sluis.core.rules import Clause, Common, Rule, Rulebook
from sluis.core.terms import FactKind

TRUTHS = (Truth.WAAR, Truth.WAAR, Truth.WAAR, Truth.ONWAAR, Truth.ONBEKEND)


def dice(seed: int) -> Random:
    """Chance that comes out the same every time."""
    return Random(seed)  # noqa: S311 - an example, not a secret


def question_near(book: Rulebook, chance: Random) -> Question:
    """A question near a rule of the book."""
    words, rule = book.vocabulary, chance.choice(book.rules)

    def mostly(right: Sequence[str], every: Sequence[str]) -> str:
        return chance.choice(right if right and chance.random() < 0.9 else every)

    purpose = mostly([rule.purpose], list(words.purposes))
    persons = [name for name, scope in book.common.persons.get(purpose, {}).items() if scope is None]
    given = chance.sample(sorted(rule.gives), k=min(len(rule.gives), chance.randint(1, 4)))
    others = chance.sample(sorted(words.categories), k=chance.randint(0, 1))
    categories = tuple(dict.fromkeys((*given, *others)))
    return Question(
        purpose=purpose,
        direction=mostly(["aanbod"], list(words.directions)),
        requester=mostly(sorted(rule.requesters), list(words.kinds)),
        provider=mostly(sorted(rule.providers), list(words.kinds)),
        categories=categories,
        person=mostly(persons, list(words.persons)),
        case_state=mostly(sorted(words.purposes[purpose].case_states), list(words.case_states)),
        facts=facts(book, chance, categories),
    )


def facts(book: Rulebook, chance: Random, categories: Sequence[str]) -> dict[str, FactValue]:
    """A state of all facts: mostly helpful, now and then for some categories only."""
    found: dict[str, FactValue] = {}
    helpful = chance.random() < 0.6
    unjudged = chance.random() < 0.4
    for name, fact in book.vocabulary.facts.items():
        objection = fact.absent is Truth.ONWAAR or name in ("gezag-weigert", "bezwaar-betrokkene")
        judgement = fact.kind is FactKind.OORDEEL or name == "toestemming"
        if (objection and chance.random() < 0.9) or (unjudged and judgement):
            continue
        value: FactValue = Truth.WAAR if helpful and chance.random() < 0.93 else chance.choice(TRUTHS)
        if fact.scoped and chance.random() < 0.2:
            named = [*(c for c in categories if chance.random() < 0.6), chance.choice(sorted(book.vocabulary.categories))]
            value = frozenset(named) if chance.random() < 0.5 else {c: chance.choice(TRUTHS) for c in named}
        found[name] = value
    return found


def mutated(book: Rulebook, chance: Random) -> Rulebook:
    """The book with one thing changed: a rule, or something of the general part."""
    return _with_other_rule(book, chance) if chance.random() < 0.6 else replace(book, common=_other_common(book, chance))


def _with_other_rule(book: Rulebook, chance: Random) -> Rulebook:
    place = chance.randrange(len(book.rules))
    rule = book.rules[place]
    kinds = sorted(book.vocabulary.kinds)
    match chance.randrange(8):
        case 0:
            changed: tuple[Rule, ...] = ()
        case 1:
            changed = (replace(rule, clauses=rule.clauses[1:], push_only=False),)
        case 2:
            changed = (replace(rule, clauses=(*rule.clauses, chance.choice(_clauses(book)))),)
        case 3:
            category = chance.choice(sorted(rule.gives))
            changed = (replace(rule, gives={**rule.gives, category: min(rule.gives.values())}),)
        case 4:
            changed = (replace(rule, requesters=rule.requesters | {chance.choice(kinds)}),)
        case 5:
            changed = (replace(rule, secrecy=None, duties=rule.duties[1:]),)
        case 6:
            changed = (
                rule,
                replace(rule, id=f"{rule.id}-x", clauses=(), gives={chance.choice(sorted(rule.gives)): min(rule.gives.values())}),
            )
        case _:
            changed = (replace(rule, providers=frozenset(sorted(rule.providers)[1:])),)
    return replace(book, rules=(*book.rules[:place], *changed, *book.rules[place + 1 :]))


def _clauses(book: Rulebook) -> list[Clause]:
    return [clause for rule in book.rules for clause in rule.clauses]


def _other_common(book: Rulebook, chance: Random) -> Common:
    common = book.common
    part = chance.randrange(len(common.shared))
    left, right = common.shared[:part], common.shared[part + 1 :]
    stricter = replace(common.shared[part], clauses=(*common.shared[part].clauses, chance.choice(_clauses(book))))
    open_ways = {name: replace(way, never=frozenset()) for name, way in common.secrecy_ways.items()}
    scopes = {**common.persons, "zvh-casus": {"betrokkene": None, "ander": None}}
    changed = (
        replace(common, shared=(*left, *right)),
        replace(common, shared=(*left, stricter, *right)),
        replace(common, gate=()),
        replace(common, never=dict(list(common.never.items())[1:]), numbers={}),
        replace(common, secret=dict(list(common.secret.items())[chance.randrange(4) :])),
        replace(common, secrecy_ways=open_ways),
        replace(common, push_only={}, extended=None),
        replace(common, silent=frozenset(), persons=scopes),
    )
    return chance.choice(changed)
