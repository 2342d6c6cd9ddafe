"""DPoP: the acceptances and the refusals of the FAPI 2.0 plan, nonces, and replay over replicas."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping

import httpx2
import pytest
from identity_world import API, CERTIFICATE, ISSUER, START, TOKEN_URL, Asks, World, asks, cert, ec_key, refused, rsa_key
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from sluis.client.keys import PartnerKey
from sluis.identity.encoding import b64url, fingerprint

NOW = int(START.timestamp())
KEY = PartnerKey(key=ECKey.generate_key("P-256"), algorithm="ES256")
OTHER = PartnerKey(key=ECKey.generate_key("P-256"), algorithm="ES256")


def public(key: RSAKey | ECKey) -> dict[str, object]:
    return {name: value for name, value in key.as_dict(private=False).items() if name in {"kty", "crv", "x", "y", "n", "e"}}


def proof(
    token: str | None,
    claims: Mapping[str, object] | None = None,
    *,
    header: Mapping[str, object] | None = None,
    without: str = "",
    key: RSAKey | ECKey | None = None,
) -> str:
    """A proof for a GET of `API` that is right, save for what is given. `without` names a claim or a header."""
    signer = key or KEY.key
    said: dict[str, object] = {"htm": "GET", "htu": API, "iat": NOW, "jti": secrets.token_urlsafe(16)}
    said |= ({"ath": fingerprint(token.encode())} if token else {}) | dict(claims or {})
    full: dict[str, object] = {"alg": "ES256", "typ": "dpop+jwt", "jwk": public(signer)} | dict(header or {})
    said.pop(without, None)
    full.pop(without, None)
    return signed(full, said, signer, str(full.get("alg", "ES256")))


def signed(header: Mapping[str, object], claims: Mapping[str, object], key: RSAKey | ECKey, algorithm: str) -> str:
    """A real signature over a header that a careful library would refuse to write."""
    encoded = [b64url(json.dumps(part).encode()) for part in (header, claims)]
    text = ".".join(encoded)
    return f"{text}.{b64url(jws.JWSRegistry.algorithms[algorithm].sign(text.encode(), key))}"


def unsigned(header: Mapping[str, object], claims: Mapping[str, object]) -> str:
    """Three parts, the last of which is 64 zero bytes."""
    parts = [json.dumps(header).encode(), json.dumps(claims).encode(), b"\0" * 64]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def call(at: Asks, token: str, *proofs: str, scheme: str = "DPoP", path: str = "/v1/ik?x=1") -> httpx2.Response:
    headers = [("authorization", f"{scheme} {token}"), *(("dpop", each) for each in proofs)]
    return at.replica.web.get(path, headers=headers)


def test_happy_flow_with_dpop() -> None:
    at = asks()
    token = at.dpop_token(KEY)
    assert call(at, token, KEY.proof("GET", API, START, token=token)).json()["wie"] == "ggz"


def test_a_dpop_token_says_so_and_is_bound_to_the_key() -> None:
    at = asks()
    answer = at.ask(at.assertion("ggz", "ES256"), {"dpop": KEY.proof("POST", TOKEN_URL, START)})
    assert answer.json()["token_type"] == "DPoP"
    claims = json.loads(jws.extract_compact(answer.json()["access_token"].encode()).payload)
    assert claims["cnf"] == {"jkt": KEY.key.thumbprint()}


def test_a_proof_with_an_rsa_key_under_ps256_is_taken() -> None:
    at = asks()
    key = PartnerKey(key=rsa_key(), algorithm="PS256")
    token = at.dpop_token(key)
    assert call(at, token, key.proof("GET", API, START, token=token)).status_code == 200


@pytest.mark.parametrize("scheme", ["DPoP", "dpop", "DPOP", "dPoP"])
def test_access_token_type_header_case_sensitivity(scheme: str) -> None:
    at = asks()
    token = at.dpop_token(KEY)
    assert call(at, token, proof(token), scheme=scheme).status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"htu": API + "?y=2"},
        {"htu": API + "#z"},
        {"htu": "HTTPS://SLUIS.EXAMPLE/v1/ik"},
        {"htu": "https://sluis.example:443/v1/ik"},
        {"htu": ISSUER + "/v1/%69k"},
        {"nbf": NOW, "exp": NOW + 60},
        {"iat": NOW + 10},
        {"iat": NOW - 10},
        {"iat": NOW - 60},
        {"extra": 1},
    ],
    ids=str,
)
def test_a_proof_may_differ_where_the_standard_says_so(claims: dict[str, object]) -> None:
    at = asks()
    token = at.dpop_token(KEY)
    assert call(at, token, proof(token, claims)).status_code == 200


def test_check_dpop_proof_nbf_exp() -> None:
    at = asks()
    token = at.dpop_token(KEY)
    assert call(at, token, proof(token, {"nbf": NOW - 5, "exp": NOW + 30})).status_code == 200
    assert call(at, token, proof(token, {"exp": NOW - 30})).status_code == 401
    assert call(at, token, proof(token, {"nbf": NOW + 30})).status_code == 401


CLAIMS: list[dict[str, object]] = [
    {"htm": "POST"},
    {"htm": "get"},
    {"htm": 5},
    {"htm": None},
    {"htu": ISSUER + "/v1/x"},
    {"htu": "http://sluis.example/v1/ik"},
    {"htu": "https://sluis.example:444/v1/ik"},
    {"htu": "https://ander.example/v1/ik"},
    {"htu": "/v1/ik"},
    {"htu": "https://sluis.example:x/v1/ik"},
    {"htu": 5},
    {"htu": ""},
    {"iat": NOW - 3600},
    {"iat": NOW - 61},
    {"iat": NOW + 3600},
    {"iat": NOW + 11},
    {"iat": "x"},
    {"iat": True},
    {"iat": None},
    {"jti": ""},
    {"jti": "a"},
    {"jti": "a" * 300},
    {"jti": 5},
    {"ath": "x"},
    {"ath": 5},
    {"ath": fingerprint(b"another token")},
]


@pytest.mark.parametrize("claims", CLAIMS, ids=str)
def test_dpop_negative_claims(claims: dict[str, object]) -> None:
    at = asks()
    token = at.dpop_token(KEY)
    answer = call(at, token, proof(token, claims))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith('DPoP realm="sluis", error="invalid_dpop_proof"')
    assert 'algs="ES256 PS256"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("name", ["htm", "htu", "iat", "jti", "ath", "typ", "alg", "jwk"])
def test_dpop_negative_missing(name: str) -> None:
    at = asks()
    token = at.dpop_token(KEY)
    assert call(at, token, proof(token, without=name)).status_code == 401


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "at+jwt"},
        {"typ": 5},
        {"jwk": "x"},
        {"jwk": {}},
        {"jwk": None},
        {"jwk": public(OTHER.key)},
        {"jwk": {**KEY.key.as_dict(private=True)}},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"jwk": {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}},
    ],
    ids=lambda header: " ".join(sorted(header)),
)
def test_dpop_negative_header(header: dict[str, object]) -> None:
    at = asks()
    token = at.dpop_token(KEY)
    assert call(at, token, proof(token, header=header)).status_code == 401


def test_dpop_negative_algorithms() -> None:
    at = asks()
    key = PartnerKey(key=rsa_key(), algorithm="PS256")
    token = at.dpop_token(key)
    assert call(at, token, proof(token, header={"alg": "PS256"}, key=rsa_key())).status_code == 200
    for algorithm in ("RS256", "PS384"):
        assert call(at, token, proof(token, header={"alg": algorithm}, key=rsa_key())).status_code == 401
    for algorithm in ("none", "HS256", "ES384"):
        said = {"htm": "GET", "htu": API, "iat": NOW, "jti": "x" * 20, "ath": fingerprint(token.encode())}
        assert call(at, token, unsigned({"alg": algorithm, "typ": "dpop+jwt", "jwk": public(rsa_key())}, said)).status_code == 401


def test_dpop_negative_signature() -> None:
    at = asks()
    token = at.dpop_token(KEY)
    good = proof(token)
    start, _, _ = good.rpartition(".")
    for text in (start + "." + "A" * 86, start + ".", start, "", "é", "a.b.c", good + "." + good):
        headers = [(b"authorization", f"DPoP {token}".encode()), (b"dpop", text.encode())]
        assert at.replica.web.get("/v1/ik", headers=headers).status_code == 401


def test_several_proofs_or_none_are_refused() -> None:
    at = asks()
    token = at.dpop_token(KEY)
    assert call(at, token, proof(token), proof(token)).status_code == 401
    assert call(at, token).status_code == 401


def test_a_proof_is_good_once_over_two_replicas() -> None:
    world = World()
    first, second = asks(world), asks(world)
    token = first.dpop_token(KEY)
    used = proof(token)
    assert call(first, token, used).status_code == 200
    assert call(first, token, used).status_code == 401
    assert call(second, token, used).status_code == 401
    assert call(second, token, proof(token)).status_code == 200


def test_a_proof_by_another_key_is_refused() -> None:
    at = asks()
    token = at.dpop_token(KEY)
    answer = call(at, token, OTHER.proof("GET", API, START, token=token))
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_dpop_token_as_bearer_is_refused_with_or_without_proof_and_certificate() -> None:
    at = asks()
    token = at.dpop_token(KEY)
    bearer = [("authorization", f"Bearer {token}")]
    for more in (
        [],
        [("dpop", proof(token))],
        [*cert(CERTIFICATE).items()],
        [("dpop", proof(token)), *cert(CERTIFICATE).items()],
    ):
        assert at.replica.web.get("/v1/ik", headers=[*bearer, *more]).status_code == 401


def test_a_certificate_bound_token_under_dpop_is_refused() -> None:
    at = asks()
    token = at.bearer()["authorization"].removeprefix("Bearer ")
    headers = [("authorization", f"DPoP {token}"), ("dpop", proof(token)), *cert(CERTIFICATE).items()]
    assert at.replica.web.get("/v1/ik", headers=headers).status_code == 401
    mixed = [("authorization", f"Bearer {token}"), ("dpop", proof(token)), *cert(CERTIFICATE).items()]
    assert at.replica.web.get("/v1/ik", headers=mixed).status_code == 401


@pytest.mark.parametrize("text", ["", "a.b.c", "é"])
def test_a_bad_proof_at_the_token_endpoint_gives_no_token_not_even_a_certificate_bound_one(text: str) -> None:
    at = asks()
    body = {"grant_type": "client_credentials", "client_assertion": at.assertion("ggz", "ES256")}
    body |= {"client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
    headers = [(b"dpop", text.encode()), *((name.encode(), value.encode()) for name, value in cert(CERTIFICATE).items())]
    assert refused(at.replica.web.post("/oauth2/token", data=body, headers=headers), "invalid_dpop_proof")


def test_a_proof_for_the_api_is_no_proof_at_the_token_endpoint() -> None:
    at = asks()
    assert refused(at.ask(at.assertion("ggz", "ES256"), {"dpop": KEY.proof("POST", API, START)}), "invalid_dpop_proof")
    assert refused(at.ask(at.assertion("ggz", "ES256"), {"dpop": KEY.proof("GET", TOKEN_URL, START)}), "invalid_dpop_proof")


def test_the_host_header_has_no_say_in_the_address_of_a_proof() -> None:
    at = asks()
    token = at.dpop_token(KEY)
    headers = {"authorization": f"DPoP {token}", "host": "kwaad.example"}
    wrong = proof(token, {"htu": "https://kwaad.example/v1/ik"})
    assert at.replica.web.get("/v1/ik", headers=headers | {"dpop": wrong}).status_code == 401
    assert at.replica.web.get("/v1/ik", headers=headers | {"dpop": proof(token)}).status_code == 200


def test_with_server_nonces_a_proof_needs_one() -> None:
    at = asks(World(nonce_secret=b"s" * 32))
    first = at.ask(at.assertion("ggz", "ES256"), {"dpop": KEY.proof("POST", TOKEN_URL, START)})
    assert refused(first, "use_dpop_nonce")
    nonce = first.headers["dpop-nonce"]
    second = at.ask(at.assertion("ggz", "ES256"), {"dpop": KEY.proof("POST", TOKEN_URL, START, nonce=nonce)})
    token = second.json()["access_token"]
    bare = call(at, token, proof(token))
    assert bare.status_code == 401
    assert 'error="use_dpop_nonce"' in bare.headers["www-authenticate"]
    assert call(at, token, proof(token, {"nonce": bare.headers["dpop-nonce"]})).status_code == 200
    for wrong in ("x", "é", 5, None):
        assert call(at, token, proof(token, {"nonce": wrong})).status_code == 401


def test_a_nonce_ends_and_another_replica_knows_it() -> None:
    world = World(nonce_secret=b"s" * 32)
    at, other = asks(world), asks(world)
    nonce = at.ask(at.assertion("ggz", "ES256"), {"dpop": KEY.proof("POST", TOKEN_URL, START)}).headers["dpop-nonce"]
    good = {"dpop": KEY.proof("POST", TOKEN_URL, START, nonce=nonce)}
    assert other.ask(other.assertion("ggz", "ES256"), good).status_code == 200
    world.clock.forward(minutes=5)
    late = {"dpop": KEY.proof("POST", TOKEN_URL, world.clock.now(), nonce=nonce)}
    assert refused(at.ask(at.assertion("ggz", "ES256"), late), "use_dpop_nonce")
    assert ec_key().thumbprint() != KEY.key.thumbprint()
