"""The question that a partner puts, and the facts it rests on.

A fact is waar, onwaar or unknown. A fact that is not named is unknown. A fact may be scoped: true for the categories it
names and false for all others (a consent covers exactly what it says). `casus` and `feiten` come from what Sluis holds,
never from the person who asks, save the statements the law lets him make (`core/facts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Truth(StrEnum):
    """What is known of a fact for one category."""

    WAAR = "waar"
    ONWAAR = "onwaar"
    ONBEKEND = "onbekend"


FactValue = Truth | frozenset[str] | Mapping[str, Truth]
"""A truth for every category; or the categories for which it is true (false for all others); or a truth per category
(unknown for all others: the professional who weighed one category has said nothing of the next)."""

CONTESTED = "betwist"
"""A fact of Sluis' own, in no vocabulary: the person contests that these categories are used, and no human has decided yet, or
one has agreed with him (AVG 18 and 21, `core/claims.py`). It stands in a question only where it is true."""

Facts = Mapping[str, FactValue]
"""What is established, by fact name; an absent name is unknown."""


def truth(facts: Facts, name: str, category: str) -> Truth:
    """What `facts` says of `name` for `category`: unknown when it is not named."""
    value = facts.get(name, Truth.ONBEKEND)
    if isinstance(value, frozenset):
        return Truth.WAAR if category in value else Truth.ONWAAR
    if isinstance(value, Mapping):
        return value.get(category, Truth.ONBEKEND)
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whether `requester` may receive `categories` about `person` from `provider`, for `purpose`, in this state of the case.

    Every word is one of the vocabulary (`policies/begrippen.yaml`); parties are kinds (`soorten`), not organisations.
    `requester` always is the party that would receive, `provider` the one that holds, also for a push (`aanbod`).
    """

    purpose: str
    direction: str
    requester: str
    provider: str
    categories: tuple[str, ...]
    person: str
    case_state: str
    facts: Facts = field(default_factory=lambda: MappingProxyType({}))
