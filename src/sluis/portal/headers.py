"""The headers of every answer of the portal. Nothing in a page may run, be framed, or come from elsewhere."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # Not `no-referrer`: with that, browsers send `Origin: null` along with our own forms, and the check of it would fail.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
PRIVATE = (b"cache-control", b"no-store")
STYLE = (b"cache-control", b"public, max-age=3600")


class Headers:
    """Wraps the portal: these headers stand on every answer, whatever made it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        still = "/static/" in scope.get("path", "")
        fixed = (*HEADERS, STYLE if still else PRIVATE)
        names = {name for name, _ in fixed}

        async def finished(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [item for item in message.get("headers", ()) if item[0].lower() not in names]
                message = {**message, "headers": [*kept, *fixed]}
            await send(message)

        await self.app(scope, receive, finished)
