"""Random questions to the shipped set, each near a rule: right in most words, wrong in some."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

from sluis.core.question import FactValue, Question, Truth
from sluis.core.rules import Must
from sluis.policy_files import load

BOOK = load(Path(__file__).resolve().parents[2] / "policies")
WORDS = BOOK.vocabulary
CATEGORIES = sorted(WORDS.categories)
FACTS = sorted(name for name in WORDS.facts if name != "spoed")
TRUTHS = st.sampled_from([Truth.WAAR, Truth.WAAR, Truth.WAAR, Truth.ONWAAR, Truth.ONBEKEND])


def objections() -> frozenset[str]:
    """The facts that only count when somebody recorded them: to remove one is to withdraw an objection."""
    shared = [clause for part in BOOK.common.shared for clause in part.clauses]
    ways = [way for rule in BOOK.rules for clause in (*rule.clauses, *shared) for way in clause.ways]
    ways += [opened.way for opened in BOOK.common.secrecy_ways.values()]
    return frozenset(need.fact for way in ways for need in way.needs if need.must is Must.NIET_VASTGELEGD)


OBJECTIONS = objections()


@st.composite
def facts_strategy(draw: st.DrawFn) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {}
    for name in FACTS:
        if name in OBJECTIONS and draw(st.integers(0, 5)):
            continue
        value: FactValue = draw(TRUTHS)
        if WORDS.facts[name].scoped and draw(st.integers(0, 4)) == 0:
            named = draw(st.lists(st.sampled_from(CATEGORIES), max_size=8))
            value = frozenset(named) if draw(st.booleans()) else {category: draw(TRUTHS) for category in named}
        facts[name] = value
    if draw(st.integers(0, 3)):
        facts["gebruiker-bevoegd"] = facts["motivering"] = Truth.WAAR
    return facts


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question near a rule: right in most words, wrong in some."""
    rule = draw(st.sampled_from(BOOK.rules))

    def mostly(right: list[str], all_of: list[str]) -> str:
        few: int = draw(st.integers(0, 7))
        return draw(st.sampled_from(right if right and few else all_of))

    purpose = mostly([rule.purpose], sorted(WORDS.purposes))
    states = sorted(WORDS.purposes[purpose].case_states)
    given_here = draw(st.lists(st.sampled_from(list(rule.gives)), min_size=1, max_size=5, unique=True))
    others = draw(st.lists(st.sampled_from(CATEGORIES), max_size=2))
    return Question(
        purpose=purpose,
        direction=mostly(["aanbod"], sorted(WORDS.directions)),
        requester=mostly(sorted(rule.requesters), sorted(WORDS.kinds)),
        provider=mostly(sorted(rule.providers), sorted(WORDS.kinds)),
        categories=tuple(dict.fromkeys((*given_here, *others))),
        person=mostly([p for p, scope in BOOK.common.persons[purpose].items() if scope is None], sorted(WORDS.persons)),
        case_state=mostly(states, sorted(WORDS.case_states)),
        facts=draw(facts_strategy()),
    )
