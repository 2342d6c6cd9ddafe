"""What a decision costs: with its full explanation, over 15 categories, beside Cedar and in sets of 100 to 10,000 rules.

The sets are made here: the shipped words and general part, with rules of one provider, two recipients, 15 categories and two
conditions each: a larger set has more flows, hardly more rules in a flow. Questions are near a rule; `ours` and `other` are
microseconds a question, medians of the interleaved rounds. Cedar gets its policies parsed and its requests made beforehand,
names only the facts that its policies use, and explains nothing; *sliced* means that our index chose which policies it sees.
It must say the same as we do, or there is no row.
"""

from __future__ import annotations

import gc
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "policies"))

import cedarpy
from cedar_reading import Reader, request
from near_questions import dice

from sluis.core.decision import decide
from sluis.core.effects import compare
from sluis.core.question import Question, Truth
from sluis.core.rules import Rule, Rulebook
from sluis.core.terms import Route
from sluis.core.verdict import Precision
from sluis.policy_files import load

Row = dict[str, object]
SIZES = (100, 1_000, 10_000)
CATEGORIES, QUESTIONS, ROUNDS = 15, 60, 7
POLICIES = Path(__file__).resolve().parents[2] / "policies"


def made(size: int) -> Rulebook:
    """A set of so many rules; a larger one begins with the rules of the smaller."""
    base, chance = load(POLICIES), dice(7)
    words, common = base.vocabulary, base.common
    categories = [name for name in words.categories if name not in common.never]
    kinds = sorted(set(words.kinds) - common.never_requesters)
    purposes = [p.id for p in words.purposes.values() if p.route is not Route.GEEN and base.opens(p.id)]
    clauses = sorted({c for rule in base.rules for c in rule.clauses if c.ways}, key=lambda c: c.ways[0].needs[0].fact)
    model = next(rule for rule in base.rules if rule.secrecy is not None and rule.secrecy.ways)

    def rule(number: int) -> Rule:
        return replace(
            model,
            id=f"r{number}",
            purpose=chance.choice(purposes),
            providers=frozenset(chance.sample(kinds, 1)),
            requesters=frozenset(chance.sample(kinds, 2)),
            gives=dict.fromkeys(chance.sample(categories, CATEGORIES), Precision.FUNCTIONEEL),
            clauses=tuple(replace(c, source=f"r{number}") for c in chance.sample(clauses, 2)),
        )

    return replace(base, rules=tuple(rule(number) for number in range(size)), policy=f"made-{size}")


def asked(book: Rulebook) -> list[Question]:
    """Questions of 15 categories, each near a rule; most facts help. The same in every set."""
    chance = dice(1)
    return [question(book, rule, chance) for rule in [*book.rules][:QUESTIONS]]


def question(book: Rulebook, rule: Rule, chance: Random) -> Question:
    """A question that this rule could answer."""
    purpose = book.vocabulary.purposes[rule.purpose]
    persons = [name for name, scope in book.common.persons[rule.purpose].items() if scope is None]
    objections = {name for name, fact in book.vocabulary.facts.items() if fact.absent is Truth.ONWAAR}
    helpful = {name: Truth.WAAR for name in book.vocabulary.facts if name not in objections and chance.random() < 0.9}
    return Question(
        purpose=rule.purpose,
        direction="aanbod",
        requester=min(rule.requesters),
        provider=min(rule.providers),
        categories=tuple(rule.gives),
        person=persons[0] if persons else "betrokkene",
        case_state=min(purpose.case_states, default="geen"),
        facts={**helpful, "gebruiker-bevoegd": Truth.WAAR, "motivering": Truth.WAAR},
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as Cedar gets it."""

    requests: list[dict[str, object]]
    policies: cedarpy.PolicySet

    def put(self) -> list[bool]:
        """Which categories Cedar lets go."""
        return [one.allowed for one in cedarpy.is_authorized_batch(self.requests, self.policies, [])]


def for_cedar(book: Rulebook, one: Question, *, sliced: bool, whole: dict[str, tuple[str, cedarpy.PolicySet]]) -> Asked:
    """The question with the policies that play a part, or with all of them."""
    part = _slice(book, one) if sliced else book
    key = f"{one.purpose}/{one.provider}/{one.requester}" if sliced else ""
    if key not in whole:
        source = Reader(part, hopeful=False).policies()
        if sliced:
            source = "\n".join(p for p in source.split("\n") if f'@id("doel-{one.purpose}")' in p or '@id("doel-' not in p)
        whole[key] = (source, cedarpy.PolicySet.from_str(source))
    source, policies = whole[key]
    used = set(re.findall(r'context\.feiten\["([^"]+)"\]', source))
    requests = [request(book, one, category) for category in one.categories]
    for context in (r["context"] for r in requests):
        assert isinstance(context, dict)
        context["feiten"] = {name: value for name, value in context["feiten"].items() if name in used}
    return Asked(requests, policies)


def _slice(book: Rulebook, one: Question) -> Rulebook:
    """What our index leaves: the rules of this flow, and the shared parts that can touch it."""
    route = book.vocabulary.purposes[one.purpose].route.value
    shared = tuple(
        part
        for part in book.common.shared
        if (not part.purposes or one.purpose in part.purposes)
        and (not part.routes or route in part.routes)
        and (not part.providers or one.provider in part.providers)
        and (not part.requesters or one.requester in part.requesters)
    )
    rules = book.rules_for(one.purpose, one.provider, one.requester)
    return replace(book, rules=rules, common=replace(book.common, shared=shared))


def per_question(work: Callable[[], object], count: int) -> float:
    """Microseconds a question."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) / count * 1e6


def row(name: str, *, ours: list[float], other: list[float], method: str, better: str = "higher") -> Row:
    """A row of medians; a higher ratio means that the other takes longer, save where growth is measured."""
    mine, theirs = statistics.median(ours), statistics.median(other)
    rounds = [b / a if better == "higher" else a / b for a, b in zip(ours, other, strict=True)]
    ratio = statistics.median(rounds)  # round by round: what disturbs the machine disturbs both
    spread = (max(ours) - min(ours)) / mine
    return {
        "name": name,
        "ratio": round(ratio, 2),
        "better": better,
        "ours": round(mine, 1),
        "other": round(theirs, 1),
        "method": method,
        "spread": round(spread, 2),
    }


def beside_cedar(book: Rulebook, questions: list[Question], *, sliced: bool) -> tuple[list[float], list[float]]:
    """Microseconds a question of ours and of Cedar, interleaved."""
    known: dict[str, tuple[str, cedarpy.PolicySet]] = {}
    # The whole set takes Cedar milliseconds a category: fewer questions say as much.
    some = questions if sliced else questions[: max(3, 6_000 // len(book.rules))]
    prepared = [for_cedar(book, one, sliced=sliced, whole=known) for one in some]
    for one, theirs in zip(some, prepared, strict=True):
        if [name in decide(one, book).permitted for name in one.categories] != theirs.put():
            raise AssertionError("Cedar and Sluis differ")
    ours, other = [], []
    for _ in range(ROUNDS if sliced else 3):
        ours.append(per_question(partial(decided, book, some * 10), 10 * len(some)))
        other.append(per_question(lambda: [theirs.put() for theirs in prepared], len(some)))
    return ours, other


def decided(book: Rulebook, questions: list[Question]) -> None:
    """Decide each of them."""
    for one in questions:
        decide(one, book)


def run() -> list[Row]:
    """The rows."""
    books = {size: made(size) for size in SIZES}
    questions = {size: asked(book) for size, book in books.items()}
    rows = []
    for size in (1_000, 100, 10_000):
        for sliced in (True, False):
            ours, other = beside_cedar(books[size], questions[size], sliced=sliced)
            name = "decide_vs_cedar" + ("" if size == 1_000 else f"@{size}") + ("" if sliced else "@whole")
            seen = "sliced by our index" if sliced else "with the whole set"
            method = f"15 categories with explanation, {size} rules, cedarpy {seen}"
            rows.append(row(name, ours=ours, other=other, method=method))
    rows += growth(books, questions)
    return [*rows, diffing(books[10_000])]


def growth(books: dict[int, Rulebook], questions: dict[int, list[Question]]) -> list[Row]:
    """A decision in a larger set beside one in the smallest; and the first one of its kind, before anything is remembered."""
    times: dict[tuple[int, bool], list[float]] = {}
    for _ in range(ROUNDS):
        for size, book in books.items():
            several, count = questions[size], len(questions[size])
            book.plans.clear()
            book.steps.clear()
            first = per_question(partial(decided, book, several), count)
            times.setdefault((size, False), []).append(first)
            warm = per_question(partial(decided, book, several * 10), 10 * count)
            times.setdefault((size, True), []).append(warm)
    rows = []
    for size, warm, name in ((10_000, True, ""), (1_000, True, "@1000"), (10_000, False, "@10000-first")):
        method = f"{size} rules beside 100, {'as asked before' if warm else 'asked for the first time'}"
        rows.append(row(f"decide_growth{name}", ours=times[size, warm], other=times[100, warm], method=method, better="lower"))
    return rows


def diffing(book: Rulebook) -> Row:
    """Seconds for the exact diff of two sets of 10,000 rules, of which one rule and one shared condition differ."""
    rule = book.rules[0]
    gives = dict.fromkeys(rule.gives, Precision.EXACT)
    common = replace(book.common, shared=book.common.shared[:-1])
    other = replace(book, rules=(replace(rule, gives=gives), *book.rules[1:]), common=common)
    times = []
    gc.disable()  # as the command does
    for _ in range(3):
        began = time.perf_counter()
        compare(book, other)
        times.append(time.perf_counter() - began)
    gc.enable()
    spread = (max(times) - min(times)) / statistics.median(times)
    method = "seconds: exact diff of two sets of 10,000 rules (bar 5 s)"
    seconds = round(statistics.median(times), 2)
    return {
        "name": "policy_diff",
        "ratio": round(seconds / 5, 2),
        "better": "lower",
        "ours": seconds,
        "other": 5,
        "method": method,
        "spread": round(spread, 2),
    }
