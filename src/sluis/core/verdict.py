"""What a decision is: per category Permit, Refer or Deny, each with the rules that made it.

A denial is a type with a reason from a closed set, never a string and never a bare False. `Decision` is made in one place:
`core.decision.decide`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Precision(IntEnum):
    """The ladder. Each step gives away at least as much as the one before."""

    GEEN = 0
    BESTAAT = 1
    GROF = 2
    FUNCTIONEEL = 3
    EXACT = 4

    @property
    def word(self) -> str:
        """The word of the vocabulary: `functioneel`."""
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Precision:
        """The step of that word. Raises KeyError for another word."""
        return cls[word.upper()]


class Reason(StrEnum):
    """Why a category is withheld, in the order of testing: where several fail, the first counts (`law.md` 0.2)."""

    GEBRUIKER = "gebruiker"
    LOGDOEL = "logdoel"
    DOEL = "doel"
    CASUSSTATUS = "casusstatus"
    BEWAARTERMIJN = "bewaartermijn"
    PARTIJ = "partij"
    PERSOON = "persoon"
    GEGEVEN = "gegeven"
    DERDEN = "derden"
    ROUTE = "route"
    GEHEIM = "geheim"
    VERSTREKKER = "verstrekker"
    MOTIVERING = "motivering"


class Outcome(StrEnum):
    """The decision on the whole question."""

    VERSTREKKEN = "verstrekken"
    VOORLEGGEN = "voorleggen"
    WEIGEREN = "weigeren"


class TextMode(StrEnum):
    """How free text of a permitted category is treated (`docs/redaction.md`)."""

    MASK = "mask"
    STRICT = "strict"
    WITHHOLD = "withhold"
    REVIEW = "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """The category may leave, at most at this precision, with these duties, under these rules and articles."""

    precision: Precision
    rules: tuple[str, ...]
    duties: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    retention: str = ""
    text: TextMode = TextMode.WITHHOLD


@dataclass(frozen=True, slots=True, kw_only=True)
class Refer:
    """A human's judgement could release the category: `role` decides, on one of `facts`."""

    role: str
    facts: tuple[str, ...]
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deny:
    """The category stays, for this reason; `helps` names the facts (or the change of the question) that would make it lawful."""

    reason: Reason
    explanation: str
    rules: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()


Verdict = Permit | Refer | Deny


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The verdict on each category asked. Made only by `core.decision.decide`."""

    verdicts: Mapping[str, Verdict]
    duties: tuple[str, ...]
    rules: tuple[str, ...]
    policy: str

    @property
    def outcome(self) -> Outcome:
        """Any category released: verstrekken; else any that a human could release: voorleggen; else weigeren."""
        if self.permitted:
            return Outcome.VERSTREKKEN
        return Outcome.VOORLEGGEN if self.referred else Outcome.WEIGEREN

    @property
    def permitted(self) -> dict[str, Permit]:
        """The categories that may leave."""
        return {name: v for name, v in self.verdicts.items() if isinstance(v, Permit)}

    @property
    def referred(self) -> dict[str, Refer]:
        """The categories that wait for a human."""
        return {name: v for name, v in self.verdicts.items() if isinstance(v, Refer)}

    @property
    def refused(self) -> dict[str, Deny]:
        """The categories that stay, with their reasons."""
        return {name: v for name, v in self.verdicts.items() if isinstance(v, Deny)}
