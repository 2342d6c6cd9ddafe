"""A folder with a policy set: read it whole, or not at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sluis.core.errors import Flaw, PolicyFileError
from sluis.core.rules import Rulebook
from sluis.policy_files.domain import Domain, domain
from sluis.policy_files.examples import Example, examples, undocumented
from sluis.policy_files.general import General, general
from sluis.policy_files.lint import lint
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import Listing, Node, Table, Text, read
from sluis.policy_files.words import vocabulary

WORDS = "begrippen.yaml"
GENERAL = "algemeen.yaml"
EXAMPLES = ".voorbeelden.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet:
    """A set that was read: its rulebook, its general part and its domains, for the tools that look closer."""

    directory: Path
    rulebook: Rulebook
    general: General
    domains: tuple[Domain, ...]
    examples: Mapping[str, tuple[Example, ...]]


def load(directory: Path) -> Rulebook:
    """The rulebook of the set in `directory`. Raises `PolicyFileError` with every flaw found."""
    return open_set(directory).rulebook


def open_set(directory: Path) -> PolicySet:
    """The set in `directory`. Raises `PolicyFileError` with every flaw found, in the order of the files."""
    shape = Shape()
    for required in (WORDS, GENERAL):
        if not (directory / required).is_file():
            where = str(directory / required)
            raise PolicyFileError(Flaw(where=where, what="dit bestand ontbreekt", mend="wijs de map met het beleid aan"))
    paths = sorted(p for p in directory.glob("*.yaml") if p.name not in (WORDS, GENERAL) and not p.name.endswith(EXAMPLES))
    for path in sorted(directory.glob("*.yml")):
        shape.flaw(path.name, "dit bestand wordt niet gelezen", "noem het .yaml, of haal het weg")
    nodes = {path.name: read(path, shape.flaws) for path in (directory / WORDS, directory / GENERAL, *paths)}
    _stop(shape)
    words = vocabulary(nodes[WORDS], shape)
    _stop(shape)
    common = general(nodes[GENERAL], words, shape)
    domains = tuple(domain(nodes[path.name], common, shape) for path in paths)
    _once(domains, {path.stem: nodes[path.name] for path in paths}, shape)
    _stop(shape)
    book = _rulebook(nodes, common, domains)
    shown = {one.name: _examples(directory, one.name, book, shape) for one in domains}
    places = {name: where for one in domains for name, where in one.places.items()}
    lint(book, places, shape)
    for name in undocumented(book, tuple(e for several in shown.values() for e in several)):
        shape.flaw(places.get(name, name), f"de regel '{name}' heeft geen voorbeeld", f"voeg een voorbeeld toe in *{EXAMPLES}")
    _stop(shape)
    return PolicySet(directory=directory, rulebook=book, general=common, domains=domains, examples=shown)


def _examples(directory: Path, name: str, book: Rulebook, shape: Shape) -> tuple[Example, ...]:
    """The examples of a domain; that there are none is found rule by rule."""
    path = directory / f"{name}{EXAMPLES}"
    if not path.is_file():
        return ()
    found = examples(read(path, shape.flaws), book.vocabulary, shape)
    known = {rule.id for rule in book.rules}
    for example in found:
        if example.rule not in known:
            shape.flaw(example.where, f"onbekende regel '{example.rule}'", "noem een regel uit dit domein")
    return found


def _stop(shape: Shape) -> None:
    if shape.flaws:
        raise PolicyFileError(*shape.flaws)


def _once(domains: tuple[Domain, ...], nodes: dict[str, Node | None], shape: Shape) -> None:
    """A rule id stands once in the set, and a file is named after its domain."""
    places: dict[str, str] = {}
    for (stem, node), one in zip(nodes.items(), domains, strict=True):
        if node is not None and one.name != stem:
            shape.flaw(node.where, f"het domein '{one.name}' staat in {stem}.yaml", "geef het bestand de naam van het domein")
        for rule in one.rules:
            if rule.id in places:
                where = one.places.get(rule.id, stem)
                shape.flaw(where, f"de regel '{rule.id}' bestaat al", f"de eerste staat op {places[rule.id]}; kies een ander id")
            places.setdefault(rule.id, one.places.get(rule.id, stem))


def _rulebook(nodes: Mapping[str, Node | None], common: General, domains: tuple[Domain, ...]) -> Rulebook:
    """The rulebook with the hash of the very nodes that its rules were made of."""
    return Rulebook(
        vocabulary=common.words.vocabulary,
        common=common.common,
        rules=tuple(sorted((rule for one in domains for rule in one.rules), key=lambda rule: rule.id)),
        policy=policy_hash({name: plain(node) for name, node in nodes.items()}),
        carried=frozenset(common.words.vocabulary.duties),
    )


Plain = str | list["Plain"] | dict[str, "Plain"]


def plain(node: Node | None) -> Plain:
    """The content of a node without places, comments and layout; the rules of a file in the order of their ids."""
    match node:
        case Text():
            return node.value
        case Listing():
            return [plain(item) for item in node.items]
        case Table():
            content = {key: plain(value) for key, value in node.entries.items()}
            if isinstance(rules := content.get("regels"), list):
                content["regels"] = sorted(rules, key=lambda rule: str(rule.get("id")) if isinstance(rule, dict) else "")
            return content
    return ""


def policy_hash(content: dict[str, Plain]) -> str:
    """The canonical hash of a set: `sha256:` over its words and rules; comments, layout and order play no part."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"
