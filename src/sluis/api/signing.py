"""Signed answers, for partners that must be able to show a third party what they got (API Design Rules, module signing).

A detached JAdES signature (ETSI TS 119 182-1) in compact form: PS256, `sigD` of the kind HttpHeaders over the header `Digest`,
which is the SHA-256 of the body. The key is the one that signs tokens, found by `kid` in `/oauth2/jwks`; the `typ` keeps the two
apart. There is no certificate in it: who trusts the key set trusts the signature.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from joserfc import jws
from joserfc.jwk import RSAKey
from joserfc.registry import HeaderParameter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sluis.ports import Clock

HTTP_HEADERS: Final = "http://uri.etsi.org/19182/HttpHeaders"
TYPE: Final = "sluis-answer+jose"


def _object(value: object) -> None:
    if not isinstance(value, dict):
        raise TypeError("must be an object")


REGISTRY: Final = jws.JWSRegistry(
    header_registry={"sigD": HeaderParameter("what is signed", _object), "iat": HeaderParameter("moment of signing", "int")},
    algorithms=["PS256"],
)
"""What a signature may say of itself; whoever checks one can use the same."""
_SIGNED = (b"application/json", b"application/problem+json")


class AnswerKey(Protocol):
    """A private key with its id."""

    @property
    def key(self) -> RSAKey:
        """The key."""
        ...

    @property
    def kid(self) -> str:
        """Its id in the published set."""
        ...


class AnswerKeys(Protocol):
    """Who has the key (implemented by `sluis.identity`)."""

    def signing(self) -> AnswerKey:
        """The key that signs now. Raises `KeyUnavailable`."""
        ...


@dataclass(frozen=True, slots=True)
class SignedAnswers:
    """Wraps the application. An answer that cannot be signed is not sent: whoever runs this one turns that into a 500."""

    app: ASGIApp
    keys: AnswerKeys
    clock: Clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; its answer is held until the whole body is there."""
        if scope["type"] != "http" or not scope["path"].startswith(("/v1/", "/access/")):
            await self.app(scope, receive, send)
            return
        start: Message = {}
        held: list[bytes] = []

        async def hold(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            held.append(message.get("body", b""))
            if message.get("more_body", False):
                return
            body = b"".join(held)
            await send({**start, "headers": [*start.get("headers", ()), *self._marks(start.get("headers", ()), body)]})
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, hold)

    def _marks(self, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> list[tuple[bytes, bytes]]:
        content = next((value for name, value in headers if name.lower() == b"content-type"), b"")
        if not content.startswith(_SIGNED):
            return []
        digest = f"SHA-256={b64encode(hashlib.sha256(body).digest()).decode()}"
        return [(b"digest", digest.encode()), (b"payload-signature", self._signature(digest).encode())]

    def _signature(self, digest: str) -> str:
        key = self.keys.signing()
        header = {
            "alg": "PS256",
            "typ": TYPE,
            "kid": key.kid,
            "iat": int(self.clock.now().timestamp()),
            "b64": False,
            "sigD": {"mId": HTTP_HEADERS, "pars": ["digest"]},
            "crit": ["b64", "sigD"],
        }
        return jws.serialize_compact(header, f"digest: {digest}", key.key, registry=REGISTRY)
