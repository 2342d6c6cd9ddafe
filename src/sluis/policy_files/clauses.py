"""Reads the conditions and duties that rules and shared parts have in common (`eist`, `eist-een-van`, `plichten`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sluis.core.rules import Clause, DutyRule, Must, Need, SecrecyWay, Way
from sluis.core.terms import FactKind, Vocabulary
from sluis.core.verdict import Reason
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import Node, Text

CONDITIONS = ("eist", "eist-een-van", "eist-niet", "stopt-bij")
NEVER_A_CONDITION = "spoed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What every part of a set may refer to: the vocabulary with the groups of the set, and the reason of each fact."""

    vocabulary: Vocabulary
    reasons: Mapping[str, Reason]
    voided: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that a rule may use."""
        return tuple(name for name in self.vocabulary.facts if name != NEVER_A_CONDITION)

    def need(self, fact: str, must: Must) -> Need:
        """The need of a known fact."""
        known = self.vocabulary.facts[fact]
        judgement = known.kind is FactKind.OORDEEL and must is not Must.NIET_VASTGELEGD
        return Need(fact=fact, must=must, role=known.who, judgement=judgement, scoped=known.scoped, absent=known.absent)

    def way(self, fact: str, must: Must = Must.WAAR) -> Way:
        """The way that one fact opens; a fact that lapses (a disputed consent) brings that condition along."""
        lapses = self.voided.get(fact, ()) if must is Must.WAAR else ()
        return Way(needs=(self.need(fact, must), *(self.need(name, Must.NIET_VASTGELEGD) for name in lapses)))


def kinds(node: Node | None, words: Words, shape: Shape) -> frozenset[str]:
    """Kinds and groups, as kinds."""
    known = [*words.vocabulary.kinds, *words.vocabulary.groups]
    return words.vocabulary.kinds_of(shape.words(node, known, "soort of groep"))


def clauses(fields: Mapping[str, Node], source: str, words: Words, shape: Shape) -> tuple[Clause, ...]:
    """The conditions of a rule or shared part; every fact its own clause, save `eist-een-van`."""
    found: list[Clause] = []
    for key, must in (("eist", Must.WAAR), ("eist-niet", Must.ONWAAR), ("stopt-bij", Must.NIET_VASTGELEGD)):
        facts = shape.words(fields.get(key), words.facts, "feit")
        found += [_clause((words.way(fact, must),), source, words, shape, fields[key]) for fact in facts]
    if facts := shape.words(fields.get("eist-een-van"), words.facts, "feit"):
        found.append(_clause(tuple(map(words.way, facts)), source, words, shape, fields["eist-een-van"]))
    return tuple(found)


def _clause(ways: tuple[Way, ...], source: str, words: Words, shape: Shape, node: Node) -> Clause:
    """A clause with the reason of its facts; ways with different reasons would make that reason a guess."""
    reasons = {words.reasons.get(way.needs[0].fact) for way in ways}
    if None in reasons or len(reasons) > 1:
        named = ", ".join(way.needs[0].fact for way in ways)
        shape.flaw(node.where, f"geen eenduidige reden voor: {named}", "vul redenen-van-feiten in algemeen.yaml aan")
        return Clause(source=source, reason=Reason.ROUTE, ways=ways)
    return Clause(source=source, reason=reasons.pop() or Reason.ROUTE, ways=ways)


def duties(node: Node | None, words: Words, shape: Shape) -> tuple[DutyRule, ...]:
    """Duties: a word, or a table that says when it applies."""
    found = []
    for item in shape.items(node):
        if isinstance(item, Text):
            name = shape.word(item, words.vocabulary.duties, "plicht")
            found.append(DutyRule(duty=name))
            continue
        fields = shape.table(item, ("plicht",), ("bij", "tenzij", "zodra"))
        facts = words.vocabulary.facts
        found.append(
            DutyRule(
                duty=shape.word(fields.get("plicht"), words.vocabulary.duties, "plicht"),
                direction=shape.word(fields.get("bij"), words.vocabulary.directions, "richting"),
                unless=shape.word(fields.get("tenzij"), facts, "feit"),
                once=shape.word(fields.get("zodra"), facts, "feit"),
            )
        )
    return tuple(rule for rule in found if rule.duty)


def secrecy_way(fact: str, node: Node, words: Words, shape: Shape) -> SecrecyWay:
    """What opens a secrecy, within which limits."""
    fields = shape.table(node, (), ("vervalt-bij", "alleen-voor", "nooit-voor", "plichten"))
    v = words.vocabulary
    way = words.way(fact)
    duty = tuple(rule.duty for rule in duties(fields.get("plichten"), words, shape))
    return SecrecyWay(
        way=replace(way, duties=duty),
        purposes=frozenset(shape.words(fields.get("alleen-voor"), v.purposes, "doel")),
        never=frozenset(shape.words(fields.get("nooit-voor"), v.categories, "gegeven")),
    )
