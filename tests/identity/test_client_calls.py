"""The partner's client against a broker: tokens, proofs, second tries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx2
import pytest
from identity_world import CERTIFICATE, ISSUER, TOKEN_URL, World, asks, cert, ec_key, rsa_key

from sluis.client import PartnerKey, SluisClient
from sluis.client.calls import Access, CallFailed

SIGNS = PartnerKey(key=ec_key(), algorithm="ES256")
BINDS = PartnerKey.generate("ES256")


def client(world: World, http: httpx2.Client | None = None, access: Access | None = None) -> SluisClient:
    own = access or Access(client_id="ggz", key=SIGNS, dpop=BINDS, audience=ISSUER)
    return SluisClient(ISSUER, own, http=http or asks(world).replica.web, clock=world.clock.now, wait=lambda _: None)


def test_a_partner_calls_with_a_proof_each_time_and_one_token() -> None:
    world = World()
    with client(world) as partner:
        assert partner.get("/v1/ik").json()["wie"] == "ggz"
        assert partner.get("/v1/ik").status_code == 200
    assert len(world.issuances.rows) == 1


def test_a_token_is_renewed_before_it_ends() -> None:
    world = World()
    partner = client(world)
    first = partner.token()
    world.clock.forward(minutes=9)
    assert partner.token() == first
    world.clock.forward(seconds=31)
    assert partner.token() != first


def test_a_token_that_was_taken_back_is_replaced() -> None:
    world = World()
    partner = client(world)
    partner.token()
    (token_id,) = world.issuances.rows
    world.issuances.revoke(token_id, "ggz")
    assert partner.get("/v1/ik").status_code == 200


def test_a_nonce_is_fetched_and_kept() -> None:
    world = World(nonce_secret=b"s" * 32)
    partner = client(world)
    assert partner.get("/v1/ik").status_code == 200
    world.clock.forward(minutes=5)
    assert partner.get("/v1/ik").status_code == 200


def test_with_a_certificate_no_proof_is_sent() -> None:
    world = World()
    web = asks(world).replica.web
    web.headers.update(cert(CERTIFICATE))
    access = Access(
        client_id="politie", key=PartnerKey(key=rsa_key(), algorithm="PS256"), dpop=None, audience=ISSUER, scope="verzoeken"
    )
    assert client(world, web, access).get("/v1/ik").json() == {"wie": "politie", "scopes": ["verzoeken"]}


def test_the_nlgov_profile_is_an_audience_away() -> None:
    world = World()
    web = asks(world).replica.web
    web.headers.update(cert(CERTIFICATE))
    access = Access(client_id="college", key=PartnerKey(key=rsa_key(), algorithm="PS256"), dpop=None, audience=TOKEN_URL)
    assert client(world, web, access).get("/v1/ik").json()["wie"] == "college"


def test_a_refusal_of_a_token_says_which() -> None:
    access = Access(client_id="niemand", key=SIGNS, dpop=BINDS, audience=ISSUER)
    with pytest.raises(CallFailed) as caught:
        client(World(), access=access).get("/v1/ik")
    assert (caught.value.status, caught.value.error) == (400, "invalid_client")


Handler = Callable[[httpx2.Request], httpx2.Response]


def broker(*answers: int | Exception, seen: list[httpx2.Request]) -> Handler:
    """Gives a token, and then these answers in turn."""
    left = list(answers)

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth2/token":
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 600})
        seen.append(request)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer, json={})

    return handle


def against(*answers: int | Exception) -> tuple[SluisClient, list[httpx2.Request]]:
    seen: list[httpx2.Request] = []
    http = httpx2.Client(transport=httpx2.MockTransport(broker(*answers, seen=seen)))
    return client(World(), http), seen


def test_a_busy_broker_is_asked_again_with_the_same_key_and_a_new_proof() -> None:
    partner, seen = against(503, httpx2.ConnectError("x"), 201)
    assert partner.post("/v1/verzoeken", {}).status_code == 201
    assert len({request.headers["idempotency-key"] for request in seen}) == 1
    assert len({request.headers["dpop"] for request in seen}) == 3


def test_three_times_is_enough() -> None:
    partner, seen = against(503, 503, 503)
    assert partner.get("/v1/ik").status_code == 503
    assert len(seen) == 3
    partner, seen = against(*[httpx2.ConnectError("x")] * 3)
    with pytest.raises(CallFailed, match="cannot be reached"):
        partner.get("/v1/ik")


def test_what_may_have_happened_is_not_repeated_without_a_key() -> None:
    partner, seen = against(503)
    assert partner.request("POST", "/v1/verzoeken", json={}).status_code == 503
    partner, seen = against(httpx2.ReadTimeout("x"))
    with pytest.raises(CallFailed):
        partner.request("DELETE", "/v1/x")
    assert len(seen) == 1


def test_a_refusal_is_an_answer_and_is_not_repeated() -> None:
    partner, seen = against(403)
    assert partner.post("/v1/verzoeken", {}).status_code == 403
    assert len(seen) == 1


@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_a_key_survives_its_file_and_is_not_overwritten(tmp_path: Path, algorithm: str) -> None:
    key, path = PartnerKey.generate(algorithm), tmp_path / "sleutel.json"
    key.save(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert PartnerKey.load(path).jwks() == key.jwks()
    with pytest.raises(FileExistsError):
        key.save(path)
    assert "d" not in str(key.jwks()["keys"]).replace('"kid"', "").split("'")


def test_only_two_algorithms_are_made() -> None:
    with pytest.raises(ValueError, match="PS256"):
        PartnerKey.generate("RS256")


def test_a_repr_shows_no_key() -> None:
    access = Access(client_id="ggz", key=SIGNS, dpop=BINDS, audience=ISSUER)
    assert "EC" not in repr(access)
    assert repr(SIGNS) == "PartnerKey(algorithm='ES256')"


def test_with_dpop_makes_a_key_of_its_own(tmp_path: Path) -> None:
    del tmp_path
    world = World()
    first = SluisClient.with_dpop(ISSUER + "/", "ggz", SIGNS, http=asks(world).replica.web)
    second = SluisClient.with_dpop(ISSUER, "ggz", SIGNS, http=asks(world).replica.web)
    assert isinstance(first.talk.clock(), datetime)
    keys = [each.talk.access.dpop for each in (first, second)]
    assert len({key.key.thumbprint() for key in keys if key}) == 2
