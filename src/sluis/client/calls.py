"""Calls to a broker: a token when one is needed, a proof with every request, and a second try where that is harmless."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Self, TypeVar

import httpx2

from sluis.client.asks import Ask
from sluis.client.keys import PartnerKey
from sluis.client.talk import ATTEMPTS, Access, Call, CallFailed, Talk, local_clock, once_only, pause

__all__ = ["Access", "CallFailed", "SluisClient"]

T = TypeVar("T")


class SluisClient:
    """A sync client of one broker, for one partner. One thread at a time; `close` it, or use it in `with`.

    `http` may bring a client certificate (`httpx2.Client(verify=context)`); `clock` and `wait` are there for tests.
    """

    def __init__(
        self,
        address: str,
        access: Access,
        *,
        http: httpx2.Client | None = None,
        clock: Callable[[], datetime] = local_clock,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.talk = Talk(address, access, clock)
        self.address = self.talk.address
        self.access = access
        self.clock = clock
        self.http = http or httpx2.Client(timeout=30)
        self.wait = wait

    @classmethod
    def with_dpop(cls, address: str, client_id: str, key: PartnerKey, http: httpx2.Client | None = None) -> Self:
        """A client in the default profile that binds its tokens to a fresh key of its own."""
        return cls(address, Access.with_dpop(address, client_id, key), http=http)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.http.close()

    def get(self, path: str, **params: str) -> httpx2.Response:
        """A GET of a path under the broker's address."""
        return self.request("GET", path, params=params)

    def post(self, path: str, body: object) -> httpx2.Response:
        """A POST of a JSON body. Every try carries the same `Idempotency-Key`, so that a second one does nothing twice."""
        return self.request("POST", path, json=body, headers=once_only())

    def request(
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
        return self._tried(call)

    def do(self, ask: Ask[T], key: str | None = None) -> T:
        """One call of the product (`asks`), tried as in `request`; `key` is your own `Idempotency-Key`, kept over restarts.

        Raises `Problem` for what the broker refuses to do, `CallFailed` when there is no answer, and `LedgerBroken` when
        the receipt does not hold (with `Access.log_key`).
        """
        return ask.answer(self._tried(ask.call(self.talk.address, key)), self.talk.access.log_key)

    def _tried(self, call: Call) -> httpx2.Response:
        for attempt in range(ATTEMPTS):
            last, answer = attempt + 1 == ATTEMPTS, None
            try:
                answer = self._send(call)
            except httpx2.TransportError as cause:
                if last or not call.repeatable:
                    raise CallFailed(None, "the broker cannot be reached") from cause
            else:
                if not self.talk.again(call, answer) or last:
                    return answer
            self.wait(pause(attempt, answer))
        raise CallFailed(None, "no attempt was made")

    def token(self) -> str:
        """A token that still lives for a while: the one we have, or a new one. Raises `CallFailed`."""
        if self.talk.needs_token() and not (self._asked() or self._asked()):  # the second time with the broker's nonce
            raise CallFailed(None, "the broker keeps asking for a nonce")
        return self.talk.token

    def credentials(self, method: str, url: str) -> dict[str, str]:
        """The token and a new proof, for a request that the caller sends himself. Raises `CallFailed`."""
        self.token()
        return self.talk.credentials(method, url)

    _credentials = credentials

    def _asked(self) -> bool:
        url = self.talk.token_url
        return self.talk.take_token(self.http.post(url, data=self.talk.token_form(), headers=self.talk.proof("POST", url, None)))

    def _send(self, call: Call) -> httpx2.Response:
        self.token()
        headers = self.talk.headers(call)
        return self.http.request(call.method, call.url, json=call.json, params=dict(call.params), headers=headers)
