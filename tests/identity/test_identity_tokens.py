"""Certificate-bound tokens: who gets one, who can use it, and for how long."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from identity_world import (
    AUDIENCE,
    CERTIFICATE,
    ISSUER,
    OTHER_CERTIFICATE,
    START,
    TOKEN_URL,
    Asks,
    World,
    asks,
    cert,
    refused,
    rsa_key,
)
from joserfc import jws

from sluis.client.keys import PartnerKey
from sluis.core.errors import BadInput
from sluis.identity.encoding import fingerprint
from sluis.identity.signing_keys import read_keys


def status(at: Asks, headers: dict[str, str], path: str = "/v1/ik") -> int:
    return at.replica.web.get(path, headers=headers).status_code


def test_happy_flow_with_mtls() -> None:
    at = asks()
    answer = at.ask(at.assertion(), cert(CERTIFICATE))
    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json()["expires_in"] == 600
    assert answer.headers["cache-control"] == "no-store"
    bearer = {"authorization": "Bearer " + answer.json()["access_token"]}
    assert at.replica.web.get("/v1/ik", headers=bearer | cert(CERTIFICATE)).json()["wie"] == "politie"


def test_a_token_says_who_for_whom_and_to_which_key_and_nothing_of_a_person() -> None:
    at = asks()
    token = jws.extract_compact(at.bearer()["authorization"].removeprefix("Bearer ").encode())
    claims = json.loads(token.payload)
    assert token.headers()["typ"] == "at+jwt"
    assert token.headers()["alg"] == "PS256"
    assert claims.keys() == {"iss", "sub", "client_id", "azp", "aud", "scope", "iat", "nbf", "exp", "jti", "cnf"}
    assert claims["cnf"] == {"x5t#S256": fingerprint(CERTIFICATE)}
    assert claims["aud"] == [AUDIENCE]
    assert len(claims["jti"]) >= 22


def test_a_call_without_the_certificate_of_the_token_is_refused() -> None:
    at = asks()
    bearer = at.bearer()
    for headers in (bearer, bearer | cert(OTHER_CERTIFICATE), bearer | {"client-cert": "::"}):
        answer = at.replica.web.get("/v1/ik", headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith('Bearer realm="sluis", error="invalid_token"')
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_certificate_header_counts_only_from_a_listed_proxy() -> None:
    at = asks()
    assert at.replica.stranger.get("/v1/ik", headers=at.bearer() | cert(CERTIFICATE)).status_code == 401
    assert refused(at.ask(at.assertion(), cert(CERTIFICATE), by=at.replica.stranger), "invalid_request")


def test_two_certificate_headers_count_as_none() -> None:
    at = asks()
    headers = [*at.bearer().items(), *cert(CERTIFICATE).items(), *cert(CERTIFICATE).items()]
    assert at.replica.web.get("/v1/ik", headers=headers).status_code == 401


def test_ensure_holder_of_key_required() -> None:
    at = asks()
    assert refused(at.ask(at.assertion()), "invalid_request")
    assert refused(at.ask(at.assertion(), cert(OTHER_CERTIFICATE)), "invalid_request")


def test_a_certificate_taken_off_a_partner_ends_its_tokens() -> None:
    at = asks()
    bearer = at.bearer() | cert(CERTIFICATE)
    assert status(at, bearer) == 200
    known = at.replica.world.directory.partners["politie"]
    at.replica.world.directory.save(replace(known, certificates=frozenset()))
    assert status(at, bearer) == 401


def test_a_scope_is_narrowed_and_never_widened() -> None:
    at = asks()
    narrow = at.bearer(scope="log") | cert(CERTIFICATE)
    assert status(at, narrow) == 403
    assert status(at, at.bearer() | cert(CERTIFICATE), "/v1/beide") == 200
    assert refused(at.ask(at.assertion(), cert(CERTIFICATE), scope="beheer"), "invalid_scope")
    assert refused(at.ask(at.assertion(), cert(CERTIFICATE), scope=" "), "invalid_scope")


def test_a_missing_scope_is_a_403_that_names_it() -> None:
    at = asks()
    answer = at.replica.web.get("/v1/beheer", headers=at.bearer() | cert(CERTIFICATE))
    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="beheer"' in answer.headers["www-authenticate"]


def test_a_scope_taken_off_a_partner_closes_that_door_at_once() -> None:
    at = asks()
    bearer = at.bearer() | cert(CERTIFICATE)
    known = at.replica.world.directory.partners["politie"]
    at.replica.world.directory.save(replace(known, scopes=frozenset({"log"})))
    assert status(at, bearer) == 403


def test_a_partner_that_left_is_refused_at_once_at_both_doors() -> None:
    at = asks()
    bearer = at.bearer() | cert(CERTIFICATE)
    known = at.replica.world.directory.partners["politie"]
    at.replica.world.directory.save(replace(known, active_until=START))
    assert status(at, bearer) == 401
    assert refused(at.ask(at.assertion(), cert(CERTIFICATE)))


def test_a_partner_that_has_not_started_is_refused() -> None:
    at = asks()
    known = at.replica.world.directory.partners["politie"]
    at.replica.world.directory.save(replace(known, active_from=START.replace(year=2027)))
    assert refused(at.ask(at.assertion(), cert(CERTIFICATE)))


def test_a_token_ends() -> None:
    at = asks()
    bearer = at.bearer() | cert(CERTIFICATE)
    at.replica.world.clock.forward(seconds=609)
    assert status(at, bearer) == 200
    at.replica.world.clock.forward(seconds=2)
    assert status(at, bearer) == 401


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer ", "Basic YTpi", "Token x", "Bearer a.b.c", "Bearer é", "bearer ..", "DPoP "]
)
def test_what_is_no_token_gets_a_401_with_a_challenge(value: str) -> None:
    headers = [(b"authorization", value.encode()), *((name.encode(), text.encode()) for name, text in cert(CERTIFICATE).items())]
    answer = asks().replica.web.get("/v1/ik", headers=headers)
    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers


def test_without_a_token_both_schemes_are_offered() -> None:
    answer = asks().replica.web.get("/v1/ik")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="sluis", DPoP realm="sluis", algs="ES256 PS256"'


def test_two_authorization_headers_are_refused() -> None:
    at = asks()
    headers = [*at.bearer().items(), *at.bearer().items(), *cert(CERTIFICATE).items()]
    assert at.replica.web.get("/v1/ik", headers=headers).status_code == 401


def test_a_token_in_the_query_is_no_token() -> None:
    at = asks()
    token = at.bearer()["authorization"].removeprefix("Bearer ")
    assert at.replica.web.get(f"/v1/ik?access_token={token}", headers=cert(CERTIFICATE)).status_code == 401


def forged(
    at: Asks, header: dict[str, str] | None = None, claims: dict[str, object] | None = None, without: str = ""
) -> dict[str, str]:
    """A token under our own key that we never issued."""
    key = read_keys(at.replica.world.keys_in)[0]
    now = at.replica.world.clock.seconds
    said: dict[str, object] = {"iss": ISSUER, "sub": "politie", "client_id": "politie", "azp": "politie", "aud": [AUDIENCE]}
    said |= {"scope": "verzoeken", "iat": now, "nbf": now, "exp": now + 60, "jti": "x" * 24}
    said |= {"cnf": {"x5t#S256": fingerprint(CERTIFICATE)}} | (claims or {})
    chosen = {name: value for name, value in said.items() if name != without}
    full = {"alg": "PS256", "typ": "at+jwt", "kid": key.kid} | (header or {})
    token = jws.serialize_compact(full, json.dumps(chosen), key.key, algorithms=["PS256", "RS256"])
    return {"authorization": f"Bearer {token}"} | cert(CERTIFICATE)


def test_the_base_of_the_forgeries_is_right() -> None:
    at = asks()
    assert status(at, forged(at)) == 200
    assert status(at, forged(at, claims={"aud": AUDIENCE})) == 200
    assert status(at, forged(at, {"typ": "application/at+jwt"})) == 200


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"typ": "JWT"}, {}),
        ({"alg": "RS256"}, {}),
        ({"kid": "z"}, {}),
        ({}, {"iss": "https://x.example"}),
        ({}, {"aud": "https://x.example"}),
        ({}, {"aud": {AUDIENCE: 1}}),
        ({}, {"aud": 5}),
        ({}, {"exp": 1}),
        ({}, {"exp": "9999999999"}),
        ({}, {"exp": True}),
        ({}, {"nbf": START.timestamp() + 600}),
        ({}, {"iat": START.timestamp() + 600}),
        ({}, {"cnf": {}}),
        ({}, {"cnf": None}),
        ({}, {"cnf": "x"}),
        ({}, {"cnf": {"jkt": "a"}}),
        ({}, {"cnf": {"jkt": "a", "x5t#S256": fingerprint(CERTIFICATE)}}),
        ({}, {"cnf": {"x5t#S256": 5}}),
        ({}, {"client_id": "ggz2"}),
        ({}, {"client_id": 5}),
        ({}, {"scope": ["verzoeken"]}),
    ],
    ids=lambda part: " ".join(sorted(part)) or "as it was",
)
def test_a_token_that_we_did_not_issue_like_this_is_refused(header: dict[str, str], claims: dict[str, object]) -> None:
    at = asks()
    assert status(at, forged(at, header, claims)) == 401


@pytest.mark.parametrize("claim", ["iss", "sub", "client_id", "aud", "scope", "iat", "exp", "jti", "cnf"])
def test_a_token_without_a_claim_is_refused(claim: str) -> None:
    at = asks()
    assert status(at, forged(at, without=claim)) == 401


def test_an_unsigned_token_is_refused() -> None:
    at = asks()
    token = forged(at)["authorization"]
    for start in ("eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9"):
        _, payload, signature = token.removeprefix("Bearer ").split(".")
        for end in (signature, ""):
            assert status(at, {"authorization": f"Bearer {start}.{payload}.{end}"} | cert(CERTIFICATE)) == 401


def test_every_issue_is_on_record_and_no_token_is() -> None:
    world = World()
    at = asks(world)
    token = at.bearer()["authorization"].removeprefix("Bearer ")
    ((token_id, (name, expires, binding)),) = world.issuances.rows.items()
    assert name == "politie"
    assert (expires - START).total_seconds() == 600
    assert binding == f"x5t#S256={fingerprint(CERTIFICATE)}"
    assert token_id in str(json.loads(jws.extract_compact(token.encode()).payload))
    assert token not in str(world.issuances.rows)


def test_another_grant_and_another_authentication_are_refused() -> None:
    at = asks()
    assert refused(at.replica.web.post("/oauth2/token", data={"grant_type": "password"}), "unsupported_grant_type")
    basic = at.replica.web.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=("politie", "x"))
    assert refused(basic)
    body = {"grant_type": "client_credentials", "client_id": "politie", "client_secret": "x"}
    assert refused(at.replica.web.post("/oauth2/token", data=body))


@pytest.mark.parametrize(
    "body",
    [b"grant_type=client_credentials&grant_type=x", b"\xff\xfe=1", b"&".join(b"a%d=1" % i for i in range(50)), b"{}", b"", b"a"],
)
def test_a_body_that_is_no_proper_form_is_refused(body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert refused(asks().replica.web.post("/oauth2/token", content=body, headers=headers), "invalid_request")


def test_a_token_request_in_json_or_with_a_query_is_refused() -> None:
    at = asks()
    assert refused(at.replica.web.post("/oauth2/token", json={"grant_type": "client_credentials"}), "invalid_request")
    form = {"grant_type": "client_credentials"}
    assert refused(at.replica.web.post("/oauth2/token?client_assertion=x", data=form), "invalid_request")


def test_the_same_key_under_another_algorithm_does_not_verify() -> None:
    at = asks()
    assert refused(at.ask(at.assertion(algorithm="PS512", key=rsa_key()), cert(CERTIFICATE)))


def test_a_partner_that_asks_for_tokens_instead_of_using_them_waits() -> None:
    at = asks(World(tokens_a_minute=2))
    for _ in range(2):
        at.bearer()
    answer = at.ask(at.assertion(), cert(CERTIFICATE))
    assert answer.status_code == 429
    assert answer.json()["error"] == "temporarily_unavailable"
    assert answer.headers["retry-after"] == "30"
    assert at.ask(at.assertion("college", claims={"aud": TOKEN_URL}), cert(CERTIFICATE)).status_code == 200
    at.replica.world.clock.forward(seconds=30)
    at.bearer()


def test_when_an_organisation_goes_into_another_one_ends_as_the_other_begins() -> None:
    world = World()
    at = asks(world)
    merger = START + timedelta(minutes=5)
    old = world.directory.partners["politie"]
    world.directory.save(replace(old, active_until=merger))
    world.directory.save(replace(old, id="nieuw", client_id="nieuw", oin="00000001234567890001", active_from=merger))
    assert refused(at.ask(at.assertion("nieuw"), cert(CERTIFICATE)))
    bearer = at.bearer() | cert(CERTIFICATE)
    world.clock.forward(minutes=5)
    assert status(at, bearer) == 401
    assert refused(at.ask(at.assertion(), cert(CERTIFICATE)))
    assert at.replica.web.get("/v1/ik", headers=at.bearer("nieuw") | cert(CERTIFICATE)).json()["wie"] == "nieuw"


def test_a_token_lives_as_long_as_the_settings_say_and_never_longer_than_fifteen_minutes() -> None:
    at = asks(World(token_life=timedelta(minutes=5)))
    assert at.ask(at.assertion(), cert(CERTIFICATE)).json()["expires_in"] == 300
    for life in (timedelta(minutes=16), timedelta(0)):
        with pytest.raises(BadInput):
            asks(World(token_life=life))


def test_a_partner_that_calls_too_often_waits_and_nobody_else_does() -> None:
    at = asks(World(calls_a_minute=2))
    bearer = at.bearer() | cert(CERTIFICATE)
    answers = [at.replica.web.get("/v1/ik", headers=bearer) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit"] == '"partner";r=1;t=0'
    assert answers[2].headers["retry-after"] == "30"
    assert "www-authenticate" not in answers[2].headers
    other = at.ask(at.assertion("college", claims={"aud": TOKEN_URL}), cert(CERTIFICATE)).json()["access_token"]
    assert status(at, {"authorization": f"Bearer {other}"} | cert(CERTIFICATE)) == 200


def test_whoever_holds_a_stolen_token_cannot_use_up_the_calls_of_its_owner() -> None:
    at = asks(World(calls_a_minute=2))
    bearer = at.bearer()
    for _ in range(5):
        assert status(at, bearer | cert(OTHER_CERTIFICATE)) == 401
    assert status(at, bearer | cert(CERTIFICATE)) == 200


def test_a_token_of_one_certificate_is_refused_under_another_of_the_same_partner() -> None:
    at = asks()
    known = at.replica.world.directory.partners["politie"]
    both = frozenset({fingerprint(CERTIFICATE), fingerprint(OTHER_CERTIFICATE)})
    at.replica.world.directory.save(replace(known, certificates=both))
    bearer = at.bearer()
    assert status(at, bearer | cert(CERTIFICATE)) == 200
    assert status(at, bearer | cert(OTHER_CERTIFICATE)) == 401


def test_a_token_that_claims_two_bindings_works_with_neither() -> None:
    at = asks()
    key = PartnerKey.generate("ES256")
    both = {"jkt": key.key.thumbprint(), "x5t#S256": fingerprint(CERTIFICATE)}
    headers = forged(at, claims={"cnf": both})
    token = headers["authorization"].removeprefix("Bearer ")
    assert status(at, headers) == 401
    proof = key.proof("GET", f"{ISSUER}/v1/ik", START, token=token)
    assert status(at, {"authorization": f"DPoP {token}", "dpop": proof}) == 401
