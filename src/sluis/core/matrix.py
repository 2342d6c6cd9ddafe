"""Who can get what from whom for a purpose, at most: the rules of that purpose laid beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sluis.core.rules import Rulebook
from sluis.core.verdict import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """These providers can give these requesters `gives`, when the conditions of `rules` are met. Kinds in vocabulary order."""

    providers: tuple[str, ...]
    requesters: tuple[str, ...]
    gives: Mapping[str, Precision]
    rules: tuple[str, ...]


def matrix(book: Rulebook, purpose: str) -> tuple[Cell, ...]:
    """The cells of a purpose; providers and requesters that can give and get the same stand together."""
    rows: dict[tuple[tuple[str, ...], tuple[tuple[str, Precision], ...], tuple[str, ...]], list[str]] = {}
    for provider in book.vocabulary.kinds:
        for (gives, rules), requesters in _columns(book, purpose, provider).items():
            rows.setdefault((tuple(requesters), gives, rules), []).append(provider)
    return tuple(
        Cell(providers=tuple(providers), requesters=requesters, gives=dict(gives), rules=rules)
        for (requesters, gives, rules), providers in rows.items()
    )


def _columns(
    book: Rulebook, purpose: str, provider: str
) -> dict[tuple[tuple[tuple[str, Precision], ...], tuple[str, ...]], list[str]]:
    """For one provider: what can be given under which rules, and to whom."""
    columns: dict[tuple[tuple[tuple[str, Precision], ...], tuple[str, ...]], list[str]] = {}
    for requester in book.vocabulary.kinds:
        rules = book.rules_for(purpose, provider, requester)
        if not rules or requester in book.common.never_requesters:
            continue
        highest: dict[str, Precision] = {}
        for rule in rules:
            for category, precision in rule.gives.items():
                highest[category] = min(precision, highest.get(category, precision))
        gives = tuple((category, highest[category]) for category in book.vocabulary.categories if category in highest)
        columns.setdefault((gives, tuple(rule.id for rule in rules)), []).append(requester)
    return columns
