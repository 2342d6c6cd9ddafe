"""Reads `algemeen.yaml`: what all flows share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sluis.core.rules import Common, Must, Need, Shared
from sluis.core.terms import Motivation, Route, Vocabulary
from sluis.core.verdict import Reason
from sluis.policy_files.clauses import CONDITIONS, Words, clauses, duties, kinds, secrecy_way
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import Node, Text
from sluis.policy_files.words import group

SECTIONS = (
    "titel", "groepen", "redenen-van-feiten", "feiten-in-beide-routes", "altijd", "nooit", "geheim", "personen", "casus",
    "alleen-aanbod", "gedeeld", "overgenomen",
)  # fmt: skip
ALL = "alles"
ALWAYS = "altijd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """For `purpose` the rules of `like` hold too, between these parties only."""

    id: str
    purpose: str
    like: str
    providers: frozenset[str]
    requesters: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class General:
    """What `algemeen.yaml` says: the common part, the words with the groups of the set, and what is adopted."""

    common: Common
    words: Words
    adopted: tuple[Adopted, ...]


def general(node: Node | None, vocabulary: Vocabulary, shape: Shape) -> General:
    """The general part of a set. Flaws go to `shape`."""
    top = shape.table(node, SECTIONS)
    groups = {name: group(name, n, shape, vocabulary.kinds) for name, n in shape.open_table(top.get("groepen")).items()}
    for name in groups.keys() & (vocabulary.groups.keys() | vocabulary.kinds.keys()):
        shape.flaw(top["groepen"].where, f"de groep '{name}' bestaat al", "kies een andere naam")
    wider = replace(vocabulary, groups={**groups, **vocabulary.groups})
    secrecy = shape.table(top.get("geheim"), ("rust-op", "wegen", "zwijgen"))
    reasons = _reasons(top.get("redenen-van-feiten"), wider, shape)
    words = Words(vocabulary=wider, reasons=reasons, voided=_voided(secrecy, wider, shape))
    common = _common(top, secrecy, words, shape)
    adopted = tuple(_adopted(item, words, shape) for item in shape.items(top.get("overgenomen")))
    return General(common=common, words=words, adopted=adopted)


def _reasons(node: Node | None, vocabulary: Vocabulary, shape: Shape) -> dict[str, Reason]:
    found = {}
    for fact, value in shape.open_table(node).items():
        if fact not in vocabulary.facts:
            shape.flaw(value.where, f"onbekend feit '{fact}'", "gebruik een feit uit begrippen.yaml")
        elif reason := shape.word(value, list(Reason), "reden"):
            found[fact] = Reason(reason)
    return found


def _voided(secrecy: Mapping[str, Node], vocabulary: Vocabulary, shape: Shape) -> dict[str, tuple[str, ...]]:
    """Per fact that opens a secrecy: the recorded facts that make it lapse."""
    found = {}
    for fact, node in shape.open_table(secrecy.get("wegen")).items():
        lapses = shape.open_table(node).get("vervalt-bij")
        found[fact] = shape.words(lapses, vocabulary.facts, "feit")
    return found


def _common(top: Mapping[str, Node], secrecy: Mapping[str, Node], words: Words, shape: Shape) -> Common:
    always = shape.table(top.get("altijd"), ("eist",))
    never = shape.table(top.get("nooit"), ("gegevens", "ontvangers", "zonder-bsn-recht"))
    silence = shape.table(secrecy.get("zwijgen"), ("verstrekkers", "plicht"))
    case = shape.table(top.get("casus"), ("verlengd", "afgeschermd"))
    ways = {name: node for name, node in shape.open_table(secrecy.get("wegen")).items() if _known_fact(name, node, words, shape)}
    return Common(
        gate=clauses(always, "altijd", words, shape),
        never=_reasoned(never.get("gegevens"), words.vocabulary.categories, "gegeven", shape),
        never_requesters=kinds(never.get("ontvangers"), words, shape),
        numbers=_reasoned(never.get("zonder-bsn-recht"), words.vocabulary.classes, "klasse", shape),
        both_routes=frozenset(shape.words(top.get("feiten-in-beide-routes"), words.facts, "feit")),
        silent=kinds(silence.get("verstrekkers"), words, shape),
        silent_duty=shape.word(silence.get("plicht"), words.vocabulary.duties, "plicht"),
        secret=_secret(secrecy.get("rust-op"), words, shape),
        secrecy_ways={name: secrecy_way(name, node, words, shape) for name, node in ways.items()},
        persons=_persons(top.get("personen"), words, shape),
        push_only=_reasoned(top.get("alleen-aanbod"), words.vocabulary.purposes, "doel", shape),
        extended=_extended(case.get("verlengd"), words, shape),
        shielded=frozenset(shape.words(case.get("afgeschermd"), words.vocabulary.case_states, "casusstatus")),
        shared=tuple(_shared(item, words, shape) for item in shape.items(top.get("gedeeld"))),
    )


def _known_fact(name: str, node: Node, words: Words, shape: Shape) -> bool:
    if name not in words.facts:
        shape.flaw(node.where, f"onbekend feit '{name}'", "gebruik een feit uit begrippen.yaml")
    return name in words.facts


def _reasoned(node: Node | None, known: Mapping[str, object], what: str, shape: Shape) -> dict[str, Reason]:
    found = {}
    for name, value in shape.open_table(node).items():
        if name not in known:
            shape.flaw(value.where, f"onbekend {what} '{name}'", "gebruik een woord uit begrippen.yaml")
        elif reason := shape.word(value, list(Reason), "reden"):
            found[name] = Reason(reason)
    return found


def _secret(node: Node | None, words: Words, shape: Shape) -> dict[str, Need | None]:
    """Per kind whose data are secret: None, or what shows that an item is not."""
    found: dict[str, Need | None] = {}
    for name, value in shape.open_table(node).items():
        fact = shape.word(value, (ALWAYS, *words.facts), "woord")
        if name not in words.vocabulary.groups and name not in words.vocabulary.kinds:
            shape.flaw(value.where, f"onbekende soort of groep '{name}'", "gebruik een woord uit begrippen.yaml")
        elif fact:
            need = None if fact == ALWAYS else words.need(fact, Must.ONWAAR)
            found.update(dict.fromkeys(words.vocabulary.kinds_of([name]), need))
    return found


def _persons(node: Node | None, words: Words, shape: Shape) -> dict[str, dict[str, frozenset[str] | None]]:
    """Per purpose the persons in scope: of its route, unless it has its own."""
    parts = shape.table(node, ("wgs", "sector", "doelen"))
    own = shape.open_table(parts.get("doelen"))
    for name, value in own.items():
        if name not in words.vocabulary.purposes:
            shape.flaw(value.where, f"onbekend doel '{name}'", "gebruik een doel uit begrippen.yaml")
    routes = {Route.WGS: parts.get("wgs"), Route.SECTOR: parts.get("sector")}
    scopes = {route: _scope(part, words, shape) for route, part in routes.items()}
    return {
        purpose.id: _scope(own[purpose.id], words, shape) if purpose.id in own else scopes.get(purpose.route, {})
        for purpose in words.vocabulary.purposes.values()
    }


def _scope(node: Node | None, words: Words, shape: Shape) -> dict[str, frozenset[str] | None]:
    found: dict[str, frozenset[str] | None] = {}
    for person, value in shape.open_table(node).items():
        if person not in words.vocabulary.persons:
            shape.flaw(value.where, f"onbekende persoon '{person}'", "gebruik een persoon uit begrippen.yaml")
        elif isinstance(value, Text):
            shape.word(value, (ALL,), "woord")
            found[person] = None
        else:
            found[person] = frozenset(shape.words(value, words.vocabulary.categories, "gegeven"))
    return found


def _extended(node: Node | None, words: Words, shape: Shape) -> tuple[str, str, Need] | None:
    fields = shape.table(node, ("status", "telt-als", "eist"))
    states = words.vocabulary.case_states
    state = shape.word(fields.get("status"), states, "casusstatus")
    counts = shape.word(fields.get("telt-als"), states, "casusstatus")
    fact = shape.word(fields.get("eist"), words.facts, "feit")
    return (state, counts, words.need(fact, Must.WAAR)) if state and counts and fact else None


def _shared(node: Node, words: Words, shape: Shape) -> Shared:
    selectors = ("doelen", "routes", "motivering", "van", "aan", "gegevens", "klassen")
    fields = shape.table(node, ("id", "titel"), (*selectors, *CONDITIONS, "plichten"))
    name, v = shape.text(fields.get("id")), words.vocabulary
    return Shared(
        id=name,
        title=shape.text(fields.get("titel")),
        purposes=frozenset(shape.words(fields.get("doelen"), v.purposes, "doel")),
        routes=frozenset(shape.words(fields.get("routes"), list(Route), "route")),
        motivations=frozenset(shape.words(fields.get("motivering"), list(Motivation), "motivering")),
        providers=kinds(fields.get("van"), words, shape),
        requesters=kinds(fields.get("aan"), words, shape),
        categories=frozenset(shape.words(fields.get("gegevens"), v.categories, "gegeven")),
        classes=frozenset(shape.words(fields.get("klassen"), v.classes, "klasse")),
        clauses=clauses(fields, name, words, shape),
        duties=duties(fields.get("plichten"), words, shape),
    )


def _adopted(node: Node, words: Words, shape: Shape) -> Adopted:
    fields = shape.table(node, ("id", "titel", "doel", "zoals", "van", "aan"))
    purposes = words.vocabulary.purposes
    return Adopted(
        id=shape.text(fields.get("id")),
        purpose=shape.word(fields.get("doel"), purposes, "doel"),
        like=shape.word(fields.get("zoals"), purposes, "doel"),
        providers=kinds(fields.get("van"), words, shape),
        requesters=kinds(fields.get("aan"), words, shape),
    )
