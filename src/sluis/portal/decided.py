"""What was decided, as the page of an entry shows it: per category the verdict, then rules, facts and duties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sluis.core.entry import Json, Kind, LoggedEntry
from sluis.core.question import FactValue, Truth
from sluis.core.rules import Rulebook
from sluis.core.verdict import Decision
from sluis.portal import reading
from sluis.portal.again import agrees, decide_again, fact_of
from sluis.portal.labels import Labels
from sluis.portal.policies import RuleLine, lines_of
from sluis.portal.rows import Mark
from sluis.portal.visit import Visit
from sluis.portal.words import named


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """One category asked: what was decided, and why."""

    id: str
    title: str
    verdict: Mark
    detail: str
    helps: tuple[str, ...]
    rules: tuple[str, ...]
    grounds: tuple[str, ...]
    keep: str
    motivation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One established fact."""

    id: str
    text: str
    truth: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decision part. `again` says what came of deciding once more, `changed` that the rules are others now."""

    counts: str
    categories: tuple[CategoryRow, ...]
    motivated: bool
    rules: tuple[RuleLine, ...]
    missing_rules: tuple[str, ...]
    facts: tuple[FactRow, ...]
    duties: tuple[tuple[str, str], ...]
    again: Mark | None
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """What the rows are made from."""

    entry: LoggedEntry
    cell: Mapping[str, Json]
    decision: Decision | None
    visit: Visit
    labels: Labels


def decided_of(entry: LoggedEntry, visit: Visit, labels: Labels) -> Decided | None:
    """The decision in an entry; None for an entry that holds none."""
    core = entry.core
    if not (reading.text(core, "decision") and reading.text(core, "policy")):
        return None
    book, cell = visit.services.rules.current().on(entry.recorded), reading.cell(entry, "subject") or reading.NOTHING
    question, policy = reading.table(cell, "question"), reading.text(core, "policy")
    decision = decide_again(question, policy, book)
    weighed = _Weighed(entry=entry, cell=cell, decision=decision, visit=visit, labels=labels)
    named_rules = reading.words(core.get("rules"))
    counts = reading.table(core, "counts")
    return Decided(
        counts=visit.say["entry_counts"].format(
            **{name: reading.number(counts, name) for name in ("asked", "released", "referred", "refused")}
        )
        if counts
        else "",
        categories=tuple(_category(name, weighed) for name in _asked(cell)),
        motivated=any(reading.texts(cell, "motivation").values()),
        rules=(lines := lines_of(named_rules, book, visit)),
        missing_rules=_missing(named_rules, lines, book),
        facts=tuple(_fact(name, fact_of(value), visit, labels) for name, value in reading.table(question, "feiten").items()),
        duties=tuple((name, labels.duty(name)) for name in reading.words(core.get("duties"))),
        again=_again(cell, decision, visit),
        changed=policy != book.policy,
    )


def _missing(names: Sequence[str], lines: Sequence[RuleLine], book: Rulebook) -> tuple[str, ...]:
    """The rules that a decision names and the set in force does not have; the gate of every question has no line."""
    known = {line.id for line in lines} | {clause.source for clause in book.common.gate}
    return tuple(name for name in names if name not in known)


def _asked(cell: Mapping[str, Json]) -> tuple[str, ...]:
    asked = reading.words(reading.table(cell, "question").get("gegevens"))
    decided = (name for part in ("released", "referred", "refused") for name in reading.table(cell, part))
    return tuple(dict.fromkeys((*asked, *decided)))


def _again(cell: Mapping[str, Json], decision: Decision | None, visit: Visit) -> Mark | None:
    if decision is None:
        return None
    if agrees(cell, decision):
        return Mark(text=visit.say["entry_again_same"], tone="released")
    return Mark(text=visit.say["entry_again_differs"], tone="alarm")


def _category(name: str, weighed: _Weighed) -> CategoryRow:
    cell = weighed.cell
    mark, detail = _verdict(name, weighed)
    keep = reading.texts(cell, "retention").get(name, "")
    return CategoryRow(
        id=name,
        title=weighed.labels.category(name),
        verdict=mark,
        detail=detail,
        helps=_helps(name, weighed),
        rules=reading.words(reading.table(cell, "rules").get(name)),
        grounds=reading.words(reading.table(cell, "grounds").get(name)),
        keep=weighed.visit.say["entry_keep"].format(term=keep) if keep else "",
        motivation=reading.texts(cell, "motivation").get(name, ""),
    )


def _verdict(name: str, weighed: _Weighed) -> tuple[Mark, str]:
    cell, say, labels = weighed.cell, weighed.visit.say, weighed.labels
    released, referred = reading.texts(cell, "released"), reading.texts(cell, "referred")
    if name in released:
        word = "entry_offered" if weighed.entry.kind is Kind.RELEASE_OFFERED else "entry_released"
        return Mark(text=say[word], tone="released"), f"{released[name]}: {labels.precision(released[name])}"
    if name in referred:
        return Mark(text=say["entry_referred"], tone="waiting"), say["entry_waits_for"].format(role=referred[name])
    reason = reading.texts(cell, "refused").get(name, "")
    return Mark(text=say["entry_withheld"], tone="refused"), labels.reason(reason) if reason else ""


def _helps(name: str, weighed: _Weighed) -> tuple[str, ...]:
    decision = weighed.decision
    if decision is None:
        return ()
    if name in decision.referred:
        return tuple(weighed.labels.fact(fact) for fact in decision.referred[name].facts)
    deny = decision.refused.get(name)
    return tuple(_help(word, weighed) for word in deny.helps) if deny else ()


def _help(word: str, weighed: _Weighed) -> str:
    fact = word.removeprefix("geen ")
    if fact == word or fact not in weighed.labels.vocabulary.facts:
        return weighed.labels.fact(word)
    return weighed.visit.say["entry_helps_not"].format(fact=weighed.labels.fact(fact))


def _fact(name: str, value: FactValue, visit: Visit, labels: Labels) -> FactRow:
    return FactRow(id=name, text=labels.fact(name), truth=_said(value, visit, labels))


def _said(value: FactValue, visit: Visit, labels: Labels) -> str:
    if isinstance(value, Truth):
        return named(visit.language, "truth", value.value)
    if isinstance(value, frozenset):
        names = ", ".join(labels.category(name) for name in sorted(value)) or visit.say["none"]
        return visit.say["entry_true_for"].format(names=names)
    return "; ".join(f"{labels.category(name)}: {named(visit.language, 'truth', truth.value)}" for name, truth in value.items())
