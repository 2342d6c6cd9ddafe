"""The outermost ASGI layer: believes the listed proxies only, and finishes every answer, those of the framework included.

Nothing inside may read a forwarding header or a client certificate header: they are gone when `Front` has run. What it
found stands in the ASGI scope, as `Arrival` under the key `sluis.arrival`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ssl import PEM_cert_to_DER_cert

from starlette.types import ASGIApp, Message, Receive, Scope, Send

UNIX = "unix"
ARRIVAL = "sluis.arrival"
FORWARDING = frozenset({b"client-cert", b"client-cert-chain", b"forwarded", b"x-real-ip", b"x-client-cert", b"x-ssl-cert"})
SECURITY_HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    (b"strict-transport-security", b"max-age=31536000; includeSubDomains"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)
TITLES = {
    400: "Onjuist verzoek",
    404: "Niet gevonden",
    405: "Methode niet toegestaan",
    413: "Verzoek te groot",
    500: "Interne fout",
}


@dataclass(slots=True)
class Arrival:
    """How a request came in. `certificate` is the client's DER, proven by TLS; `answer_headers` go out with the answer."""

    certificate: bytes | None = None
    answer_headers: list[tuple[bytes, bytes]] = field(default_factory=list)


def arrival_of(scope: Scope) -> Arrival:
    """How that request came in; without `Front` around the application nobody has a certificate."""
    found = scope.get(ARRIVAL)
    return found if isinstance(found, Arrival) else Arrival()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontRules:
    """What `Front` holds to. `proxies` are peer addresses, or `unix` for a Unix socket. Sizes are bytes of body."""

    proxies: frozenset[str] = frozenset()
    version: str
    body_limit: int = 1_000_000
    token_body_limit: int = 32_000
    token_paths: tuple[str, ...] = ("/oauth2/",)

    def limit(self, path: str) -> int:
        """How large a body may be on that path."""
        return self.token_body_limit if path.startswith(self.token_paths) else self.body_limit


class Front:
    """Wraps an application: trusted proxies, client certificate, size limit, mandatory headers, problems for bare errors."""

    def __init__(self, app: ASGIApp, rules: FrontRules) -> None:
        self.app = app
        self.rules = rules

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. An exception of the application is answered as 500 and raised on, for the server to record."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # there are none here, and this layer would not check them
            return
        arrival = Arrival()
        inner = self._believed(scope, arrival)
        body = _Body(receive, self.rules.limit(scope["path"]), scope["headers"])
        answer = _Answer(send, self._headers(), arrival, body)
        if body.too_large():
            await answer.problem(413)
            return
        try:
            await self.app(inner, body.receive, answer.send)
        finally:
            if not answer.started:
                # The application died before it answered, or stopped because its body was cut off.
                await answer.problem(413 if body.too_large() else 500)

    def _headers(self) -> Sequence[tuple[bytes, bytes]]:
        return (*SECURITY_HEADERS, (b"api-version", self.rules.version.encode("ascii")))

    def _believed(self, scope: Scope, arrival: Arrival) -> Scope:
        """The scope as the application may see it; what only a listed proxy may say is taken out for everybody."""
        peer = scope["client"][0] if scope.get("client") else UNIX
        headers = [(name, value) for name, value in scope["headers"] if not _forwarding(name)]
        inner: Scope = dict(scope, headers=headers)
        inner[ARRIVAL] = arrival
        if peer in self.rules.proxies:
            inner["scheme"] = "https"  # a listed proxy serves nothing else
            arrival.certificate = certificate_of([value for name, value in scope["headers"] if name == b"client-cert"])
        else:
            arrival.certificate = _certificate_in_process(scope)
        return inner


def certificate_of(values: Sequence[bytes]) -> bytes | None:
    """The DER of an RFC 9440 `Client-Cert`: one value, base64 between colons. None for two values, `::` or bad base64."""
    if len(values) != 1:
        return None
    value = values[0].strip()
    if len(value) < 3 or not (value.startswith(b":") and value.endswith(b":")):  # noqa: PLR2004 - two colons and something
        return None
    try:
        return base64.b64decode(value[1:-1], validate=True)
    except binascii.Error:
        return None


def _certificate_in_process(scope: Scope) -> bytes | None:
    """The certificate when this process ended TLS itself (ASGI TLS extension; `identity.tls` fills it)."""
    chain: list[str] = ((scope.get("extensions") or {}).get("tls") or {}).get("client_cert_chain") or []
    return PEM_cert_to_DER_cert(chain[0]) if chain else None


def _forwarding(name: bytes) -> bool:
    return name in FORWARDING or name.startswith(b"x-forwarded-")


class _Body:
    """Counts what comes in. Beyond the limit the application sees a client that hung up, and `Front` answers 413."""

    def __init__(self, receive: Receive, limit: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self._receive = receive
        self._left = limit
        declared = [value for name, value in headers if name == b"content-length"]
        self._exceeded = any(not value.isdigit() or len(value) > len(str(limit)) or int(value) > limit for value in declared)

    def too_large(self) -> bool:
        """Whether more than the limit was announced, or has come in."""
        return self._exceeded

    async def receive(self) -> Message:
        """The next message of the body."""
        if self._exceeded:
            return {"type": "http.disconnect"}
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self._exceeded = True
            return {"type": "http.disconnect"}
        return message


class _Answer:
    """Adds the mandatory headers; turns bare text errors of the framework into problem+json."""

    def __init__(self, send: Send, headers: Sequence[tuple[bytes, bytes]], arrival: Arrival, body: _Body) -> None:
        self._send = send
        self._headers = headers
        self._arrival = arrival
        self._body = body
        self._replaced = False
        self.started = False

    async def send(self, message: Message) -> None:
        """One message of the application, finished."""
        if self._replaced:
            return  # the rest of an answer that was replaced
        if message["type"] != "http.response.start":
            await self._send(message)
            return
        kept = {name.lower(): value for name, value in message.get("headers", ())}
        bare = message["status"] >= 400 and kept.get(b"content-type", b"text/plain").startswith(b"text/plain")  # noqa: PLR2004 - the HTTP errors
        if self._body.too_large() or bare:
            self._replaced = True
            await self.problem(413 if self._body.too_large() else message["status"], allow=kept.get(b"allow"))
            return
        self.started = True
        await self._send({**message, "headers": self._finish(message.get("headers", ()))})

    async def problem(self, status: int, *, allow: bytes | None = None) -> None:
        """An RFC 9457 answer that says the status and nothing more."""
        self.started = True
        title = TITLES.get(status, "Fout")
        text = json.dumps({"type": "about:blank", "status": status, "title": title, "detail": f"{title}."}).encode()
        own = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(text)).encode())]
        own += [(b"allow", allow)] if allow else []
        await self._send({"type": "http.response.start", "status": status, "headers": self._finish(own)})
        await self._send({"type": "http.response.body", "body": text})

    def _finish(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        given = [*headers, *self._arrival.answer_headers]
        present = {name.lower() for name, _ in given}
        return [*given, *(item for item in self._headers if item[0] not in present)]
