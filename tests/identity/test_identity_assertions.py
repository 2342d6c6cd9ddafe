"""`private_key_jwt`: the refusals of the FAPI 2.0 machine-to-machine plan, and the two profiles."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from identity_world import (
    CERTIFICATE,
    ISSUER,
    START,
    TOKEN_URL,
    World,
    asks,
    cert,
    ec_key,
    other_rsa_key,
    refused,
    rsa_key,
)
from joserfc.errors import SecurityWarning
from joserfc.jwk import RSAKey

NOW = int(START.timestamp())


def test_an_assertion_is_good_once() -> None:
    at = asks()
    once = at.assertion()
    assert at.ask(once, cert(CERTIFICATE)).status_code == 200
    assert refused(at.ask(once, cert(CERTIFICATE)))


def test_an_assertion_is_good_once_over_two_replicas() -> None:
    world = World()
    first, second = asks(world), asks(world)
    once = first.assertion()
    assert first.ask(once, cert(CERTIFICATE)).status_code == 200
    assert refused(second.ask(once, cert(CERTIFICATE)))


def test_an_assertion_is_used_up_also_when_the_token_is_refused() -> None:
    at = asks()
    once = at.assertion()
    assert refused(at.ask(once), "invalid_request")
    assert refused(at.ask(once, cert(CERTIFICATE)))


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://x.example"},
        {"aud": [ISSUER]},
        {"aud": [ISSUER, "https://x.example"]},
        {"aud": TOKEN_URL},
        {"aud": ISSUER + "/"},
        {"aud": None},
        {"exp": NOW - 300},
        {"exp": NOW - 10},
        {"exp": NOW + 301},
        {"exp": NOW + 3600},
        {"exp": "x"},
        {"exp": str(NOW + 60)},
        {"exp": True},
        {"exp": float("inf")},
        {"exp": float("nan")},
        {"exp": 10**400},
        {"exp": None},
        {"jti": 5},
        {"jti": "a"},
        {"jti": "a" * 257},
        {"jti": None},
        {"iss": "ggz"},
        {"iss": None},
        {"iat": NOW + 600},
        {"iat": "x"},
        {"nbf": NOW + 600},
        {"nbf": {}},
    ],
    ids=str,
)
def test_ensure_invalid_client_assertions_fail(claims: dict[str, object]) -> None:
    at = asks()
    assert refused(at.ask(at.assertion(claims=claims), cert(CERTIFICATE)))


def test_ensure_client_assertion_with_exp_is_5_minutes_in_past_fails() -> None:
    at = asks()
    assert refused(at.ask(at.assertion(claims={"exp": NOW - 300, "iat": NOW - 360}), cert(CERTIFICATE)))


def test_ensure_client_assertion_with_wrong_aud_fails() -> None:
    at = asks()
    assert refused(at.ask(at.assertion(claims={"aud": "https://ander.example"}), cert(CERTIFICATE)))


@pytest.mark.parametrize("claim", ["sub", "iss", "aud", "exp", "jti"])
def test_an_assertion_without_a_claim_is_refused(claim: str) -> None:
    at = asks()
    assert refused(at.ask(at.assertion(without=claim), cert(CERTIFICATE)))


def test_ensure_client_assertion_with_no_sub_fails() -> None:
    at = asks()
    assert refused(at.ask(at.assertion(without="sub"), cert(CERTIFICATE)))


def test_ensure_signed_client_assertion_with_rs256_fails() -> None:
    at = asks()
    assert refused(at.ask(at.assertion(algorithm="RS256"), cert(CERTIFICATE)))


def test_ensure_client_assertion_in_token_endpoint() -> None:
    at = asks()
    body = {"grant_type": "client_credentials", "client_id": "politie"}
    assert refused(at.replica.web.post("/oauth2/token", data=body, headers=cert(CERTIFICATE)))


def test_ensure_client_id_in_token_endpoint() -> None:
    at = asks()
    assert refused(at.ask(at.assertion(), cert(CERTIFICATE), client_id="ggz"))
    assert at.ask(at.assertion(), cert(CERTIFICATE), client_id="politie").status_code == 200


def test_another_assertion_type_is_refused() -> None:
    at = asks()
    wrong = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
    assert refused(at.ask(at.assertion(), cert(CERTIFICATE), client_assertion_type=wrong))


def test_a_clock_ten_seconds_off_is_forgiven() -> None:
    at = asks()
    for claims in ({"iat": NOW + 10, "nbf": NOW + 10}, {"exp": NOW - 9}, {"exp": NOW + 300}):
        assert at.ask(at.assertion(claims=claims), cert(CERTIFICATE)).status_code == 200


def test_every_refusal_reads_the_same_known_partner_or_not() -> None:
    at = asks()
    known = at.replica.world.directory.partners["ggz"]
    at.replica.world.directory.save(replace(known, active_until=START))
    answers = [
        at.ask(at.assertion("niemand"), cert(CERTIFICATE)),
        at.ask(at.assertion(key=other_rsa_key()), cert(CERTIFICATE)),
        at.ask(at.assertion(claims={"aud": "x"}), cert(CERTIFICATE)),
        at.ask(at.assertion("ggz", "ES256"), cert(CERTIFICATE)),
        at.ask("", cert(CERTIFICATE)),
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(400, answers[0].text)}
    assert refused(answers[0])


def test_the_key_of_another_partner_does_not_help() -> None:
    at = asks()
    assert refused(at.ask(at.assertion("politie", "ES256", key=ec_key()), cert(CERTIFICATE)))


def test_a_partner_whose_registered_key_is_weak_gets_no_token() -> None:
    at = asks()
    with pytest.warns(SecurityWarning):
        weak = RSAKey.generate_key(1024, {"kid": "c"})
    known = at.replica.world.directory.partners["politie"]
    at.replica.world.directory.save(replace(known, keys={"keys": [weak.as_dict(private=False)]}))
    assert refused(at.ask(at.assertion(key=weak), cert(CERTIFICATE)))


NESTED = base64.urlsafe_b64encode(b"[" * 4000).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.b.c",
        "..",
        "é",
        "eyJhbGciOiJub25lIn0.e30.",
        "eyJhbGciOiJQUzI1NiJ9.W10.aa",
        f"eyJhbGciOiJQUzI1NiJ9.{NESTED}.aa",
        f"{NESTED}.e30.a",
    ],
)
def test_garbage_is_refused_like_anything_else(text: str) -> None:
    assert refused(asks().ask(text, cert(CERTIFICATE)))


def test_the_nlgov_profile_takes_rs256_and_the_token_endpoint_and_wants_iat() -> None:
    at = asks()
    assert at.ask(at.assertion("college", "RS256", claims={"aud": TOKEN_URL}), cert(CERTIFICATE)).status_code == 200
    assert at.ask(at.assertion("college", "PS256", claims={"aud": TOKEN_URL}), cert(CERTIFICATE)).status_code == 200
    assert refused(at.ask(at.assertion("college", "RS256", claims={"aud": ISSUER}), cert(CERTIFICATE)))
    assert refused(at.ask(at.assertion("college", "RS256", claims={"aud": TOKEN_URL}, without="iat"), cert(CERTIFICATE)))
    assert refused(at.ask(at.assertion("college", "RS512", claims={"aud": TOKEN_URL}, key=rsa_key()), cert(CERTIFICATE)))


def test_the_default_profile_takes_no_iat_for_granted() -> None:
    at = asks()
    assert at.ask(at.assertion(without="iat"), cert(CERTIFICATE)).status_code == 200
