"""Reads `<domein>.yaml`: what one providing domain may release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sluis.core.rules import Rule, Secrecy
from sluis.core.terms import Certainty
from sluis.core.verdict import Precision, TextMode
from sluis.policy_files.clauses import CONDITIONS, Words, clauses, duties, kinds
from sluis.policy_files.general import Adopted, General
from sluis.policy_files.pilots import pilot
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import Node, Table

TEXT_MODES = {
    "lakken": TextMode.MASK,
    "streng": TextMode.STRICT,
    "achterhouden": TextMode.WITHHOLD,
    "nalezen": TextMode.REVIEW,
}
REQUIRED = ("id", "titel", "doel", "aan", "geeft", "grondslag")
OPTIONAL = (*CONDITIONS, "van", "richting", "geheim", "plichten", "bewaren", "doorgeven", "zekerheid", "vrije-tekst", "proef")


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One file: its name, its rules, and where each rule stands (`file:line`)."""

    name: str
    title: str
    providers: frozenset[str]
    rules: tuple[Rule, ...]
    places: Mapping[str, str]


def domain(node: Node | None, known: General, shape: Shape) -> Domain:
    """The rules of a file. Flaws go to `shape`."""
    top = shape.table(node, ("domein", "titel", "verstrekkers", "regels"))
    name = shape.text(top.get("domein"))
    providers = kinds(top.get("verstrekkers"), known.words, shape)
    rules: list[Rule] = []
    places: dict[str, str] = {}
    for item in shape.items(top.get("regels")):
        rule = _rule(item, name, providers, known.words, shape)
        places[rule.id] = item.where
        rules.append(rule)
        rules += [made for adopted in known.adopted if (made := _adopt(rule, adopted)) is not None]
    return Domain(name=name, title=shape.text(top.get("titel")), providers=providers, rules=tuple(rules), places=places)


def _rule(node: Node, name: str, providers: frozenset[str], words: Words, shape: Shape) -> Rule:
    fields = shape.table(node, REQUIRED, OPTIONAL)
    rule = shape.text(fields.get("id"))
    given = kinds(fields.get("van"), words, shape) if "van" in fields else providers
    if given - providers:
        names = ", ".join(sorted(given - providers))
        shape.flaw(fields["van"].where, f"{names} hoort niet bij dit domein", "vul verstrekkers aan")
    purpose = shape.word(fields.get("doel"), words.vocabulary.purposes, "doel")
    return Rule(
        id=rule,
        domain=name,
        title=shape.text(fields.get("titel")),
        purpose=purpose,
        providers=given,
        requesters=kinds(fields.get("aan"), words, shape),
        gives=_gives(fields.get("geeft"), words, shape),
        push_only=shape.word(fields.get("richting"), ("aanbod",), "richting") == "aanbod",
        clauses=clauses(fields, rule, words, shape),
        secrecy=_secrecy(fields.get("geheim"), words, shape),
        duties=duties(fields.get("plichten"), words, shape),
        grounds=shape.texts(fields.get("grondslag")),
        retention=shape.text(fields.get("bewaren")),
        onward=shape.text(fields.get("doorgeven")),
        certainty=Certainty(shape.word(fields.get("zekerheid"), list(Certainty), "zekerheid") or Certainty.VAST),
        text=TEXT_MODES.get(shape.word(fields.get("vrije-tekst"), TEXT_MODES, "woord")),
        pilot=pilot(fields.get("proef"), shape),
    )


def _gives(node: Node | None, words: Words, shape: Shape) -> dict[str, Precision]:
    found = {}
    for category, value in shape.open_table(node).items():
        if category not in words.vocabulary.categories:
            place = node.keys[category] if isinstance(node, Table) else value.where
            shape.flaw(place, f"onbekend gegeven '{category}'", "gebruik een gegeven uit begrippen.yaml")
        elif word := shape.word(value, [p.word for p in Precision if p], "precisie"):
            found[category] = Precision.of(word)
    return found


def _secrecy(node: Node | None, words: Words, shape: Shape) -> Secrecy | None:
    """`{wegen: [...]}` or `{wet: "..."}`."""
    if node is None:
        return None
    fields = shape.table(node, (), ("wegen", "wet"))
    if len(fields) != 1:
        shape.flaw(node.where, "noem wegen of een wet, niet allebei", 'schrijf geheim: {wegen: [...]} of geheim: {wet: "..."}')
    ways = shape.words(fields.get("wegen"), list(words.voided), "weg door het geheim")
    return Secrecy(ways=ways, statute=shape.text(fields.get("wet")))


def _adopt(rule: Rule, adopted: Adopted) -> Rule | None:
    """The same rule for the purpose that adopts it, between the parties of both; None where nothing is left."""
    providers, requesters = rule.providers & adopted.providers, rule.requesters & adopted.requesters
    if rule.purpose != adopted.like or not providers or not requesters:
        return None
    return replace(rule, id=f"{rule.id}@{adopted.purpose}", purpose=adopted.purpose, providers=providers, requesters=requesters)
