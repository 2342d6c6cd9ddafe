"""Signed answers: anybody with the published key can check what came, and nobody can use the signature for something else."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace

import httpx2
import pytest
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import KeySet
from starlette.testclient import TestClient

from sluis.api.signing import HTTP_HEADERS, REGISTRY, AnswerKey, SignedAnswers
from sluis.app import broker as application
from sluis.core.errors import BadInput, KeyUnavailable
from sluis.identity.front import Front
from sluis.settings import read_settings
from world.broker import POLICE, Broker, Json

ASKS: Json = {"doel": "zvh-casus", "vrager": "politie", "verstrekker": "ggz", "gegevens": ["gezondheid.functioneel"]}


@pytest.fixture(scope="module")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker that signs its answers."""
    made = Broker(tmp_path_factory.mktemp("ondertekend"))
    settings = made.keepers.settings.model_copy(update={"sign_answers": True})
    made.app = application(replace(made.keepers, settings=settings))
    made.http = TestClient(made.app, base_url=made.url, raise_server_exceptions=False)
    with made:
        yield made


def checked(given: httpx2.Response, keys: KeySet) -> jws.CompactSignature:
    """The signature of that answer, checked as a partner would."""
    digest = "SHA-256=" + b64encode(hashlib.sha256(given.content).digest()).decode()
    assert given.headers["digest"] == digest
    return jws.deserialize_compact(
        given.headers["payload-signature"], keys, registry=REGISTRY, payload=f"digest: {digest}".encode()
    )


def published(signing: Broker) -> KeySet:
    return KeySet.import_key_set(signing.http.get("/oauth2/jwks").json())


def test_an_answer_and_a_problem_are_signed_over_their_bodies(signing: Broker) -> None:
    police = signing.as_(POLICE)
    good, wrong = police.client.post("/v1/verzoeken/_toets", ASKS), police.client.post("/v1/verzoeken/_toets", {})
    assert (good.status_code, wrong.status_code) == (200, 400)
    for given in (good, wrong):
        header = checked(given, published(signing)).headers()
        assert header["sigD"] == {"mId": HTTP_HEADERS, "pars": ["digest"]}
        assert header["crit"] == ["b64", "sigD"]
        assert given.headers["payload-signature"].count("..") == 1


def test_another_body_does_not_hold(signing: Broker) -> None:
    given = signing.as_(POLICE).client.post("/v1/verzoeken/_toets", ASKS)
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(
            given.headers["payload-signature"], published(signing), registry=REGISTRY, payload=b"digest: SHA-256=x"
        )


def test_a_signature_is_no_token_and_an_ordinary_reader_refuses_it(signing: Broker) -> None:
    given = signing.as_(POLICE).client.post("/v1/verzoeken/_toets", ASKS)
    signature = given.headers["payload-signature"]
    with pytest.raises((JoseError, ValueError)):
        jwt.decode(signature, published(signing), algorithms=["PS256"])
    refused = signing.http.get("/v1/doelen", headers={"authorization": f"Bearer {signature}"})
    assert refused.status_code == 401


def test_pages_for_people_are_left_as_they_are(signing: Broker) -> None:
    assert "payload-signature" not in signing.http.get("/problemen/niet-gevonden").headers


def test_what_cannot_be_signed_is_not_sent(signing: Broker) -> None:
    class NoKeys:
        def signing(self) -> AnswerKey:
            raise KeyUnavailable("there is no key")

    assert isinstance(signing.app, Front)
    inner = signing.app.app
    signing.app.app = SignedAnswers(inner, NoKeys(), signing.keepers.services.clock)
    try:
        given = signing.as_(POLICE).client.post("/v1/verzoeken/_toets", ASKS)
    finally:
        signing.app.app = inner
    assert given.status_code == 500
    assert "besluit" not in json.loads(given.content)


def test_it_is_off_unless_set_and_does_not_go_with_an_external_issuer(broker: Broker) -> None:
    assert not broker.keepers.settings.sign_answers
    plain = broker.as_(POLICE).client.post("/v1/verzoeken/_toets", ASKS)
    assert "payload-signature" not in plain.headers
    with pytest.raises(BadInput, match="sign_answers"):
        read_settings(mode="demo", sign_answers=True, token_issuer="https://a.example", token_jwks="x")
