"""Whoever has it already is told so, and nobody else learns anything from a tag."""

from __future__ import annotations

import pytest

from world.broker import GGZ, POLICE, Broker

PATHS = ["/v1/doelen", "/v1/deelnemers", "/v1/beleid", "/v1/verzoeken", "/v1/casussen", "/v1/verstrekkingen", "/v1/openapi.json"]


@pytest.mark.parametrize("path", PATHS)
def test_what_was_read_before_is_a_304_without_a_body(broker: Broker, path: str) -> None:
    police = broker.as_(POLICE)
    first = police.raw("GET", path)
    assert first.status_code == 200
    for said in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = police.raw("GET", path, headers={"if-none-match": said})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers["api-version"]
    assert police.raw("GET", path, headers={"if-none-match": '"x"'}).content == first.content


def test_a_tag_of_another_opens_nothing(broker: Broker) -> None:
    tag = broker.as_(POLICE).raw("GET", "/v1/doelen").headers["etag"]
    assert broker.http.get("/v1/doelen", headers={"if-none-match": tag}).status_code == 401
    assert broker.as_(GGZ, scope="casussen").raw("GET", "/v1/doelen", headers={"if-none-match": tag}).status_code == 403


def test_problems_and_posts_have_no_tag(broker: Broker) -> None:
    police = broker.as_(POLICE)
    assert "etag" not in police.raw("GET", "/v1/verzoeken/bestaat-niet", headers={"if-none-match": "*"}).headers
    assert "etag" not in police.client.post("/v1/verzoeken/_toets", {}).headers
