"""Metadata, keys, introspection and revocation."""

from __future__ import annotations

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from identity_world import CERTIFICATE, ISSUER, OTHER_CERTIFICATE, START, Asks, World, asks, cert, refused
from starlette.testclient import TestClient

from sluis.client.keys import ASSERTION_TYPE, PartnerKey
from sluis.core.errors import BadInput
from sluis.identity.addresses import Addresses
from sluis.identity.certificates import CertificateRule, subject_oins


def form(at: Asks, token: str, name: str = "politie") -> dict[str, str]:
    algorithm = "ES256" if name == "ggz" else "PS256"
    return {"token": token, "client_assertion_type": ASSERTION_TYPE, "client_assertion": at.assertion(name, algorithm)}


def introspect(at: Asks, token: str, name: str = "politie") -> httpx2.Response:
    return at.replica.web.post("/oauth2/introspect", data=form(at, token, name))


def revoke(at: Asks, token: str, name: str = "politie") -> httpx2.Response:
    return at.replica.web.post("/oauth2/revoke", data=form(at, token, name))


def token_of(at: Asks) -> str:
    return at.bearer()["authorization"].removeprefix("Bearer ")


def test_discovery_end_point_verification() -> None:
    at = asks()
    said = at.replica.web.get("/.well-known/oauth-authorization-server").json()
    assert said["issuer"] == ISSUER
    for name in ("token_endpoint", "jwks_uri", "introspection_endpoint", "revocation_endpoint"):
        assert said[name].startswith(ISSUER + "/oauth2/")
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert said["token_endpoint_auth_signing_alg_values_supported"] == ["PS256", "ES256"]
    assert said["grant_types_supported"] == ["client_credentials"]
    assert said["tls_client_certificate_bound_access_tokens"] is True
    assert said["dpop_signing_alg_values_supported"] == ["ES256", "PS256"]


def test_the_address_in_the_metadata_is_the_configured_one() -> None:
    at = asks()
    assert (
        at.replica.web.get("/.well-known/oauth-authorization-server", headers={"host": "kwaad.example"}).json()["issuer"]
        == ISSUER
    )


def test_the_published_keys_are_public_and_say_what_for() -> None:
    (key,) = asks().replica.web.get("/oauth2/jwks").json()["keys"]
    assert key.keys() == {"kty", "n", "e", "kid", "alg", "use"}
    assert (key["alg"], key["use"]) == ("PS256", "sig")


def test_a_partner_sees_what_its_token_says() -> None:
    at = asks()
    said = introspect(at, token_of(at)).json()
    assert said["active"] is True
    assert (said["client_id"], said["scope"], said["token_type"]) == ("politie", "log verzoeken", "Bearer")
    assert said["exp"] - said["iat"] == 600
    key = PartnerKey.generate("ES256")
    assert introspect(at, at.dpop_token(key), "ggz").json()["cnf"] == {"jkt": key.key.thumbprint()}


def test_a_token_of_another_partner_is_not_active_for_me() -> None:
    at = asks()
    assert introspect(at, token_of(at), "ggz").json() == {"active": False}
    for text in ("", "a.b.c", "é"):
        assert introspect(at, text).json() == {"active": False}


def test_a_token_that_ended_is_not_active() -> None:
    at = asks()
    token = token_of(at)
    at.replica.world.clock.forward(minutes=11)
    assert introspect(at, token).json() == {"active": False}


def test_a_revoked_token_is_refused_at_once_on_every_replica() -> None:
    world = World()
    at, other = asks(world), asks(world)
    token = token_of(at)
    headers = {"authorization": f"Bearer {token}"} | cert(CERTIFICATE)
    assert other.replica.web.get("/v1/ik", headers=headers).status_code == 200
    answer = revoke(at, token)
    assert (answer.status_code, answer.json()) == (200, {})
    assert other.replica.web.get("/v1/ik", headers=headers).status_code == 401
    assert introspect(other, token).json() == {"active": False}


def test_a_partner_cannot_revoke_the_token_of_another() -> None:
    at = asks()
    token = token_of(at)
    assert revoke(at, token, "ggz").status_code == 200
    assert introspect(at, token).json()["active"] is True
    assert revoke(at, "a.b.c").status_code == 200


@pytest.mark.parametrize("path", ["/oauth2/introspect", "/oauth2/revoke"])
def test_nobody_asks_without_proving_who_it_is(path: str) -> None:
    at = asks()
    token = token_of(at)
    assert refused(at.replica.web.post(path, data={"token": token}))
    assert refused(at.replica.web.post(path, data={"token": token}, headers=cert(CERTIFICATE)))
    used = form(at, token)
    assert at.replica.web.post(path, data=used).status_code == 200
    assert refused(at.replica.web.post(path, data=used))
    without = form(at, token)
    del without["token"]
    assert refused(at.replica.web.post(path, data=without), "invalid_request")
    assert refused(at.replica.web.post(path, json={}), "invalid_request")


def test_the_endpoints_are_not_in_the_document_of_the_api() -> None:
    at = asks()
    paths = TestClient(at.replica.app).get("/openapi.json").json()["paths"]
    assert not [path for path in paths if path.startswith(("/oauth2", "/.well-known"))]


# ---- addresses and certificates ------------------------------------------------------------------


@pytest.mark.parametrize(
    "issuer",
    [
        "http://sluis.example",
        "https://sluis.example/",
        "https://sluis.example/x",
        "https://sluis.example?x",
        "https://u@sluis.example",
        "sluis",
        "",
    ],
)
def test_a_public_address_is_https_without_a_path(issuer: str) -> None:
    with pytest.raises(BadInput):
        Addresses(issuer=issuer, audience="x")


def test_plain_http_is_for_loopback_only() -> None:
    assert Addresses(issuer="http://127.0.0.1:8080", audience="x").token_endpoint == "http://127.0.0.1:8080/oauth2/token"
    at = asks(World(issuer="http://127.0.0.1:8080"))
    key = PartnerKey.generate("ES256")
    proof = key.proof("POST", "http://127.0.0.1:8080/oauth2/token", START)
    assert at.ask(at.assertion("ggz", "ES256"), {"dpop": proof}, by=at.replica.stranger).status_code == 200


def test_an_oin_in_a_certificate_counts_only_where_the_settings_say_so() -> None:
    at = asks()
    known = at.replica.world.directory.partners["politie"]
    der = certificate_with(known.oin)
    assert subject_oins(der) == {known.oin}
    assert subject_oins(OTHER_CERTIFICATE) == frozenset()
    assert not CertificateRule().belongs(der, known)
    assert CertificateRule(oin_counts=True).belongs(der, known)
    assert not CertificateRule(oin_counts=True).belongs(certificate_with("0" * 20), known)
    assert CertificateRule(oin_counts=False).belongs(CERTIFICATE, known)


def certificate_with(oin: str) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test"), x509.NameAttribute(NameOID.SERIAL_NUMBER, oin)])
    made = x509.CertificateBuilder(name, name, key.public_key(), 5, START, START.replace(year=2027))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
