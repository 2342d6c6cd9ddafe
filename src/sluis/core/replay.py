"""Logged questions under another set: which verdicts would be others, and which way they would go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sluis.core.changes import Effect
from sluis.core.decision import decide
from sluis.core.question import Question
from sluis.core.rules import Rulebook
from sluis.core.verdict import Deny, Permit, Refer, Verdict

REFERRED = "voorleggen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A decision that was made before: the question, and per category the precision, the reason, or `voorleggen`."""

    id: str
    question: Question
    outcomes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A logged verdict that would be another."""

    id: str
    category: str
    effect: Effect
    before: str
    after: str


def replayed(logged: Logged, book: Rulebook) -> Iterator[Replayed]:
    """The verdicts on this question that would be others under `book`."""
    decision = decide(replace(logged.question, categories=tuple(logged.outcomes)), book)
    for category, before in logged.outcomes.items():
        verdict = decision.verdicts[category]
        if (after := said(verdict)) != before:
            old, new = _height(before, book), _height(after, book)
            effect = Effect.RUIMER if new > old else Effect.ENGER if new < old else Effect.ANDERS
            yield Replayed(id=logged.id, category=category, effect=effect, before=before, after=after)


def said(verdict: Verdict) -> str:
    """A verdict in one word: the precision, `voorleggen`, or the reason."""
    match verdict:
        case Permit():
            return verdict.precision.word
        case Refer():
            return REFERRED
        case Deny():
            return verdict.reason.value


def _height(word: str, book: Rulebook) -> int:
    """How much is given away: a reason nothing, then what waits for a human, then the ladder of precision."""
    ladder = list(book.vocabulary.precisions)
    return ladder.index(word) + 2 if word in ladder else int(word == REFERRED)
