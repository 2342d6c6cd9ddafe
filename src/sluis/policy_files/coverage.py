"""Which conditions the examples try: every condition of every rule must stop an example, and what is missing is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from textwrap import fill

from sluis.core.decision import decide
from sluis.core.plan import PUSH, clauses_of
from sluis.core.question import FactValue, Question, Truth
from sluis.core.rules import Clause, Must, Rule, Rulebook
from sluis.core.terms import Route
from sluis.core.verdict import Decision, Permit
from sluis.policy_files.examples import Example, said

PERSON_OUT = "ander"
NEVER_A_REQUESTER = "werkgever"
WIDTH, INDENT = 108, " " * 8
CLINICAL = ("gezondheid.diagnose", "politie.artikel-9", "identiteit.bsn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A way to try a rule: what is changed (`als`) in the question that releases, and what then happens (`dan`)."""

    rule: str
    change: tuple[tuple[str, str], ...]
    outcome: str

    def line(self) -> str:
        """The row as it can be pasted under `maar`."""
        changed = ", ".join(f"{key}: {value}" for key, value in self.change)
        return f"      - {{als: {{{changed}}}, dan: {self.outcome}}}"


def best(book: Rulebook, rule: Rule) -> Question:
    """The question that this rule releases in full: its first pair of parties, with every fact as it should be."""
    order = list(book.vocabulary.kinds)
    provider = min(rule.providers, key=order.index)
    requester = min(rule.requesters - {provider} or rule.requesters, key=order.index)
    purpose = book.vocabulary.purposes[rule.purpose]
    push = rule.push_only or rule.purpose in book.common.push_only
    scopes = book.common.persons.get(rule.purpose, {})
    facts: dict[str, FactValue] = {need.fact: Truth.WAAR for clause in book.common.gate for need in clause.ways[0].needs}
    for category in rule.gives:
        for clause in clauses_of(book, rule, (provider, requester), category):
            for need in clause.ways[0].needs if clause.ways else ():
                if need.must is not Must.NIET_VASTGELEGD:
                    facts[need.fact] = Truth(need.must.value)
    states = sorted(purpose.case_states, reverse=True)
    return Question(
        purpose=rule.purpose,
        direction=PUSH if push else "opvraag",
        requester=requester,
        provider=provider,
        categories=tuple(rule.gives),
        person=next((person for person, scope in scopes.items() if scope is None), "betrokkene"),
        case_state=states[0] if states else "geen",
        facts=facts,
    )


def probes(book: Rulebook, rule: Rule) -> Iterator[Probe]:
    """Every way to try this rule: each condition not met, each word of the question that matters changed."""
    base = best(book, rule)
    for change in _changes(book, rule, base):
        outcome = outcome_of(decide(changed(base, change), book))
        if outcome:
            yield Probe(rule=rule.id, change=change, outcome=outcome)


def changed(base: Question, change: tuple[tuple[str, str], ...]) -> Question:
    """The question with these words or facts changed."""
    facts = dict(base.facts)
    for key, value in change:
        match key:
            case "richting":
                base = replace(base, direction=value)
            case "vrager":
                base = replace(base, requester=value)
            case "persoon":
                base = replace(base, person=value)
            case "casus":
                base = replace(base, case_state=value)
            case "gegevens":
                base = replace(base, categories=tuple(value.strip("[]").split(", ")))
            case _:
                facts[key] = Truth(value)
    return replace(base, facts=facts)


def outcome_of(decision: Decision) -> str:
    """The one outcome of all categories; empty when they differ."""
    outcomes = {"verstrekken" if isinstance(verdict, Permit) else said(verdict) for verdict in decision.verdicts.values()}
    return outcomes.pop() if len(outcomes) == 1 else ""


def _changes(book: Rulebook, rule: Rule, base: Question) -> Iterator[tuple[tuple[str, str], ...]]:
    seen: set[tuple[tuple[str, str], ...]] = set()
    for clause in book.common.gate:
        yield from _fresh(_unmet(clause), seen)
    pair = (base.provider, base.requester)
    asked = {category: clauses_of(book, rule, pair, category) for category in rule.gives}
    for clauses in asked.values():
        for clause in clauses:
            touched = [name for name, others in asked.items() if clause in others]
            scope = () if len(touched) == len(asked) else (("gegevens", f"[{', '.join(touched)}]"),)
            yield from _fresh(((*scope, *change) for change in _unmet(clause)), seen)
    yield (("persoon", PERSON_OUT),)
    yield (("vrager", NEVER_A_REQUESTER),)
    yield (("gegevens", f"[{next(iter(book.common.never))}]"),)
    yield from ((("gegevens", f"[{category}]"),) for category in _neighbours(book, rule))
    if book.vocabulary.purposes[rule.purpose].route is Route.WGS:
        yield (("casus", "afgesloten"),)
    if base.direction == PUSH:
        yield (("richting", "opvraag"),)


def _neighbours(book: Rulebook, rule: Rule) -> tuple[str, ...]:
    """What people ask along and this flow does not give: clinical data, an investigation, the number."""
    given = {c for other in book.rules if other.purpose == rule.purpose and other.providers & rule.providers for c in other.gives}
    return tuple(category for category in CLINICAL if category not in given)


def _fresh(
    changes: Iterator[tuple[tuple[str, str], ...]], seen: set[tuple[tuple[str, str], ...]]
) -> Iterator[tuple[tuple[str, str], ...]]:
    for change in changes:
        if change not in seen:
            seen.add(change)
            yield change


def _unmet(clause: Clause) -> Iterator[tuple[tuple[str, str], ...]]:
    """The states of facts in which a clause is not met: known not to be so, and, for a judgement, not yet judged."""
    needs = [need for way in clause.ways for need in way.needs]
    first = [way.needs[0] for way in clause.ways]
    opposite = {Must.WAAR: "onwaar", Must.ONWAAR: "waar", Must.NIET_VASTGELEGD: "waar"}
    yield tuple((need.fact, opposite[need.must]) for need in first)
    if any(need.judgement for need in needs):
        yield tuple((need.fact, "onbekend" if need.judgement else opposite[need.must]) for need in first)


def untried(book: Rulebook, shown: tuple[Example, ...]) -> tuple[Probe, ...]:
    """The probes that no example makes: rows to add."""
    tried = {(example.rule, _key(t.question)) for example in shown for t in example.tries}
    bases = {example.rule: example.tries[0].question for example in reversed(shown)}
    missing = []
    for rule in book.rules:
        if rule.id in bases:
            missing += [p for p in probes(book, rule) if (rule.id, _key(changed(bases[rule.id], p.change))) not in tried]
    return tuple(missing)


def _key(question: Question) -> tuple[object, ...]:
    known = tuple(sorted((name, _plain(value)) for name, value in question.facts.items() if value is not Truth.ONBEKEND))
    return (question.direction, question.requester, question.person, question.case_state, question.categories, known)


def _plain(value: FactValue) -> str:
    if isinstance(value, Truth):
        return value.value
    if isinstance(value, frozenset):
        return f"[{', '.join(sorted(value))}]"
    return f"{{{', '.join(f'{category}: {word}' for category, word in sorted(value.items()))}}}"


def _listed(words: Iterable[str]) -> str:
    return "[" + fill(", ".join(words), WIDTH, subsequent_indent=INDENT, break_on_hyphens=False) + "]"


def _tabled(words: Mapping[str, str]) -> str:
    held = ", ".join(f"{key}:\0{value}" for key, value in words.items())
    return "{" + fill(held, WIDTH, subsequent_indent=INDENT, break_on_hyphens=False).replace("\0", " ") + "}"


def proposal(book: Rulebook, rule: Rule) -> str:
    """A whole example for a rule, as it can be pasted into its file of examples, to be read and named by a person."""
    question = best(book, rule)
    decision = decide(question, book)
    words = {
        "doel": question.purpose,
        "richting": question.direction,
        "vrager": question.requester,
        "verstrekker": question.provider,
        "gegevens": _listed(question.categories),
        "persoon": question.person,
        "casus": question.case_state,
        "feiten": _tabled({name: _plain(value) for name, value in question.facts.items()}),
    }
    given = _tabled({category: permit.precision.word for category, permit in decision.permitted.items()})
    lines = [f"  - regel: {rule.id}", f'    naam: "{rule.title}"', "    vraag:"]
    lines += [f"      {key}: {value}" for key, value in words.items()]
    lines += ["    verwacht:", f"      gegevens: {given}", f"      plichten: [{', '.join(decision.duties)}]", "    maar:"]
    return "\n".join([*lines, *(probe.line() for probe in probes(book, rule))])
