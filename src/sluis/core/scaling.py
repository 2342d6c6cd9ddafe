"""To whom a kind of partner may pass a worry on, for what, and what that takes: computed from the policy set (seed S5).

Laws of this file: a way up is a rule by which a provider may give something unasked, beside or before a case, never within
one; what it takes is what a decision under that rule would ask, shared conditions and secrecy included; no rule, no way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sluis.core.case import CaseState
from sluis.core.explain import helps, wanted
from sluis.core.plan import clauses_of
from sluis.core.rules import Rule, Rulebook
from sluis.core.terms import Purpose

CRITERIA: Mapping[str, str] = MappingProxyType(
    {
        "a": "De persoon of iemand in zijn gezin heeft problemen.",
        "b": "Zij spelen op meer dan een leefgebied, en er zijn factoren bij die tot strafbare feiten kunnen leiden.",
        "c": "Er is ernstige overlast, criminaliteit of onveiligheid, of die dreigt, en dat blijkt uit feiten.",
        "d": "Een domein alleen lost het niet op: meer domeinen moeten samenwerken.",
    }
)
"""BGS 2.20(1)(a)-(d) in our words: what the public participants admit a case by. A notification substantiates all four."""
SUBSTANTIATED = "meldcriteria-onderbouwd"
"""The fact that asks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A condition in words, the facts that would meet it, and for which categories it is asked."""

    says: str
    facts: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayUp:
    """Under this rule the provider may give its categories to these kinds, when `needs` are met."""

    rule: Rule
    purpose: Purpose
    kinds: tuple[str, ...]
    needs: tuple[Needed, ...]

    @property
    def criteria(self) -> Mapping[str, str]:
        """The admission criteria, where this way asks for them."""
        return CRITERIA if any(SUBSTANTIATED in one.facts for one in self.needs) else MappingProxyType({})


def ways_up(book: Rulebook, provider: str) -> tuple[WayUp, ...]:
    """Every way up of that kind, in the order of the purposes; kinds of which the same is asked stand together."""
    return tuple(
        way
        for purpose in book.vocabulary.purposes.values()
        if CaseState.OPGENOMEN not in purpose.case_states
        for rule in book.index.get((purpose.id, provider), ())
        for way in _ways(book, rule, purpose, provider)
    )


def _ways(book: Rulebook, rule: Rule, purpose: Purpose, provider: str) -> Iterator[WayUp]:
    alike: dict[tuple[Needed, ...], list[str]] = {}
    for kind in book.vocabulary.kinds:
        if kind in rule.requesters and kind not in book.common.never_requesters:
            alike.setdefault(_needs(book, rule, (provider, kind)), []).append(kind)
    for needs, kinds in alike.items():
        yield WayUp(rule=rule, purpose=purpose, kinds=tuple(kinds), needs=needs)


def _needs(book: Rulebook, rule: Rule, pair: tuple[str, str]) -> tuple[Needed, ...]:
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for category in rule.gives:
        for clause in clauses_of(book, rule, pair, category):
            asked = found.setdefault((wanted(clause, book.vocabulary), helps(clause)), [])
            if category not in asked:
                asked.append(category)
    return tuple(Needed(says=says, facts=facts, categories=tuple(names)) for (says, facts), names in found.items())
