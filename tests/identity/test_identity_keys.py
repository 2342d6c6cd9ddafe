"""Our signing keys over a rotation, and the keys of partners we accept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from identity_world import CERTIFICATE, MovingClock, World, asks, cert, ec_key, rsa_key
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from sluis.core.errors import BadKey, KeyUnavailable
from sluis.identity.encoding import b64url
from sluis.identity.partner_keys import key_set
from sluis.identity.signing_keys import OVERLAP, PUBLISHED_AHEAD, SigningKeys, read_keys, write_key


def kids(keys: SigningKeys) -> list[str | None]:
    return [key.kid for key in keys.verifying()]


def test_without_a_key_nothing_is_signed(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path / "none", MovingClock())
    with pytest.raises(KeyUnavailable):
        keys.signing()
    assert keys.jwks() == {"keys": []}


def test_a_rotation_publishes_then_signs_then_ends(tmp_path: Path) -> None:
    clock = MovingClock()
    keys = SigningKeys(tmp_path, clock)
    first = keys.rotate()
    assert keys.signing().kid == first.kid
    clock.forward(days=30)
    second = keys.rotate()
    assert keys.signing().kid == first.kid
    assert kids(keys) == [first.kid, second.kid]
    clock.forward(seconds=PUBLISHED_AHEAD.total_seconds())
    assert keys.signing().kid == second.kid
    assert kids(keys) == [first.kid, second.kid]
    clock.forward(seconds=OVERLAP.total_seconds())
    assert kids(keys) == [second.kid]
    third = keys.rotate()
    assert sorted(path.stem for path in tmp_path.glob("*")) == sorted([second.kid, third.kid])


def test_a_token_lives_through_a_rotation_and_ends_with_its_key(tmp_path: Path) -> None:
    clock = MovingClock()
    write_key(tmp_path, signs_from=clock.now(), bits=2048)
    at = asks(World(keys_in=tmp_path, clock=clock))
    write_key(tmp_path, signs_from=clock.now().replace(minute=5), bits=2048)
    clock.forward(minutes=4)
    old = at.bearer() | cert(CERTIFICATE)
    clock.forward(minutes=2)
    assert at.replica.web.get("/v1/ik", headers=old).status_code == 200
    assert at.replica.web.get("/v1/ik", headers=at.bearer() | cert(CERTIFICATE)).status_code == 200
    (first, _) = read_keys(tmp_path)
    (tmp_path / f"{first.kid}.json").unlink()
    clock.forward(minutes=1)
    assert at.replica.web.get("/v1/ik", headers=old).status_code == 401


def test_another_replica_follows_within_a_minute(tmp_path: Path) -> None:
    clock = MovingClock()
    keys, replica = SigningKeys(tmp_path, clock), SigningKeys(tmp_path, clock)
    made = keys.rotate()
    assert kids(replica) == []
    clock.forward(minutes=1)
    assert kids(replica) == [made.kid]


def test_a_key_file_is_for_its_owner_only_and_holds_no_public_secret(tmp_path: Path) -> None:
    keys = SigningKeys(tmp_path, MovingClock())
    made = keys.rotate()
    path = tmp_path / f"{made.kid}.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert "d" not in json.dumps(keys.jwks()["keys"]).replace('"kid"', "").split('"')
    path.chmod(0o640)
    with pytest.raises(BadKey, match="others may read"):
        read_keys(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        '{"jwk": {}, "signs_from": "2026-01-01T00:00:00+00:00"}',
        '{"jwk": {"kty": "RSA"}, "signs_from": 5}',
        "\ufeff",
    ],
)
def test_a_key_file_that_cannot_be_read_stops_the_start_and_names_the_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sleutel.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(BadKey, match=r"sleutel\.json"):
        read_keys(tmp_path)


def test_a_public_or_dateless_signing_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sleutel.json"
    for private, moment in ((False, "2026-01-01T00:00:00+00:00"), (True, "2026-01-01T00:00:00")):
        path.write_text(json.dumps({"jwk": rsa_key().as_dict(private=private), "signs_from": moment}))
        path.chmod(0o600)
        with pytest.raises(BadKey):
            read_keys(tmp_path)


def test_a_repr_shows_no_key(tmp_path: Path) -> None:
    made = write_key(tmp_path, signs_from=MovingClock().now(), bits=2048)
    assert str(made.key.as_dict(private=True)["d"]) not in repr(made)


# ---- partners ------------------------------------------------------------------------------------


def public(key: RSAKey | ECKey | OKPKey) -> dict[str, object]:
    return {**key.as_dict(private=False)}


def test_rsa_and_p256_keys_are_taken() -> None:
    assert len(key_set({"keys": [public(rsa_key()), public(ec_key())]}).keys) == 2


def short() -> dict[str, object]:
    with pytest.warns(SecurityWarning):
        return public(RSAKey.generate_key(1024))


def test_every_bad_key_is_named_by_its_place() -> None:
    bad: list[object] = [
        public(rsa_key()),
        {**rsa_key().as_dict(private=True)},
        short(),
        public(ECKey.generate_key("P-521")),
        public(OKPKey.generate_key("Ed25519")),
        {**OctKey.generate_key(256).as_dict(private=True)},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "RSA", "n": 5, "e": "AQAB"},
        {"kty": "RSA", "n": b64url(b"\xff" * 1025), "e": "AQAB"},
        {**rsa_key().as_dict(private=False), "e": b64url(b"\xff" * 8)},
        {"kty": "RSA", "n": "é", "e": "AQAB"},
        {},
        "x",
    ]
    with pytest.raises(BadKey) as caught:
        key_set({"keys": bad})
    assert [flaw.where for flaw in caught.value.flaws] == [f"keys[{position}]" for position in range(1, len(bad))]


@pytest.mark.parametrize("document", [{}, {"keys": []}, {"keys": {}}, {"keys": None}])
def test_a_document_without_keys_is_refused(document: dict[str, object]) -> None:
    with pytest.raises(BadKey):
        key_set(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)
NAMES = st.sampled_from(["kty", "crv", "x", "y", "n", "e", "use", "alg", "kid", "d"])
WORDS = st.sampled_from(["RSA", "EC", "P-256", "AQAB", "oct"]) | JSON


@settings(max_examples=100, deadline=None)
@given(entry=st.dictionaries(NAMES, WORDS, max_size=8) | JSON)
def test_any_json_is_a_key_or_a_bad_key_and_never_a_crash(entry: object) -> None:
    try:
        key_set({"keys": [entry]})
    except BadKey:
        return


def test_a_partner_signs_with_its_new_key_as_soon_as_it_is_registered() -> None:
    at = asks()
    new = RSAKey.generate_key(2048, {"kid": "c2"})
    known = at.replica.world.directory.partners["politie"]
    at.replica.world.directory.save(replace(known, keys={"keys": [new.as_dict(private=False), *known.keys["keys"]]}))  # type: ignore[misc]  # the document is untyped
    assert at.ask(at.assertion(), cert(CERTIFICATE)).status_code == 200
