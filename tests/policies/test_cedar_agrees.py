"""A second opinion: the same set, compiled to Cedar by another reading, says the same of random questions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cedar_reading import SecondOpinion
from near_questions import dice, mutated, question_near

from sluis.core.decision import decide
from sluis.core.rules import Rulebook
from sluis.core.verdict import Permit, Precision, Refer


def differences(book: Rulebook, seed: int, count: int) -> tuple[list[object], dict[str, int]]:
    """Where Cedar and Sluis differ, and how many categories were released, referred and refused."""
    chance, cedar = dice(seed), SecondOpinion(book)
    found: list[object] = []
    seen = {"released": 0, "referred": 0, "refused": 0}
    for _ in range(0, count, 250):
        questions = [question_near(book, chance) for _ in range(min(250, count))]
        for question, opinions in zip(questions, cedar.of(questions), strict=True):
            for category, verdict in decide(question, book).verdicts.items():
                released = isinstance(verdict, Permit)
                ours = (
                    frozenset(verdict.rules) if isinstance(verdict, Permit) else frozenset(),
                    isinstance(verdict, Refer),
                    verdict.precision if isinstance(verdict, Permit) else Precision.GEEN,
                )
                theirs = opinions[category]
                seen["released" if released else "referred" if ours[1] else "refused"] += 1
                if ours != (theirs.rules, theirs.referred, theirs.precision):
                    found.append((question, category, verdict, theirs))
    return found, seen


def test_cedar_and_sluis_agree_on_500_questions(book: Rulebook) -> None:
    found, seen = differences(book, 1, 500)
    assert found == []
    assert min(seen.values()) > 10, "the questions reach every outcome"


@pytest.mark.slow
def test_cedar_and_sluis_agree_on_10000_questions(book: Rulebook) -> None:
    found, seen = differences(book, 2, 10_000)
    assert found == []
    assert min(seen.values()) > 200


@pytest.mark.parametrize("seed", range(3))
def test_they_agree_on_a_changed_set_too(book: Rulebook, seed: int) -> None:
    assert differences(mutated(book, dice(seed)), seed, 250)[0] == []


def test_the_second_opinion_notices_a_rule_that_one_of_them_lacks(book: Rulebook) -> None:
    cedar = SecondOpinion(book)
    fewer = replace(book, rules=tuple(r for r in book.rules if not r.id.startswith("politie")))
    chance = dice(5)
    questions = [question_near(book, chance) for _ in range(300)]
    told = [
        (question, category)
        for question, opinions in zip(questions, cedar.of(questions), strict=True)
        for category, verdict in decide(question, fewer).verdicts.items()
        if isinstance(verdict, Permit) is not bool(opinions[category].rules)
    ]
    assert told
