"""Reads questions from YAML: a list of items with `id` and `vraag`, for `sluis policy decide` and for the examples.

A question file may be made by a program, so any YAML is read here; what must be right is the question in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from sluis.core.errors import BadInput, Flaw
from sluis.core.question import FactValue, Question, Truth
from sluis.core.terms import Vocabulary, unknown_words

KEYS = ("doel", "richting", "vrager", "verstrekker", "gegevens", "persoon", "casus")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question with the name that the asker gave it."""

    id: str
    question: Question


def read_items(text: str, vocabulary: Vocabulary) -> tuple[Item, ...]:
    """The questions of a file. Raises `BadInput` with every flaw in it."""
    try:
        content: object = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, chosen by whether libyaml is there
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a date that does not exist, a list without end
        mark = getattr(error, "problem_mark", None)
        where = f"regel {mark.line + 1}" if mark is not None else "bestand"
        raise BadInput(Flaw(where=where, what="dit is geen geldige YAML")) from None
    if not isinstance(content, list):
        raise BadInput(Flaw(where="bestand", what="hier hoort een lijst van vragen", mend="begin elk item met '- id: ...'"))
    flaws: list[Flaw] = []
    items = [_item(number, entry, vocabulary, flaws) for number, entry in enumerate(content, 1)]
    if flaws:
        raise BadInput(*flaws)
    return tuple(item for item in items if item is not None)


def _item(number: int, entry: object, vocabulary: Vocabulary, flaws: list[Flaw]) -> Item | None:
    where = f"item {number}"
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str | int) or not isinstance(entry.get("vraag"), dict):
        flaws.append(Flaw(where=where, what="een item heeft een id en een vraag", mend="vul beide in"))
        return None
    name = str(entry["id"])
    found: list[Flaw] = []
    question = read_question(entry["vraag"], found)
    if question is not None:
        found += unknown_words(question, vocabulary)
    flaws += [Flaw(where=f"{where} ({name}), {flaw.where}", what=flaw.what, mend=flaw.mend) for flaw in found]
    return Item(id=name, question=question) if question is not None else None


def read_question(content: Mapping[object, object], flaws: list[Flaw]) -> Question | None:
    """The question of a table; None, with flaws, when it is not one."""
    before = len(flaws)
    unknown = [key for key in content if key not in (*KEYS, "feiten")]
    mend = "zie de sleutels in docs/policies.md"
    flaws += [Flaw(where="vraag", what=f"onbekende sleutel '{key}'", mend=mend) for key in unknown]
    words = {key: _word(content.get(key), key, flaws) for key in KEYS if key != "gegevens"}
    categories = _categories(content.get("gegevens"), "gegevens", flaws)
    facts = _facts(content.get("feiten", {}), flaws)
    if len(flaws) > before:
        return None
    return Question(
        purpose=words["doel"],
        direction=words["richting"],
        requester=words["vrager"],
        provider=words["verstrekker"],
        categories=categories,
        person=words["persoon"],
        case_state=words["casus"],
        facts=facts,
    )


def _word(value: object, key: str, flaws: list[Flaw]) -> str:
    if isinstance(value, str) and value:
        return value
    flaws.append(Flaw(where=key, what="hier hoort een woord" if value is not None else "ontbreekt", mend="vul het in"))
    return ""


def _categories(value: object, key: str, flaws: list[Flaw]) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(dict.fromkeys(value))
    flaws.append(Flaw(where=key, what="hier hoort een lijst van gegevens", mend="bijvoorbeeld [identiteit.basis]"))
    return ()


def _facts(value: object, flaws: list[Flaw]) -> dict[str, FactValue]:
    facts: dict[str, FactValue] = {}
    if not isinstance(value, dict):
        flaws.append(Flaw(where="feiten", what="hier hoort een tabel van feiten", mend="bijvoorbeeld toestemming: waar"))
        return facts
    for name, said in value.items():
        if isinstance(said, str) and said in set(Truth):
            facts[str(name)] = Truth(said)
        elif isinstance(said, list):
            facts[str(name)] = frozenset(_categories(said, f"feiten.{name}", flaws))
        elif isinstance(said, dict) and all(isinstance(word, str) and word in set(Truth) for word in said.values()):
            facts[str(name)] = {str(category): Truth(word) for category, word in said.items()}
        else:
            mend = "schrijf waar, onwaar, onbekend, een lijst van gegevens, of per gegeven waar of onwaar"
            flaws.append(Flaw(where=f"feiten.{name}", what="geen geldige waarde", mend=mend))
    return facts
