"""Rules and refusals in words: complete, and readable in two languages."""

from __future__ import annotations

import pytest
from questions_near_rules import BOOK, WORDS

from sluis.core.explain import helps, listed, named, sentence, why, why_disputed
from sluis.core.matrix import matrix
from sluis.core.plan import shared_with
from sluis.core.rules import Rule


@pytest.mark.parametrize("rule", BOOK.rules, ids=[rule.id for rule in BOOK.rules])
def test_a_sentence_names_purpose_categories_and_every_fact_in_both_languages(rule: Rule) -> None:
    for english in (False, True):
        said = sentence(rule, WORDS, english=english)
        purpose = WORDS.purposes[rule.purpose]
        assert (purpose.title_en if english else purpose.title) in said
        assert all(f"{category} ({precision.word})" in said for category, precision in rule.gives.items())
        facts = {need.fact for clause in rule.clauses for way in clause.ways for need in way.needs}
        assert all(f"'{fact}'" in said for fact in facts)


@pytest.mark.parametrize("rule", BOOK.rules, ids=[rule.id for rule in BOOK.rules])
def test_why_names_what_is_needed_and_helps_names_the_facts(rule: Rule) -> None:
    for clause in rule.clauses:
        needed = why(clause, WORDS)
        assert needed.startswith(WORDS.reasons[clause.reason].nl)
        assert all(help_.removeprefix("geen ") in needed for help_ in helps(clause))


def test_a_disputed_consent_is_told_as_a_dispute() -> None:
    (consent,) = [c for rule in BOOK.rules if rule.id == "gemeente-wmo-onderzoek" for c in rule.clauses]
    assert "omstreden" in why_disputed(consent, WORDS)
    assert helps(consent) == ("toestemming",)
    assert helps(consent, disputed=True) == ("toestemming", "geen gezag-weigert", "geen bezwaar-betrokkene")


def test_an_enumeration_reads_as_one() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"], "of") == "a, b of c"


def test_a_whole_group_goes_by_its_name() -> None:
    assert named(WORDS.kinds_of(["hulpdiensten"]), WORDS) == ("de groep hulpdiensten",)
    assert named(frozenset({"politie", "om"}), WORDS, english=True) == ("Police", "Prosecution service")


def test_what_is_shared_is_told_with_a_rule() -> None:
    (case,) = [rule for rule in BOOK.rules if rule.id == "politie-zvh-casus"]
    assert {part.id for part in shared_with(BOOK, case)} >= {"motivering-vooraf", "ontvanger-betrokken", "verstrekker-betrokken"}


def test_the_matrix_holds_every_flow_of_a_purpose_once() -> None:
    for purpose in WORDS.purposes:
        pairs = [(p, r) for cell in matrix(BOOK, purpose) for p in cell.providers for r in cell.requesters]
        never = BOOK.common.never_requesters
        expected = {(p, r) for p in WORDS.kinds for r in WORDS.kinds if r not in never and BOOK.rules_for(purpose, p, r)}
        assert len(pairs) == len(set(pairs))
        assert set(pairs) == expected
