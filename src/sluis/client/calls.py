"""Calls to a broker: a token when one is needed, a proof with every request, and a second try where that is harmless."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

import httpx2

from sluis.client.keys import ASSERTION_TYPE, PartnerKey

MARGIN = timedelta(seconds=30)
BUSY = frozenset({502, 503, 504})


class CallFailed(Exception):
    """The broker gave no token, or could not be reached. `status` is None when it did not answer; `error` is an OAuth code."""

    def __init__(self, status: int | None, error: str) -> None:
        super().__init__(f"{error} ({status})" if status else error)
        self.status = status
        self.error = error


def local_clock() -> datetime:
    """The clock of the partner's own machine."""
    return datetime.now(UTC)  # noqa: TID251 - the client runs at the partner, where nothing is wired


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a partner gets in. `key` signs its assertions; `dpop` its proofs, None when its certificate (mTLS) does the binding.

    `audience` is what assertions are for: the broker's address in the default profile, its token endpoint in `nlgov`.
    """

    client_id: str
    key: PartnerKey = field(repr=False)
    dpop: PartnerKey | None = field(repr=False)
    audience: str
    scope: str | None = None


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
        self.address = address.rstrip("/")
        self.access = access
        self.http = http or httpx2.Client(timeout=30)
        self.clock = clock
        self.wait = wait
        self.attempts = 3
        self._token = ""
        self._until = clock()
        self._nonce: str | None = None

    @classmethod
    def with_dpop(cls, address: str, client_id: str, key: PartnerKey, http: httpx2.Client | None = None) -> Self:
        """A client in the default profile that binds its tokens to a fresh key of its own."""
        access = Access(client_id=client_id, key=key, dpop=PartnerKey.generate("ES256"), audience=address.rstrip("/"))
        return cls(address, access, http=http)

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
        return self.request("POST", path, json=body, headers={"Idempotency-Key": secrets.token_urlsafe(18)})

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
        url = self.address + path
        repeatable = method in {"GET", "HEAD"} or "Idempotency-Key" in (headers or {})
        for attempt in range(self.attempts):
            last = attempt + 1 == self.attempts
            try:
                sent = {"Accept": "application/json", **(headers or {}), **self._credentials(method, url)}
                answer = self.http.request(method, url, json=json, params=dict(params or {}), headers=sent)
            except httpx2.TransportError as cause:
                if last or not repeatable:
                    raise CallFailed(None, "the broker cannot be reached") from cause
            else:
                self._keep_nonce(answer)
                if last or not self._try_again(answer, repeatable=repeatable):
                    return answer
            self.wait(0.2 * 2**attempt)
        raise CallFailed(None, "no attempt was made")

    def token(self) -> str:
        """A token that still lives for a while: the one we have, or a new one. Raises `CallFailed`."""
        if self.clock() >= self._until:
            document = self._new_token()
            self._token = str(document["access_token"])
            self._until = self.clock() + timedelta(seconds=float(str(document["expires_in"]))) - MARGIN
        return self._token

    def _new_token(self) -> Mapping[str, object]:
        url = f"{self.address}/oauth2/token"
        for _ in range(2):  # the second time with the nonce that the first answer gave
            answer = self.http.post(url, data=self._form(), headers=self._proof("POST", url, None))
            self._keep_nonce(answer)
            document: Mapping[str, object] = answer.json()
            if answer.status_code == httpx2.codes.OK:
                return document
            if document.get("error") != "use_dpop_nonce":
                raise CallFailed(answer.status_code, str(document.get("error", "no token")))
        raise CallFailed(answer.status_code, "use_dpop_nonce")

    def _form(self) -> dict[str, str]:
        assertion = self.access.key.assertion(self.access.client_id, self.access.audience, self.clock())
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
        return form | ({"scope": self.access.scope} if self.access.scope else {})

    def _credentials(self, method: str, url: str) -> dict[str, str]:
        token = self.token()
        kind = "DPoP" if self.access.dpop else "Bearer"
        return {"Authorization": f"{kind} {token}", **self._proof(method, url, token)}

    def _proof(self, method: str, url: str, token: str | None) -> dict[str, str]:
        if self.access.dpop is None:
            return {}
        return {"DPoP": self.access.dpop.proof(method, url, self.clock(), token=token, nonce=self._nonce)}

    def _keep_nonce(self, answer: httpx2.Response) -> None:
        self._nonce = answer.headers.get("dpop-nonce", self._nonce)

    def _try_again(self, answer: httpx2.Response, *, repeatable: bool) -> bool:
        """Whether another try may help: nothing was done (401), or the broker is busy and a repeat is harmless."""
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            if "use_dpop_nonce" not in answer.headers.get("www-authenticate", ""):
                self._until = self.clock()  # the token was taken back, or our clock is wrong: ask for a new one
            return True
        return answer.status_code in BUSY and repeatable
