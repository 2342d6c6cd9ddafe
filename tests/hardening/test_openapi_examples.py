"""Every operation of the document has an example of what goes in and what comes out, and each holds to its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from sluis.api.application import routes_only
from sluis.api.document import describe
from sluis.api.examples import EXAMPLES, GIVEN
from sluis.api.shapes import actions, asking, cases, handovers, meetings
from world.people import rulebook

DOCUMENT: dict[str, Any] = describe(routes_only())


def media() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body and answer, with its place."""
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            parts = {"body": operation.get("requestBody", {}), **operation["responses"]}
            for name, part in parts.items():
                for kind, content in part.get("content", {}).items():
                    yield f"{method} {path} {name} {kind}", content


FOUND = dict(media())


def schema(reference: dict[str, Any]) -> dict[str, Any]:
    return {**reference, "components": DOCUMENT["components"]}


@pytest.mark.parametrize("place", sorted(FOUND))
def test_an_example_stands_there_and_is_valid(place: str) -> None:
    content = FOUND[place]
    jsonschema_rs.validator_for(schema(content["schema"]), validate_formats=True).validate(content["example"])


def test_every_example_is_used() -> None:
    used = {content["schema"].get("$ref", "").rpartition("/")[2] for content in FOUND.values()}
    assert used - {"", "Problem"} == set(EXAMPLES)


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_the_broker_itself_would_read_the_body(name: str) -> None:
    import orjson

    shape = next(found for room in (actions, asking, cases, handovers, meetings) if (found := getattr(room, name, None)))
    assert shape.model_validate_json(orjson.dumps(GIVEN[name]))


def test_the_words_in_the_examples_are_words_of_the_policy() -> None:
    words = rulebook().vocabulary
    dry = GIVEN["DryRunGiven"]
    assert dry["doel"] in words.purposes
    assert set(_list(dry["gegevens"])) <= set(words.categories)
    assert {dry["vrager"], dry["verstrekker"]} <= set(words.kinds)
    assert set(_list(dry["feiten"])) <= set(words.facts)
    assert str(GIVEN["WeighingGiven"]["feit"]) in words.facts


def _list(found: object) -> list[str]:
    assert isinstance(found, list | dict)
    return list(found)
