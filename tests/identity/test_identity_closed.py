"""What happens when something does not work, or somebody tries everything: nobody gets in."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from identity_world import CERTIFICATE, MemoryDirectory, MemoryIssuances, MemoryReplay, World, asks, cert, region

from sluis.core.errors import StoreUnavailable
from sluis.core.partner import Partner


class Down(MemoryDirectory, MemoryReplay, MemoryIssuances):
    """Stores that stopped answering."""

    def __init__(self) -> None:
        super().__init__()

    def by_client(self, client_id: str) -> Partner | None:
        raise StoreUnavailable(f"{len(client_id)}")

    def first_use(self, kind: str, owner: str, identifier: str, until: datetime) -> bool:
        raise StoreUnavailable(f"{kind} {len(owner + identifier)} {until.year}")

    def record(self, *, token_id: str, partner: str, expires: datetime, binding: str) -> None:
        raise StoreUnavailable(f"{partner} {len(token_id + binding)} {expires.year}")

    def revoked(self, token_id: str) -> bool:
        raise StoreUnavailable(f"{len(token_id)}")


def test_no_token_leaves_when_a_store_does_not_answer() -> None:
    for world in (World(directory=Down()), World(replay=Down()), World(issuances=Down())):
        at = asks(world)
        answer = at.ask(at.assertion(), cert(CERTIFICATE))
        assert answer.status_code == 500  # the application of the broker makes it 503
        assert "access_token" not in answer.text


def test_no_call_passes_when_a_store_does_not_answer() -> None:
    world = World()
    bearer = asks(world).bearer() | cert(CERTIFICATE)
    for broken in (World(directory=Down()), World(issuances=Down())):
        assert asks(broken).replica.web.get("/v1/ik", headers=bearer).status_code == 500
    assert asks(World(directory=region())).replica.web.get("/v1/ik", headers=bearer).status_code == 200


AT = asks()
NOISE = st.binary(max_size=60).filter(lambda data: not set(data) & set(b"\r\n\0"))
TOKEN = AT.bearer()["authorization"].removeprefix("Bearer ").encode()
NEAR = [b"Bearer " + TOKEN, b"DPoP " + TOKEN, TOKEN, b"Bearer  " + TOKEN, b"Bearer " + TOKEN + b" x", b"::", b":QUI=:"]
VALUE = NOISE | st.sampled_from(NEAR)
NAME = st.sampled_from([b"authorization", b"dpop", b"client-cert"])


@settings(max_examples=100, deadline=None)
@given(headers=st.lists(st.tuples(NAME, VALUE), max_size=5))
def test_no_headers_without_the_certificate_open_the_gate_or_break_it(headers: list[tuple[bytes, bytes]]) -> None:
    answer = AT.replica.web.get("/v1/ik", headers=headers)
    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers


FIELD = st.sampled_from(["grant_type", "client_assertion", "client_assertion_type", "client_id", "scope", "token", "x"])
CONTENT = st.text(max_size=30) | st.sampled_from(["client_credentials", AT.assertion(), "verzoeken", "politie"])


@settings(max_examples=100, deadline=None)
@given(fields=st.dictionaries(FIELD, CONTENT, max_size=6), path=st.sampled_from(["token", "introspect", "revoke"]))
def test_no_form_without_a_key_gets_anything_or_breaks_anything(fields: dict[str, str], path: str) -> None:
    answer = AT.replica.web.post(f"/oauth2/{path}", data=fields)
    assert answer.status_code in {200, 400}
    assert answer.status_code == 400 or path != "token"
    assert "access_token" not in answer.text


@settings(max_examples=100, deadline=None)
@given(
    body=st.binary(max_size=200), kind=st.sampled_from(["application/x-www-form-urlencoded", "application/json", "", "x/y; z"])
)
def test_no_bytes_break_the_token_endpoint(body: bytes, kind: str) -> None:
    answer = AT.replica.web.post("/oauth2/token", content=body, headers={"content-type": kind})
    assert answer.status_code == 400
    assert answer.json()["error"] in {"invalid_request", "unsupported_grant_type", "invalid_client"}
