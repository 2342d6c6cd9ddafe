"""What a partner says to a broker and makes of the answers, without sending anything: shared by both clients."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx2

from sluis.client.keys import ASSERTION_TYPE, PartnerKey

MARGIN = timedelta(seconds=30)
BUSY = frozenset({502, 503, 504})
ATTEMPTS = 3
PATIENCE = 10.0
"""The longest pause, in seconds, that a broker may ask for: with a longer one the caller gets the answer and decides himself."""
NONCE_WANTED = "use_dpop_nonce"


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
    With `log_key`, the vkey of the broker's log got by another way, every receipt is checked before its answer is given.
    """

    client_id: str
    key: PartnerKey = field(repr=False)
    dpop: PartnerKey | None = field(repr=False)
    audience: str
    scope: str | None = None
    log_key: str | None = None

    @classmethod
    def with_dpop(cls, address: str, client_id: str, key: PartnerKey) -> Access:
        """Access in the default profile, bound to a fresh key of its own."""
        return cls(client_id=client_id, key=key, dpop=PartnerKey.generate("ES256"), audience=address.rstrip("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call, without its credentials."""

    method: str
    url: str
    json: object = field(default=None, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def repeatable(self) -> bool:
        """Whether doing it twice does no more than doing it once."""
        return self.method in {"GET", "HEAD"} or "Idempotency-Key" in self.headers


def once_only() -> Mapping[str, str]:
    """The header under which a call may be repeated."""
    return {"Idempotency-Key": secrets.token_urlsafe(18)}


class Talk:
    """The state of a conversation: the token, and the nonce that the broker gave last."""

    def __init__(self, address: str, access: Access, clock: Callable[[], datetime]) -> None:
        self.address = address.rstrip("/")
        self.access = access
        self.clock = clock
        self.token = ""
        self._until = clock()
        self._nonce: str | None = None

    @property
    def token_url(self) -> str:
        """Where tokens come from."""
        return f"{self.address}/oauth2/token"

    def needs_token(self) -> bool:
        """Whether the token is missing or about to end."""
        return self.clock() >= self._until

    def token_form(self) -> dict[str, str]:
        """A token request, with a new assertion."""
        assertion = self.access.key.assertion(self.access.client_id, self.access.audience, self.clock())
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
        return form | ({"scope": self.access.scope} if self.access.scope else {})

    def take_token(self, answer: httpx2.Response) -> bool:
        """Whether the answer to a token request gave a token; False: ask again, with the nonce. Raises `CallFailed`."""
        self.heard(answer)
        document: Mapping[str, object] = answer.json()
        if answer.status_code == httpx2.codes.OK:
            self.token = str(document["access_token"])
            self._until = self.clock() + timedelta(seconds=float(str(document["expires_in"]))) - MARGIN
            return True
        if document.get("error") != NONCE_WANTED:
            raise CallFailed(answer.status_code, str(document.get("error", "no token")))
        return False

    def proof(self, method: str, url: str, token: str | None) -> dict[str, str]:
        """The proof for one request; nothing when the certificate does the binding."""
        if self.access.dpop is None:
            return {}
        return {"DPoP": self.access.dpop.proof(method, url, self.clock(), token=token, nonce=self._nonce)}

    def credentials(self, method: str, url: str) -> dict[str, str]:
        """The token and a new proof."""
        kind = "DPoP" if self.access.dpop else "Bearer"
        return {"Authorization": f"{kind} {self.token}", **self.proof(method, url, self.token)}

    def headers(self, call: Call) -> dict[str, str]:
        """All headers of a call, with a new proof."""
        return {"Accept": "application/json", **call.headers, **self.credentials(call.method, call.url)}

    def heard(self, answer: httpx2.Response) -> None:
        """Keep the nonce of an answer."""
        self._nonce = answer.headers.get("dpop-nonce", self._nonce)

    def again(self, call: Call, answer: httpx2.Response) -> bool:
        """Whether another try may help: nothing was done (401), or the broker is busy and a repeat is harmless."""
        self.heard(answer)
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            if NONCE_WANTED not in answer.headers.get("www-authenticate", ""):
                self._until = self.clock()  # the token was taken back, or our clock is wrong: ask for a new one
            return True
        if answer.status_code == httpx2.codes.TOO_MANY_REQUESTS:
            return asked_pause(answer) <= PATIENCE
        return answer.status_code in BUSY and call.repeatable


def pause(attempt: int, answer: httpx2.Response | None = None) -> float:
    """Seconds to wait after that attempt, the first being 0; longer when the answer asks for it and that can be borne."""
    asked = 0.0 if answer is None else asked_pause(answer)
    return max(0.2 * 2.0**attempt, asked if asked <= PATIENCE else 0.0)


def asked_pause(answer: httpx2.Response) -> float:
    """The seconds of `Retry-After`; 0 when it says none."""
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isascii() and said.isdecimal() else 0.0
