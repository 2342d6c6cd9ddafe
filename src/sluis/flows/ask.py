"""Mag ik dit vragen? A dry run: the same decision, no person, nothing stored, an answer in seconds (seed S12).

Laws of this file: it names no person and no case; what it supposes is what the asker says ("if there were consent …"); the
answer is the very decision that a real request with these facts would get.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sluis.core.decision import decide
from sluis.core.errors import BadInput, Flaw
from sluis.core.question import FactValue, Question
from sluis.core.terms import Vocabulary
from sluis.core.verdict import Decision
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposition:
    """A question between kinds of partners under supposed facts; the words are those of `Question`."""

    purpose: str
    direction: str
    requester: str
    provider: str
    categories: tuple[str, ...]
    person: str
    case_state: str
    facts: Mapping[str, FactValue] = field(default_factory=dict)


def ask(supposed: Supposition, services: Services) -> tuple[Question, Decision]:
    """What the rules would say. Raises `BadInput` with every word that does not exist, without repeating it."""
    rulebook = services.rules.current()
    _refuse_unknown(supposed, rulebook.vocabulary)
    question = Question(
        purpose=supposed.purpose,
        direction=supposed.direction,
        requester=supposed.requester,
        provider=supposed.provider,
        categories=supposed.categories,
        person=supposed.person,
        case_state=supposed.case_state,
        facts=supposed.facts,
    )  # fmt: skip - one value
    return question, decide(question, rulebook)


def _refuse_unknown(supposed: Supposition, vocabulary: Vocabulary) -> None:
    words = [
        ("doel", supposed.purpose, vocabulary.purposes),
        ("richting", supposed.direction, vocabulary.directions),
        ("vrager", supposed.requester, vocabulary.kinds),
        ("verstrekker", supposed.provider, vocabulary.kinds),
        ("persoon", supposed.person, vocabulary.persons),
        ("casusstatus", supposed.case_state, vocabulary.case_states),
        *((f"gegevens[{i}]", name, vocabulary.categories) for i, name in enumerate(supposed.categories)),
        *((f"feiten[{i}]", name, vocabulary.facts) for i, name in enumerate(supposed.facts)),
    ]
    flaws = [
        Flaw(where=where, what="onbekend woord", mend="zie /v1/beleid voor de woorden")
        for where, word, known in words
        if word not in known
    ]
    if not supposed.categories:
        flaws.append(Flaw(where="gegevens", what="er wordt niets gevraagd", mend="noem ten minste een gegeven"))
    if flaws:
        raise BadInput(*flaws)
