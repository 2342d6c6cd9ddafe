"""The async client: what the sync one promises, and one token for calls at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from identity_world import ISSUER, World, ec_key

from sluis.client import Access, AsyncSluisClient, CallFailed, PartnerKey

SIGNS = PartnerKey(key=ec_key(), algorithm="ES256")
ACCESS = Access(client_id="ggz", key=SIGNS, dpop=PartnerKey.generate("ES256"), audience=ISSUER)


async def at_once(_: float) -> None:
    """No waiting in tests."""


def run(
    world: World, work: Callable[[AsyncSluisClient], Awaitable[object]], transport: httpx2.AsyncBaseTransport | None = None
) -> object:
    async def inside() -> object:
        app = world.replica().fronted(frozenset())
        http = httpx2.AsyncClient(transport=transport or httpx2.ASGITransport(app=app))
        async with AsyncSluisClient(ISSUER, ACCESS, http=http, clock=world.clock.now, wait=at_once) as client:
            return await work(client)

    return asyncio.run(inside())


def test_a_partner_calls_ten_times_at_once_with_one_token() -> None:
    world = World(nonce_secret=b"s" * 32)

    async def work(client: AsyncSluisClient) -> list[str]:
        answers = await asyncio.gather(*(client.get("/v1/ik") for _ in range(10)))
        return [answer.json()["wie"] for answer in answers]

    assert run(world, work) == ["ggz"] * 10
    assert len(world.issuances.rows) == 1


def test_a_busy_broker_is_asked_again_with_the_same_key() -> None:
    seen: list[httpx2.Request] = []
    left = [503, None, 201]

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth2/token":
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 600})
        seen.append(request)
        status = left.pop(0)
        if status is None:
            raise httpx2.ConnectError("x")
        return httpx2.Response(status, json={})

    async def work(client: AsyncSluisClient) -> int:
        return (await client.post("/v1/verzoeken", {})).status_code

    assert run(World(), work, httpx2.MockTransport(handle)) == 201
    assert len({request.headers["idempotency-key"] for request in seen}) == 1


def test_a_broker_that_is_not_there_is_said_so() -> None:
    def handle(_: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("x")

    async def work(client: AsyncSluisClient) -> int:
        return (await client.get("/v1/ik")).status_code

    with pytest.raises(CallFailed, match="cannot be reached"):
        run(World(), work, httpx2.MockTransport(handle))


def test_with_dpop_is_the_whole_of_it() -> None:
    assert AsyncSluisClient.with_dpop(ISSUER, "ggz", SIGNS).talk.token_url == f"{ISSUER}/oauth2/token"
