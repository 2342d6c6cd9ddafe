"""The outermost layer: what it believes, and what every answer carries."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest
from identity_world import asks, cert
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from sluis.identity.front import Front, FrontRules, arrival_of, certificate_of

EVERYWHERE = {
    "api-version": "1.0.0",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}


def carries_all(answer: httpx2.Response) -> bool:
    return all(answer.headers.get_list(name) == [value] for name, value in EVERYWHERE.items())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/ik", 401),
        ("GET", "/nergens", 404),
        ("DELETE", "/v1/ik", 405),
        ("GET", "/boem", 500),
        ("POST", "/oauth2/token", 400),
    ],
)
def test_every_answer_carries_the_headers(method: str, path: str, status: int) -> None:
    answer = asks().replica.web.request(method, path)
    assert answer.status_code == status
    assert carries_all(answer)


def test_a_route_may_set_its_own_value() -> None:
    answer = asks().replica.web.get("/oauth2/jwks")
    assert answer.headers.get_list("cache-control") == ["public, max-age=300"]


def test_a_crash_is_a_problem_that_tells_nothing() -> None:
    answer = asks().replica.web.get("/boem")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {"type": "about:blank", "status": 500, "title": "Interne fout", "detail": "Interne fout."}


def test_a_crash_reaches_the_server_that_records_it() -> None:
    at = asks().replica
    loud = TestClient(at.fronted(frozenset()), base_url=at.world.issuer)
    with pytest.raises(RuntimeError):
        loud.get("/boem")


def test_a_body_that_is_announced_too_large_is_413() -> None:
    answer = asks().replica.web.post("/echo", content=b"a" * 50_001)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert carries_all(answer)


def chunks(size: int) -> Iterator[bytes]:
    for _ in range(size // 1000):
        yield b"a" * 1000


def test_a_body_in_chunks_that_grows_too_large_is_413() -> None:
    at = asks().replica
    assert at.web.post("/echo", content=chunks(50_000)).json() == {"bytes": 50_000}
    answer = at.web.post("/echo", content=chunks(51_000))
    assert answer.status_code == 413
    assert carries_all(answer)


def test_the_token_endpoint_takes_less() -> None:
    at = asks().replica
    headers = {"content-type": "application/x-www-form-urlencoded"}
    for body in (b"a" * 9000, chunks(9000)):
        assert at.web.post("/oauth2/token", content=body, headers=headers).status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "", "99999999999999999999999", "5, 5"])
def test_a_length_that_is_no_small_number_is_413(length: str) -> None:
    answer = asks().replica.web.post("/echo", content=b"abcde", headers={"content-length": length})
    assert answer.status_code == 413


def test_the_headers_of_a_proxy_reach_nobody() -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)
        await JSONResponse({})(scope, receive, send)

    names = [
        "client-cert",
        "client-cert-chain",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-real-ip",
    ]
    for proxies in (frozenset({"testclient"}), frozenset({"192.0.2.1"})):
        front = Front(app, FrontRules(proxies=proxies, version="1.0.0"))
        TestClient(front).get("/", headers=dict.fromkeys(names, ":QUI=:") | {"x-own": "1"})
    for scope in seen:
        left = {name.decode() for name, _ in scope["headers"]}
        assert not left & set(names)
        assert "x-own" in left
    assert [(scope["scheme"], arrival_of(scope).certificate) for scope in seen] == [("https", b"AB"), ("http", None)]


def test_a_unix_socket_can_be_listed() -> None:
    rules = FrontRules(proxies=frozenset({"unix"}), version="1.0.0")
    seen: list[bytes | None] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(arrival_of(scope).certificate)
        await JSONResponse({})(scope, receive, send)

    async def unix(scope: Scope, receive: Receive, send: Send) -> None:
        await Front(app, rules)(dict(scope, client=None), receive, send)

    TestClient(unix).get("/", headers=cert(b"der"))
    assert seen == [b"der"]


@pytest.mark.parametrize(
    ("values", "der"),
    [
        ([], None),
        ([b"::"], None),
        ([b":"], None),
        ([b""], None),
        ([b":%%:"], None),
        ([b"QUI="], None),
        ([b":QUI=:", b":QUI=:"], None),
        ([b":QUI=:, :QUI=:"], None),
        ([b":QUI=:"], b"AB"),
        ([b" :QUI=: "], b"AB"),
    ],
)
def test_a_certificate_header_is_one_value_of_base64_between_colons(values: list[bytes], der: bytes | None) -> None:
    assert certificate_of(values) == der


def test_without_front_nobody_has_a_certificate() -> None:
    at = asks()
    bare = TestClient(at.replica.app, base_url=at.replica.world.issuer)
    assert bare.get("/v1/ik", headers=at.bearer() | cert(b"x")).status_code == 401


def test_what_is_no_http_passes_through() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    with TestClient(Front(app, FrontRules(version="1.0.0"))):
        assert seen == ["lifespan"]


def test_the_answer_of_a_crash_after_the_start_is_not_doubled() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    web = TestClient(Front(app, FrontRules(version="1.0.0")), raise_server_exceptions=False)
    assert web.get("/").status_code == 200


def test_a_small_answer_may_be_read_by_its_request() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        body = await Request(scope, receive).body()
        await JSONResponse(len(body))(scope, receive, send)

    assert TestClient(Front(app, FrontRules(version="1.0.0"))).post("/", content=b"abc").json() == 3


def test_there_are_no_websockets() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError(scope["type"], receive, send)

    with pytest.raises(WebSocketDisconnect), TestClient(Front(app, FrontRules(version="1.0.0"))).websocket_connect("/"):
        pass
