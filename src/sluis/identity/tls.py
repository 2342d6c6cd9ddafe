"""TLS ended in this process, for installations without a proxy: uvicorn, with the client certificate handed on.

No ASGI server hands the client certificate to the application. This one connection class does, in the form of the ASGI TLS
extension, which `Front` reads. Behind a proxy it is not used.
"""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class CertificateProtocol(H11Protocol):
    """`uvicorn.Config(http=CertificateProtocol)`: each request carries the certificate its connection was made with."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn itself does
        """Uvicorn's hook, after the handshake."""
        super().connection_made(transport)
        channel: ssl.SSLObject | None = transport.get_extra_info("ssl_object")
        shown = channel.getpeercert(binary_form=True) if channel else None
        if shown:
            self.app = _showing(self.app, ssl.DER_cert_to_PEM_cert(shown))


def server_context(certificate: Path, key: Path, clients: Path) -> ssl.SSLContext:
    """TLS 1.3 with our certificate; a client may show one of its own, if an authority in `clients` vouches for it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(clients)
    context.verify_mode = ssl.CERT_OPTIONAL  # partners with DPoP show none; who must show one is the gate's question
    return context


def _showing(app: object, pem: str) -> ASGIApp:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        extensions = {**(scope.get("extensions") or {}), "tls": {"client_cert_chain": [pem]}}
        await app(dict(scope, extensions=extensions), receive, send)  # type: ignore[operator]  # an ASGI application of uvicorn's type

    return inner
