"""The served document against the broker itself: whatever it allows, and what it forbids, gets the answer it promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sluis.api.application import routes_only
from sluis.api.document import describe
from world.broker import GGZ, POLICE, PROBATION, STAFF, TOWN, Broker, told_stories

AnyCase = Case[Any]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def poked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of its own, whose case the generated calls may close."""
    with Broker(tmp_path_factory.mktemp("geprikt")) as made:
        yield made


@pytest.fixture(scope="module")
def ids(poked: Broker) -> list[str]:
    told = told_stories({name: poked.as_(name) for name in (POLICE, TOWN, GGZ, PROBATION)})
    return [told.case, told.request, told.release, told.consent, told.contribution]


schema = schemathesis.openapi.from_dict(
    describe(routes_only()),
    config=SchemathesisConfig.from_dict({"phases": {"coverage": {"unexpected-methods": []}}}),  # test_api_bodies has them all
)
plain = schemathesis.openapi.from_dict(
    describe(routes_only()), config=SchemathesisConfig.from_dict({"phases": {"coverage": {"enabled": False}}})
)


def test_what_is_tried_is_what_is_served(poked: Broker) -> None:
    assert poked.http.get("/v1/openapi.json").json() == json.loads(json.dumps(describe(routes_only())))


def call(case: AnyCase, broker: Broker, who: str | None) -> httpx2.Response:
    """The generated call, sent byte for byte, with a token of that organisation or without any."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url=f"{broker.url}/v1")).prepare()
    url, method = str(prepared.url), str(prepared.method)
    body: Any = prepared.body or b""
    content = body.encode() if isinstance(body, str) else bytes(body)
    headers = {k: str(v) for k, v in prepared.headers.items() if k.lower() not in {"authorization", "dpop"}}
    if who is not None:
        headers |= broker.as_(who).credentials(method, url)
    return broker.http.request(method, url, content=content, headers=headers)


def made_likely(case: AnyCase, ids: list[str], number: int) -> None:
    """Half the calls name something that exists, by somebody who works there: so that they get behind the first door."""
    if "id" in case.path_parameters and number % 2:
        case.path_parameters["id"] = ids[number // 2 % len(ids)]
    if isinstance(case.body, dict) and isinstance(case.body.get("medewerker"), dict) and number % 3:
        case.body["medewerker"] = {**STAFF[(POLICE, GGZ, TOWN)[number % 3]]}


@schema.parametrize()
@settings(max_examples=25)
def test_with_a_token_every_answer_is_as_the_document_says(case: AnyCase, poked: Broker, ids: list[str]) -> None:
    number = abs(hash(str(case.body) + str(case.path_parameters)))
    made_likely(case, ids, number)
    answer = call(case, poked, (POLICE, GGZ, TOWN)[number % 3])
    case.validate_response(answer, checks=CHECKS)


@plain.parametrize()
@settings(max_examples=8)
def test_without_a_token_every_answer_is_a_401_and_tells_nothing(case: AnyCase, poked: Broker, ids: list[str]) -> None:
    made_likely(case, ids, 1)
    answer = call(case, poked, None)
    assert answer.status_code == 401 or len(answer.request.content) > poked.region.settings.max_body
    assert set(answer.json()) == {"type", "status", "title", "detail"}
    case.validate_response(answer, checks=CHECKS)


def test_after_all_that_the_log_still_verifies(poked: Broker) -> None:
    assert poked.keepers.ledger.verify().size > 0
