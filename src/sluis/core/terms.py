"""The words of Sluis: every word that a question, a rule or an answer may use, with what it means.

Read from `policies/begrippen.yaml` by `sluis.policy_files`; nothing here changes after it was made. A word that is not in
the vocabulary does not exist: `unknown_words` names it, and the question is not put.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sluis.core.errors import Flaw
from sluis.core.question import CONTESTED, Question, Truth
from sluis.core.verdict import Precision, Reason


class FactKind(StrEnum):
    """What kind of thing a fact is: a document, a human's judgement, how things stand now, or a promise."""

    BEWIJS = "bewijs"
    OORDEEL = "oordeel"
    TOESTAND = "toestand"
    TOEZEGGING = "toezegging"


class Route(StrEnum):
    """Which law opens the flow: a Zorg- en Veiligheidshuis, sector law between two parties, or none."""

    WGS = "wgs"
    SECTOR = "sector"
    GEEN = "geen"


class Motivation(StrEnum):
    """Who supplies the necessity, and when: written beforehand, afterwards, by statute, by the professional."""

    VOORAF = "vooraf"
    ACHTERAF = "achteraf"
    WETTELIJK = "wettelijk"
    PROFESSIONAL = "professional"


class Certainty(StrEnum):
    """Whether the law is settled. What is disputed is never released without a recorded human decision."""

    VAST = "vast"
    OMSTREDEN = "omstreden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A fixed word with its meaning in Dutch and English."""

    id: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of partner (`soort`). `secrecies` rest on what it holds; `bsn`: it may use the citizen service number."""

    id: str
    title: str
    title_en: str
    domain: str
    wgs: str
    secrecies: tuple[str, ...]
    bsn: bool
    law: str
    part_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A fixed set of kinds."""

    id: str
    title: str
    members: tuple[str, ...]
    title_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """How a field is made coarser. A higher `rank` keeps more."""

    id: str
    rank: int
    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of data. `fields`: per field what is left (an operation id) at GROF, FUNCTIONEEL and EXACT."""

    id: str
    title: str
    title_en: str
    klass: str
    sensitivity: int
    wgs_list: bool
    default: Precision
    fields: Mapping[str, Mapping[Precision, str]]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What data may be asked for. `retention` and `onward` are formulas; without `case_states` the case plays no role."""

    id: str
    title: str
    title_en: str
    route: Route
    gdpr: tuple[str, ...]
    law: str
    case_states: frozenset[str]
    motivation: Motivation
    consent: str
    retention: str
    onward: str
    certainty: Certainty
    verify: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that can be waar, onwaar or unknown. `absent` is what it is when nobody named it."""

    id: str
    kind: FactKind
    who: str
    scoped: bool
    absent: Truth
    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What somebody (`who`: provider, requester, recipient, Sluis) must do along with a release."""

    id: str
    who: str
    nl: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All words, by id. The order of `duties` and `categories` is the order in which answers list them."""

    version: str
    precisions: Mapping[str, Term]
    directions: Mapping[str, Term]
    persons: Mapping[str, Term]
    case_states: Mapping[str, Term]
    outcomes: Mapping[str, Term]
    secrecies: Mapping[str, Term]
    kinds: Mapping[str, Kind]
    groups: Mapping[str, Group]
    classes: Mapping[str, Term]
    operations: Mapping[str, Operation]
    categories: Mapping[str, Category]
    purposes: Mapping[str, Purpose]
    facts: Mapping[str, Fact]
    duties: Mapping[str, Duty]
    reasons: Mapping[Reason, Term]

    def kinds_of(self, words: Collection[str]) -> frozenset[str]:
        """The kinds that these kinds and groups stand for. Raises KeyError for a word that is neither."""
        found: set[str] = set()
        for word in words:
            if word in self.kinds:
                found.add(word)
            else:
                found.update(self.groups[word].members)
        return frozenset(found)


def _unknown(word: str, known: Collection[str], what: str) -> Iterator[Flaw]:
    if word not in known:
        yield Flaw(where=what, what=f"onbekend woord '{word}'", mend="gebruik een woord uit begrippen.yaml")


def unknown_words(question: Question, vocabulary: Vocabulary) -> tuple[Flaw, ...]:
    """Every word of the question that does not exist, and every list behind a fact that cannot be scoped. Empty = none."""
    v = vocabulary
    flaws: list[Flaw] = []
    flaws += _unknown(question.purpose, v.purposes, "doel")
    flaws += _unknown(question.direction, v.directions, "richting")
    flaws += _unknown(question.requester, v.kinds, "vrager")
    flaws += _unknown(question.provider, v.kinds, "verstrekker")
    flaws += _unknown(question.person, v.persons, "persoon")
    flaws += _unknown(question.case_state, v.case_states, "casus")
    for category in question.categories:
        flaws += _unknown(category, v.categories, "gegevens")
    for name, value in question.facts.items():
        where = f"feiten.{name}"
        if name == CONTESTED and not isinstance(value, Truth):
            for category in sorted(value):
                flaws += _unknown(category, v.categories, where)
        elif name not in v.facts:
            flaws += _unknown(name, v.facts, "feiten")
        elif not isinstance(value, Truth):
            if not v.facts[name].scoped:
                flaws.append(Flaw(where=where, what="dit feit geldt niet per gegeven", mend="schrijf waar of onwaar"))
            for category in sorted(value):
                flaws += _unknown(category, v.categories, where)
    if not question.categories:
        flaws.append(Flaw(where="gegevens", what="er wordt niets gevraagd", mend="noem ten minste een gegeven"))
    return tuple(flaws)
