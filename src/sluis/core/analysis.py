"""Who can ever receive what: every flow a set opens, with the least that must be so before something leaves.

Laws of this file: a way in that is told lets through under `decide`, and leaving out one of its facts closes it; whoever is
not told never receives the category, in no state of the facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from sluis.core.cells import Flow, Situations, flows, given
from sluis.core.formula import Formula, State, formula, ways
from sluis.core.question import Truth
from sluis.core.rules import Rulebook
from sluis.core.verdict import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Each of `requesters` can receive the category from each of `providers`, in one of the states of facts in `ways`."""

    category: str
    purpose: str
    providers: tuple[str, ...]
    requesters: tuple[str, ...]
    directions: tuple[str, ...]
    persons: tuple[str, ...]
    states: tuple[str, ...]
    precision: Precision
    ways: tuple[State, ...]
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Key:
    """What flows must have in common to be told together."""

    purpose: str
    directions: tuple[str, ...]
    persons: tuple[str, ...]
    states: tuple[str, ...]
    formula: Formula


def who(book: Rulebook, category: str) -> tuple[Access, ...]:
    """Everybody who can ever receive `category`; empty when nobody can."""
    situations = Situations((book,)).of
    told: dict[_Key, list[Flow]] = {}
    for flow in flows(book):
        if category not in given(flow, book):
            continue
        directions: dict[tuple[tuple[str, ...], tuple[str, ...], Formula], list[str]] = {}
        for situation in situations(flow.purpose, category):
            found = replace(formula(book, situation.shape(flow), category), silent="")
            if found.grants:
                directions.setdefault((situation.persons, situation.states, found), []).append(situation.direction)
        for (persons, states, found), several in directions.items():
            told.setdefault(_Key(flow.purpose, tuple(several), persons, states, found), []).append(flow)
    return tuple(access for key, several in told.items() for access in _accesses(category, key, several))


def _accesses(category: str, key: _Key, several: list[Flow]) -> Iterator[Access]:
    contents = [grant.content for grant in key.formula.grants]
    open_ways = ways(key.formula)
    if not open_ways:
        return
    for providers, requesters in blocks((flow.provider, flow.requester) for flow in several):
        yield Access(
            category=category,
            purpose=key.purpose,
            providers=providers,
            requesters=requesters,
            directions=key.directions,
            persons=key.persons,
            states=key.states,
            precision=max(content.precision for content in contents),
            ways=open_ways,
            duties=tuple(sorted(frozenset.intersection(*(content.duties for content in contents)))),
        )


def blocks(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The pairs as (providers, requesters) in which each of the ones goes with each of the others."""
    partners: dict[str, list[str]] = {}
    for provider, requester in pairs:
        partners.setdefault(provider, []).append(requester)
    together: dict[tuple[str, ...], list[str]] = {}
    for provider, requesters in partners.items():
        together.setdefault(tuple(requesters), []).append(provider)
    return tuple((tuple(providers), requesters) for requesters, providers in together.items())


def always(several: tuple[State, ...]) -> State:
    """What every one of these states asks."""
    first, *rest = several
    return {fact: held for fact, held in first.items() if all(state.get(fact) == held for state in rest)}


def told(fact: str, held: frozenset[Truth]) -> str:
    """A fact with the truths it may have, in Dutch."""
    if held == {Truth.WAAR}:
        return fact
    return f"vaststaat: geen {fact}" if held == {Truth.ONWAAR} else f"geen {fact} vastgelegd"
