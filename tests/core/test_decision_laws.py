"""The laws of the decision, held over random questions to the shipped set."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from questions_near_rules import BOOK, CATEGORIES, FACTS, OBJECTIONS, WORDS, questions

from sluis.core.decision import decide
from sluis.core.question import FactValue, Question, Truth
from sluis.core.rules import Rule
from sluis.core.terms import Route
from sluis.core.verdict import Decision, Deny, Reason


def wider(after: Decision, before: Decision) -> list[str]:
    """The categories of which `after` gives more than `before`."""
    old = before.permitted
    return [name for name, new in after.permitted.items() if name not in old or new.precision > old[name].precision]


FEW = settings(max_examples=100, deadline=None)


@FEW
@given(questions())
def test_every_category_asked_has_exactly_one_verdict(question: Question) -> None:
    decision = decide(question, BOOK)
    assert tuple(decision.verdicts) == question.categories
    assert decision.policy == BOOK.policy


@FEW
@given(questions(), st.data())
def test_removing_a_fact_never_widens(question: Question, data: st.DataObject) -> None:
    removable = [name for name in question.facts if name not in OBJECTIONS]
    gone = set(data.draw(st.lists(st.sampled_from(removable), min_size=1, max_size=3)))
    less = {name: value for name, value in question.facts.items() if name not in gone}
    assert not wider(decide(replace(question, facts=less), BOOK), decide(question, BOOK))


@FEW
@given(questions(), st.data())
def test_unknown_is_the_same_as_not_named_and_never_permits_more_than_known(question: Question, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FACTS))
    unknown = decide(replace(question, facts={**question.facts, name: Truth.ONBEKEND}), BOOK)
    absent = decide(replace(question, facts={k: v for k, v in question.facts.items() if k != name}), BOOK)
    assert unknown == absent
    if name not in OBJECTIONS:
        known = [decide(replace(question, facts={**question.facts, name: value}), BOOK) for value in (Truth.WAAR, Truth.ONWAAR)]
        for category in unknown.permitted:
            assert all(category in one.permitted for one in known)


@FEW
@given(questions(), st.sampled_from([Truth.WAAR, Truth.ONWAAR]))
def test_urgency_never_matters(question: Question, urgent: Truth) -> None:
    assert decide(replace(question, facts={**question.facts, "spoed": urgent}), BOOK) == decide(question, BOOK)


@FEW
@given(questions(), st.sampled_from(CATEGORIES))
def test_a_prohibition_more_never_widens_and_touches_nothing_else(question: Question, category: str) -> None:
    common = replace(BOOK.common, never={**BOOK.common.never, category: Reason.GEGEVEN})
    before, after = decide(question, BOOK), decide(question, replace(BOOK, common=common))
    assert category not in after.permitted
    assert category not in after.referred
    assert not wider(after, before)
    assert {c: v for c, v in after.verdicts.items() if c != category} == {
        c: v for c, v in before.verdicts.items() if c != category
    }


@FEW
@given(questions(), st.integers(0, 10**9))
def test_the_order_of_rules_never_matters(question: Question, seed: int) -> None:
    shuffled = list(BOOK.rules)
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    assert decide(question, replace(BOOK, rules=tuple(shuffled))) == decide(question, BOOK)


@FEW
@given(questions(), st.data())
def test_a_rule_less_never_widens(question: Question, data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(BOOK.rules))
    fewer = replace(BOOK, rules=tuple(rule for rule in BOOK.rules if rule is not gone))
    assert not wider(decide(question, fewer), decide(question, BOOK))


@FEW
@given(questions(), st.sampled_from(sorted(WORDS.duties)))
def test_a_duty_that_nobody_carries_out_withholds_what_needs_it(question: Question, duty: str) -> None:
    before, after = decide(question, BOOK), decide(question, BOOK.carrying(BOOK.carried - {duty}))
    assert not wider(after, before)
    assert duty not in {d for permit in after.permitted.values() for d in permit.duties}


@FEW
@given(questions())
def test_an_empty_rulebook_refuses_everything(question: Question) -> None:
    decision = decide(question, replace(BOOK, rules=()))
    assert set(decision.refused) == set(question.categories)


@FEW
@given(questions())
def test_facts_of_the_other_route_change_nothing(question: Question) -> None:
    route = WORDS.purposes[question.purpose].route
    other = Route.SECTOR if route is Route.WGS else Route.WGS
    own, foreign = facts_of(route), facts_of(other)
    extra: dict[str, FactValue] = dict.fromkeys(foreign - own - BOOK.common.both_routes - {"casus-verlengd"}, Truth.WAAR)
    assert decide(replace(question, facts={**question.facts, **extra}), BOOK) == decide(question, BOOK)


def facts_of(route: Route) -> set[str]:
    rules: list[Rule] = [rule for rule in BOOK.rules if WORDS.purposes[rule.purpose].route is route]
    clauses = [clause for rule in rules for clause in rule.clauses]
    purposes = {rule.purpose for rule in rules}
    for part in BOOK.common.shared:
        if (not part.purposes or part.purposes & purposes) and (not part.routes or route.value in part.routes):
            clauses += part.clauses
    return {need.fact for clause in clauses for way in clause.ways for need in way.needs}


@FEW
@given(questions())
def test_what_is_referred_is_released_once_every_judgement_is_made(question: Question) -> None:
    for category, refer in decide(question, BOOK).referred.items():
        judged = {fact: made(question, category, fact) for fact in refer.facts}
        after = decide(replace(question, facts={**question.facts, **judged}), BOOK)
        assert category in after.permitted, (category, refer)


def made(question: Question, category: str, fact: str) -> Truth:
    """The judgement that lets go: true, or false where it is an objection that must be known to be absent."""
    after = decide(replace(question, facts={**question.facts, fact: Truth.WAAR}), BOOK)
    return Truth.ONWAAR if isinstance(after.verdicts[category], Deny) else Truth.WAAR


@FEW
@given(questions())
def test_what_helps_really_helps(question: Question) -> None:
    """With the facts that a refusal names, the reason goes away: released, referred, or a later step."""
    order = list(Reason)
    for category, deny in decide(question, BOOK).refused.items():
        named = {help_.removeprefix("geen "): help_ for help_ in deny.helps}
        if not named or not named.keys() <= WORDS.facts.keys():
            continue
        told = {fact: Truth.ONWAAR if help_.startswith("geen ") else Truth.WAAR for fact, help_ in named.items()}
        after = decide(replace(question, facts={**question.facts, **told}), BOOK).verdicts[category]
        if isinstance(after, Deny):
            same_step = order.index(after.reason) == order.index(deny.reason) and after != deny
            assert same_step or order.index(after.reason) > order.index(deny.reason), (category, deny, after)


def test_asking_nothing_releases_nothing() -> None:
    question = Question(
        purpose="zvh-casus",
        direction="opvraag",
        requester="politie",
        provider="ggz",
        categories=(),
        person="betrokkene",
        case_state="opgenomen",
    )
    assert not decide(question, BOOK).verdicts


@pytest.mark.parametrize("field", ["purpose", "requester", "provider", "person", "case_state", "direction"])
def test_a_word_that_does_not_exist_is_refused(field: str) -> None:
    question = Question(
        purpose="openbare-orde",
        direction="opvraag",
        requester="burgemeester",
        provider="politie",
        categories=("politie.artikel-8", "bestaat.niet"),
        person="betrokkene",
        case_state="geen",
        facts={"gebruiker-bevoegd": Truth.WAAR, "motivering": Truth.WAAR},
    )
    assert set(decide(question, BOOK).refused) == {"bestaat.niet"}
    put: Callable[..., Question] = replace
    changed = decide(put(question, **{field: "onzin"}), BOOK)
    if field not in ("direction", "case_state"):  # this flow goes in both directions, and without a case
        assert set(changed.refused) == set(question.categories)
