"""The same client for asyncio: what `calls.SluisClient` promises, awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Self, TypeVar

import httpx2

from sluis.client.asks import Ask
from sluis.client.keys import PartnerKey
from sluis.client.talk import ATTEMPTS, Access, Call, CallFailed, Talk, local_clock, once_only, pause

T = TypeVar("T")


class AsyncSluisClient:
    """An async client of one broker, for one partner. `await close()`, or use it in `async with`.

    Calls at the same time share one token; the first that needs one fetches it, and the others wait for that.
    """

    def __init__(
        self,
        address: str,
        access: Access,
        *,
        http: httpx2.AsyncClient | None = None,
        clock: Callable[[], datetime] = local_clock,
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.talk = Talk(address, access, clock)
        self.http = http or httpx2.AsyncClient(timeout=30)
        self.wait = wait
        self._asking = asyncio.Lock()

    @classmethod
    def with_dpop(cls, address: str, client_id: str, key: PartnerKey, http: httpx2.AsyncClient | None = None) -> Self:
        """A client in the default profile that binds its tokens to a fresh key of its own."""
        return cls(address, Access.with_dpop(address, client_id, key), http=http)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self.http.aclose()

    async def get(self, path: str, **params: str) -> httpx2.Response:
        """A GET of a path under the broker's address."""
        return await self.request("GET", path, params=params)

    async def post(self, path: str, body: object) -> httpx2.Response:
        """A POST of a JSON body. Every try carries the same `Idempotency-Key`, so that a second one does nothing twice."""
        return await self.request("POST", path, json=body, headers=once_only())

    async def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """One call with a token, tried again when the broker is busy or the token has ended. Raises `CallFailed`."""
        call = Call(method=method, url=self.talk.address + path, json=json, params=params or {}, headers=headers or {})
        return await self._tried(call)

    async def do(self, ask: Ask[T], key: str | None = None) -> T:
        """One call of the product (`asks`), tried as in `request`; `key` is your own `Idempotency-Key`, kept over restarts.

        Raises `Problem` for what the broker refuses to do, `CallFailed` when there is no answer, and `LedgerBroken` when
        the receipt does not hold (with `Access.log_key`).
        """
        return ask.answer(await self._tried(ask.call(self.talk.address, key)), self.talk.access.log_key)

    async def _tried(self, call: Call) -> httpx2.Response:
        for attempt in range(ATTEMPTS):
            last, answer = attempt + 1 == ATTEMPTS, None
            try:
                answer = await self._send(call)
            except httpx2.TransportError as cause:
                if last or not call.repeatable:
                    raise CallFailed(None, "the broker cannot be reached") from cause
            else:
                if not self.talk.again(call, answer) or last:
                    return answer
            await self.wait(pause(attempt, answer))
        raise CallFailed(None, "no attempt was made")

    async def token(self) -> str:
        """A token that still lives for a while: the one we have, or a new one. Raises `CallFailed`."""
        async with self._asking:
            if self.talk.needs_token() and not (await self._asked() or await self._asked()):  # then with the broker's nonce
                raise CallFailed(None, "the broker keeps asking for a nonce")
            return self.talk.token

    async def _asked(self) -> bool:
        url = self.talk.token_url
        answer = await self.http.post(url, data=self.talk.token_form(), headers=self.talk.proof("POST", url, None))
        return self.talk.take_token(answer)

    async def _send(self, call: Call) -> httpx2.Response:
        await self.token()
        headers = self.talk.headers(call)
        return await self.http.request(call.method, call.url, json=call.json, params=dict(call.params), headers=headers)
