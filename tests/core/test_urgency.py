"""Urgency shortens the time and changes nothing else (acceptance U01)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.decision import decide
from sluis.core.question import Question, Truth
from sluis.core.rules import Rulebook
from sluis.core.urgency import RESPONSE_TIMES, due


@pytest.mark.parametrize("domain", [*RESPONSE_TIMES, "onbekend"])
def test_urgent_is_never_later_and_said_in_other_words(domain: str) -> None:
    (soon, quickly), (later, slowly) = due(domain, urgent=True, at=NOON), due(domain, urgent=False, at=NOON)
    assert NOON < soon < later
    assert quickly != slowly


def test_every_domain_with_times_of_its_own_is_a_domain_of_the_vocabulary(shipped: Rulebook) -> None:
    assert set(RESPONSE_TIMES) <= {kind.domain for kind in shipped.vocabulary.kinds.values()}


def test_no_rule_knows_the_word(shipped: Rulebook) -> None:
    assert "spoed" not in repr(shipped.rules) + repr(shipped.common)


@given(data=st.data())
def test_u01_any_question_gets_the_same_answer_with_and_without_urgency(data: st.DataObject, shipped: Rulebook) -> None:
    words = shipped.vocabulary
    truths = st.sampled_from(Truth)
    facts = data.draw(st.dictionaries(st.sampled_from(sorted(set(words.facts) - {"spoed"})), truths, max_size=20))
    asked = {
        "purpose": data.draw(st.sampled_from(sorted(words.purposes))),
        "direction": data.draw(st.sampled_from(sorted(words.directions))),
        "requester": data.draw(st.sampled_from(sorted(words.kinds))),
        "provider": data.draw(st.sampled_from(sorted(words.kinds))),
        "person": data.draw(st.sampled_from(sorted(words.persons))),
        "case_state": data.draw(st.sampled_from(sorted(words.case_states))),
    }
    categories = tuple(data.draw(st.lists(st.sampled_from(sorted(words.categories)), min_size=1, max_size=6, unique=True)))
    calm, urgent = (
        decide(Question(**asked, categories=categories, facts={**facts, **more}), shipped) for more in ({}, {"spoed": Truth.WAAR})
    )
    assert calm == urgent
