"""The diff of two sets: what it tells exists, and what it does not tell does not happen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from near_questions import dice, mutated, question_near

from sluis.core.cells import Fingerprints, Flow, flows
from sluis.core.changes import Aspect, Effect
from sluis.core.decision import decide
from sluis.core.effects import compare, wider
from sluis.core.formula import facts_of, filled, formula, literals, outcome, ways
from sluis.core.path import Shape
from sluis.core.question import Question, Truth, truth
from sluis.core.rules import Rulebook
from sluis.core.verdict import Deny, Permit, Precision, Refer, Verdict

SEEDS = [*range(6), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(6, 30))]


def height(verdict: Verdict) -> tuple[int, int]:
    if isinstance(verdict, Permit):
        return 2, verdict.precision
    return (1, 0) if isinstance(verdict, Refer) else (0, 0)


def effect(before: Verdict, after: Verdict) -> Effect | None:
    if height(before) != height(after):
        return Effect.RUIMER if height(after) > height(before) else Effect.ENGER
    if isinstance(before, Permit) and isinstance(after, Permit) and set(before.duties) != set(after.duties):
        return Effect.RUIMER if set(before.duties) - set(after.duties) else Effect.ENGER
    return None


def test_a_set_does_not_differ_from_itself(book: Rulebook) -> None:
    assert compare(book, replace(book)) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_difference_told_is_shown_by_its_example(book: Rulebook, seed: int) -> None:
    new = mutated(book, dice(seed))
    for one in compare(book, new):
        before, after = (decide(one.example, b).verdicts[one.category] for b in (book, new))
        if one.change.aspect in (Aspect.VERSTREKKEN, Aspect.VOORLEGGEN, Aspect.GEHEIM, Aspect.PRECISIE):
            assert effect(before, after) is one.change.effect, one
        else:
            assert before != after or decide(one.example, book).duties != decide(one.example, new).duties, one


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_random_question_shows_is_told(book: Rulebook, seed: int) -> None:
    chance = dice(seed)
    new = mutated(book, chance)
    told = {(d.category, d.purpose, pair, d.change.effect) for d in compare(book, new) for pair in d.flows}
    changed = [
        rule for rule in {*(r.id for r in book.rules), *(r.id for r in new.rules)} if rules_of(book, rule) != rules_of(new, rule)
    ]
    near = replace(new, rules=tuple(r for b in (book, new) for r in b.rules if r.id in changed) or new.rules)
    for _ in range(80):
        question = question_near(near, chance)
        old_verdicts, new_verdicts = decide(question, book).verdicts, decide(question, new).verdicts
        for category in question.categories:
            shown = effect(old_verdicts[category], new_verdicts[category])
            pair = (question.provider, question.requester)
            assert shown is None or (category, question.purpose, pair, shown) in told, (question, category)


def rules_of(book: Rulebook, rule: str) -> object:
    return next((r for r in book.rules if r.id == rule), None)


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_fingerprints_mean_equal_decisions(book: Rulebook, seed: int) -> None:
    chance = dice(1000 + seed)
    new = mutated(book, chance)
    numbers: dict[object, int] = {}
    prints = [Fingerprints(b, numbers) for b in (book, new)]
    for _ in range(100):
        question = question_near(new, chance)
        flow = Flow(question.purpose, question.provider, question.requester)
        if prints[0].of(flow) == prints[1].of(flow):
            before, after = decide(question, book), decide(question, new)
            assert [effect(before.verdicts[c], after.verdicts[c]) for c in question.categories] == [None] * len(
                question.categories
            )


@pytest.mark.parametrize("seed", range(4))
def test_a_formula_says_what_decide_says(book: Rulebook, seed: int) -> None:
    chance = dice(2000 + seed)
    for _ in range(80):
        question = question_near(book, chance)
        shape = Shape(
            question.purpose, question.provider, question.requester, question.direction, question.person, question.case_state
        )
        for category, verdict in decide(question, book).verdicts.items():
            one = formula(book, shape, category)
            while (fact := next((literal.fact for literal in literals(one)), None)) is not None:
                one = filled(one, fact, value_of(question, fact, category))
            said = outcome(one)
            match verdict:
                case Permit():
                    assert said.content is not None
                    assert (said.content.precision, said.content.text) == (verdict.precision, verdict.text)
                    assert said.content.duties == set(verdict.duties)
                case Refer():
                    assert said.referred
                case Deny():
                    assert said.content is None
                    assert not said.referred


def value_of(question: Question, fact: str, category: str) -> Truth:
    if not fact.endswith("*"):
        return truth(question.facts, fact, category)
    value = question.facts.get(fact[:-1], Truth.ONBEKEND)
    if isinstance(value, Truth):
        return value
    elsewhere = value if isinstance(value, frozenset) else {c for c, said in value.items() if said is Truth.WAAR}
    return Truth.WAAR if elsewhere - {category} else Truth.ONBEKEND


def test_every_way_in_lets_through_and_needs_each_of_its_facts(book: Rulebook) -> None:
    chance = dice(7)
    found = flows(book)
    for flow in chance.sample(found, 40):
        purpose = book.vocabulary.purposes[flow.purpose]
        state = max(purpose.case_states, default="geen")
        for category in {c for rule in book.rules_for(*flow) for c in rule.gives}:
            shape = Shape(*flow, "aanbod", "betrokkene", state)
            for way in ways(formula(book, shape, category)):
                values = {
                    fact: next(t for t in (Truth.ONBEKEND, Truth.WAAR, Truth.ONWAAR) if t in held) for fact, held in way.items()
                }
                other = next(c for c in book.vocabulary.categories if c != category)
                question = Question(**shape._asdict(), categories=(category,), facts=facts_of(values, category, other))
                assert category in decide(question, book).permitted
                for fact in values:
                    without = {**values, fact: next((t for t in Truth if t not in way[fact]), Truth.ONBEKEND)}
                    closed = replace(question, facts=facts_of(without, category, other))
                    assert permitted_otherwise(book, closed, category) or category not in decide(closed, book).permitted


def permitted_otherwise(book: Rulebook, question: Question, category: str) -> bool:
    """Whether another way in is open: then leaving this one closes nothing."""
    shape = Shape(
        question.purpose, question.provider, question.requester, question.direction, question.person, question.case_state
    )
    return any(
        all(truth(question.facts, fact, category) in held for fact, held in way.items())
        for way in ways(formula(book, shape, category))
    )


def test_a_prohibition_more_is_narrower_and_nothing_else(book: Rulebook) -> None:
    common = replace(book.common, never={**book.common.never, "risico.signaal": next(iter(book.common.never.values()))})
    found = compare(book, replace(book, common=common))
    assert {(one.category, one.change.effect) for one in found} == {("risico.signaal", Effect.ENGER)}
    assert not wider(found)


def test_a_higher_precision_is_wider(book: Rulebook) -> None:
    rule = next(r for r in book.rules if r.id == "politie-halt")
    gives = {**rule.gives, "politie.artikel-8": Precision.EXACT}
    new = replace(book, rules=tuple(replace(rule, gives=gives) if r is rule else r for r in book.rules))
    (only,) = compare(book, new)
    assert (only.category, only.change.effect, only.change.aspect) == ("politie.artikel-8", Effect.RUIMER, Aspect.PRECISIE)
    assert (only.change.before, only.change.after) == ("functioneel", "exact")


def test_a_way_through_a_secrecy_more_is_told_as_secrecy(book: Rulebook) -> None:
    rule = next(r for r in book.rules if r.id == "ggz-zvh-klinisch")
    assert rule.secrecy is not None
    common = replace(book.common, secret={kind: None for kind in book.common.secret if kind != "ggz"})
    found = compare(book, replace(book, common=common))
    assert Aspect.GEHEIM in {one.change.aspect for one in found}
    assert {pair[0] for one in found if one.change.aspect is Aspect.GEHEIM for pair in one.flows} >= {"ggz"}
