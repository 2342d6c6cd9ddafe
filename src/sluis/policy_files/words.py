"""Reads `begrippen.yaml` into a `Vocabulary`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from sluis.core.question import Truth
from sluis.core.terms import (
    Category,
    Certainty,
    Duty,
    Fact,
    FactKind,
    Group,
    Kind,
    Motivation,
    Operation,
    Purpose,
    Route,
    Term,
    Vocabulary,
)
from sluis.core.verdict import Outcome, Precision, Reason
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import Node

SECTIONS = (
    "versie", "precisie", "richtingen", "personen", "casusstatussen", "besluiten", "geheimen", "soorten", "groepen", "klassen",
    "bewerkingen", "gegevens", "doelen", "feiten", "plichten", "redenen",
)  # fmt: skip
T = TypeVar("T")


def vocabulary(node: Node | None, shape: Shape) -> Vocabulary:
    """The words of the file. Flaws go to `shape`; what could not be read is left out."""
    top = shape.table(node, SECTIONS)
    secrecies = _terms(top.get("geheimen"), shape, more=("wet", "doorbreekbaar"))
    classes = _terms(top.get("klassen"), shape, more=("wet",))
    operations = _each(top.get("bewerkingen"), shape, lambda i, n: _operation(i, n, shape))
    states = _terms(top.get("casusstatussen"), shape)
    kinds = _each(top.get("soorten"), shape, lambda i, n: _kind(i, n, shape, secrecies))
    for kind in kinds.values():
        if kind.part_of and kind.part_of not in kinds:
            shape.flaw("begrippen.yaml", f"'{kind.id}' is onderdeel van een onbekende soort '{kind.part_of}'")
    return Vocabulary(
        version=shape.text(top.get("versie")),
        precisions=_exactly(_terms(top.get("precisie"), shape, more=("rang",)), [p.word for p in Precision], shape),
        directions=_terms(top.get("richtingen"), shape),
        persons=_terms(top.get("personen"), shape),
        case_states=states,
        outcomes=_exactly(_terms(top.get("besluiten"), shape), list(Outcome), shape),
        secrecies=secrecies,
        kinds=kinds,
        groups=_each(top.get("groepen"), shape, lambda i, n: group(i, n, shape, kinds)),
        classes=classes,
        operations=operations,
        categories=_each(top.get("gegevens"), shape, lambda i, n: _category(i, n, shape, classes, operations)),
        purposes=_each(top.get("doelen"), shape, lambda i, n: _purpose(i, n, shape, states)),
        facts=_each(top.get("feiten"), shape, lambda i, n: _fact(i, n, shape)),
        duties=_each(top.get("plichten"), shape, lambda i, n: _duty(i, n, shape)),
        reasons=_reasons(top.get("redenen"), shape),
    )


def _each(node: Node | None, shape: Shape, make: Callable[[str, Node], T]) -> dict[str, T]:
    return {name: make(name, entry) for name, entry in shape.open_table(node).items()}


def _terms(node: Node | None, shape: Shape, more: Collection[str] = ()) -> dict[str, Term]:
    def term(name: str, entry: Node) -> Term:
        fields = shape.table(entry, ("nl", "en", *more))
        return Term(id=name, nl=shape.text(fields.get("nl")), en=shape.text(fields.get("en")))

    return _each(node, shape, term)


def _exactly(terms: dict[str, Term], expected: list[str], shape: Shape) -> dict[str, Term]:
    if list(terms) != [str(word) for word in expected]:
        shape.flaw("begrippen.yaml", f"hier horen precies deze woorden: {', '.join(expected)}", "de broncode kent geen andere")
    return terms


def _operation(name: str, node: Node, shape: Shape) -> Operation:
    fields = shape.table(node, ("rang", "nl", "en"))
    rank = shape.number(fields.get("rang"))
    return Operation(id=name, rank=rank, nl=shape.text(fields.get("nl")), en=shape.text(fields.get("en")))


def _kind(name: str, node: Node, shape: Shape, secrecies: Collection[str]) -> Kind:
    fields = shape.table(node, ("titel", "titel-en", "domein", "wgs", "geheim", "bsn", "wet"), ("onderdeel-van",))
    return Kind(
        id=name,
        title=shape.text(fields.get("titel")),
        title_en=shape.text(fields.get("titel-en")),
        domain=shape.word(fields.get("domein"), ("zorg", "jeugd", "sociaal", "veiligheid", "wonen", "overig"), "domein"),
        wgs=shape.word(fields.get("wgs"), ("publiek", "privaat", "incidenteel", "geen"), "woord"),
        secrecies=shape.words(fields.get("geheim"), secrecies, "geheim"),
        bsn=shape.truth(fields.get("bsn")),
        law=shape.text(fields.get("wet")),
        part_of=shape.text(fields.get("onderdeel-van")),
    )


def group(name: str, node: Node, shape: Shape, kinds: Collection[str]) -> Group:
    """A set of kinds; `titel-en` may stay away in the groups that a policy set adds."""
    fields = shape.table(node, ("titel", "leden"), ("titel-en",))
    members = shape.words(fields.get("leden"), kinds, "soort")
    return Group(id=name, title=shape.text(fields.get("titel")), members=members, title_en=shape.text(fields.get("titel-en")))


def _category(name: str, node: Node, shape: Shape, classes: Collection[str], operations: Mapping[str, Operation]) -> Category:
    required = ("titel", "titel-en", "klasse", "gevoeligheid", "wgs-2-30", "standaard", "velden")
    fields = shape.table(node, required, ("toelichting",))
    default = shape.word(fields.get("standaard"), [p.word for p in Precision], "precisie")
    return Category(
        id=name,
        title=shape.text(fields.get("titel")),
        title_en=shape.text(fields.get("titel-en")),
        klass=shape.word(fields.get("klasse"), classes, "klasse"),
        sensitivity=shape.number(fields.get("gevoeligheid")),
        wgs_list=shape.truth(fields.get("wgs-2-30")),
        default=Precision.of(default) if default else Precision.GEEN,
        fields=_each(fields.get("velden"), shape, lambda _, n: _cuts(n, shape, operations)),
        note=shape.text(fields.get("toelichting")),
    )


def _cuts(node: Node, shape: Shape, operations: Mapping[str, Operation]) -> dict[Precision, str]:
    """What is left of a field per precision; a finer precision never keeps less."""
    steps = (Precision.GROF, Precision.FUNCTIONEEL, Precision.EXACT)
    fields = shape.table(node, [step.word for step in steps])
    cuts = {step: shape.word(fields.get(step.word), operations, "bewerking") for step in steps}
    ranks = [operations[cut].rank for cut in cuts.values() if cut]
    if ranks != sorted(ranks):
        shape.flaw(node.where, "een fijnere precisie laat hier minder over dan een grovere", "zet de bewerkingen in volgorde")
    return cuts


def _purpose(name: str, node: Node, shape: Shape, states: Collection[str]) -> Purpose:
    required = (
        "titel", "titel-en", "route", "avg", "wet", "casus", "motivering", "toestemming", "bewaartermijn", "doorgeven",
        "zekerheid", "nakijken",
    )  # fmt: skip
    fields = shape.table(node, required, ("toelichting",))
    return Purpose(
        id=name,
        title=shape.text(fields.get("titel")),
        title_en=shape.text(fields.get("titel-en")),
        route=Route(shape.word(fields.get("route"), list(Route), "route") or Route.GEEN),
        gdpr=shape.texts(fields.get("avg")),
        law=shape.text(fields.get("wet")),
        case_states=frozenset(shape.words(fields.get("casus"), states, "casusstatus")),
        motivation=Motivation(shape.word(fields.get("motivering"), list(Motivation), "motivering") or Motivation.VOORAF),
        consent=shape.word(fields.get("toestemming"), ("niet-nodig", "bij-geheim", "uitdrukkelijk", "vervangen"), "woord"),
        retention=shape.text(fields.get("bewaartermijn")),
        onward=shape.text(fields.get("doorgeven")),
        certainty=Certainty(shape.word(fields.get("zekerheid"), list(Certainty), "zekerheid") or Certainty.OMSTREDEN),
        verify=shape.truth(fields.get("nakijken")),
        note=shape.text(fields.get("toelichting")),
    )


def _fact(name: str, node: Node, shape: Shape) -> Fact:
    fields = shape.table(node, ("soort", "wie", "per-gegeven", "ontbreekt", "nl", "en"))
    return Fact(
        id=name,
        kind=FactKind(shape.word(fields.get("soort"), list(FactKind), "soort feit") or FactKind.BEWIJS),
        who=shape.text(fields.get("wie")),
        scoped=shape.truth(fields.get("per-gegeven")),
        absent=Truth(shape.word(fields.get("ontbreekt"), ("onbekend", "onwaar"), "woord") or Truth.ONBEKEND),
        nl=shape.text(fields.get("nl")),
        en=shape.text(fields.get("en")),
    )


def _duty(name: str, node: Node, shape: Shape) -> Duty:
    fields = shape.table(node, ("wie", "nl", "en"))
    who = shape.text(fields.get("wie"))
    return Duty(id=name, who=who, nl=shape.text(fields.get("nl")), en=shape.text(fields.get("en")))


def _reasons(node: Node | None, shape: Shape) -> dict[Reason, Term]:
    terms = _exactly(_terms(node, shape, more=("stap",)), list(Reason), shape)
    return {Reason(name): term for name, term in terms.items() if name in set(Reason)}
