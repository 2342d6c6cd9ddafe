"""The set read a second time, for Cedar: from the rules as data, not from the paths that `decide` walks.

A rule becomes a `permit`, every general condition a `forbid`. Facts reach Cedar as texts, every one of them named in every
question, because Cedar passes over a `forbid` of which an attribute is missing. Asked twice: as things stand (released or not),
and with every judgement that nobody gave yet taken as helpful (put before a human or not).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import cedarpy

from sluis.core.question import FactValue, Question, Truth
from sluis.core.rules import Clause, Must, Need, Rule, Rulebook, Shared
from sluis.core.terms import Certainty, Route
from sluis.core.verdict import Precision

PUSH = "aanbod"


def truth_for(value: FactValue | None, category: str) -> Truth:
    """What a recorded fact says of one category."""
    match value:
        case None:
            return Truth.ONBEKEND
        case Truth():
            return value
        case frozenset():
            return Truth.WAAR if category in value else Truth.ONWAAR
        case _:
            return value.get(category, Truth.ONBEKEND)


def text(value: str) -> str:
    """A text of Cedar."""
    return json.dumps(value)


def one_of(attribute: str, values: Iterable[str]) -> str:
    """That an attribute is one of these."""
    return f"[{', '.join(map(text, sorted(values)))}].contains(context.{attribute})"


def fact(name: str) -> str:
    """The attribute of a fact."""
    return f"context.feiten[{text(name)}]"


@dataclass(frozen=True, slots=True)
class Reader:
    """Writes the policies of a book. `hopeful`: every judgement that is not known helps."""

    book: Rulebook
    hopeful: bool

    def need(self, need: Need) -> str:
        good = {Must.WAAR: {"waar"}, Must.ONWAAR: {"onwaar"}, Must.NIET_VASTGELEGD: {"onwaar", "onbekend"}}[need.must]
        if need.must is Must.ONWAAR and need.absent is Truth.ONWAAR:
            good = good | {"onbekend"}
        if self.hopeful and need.judgement:
            good = good | {"onbekend"}
        return "(" + " || ".join(f"{fact(need.fact)} == {text(word)}" for word in sorted(good)) + ")"

    def clause(self, clause: Clause) -> str:
        ways = ["(" + " && ".join(self.need(n) for n in way.needs) + ")" for way in clause.ways]
        return "(" + " || ".join(ways or ["false"]) + ")"

    def policies(self) -> str:
        """The whole set."""
        common = self.book.common
        parts = [self.rule(rule) for rule in self.book.rules]
        parts += [self.forbid(f"algemeen-{n}", "true", self.clause(c)) for n, c in enumerate(common.gate)]
        parts += [self.forbid("nooit", one_of("gegeven", common.never), "false")]
        parts += [self.forbid("nooit-ontvanger", one_of("vrager", common.never_requesters), "false")]
        without = {name for name, kind in self.book.vocabulary.kinds.items() if not kind.bsn}
        parts += [self.forbid("nummer", f"{one_of('klasse', common.numbers)} && {one_of('vrager', without)}", "false")]
        parts += [self.forbid("alleen-aanbod", one_of("doel", common.push_only), f"context.richting == {text(PUSH)}")]
        for part in common.shared:
            where = self.selected(part)
            parts += [self.forbid(f"{part.id}-{n}", where, self.clause(c)) for n, c in enumerate(part.clauses)]
        parts += [self.purpose(name) for name in self.book.vocabulary.purposes]
        return "\n".join(parts)

    def forbid(self, name: str, where: str, unless: str) -> str:
        return f"@id({text(name)}) forbid (principal, action, resource) when {{ {where} }} unless {{ {unless} }};"

    def selected(self, part: Shared) -> str:
        chosen = (
            ("doel", part.purposes),
            ("route", part.routes),
            ("motivering", part.motivations),
            ("verstrekker", part.providers),
            ("vrager", part.requesters),
            ("gegeven", part.categories),
            ("klasse", part.classes),
        )  # fmt: skip - one table
        return " && ".join(one_of(attribute, values) for attribute, values in chosen if values) or "true"

    def purpose(self, name: str) -> str:
        """Route, certainty, state of the case and persons of a purpose, as one prohibition."""
        purpose, common = self.book.vocabulary.purposes[name], self.book.common
        if purpose.route is Route.GEEN or purpose.certainty is Certainty.OMSTREDEN:
            return self.forbid(f"doel-{name}", f"context.doel == {text(name)}", "false")
        state = one_of("casus", purpose.case_states) if purpose.case_states else "true"
        if purpose.case_states and common.extended is not None and common.extended[1] in purpose.case_states:
            ended, _, need = common.extended
            state = f"({state} || (context.casus == {text(ended)} && {self.need(need)}))"
        scopes = common.persons.get(name, {})
        persons = [
            f"(context.persoon == {text(person)}{'' if scope is None else ' && ' + one_of('gegeven', scope)})"
            for person, scope in scopes.items()
        ]
        return self.forbid(f"doel-{name}", f"context.doel == {text(name)}", f"{state} && ({' || '.join(persons) or 'false'})")

    def rule(self, rule: Rule) -> str:
        """What a rule permits; a disputed one permits nothing."""
        asked = [
            f"context.doel == {text(rule.purpose)}",
            one_of("verstrekker", rule.providers),
            one_of("vrager", rule.requesters),
            one_of("gegeven", rule.gives),
            *([f"context.richting == {text(PUSH)}"] if rule.push_only else []),
            *([] if rule.certainty is Certainty.VAST else ["false"]),
            *(self.clause(clause) for clause in rule.clauses),
            self.secrecy(rule),
        ]
        return f"@id({text(rule.id)}) permit (principal, action, resource) when {{ {' && '.join(asked)} }};"

    def secrecy(self, rule: Rule) -> str:
        """No secrecy rests on it, a statute lifts it, or one of its ways is open."""
        common = self.book.common
        if rule.secrecy is not None and rule.secrecy.statute:
            return "true"
        free = set(self.book.vocabulary.kinds) - set(common.secret)
        through = [one_of("verstrekker", free)]
        for kind, need in common.secret.items():
            if need is not None and kind in rule.providers:
                through.append(f"(context.verstrekker == {text(kind)} && {self.need(need)})")
        for name in rule.secrecy.ways if rule.secrecy is not None else ():
            opened = common.secrecy_ways[name]
            if opened.purposes and rule.purpose not in opened.purposes:
                continue
            needs = " && ".join(self.need(n) for n in opened.way.needs)
            barred = f" && !{one_of('gegeven', opened.never)}" if opened.never else ""
            through.append(f"({needs}{barred})")
        return "(" + " || ".join(through) + ")"


def request(book: Rulebook, question: Question, category: str) -> dict[str, object]:
    """The question about one category, with every fact named."""
    words = book.vocabulary
    purpose = words.purposes[question.purpose]
    context: Mapping[str, object] = {
        "doel": question.purpose,
        "route": purpose.route.value,
        "motivering": purpose.motivation.value,
        "richting": question.direction,
        "vrager": question.requester,
        "verstrekker": question.provider,
        "gegeven": category,
        "klasse": words.categories[category].klass,
        "persoon": question.person,
        "casus": question.case_state,
        "feiten": {name: truth_for(question.facts.get(name), category).value for name in words.facts},
    }
    return {"principal": 'Soort::"vrager"', "action": 'Action::"ontvangen"', "resource": 'Gegeven::"gegeven"', "context": context}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What Cedar says of one category: under which rules it goes, and whether a human could let it go."""

    rules: frozenset[str]
    referred: bool
    precision: Precision


class SecondOpinion:
    """Both readings of a book, parsed once."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._names: dict[bool, dict[str, str]] = {}
        self._sets = {hopeful: cedarpy.PolicySet.from_str(self._numbered(hopeful=hopeful)) for hopeful in (False, True)}
        self._rules = {rule.id: rule for rule in book.rules}

    def _numbered(self, *, hopeful: bool) -> str:
        """The policies; Cedar names them by their place."""
        source = Reader(self.book, hopeful).policies()
        lines = source.split("\n")
        self._names[hopeful] = {f"policy{n}": line.split('"')[1] for n, line in enumerate(lines)}
        return source

    def of(self, questions: list[Question]) -> list[dict[str, Opinion]]:
        """Per question, per category, what Cedar says."""
        asked = [(number, category) for number, question in enumerate(questions) for category in question.categories]
        requests = [request(self.book, questions[number], category) for number, category in asked]
        found: list[dict[str, Opinion]] = [{} for _ in questions]
        answers = {h: cedarpy.is_authorized_batch(requests, self._sets[h], []) for h in (False, True)}
        for place, (number, category) in enumerate(asked):
            strict, hopeful = answers[False][place], answers[True][place]
            assert not strict.diagnostics.errors, strict.diagnostics.errors
            names = frozenset(self._names[False][p] for p in strict.diagnostics.reasons) if strict.allowed else frozenset()
            precisions = [self._rules[name].gives[category] for name in names]
            precision = min(precisions, default=Precision.GEEN)
            found[number][category] = Opinion(rules=names, referred=hopeful.allowed and not strict.allowed, precision=precision)
        return found
