"""Deciding a logged question again: with the same rules it must come out the same, and then it also tells what would help."""

from __future__ import annotations

from collections.abc import Mapping

from sluis.core.decision import decide
from sluis.core.entry import Json
from sluis.core.question import FactValue, Question, Truth
from sluis.core.rules import Rulebook
from sluis.core.terms import unknown_words
from sluis.core.verdict import Decision
from sluis.portal import reading


def question_of(recorded: Mapping[str, Json]) -> Question | None:
    """The question as it was recorded; None when it cannot be read."""
    words = {name: reading.text(recorded, name) for name in ("doel", "richting", "vrager", "verstrekker", "persoon", "casus")}
    categories = reading.words(recorded.get("gegevens"))
    if not categories or not all(words.values()):
        return None
    return Question(
        purpose=words["doel"],
        direction=words["richting"],
        requester=words["vrager"],
        provider=words["verstrekker"],
        categories=categories,
        person=words["persoon"],
        case_state=words["casus"],
        facts={name: fact_of(value) for name, value in reading.table(recorded, "feiten").items()},
    )


def fact_of(recorded: Json) -> FactValue:
    """A fact as it was recorded: a truth, the categories for which it is true, or a truth per category."""
    if isinstance(recorded, Mapping):
        return {name: _truth(value) for name, value in recorded.items()}
    return _truth(recorded) if isinstance(recorded, str) else frozenset(reading.words(recorded))


def _truth(word: Json) -> Truth:
    return Truth(word) if word in {truth.value for truth in Truth} else Truth.ONBEKEND


def decide_again(recorded: Mapping[str, Json], policy: str, book: Rulebook) -> Decision | None:
    """The decision on the recorded question by the same set; None when another set is in force or it cannot be read."""
    question = question_of(recorded) if policy == book.policy else None
    if question is None or unknown_words(question, book.vocabulary):
        return None
    return decide(question, book)


def agrees(cell: Mapping[str, Json], decision: Decision) -> bool:
    """Whether a decision says what the log says: the same released at the same precision, refused for the same reason."""
    return (
        reading.texts(cell, "released") == {name: permit.precision.word for name, permit in decision.permitted.items()}
        and reading.texts(cell, "refused") == {name: deny.reason.value for name, deny in decision.refused.items()}
        and reading.texts(cell, "referred") == {name: refer.role for name, refer in decision.referred.items()}
    )
