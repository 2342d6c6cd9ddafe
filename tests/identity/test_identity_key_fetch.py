"""Keys that others publish: fetched by a job, and the last good copy stays. An external issuer in place of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import httpx2
import pytest
from identity_world import AUDIENCE, CERTIFICATE, World, asks, cert, ec_key, other_rsa_key, region, rsa_key
from joserfc import jws

from sluis.core.errors import BadKey, KeyUnavailable
from sluis.identity.encoding import fingerprint
from sluis.identity.key_fetch import MAX_BYTES, ExternalKeys, KeyFetch, refresh_partner_keys
from sluis.identity.verifying import TokenReader, TokenRules

URL = "https://sleutels.example/jwks"
NEW: dict[str, object] = {"keys": [{**other_rsa_key().as_dict(private=False)}]}


def fetch(answer: Callable[[httpx2.Request], httpx2.Response]) -> KeyFetch:
    return KeyFetch(http=httpx2.Client(transport=httpx2.MockTransport(answer)), hosts=frozenset({"sleutels.example"}))


def gives(document: object, status: int = 200) -> KeyFetch:
    return fetch(lambda _: httpx2.Response(status, json=document))


def down(_: httpx2.Request) -> httpx2.Response:
    raise httpx2.ConnectError("down")


def test_new_keys_of_a_partner_take_effect() -> None:
    world = World()
    at = asks(world)
    (done,) = refresh_partner_keys(world.directory, {"politie": URL}, gives(NEW))
    assert (done.partner, done.changed, done.flaw) == ("politie", True, "")
    assert at.ask(at.assertion(key=other_rsa_key()), cert(CERTIFICATE)).status_code == 200
    assert at.ask(at.assertion(), cert(CERTIFICATE)).status_code == 400
    assert not refresh_partner_keys(world.directory, {"politie": URL}, gives(NEW))[0].changed


@pytest.mark.parametrize(
    "source",
    [
        fetch(down),
        gives(NEW, 500),
        gives(NEW, 301),
        gives({}),
        gives([]),
        gives({"keys": []}),
        gives({"keys": [{**rsa_key().as_dict(private=True)}]}),
        gives(NEW | {"pad": "x" * MAX_BYTES}),
        fetch(lambda _: httpx2.Response(200, text="<html>")),
        fetch(lambda _: httpx2.Response(302, headers={"location": "https://kwaad.example"})),
    ],
)
def test_whatever_goes_wrong_the_last_good_copy_stays(source: KeyFetch) -> None:
    directory = region()
    before = directory.partners["politie"].keys
    (done,) = refresh_partner_keys(directory, {"politie": URL}, source)
    assert done.flaw
    assert not done.changed
    assert directory.partners["politie"].keys == before


def test_one_that_fails_does_not_keep_the_others_waiting() -> None:
    directory = region()
    addresses = {"college": "http://sleutels.example/x", "ggz": URL, "niemand": URL, "politie": "https://kwaad.example/jwks"}
    done = {each.partner: each for each in refresh_partner_keys(directory, addresses, gives(NEW))}
    assert [name for name, each in done.items() if each.changed] == ["ggz"]
    assert all(done[name].flaw for name in ("college", "niemand", "politie"))


# ---- an external issuer ---------------------------------------------------------------------------

OTHER = "https://inloggen.example"


def external_token(world: World, **claims: object) -> str:
    now = world.clock.seconds
    said = {"iss": OTHER, "sub": "politie", "client_id": "politie", "aud": AUDIENCE, "scope": "verzoeken beheer", "iat": now}
    said |= {"exp": now + 300, "jti": "x" * 20, "cnf": {"x5t#S256": fingerprint(CERTIFICATE)}} | claims
    header = {"alg": "ES256", "typ": "at+jwt", "kid": "c"}
    return jws.serialize_compact(header, json.dumps(said), ec_key(), algorithms=["ES256"])


def test_an_external_issuer_replaces_ours() -> None:
    world = World()
    at = asks(world)
    others = {"kty": "OKP", "crv": "Ed25519", "x": "AA"}
    keys = ExternalKeys(URL, gives({"keys": [{**ec_key().as_dict(private=False)}, others]}))
    keys.refresh()
    rules = TokenRules(issuer=OTHER, audience=AUDIENCE, algorithms=("PS256", "ES256"))
    at.replica.gate = replace(at.replica.gate, reader=TokenReader(rules, keys, world.clock))

    def status(token: str, path: str = "/v1/ik") -> int:
        return at.replica.web.get(path, headers={"authorization": f"Bearer {token}"} | cert(CERTIFICATE)).status_code

    assert status(external_token(world)) == 200
    assert status(external_token(world), "/v1/beheer") == 403  # a scope that the partner does not have here
    assert status(external_token(world, client_id="niemand")) == 401
    assert status(external_token(world, cnf={})) == 401
    assert status(at.bearer()["authorization"].removeprefix("Bearer ")) == 401


def test_without_keys_of_the_issuer_nobody_gets_in_and_a_failed_refresh_keeps_them() -> None:
    source = ExternalKeys(URL, gives({}))
    with pytest.raises(KeyUnavailable):
        source.verifying()
    with pytest.raises(BadKey):
        source.refresh()
    keys = ExternalKeys(URL, gives({"keys": [{**ec_key().as_dict(private=False)}]}))
    keys.refresh()
    keys.fetch = fetch(down)
    with pytest.raises(BadKey):
        keys.refresh()
    assert [key.kid for key in keys.verifying()] == ["c"]
