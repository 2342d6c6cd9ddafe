"""`ETag` on what is read, so that a partner that polls pays nothing for what did not change (RFC 9110, 8.8.3 and 13.1.2).

The tag is a hash of the body: it tells nothing to whoever may not read the body, and is only sent with it.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OF_THE_BODY: Final = frozenset({b"content-type", b"content-length", b"digest", b"payload-signature"})


@dataclass(frozen=True, slots=True)
class Tagged:
    """Wraps the application: a good answer to a GET of `/v1` has a tag, and is a 304 to whoever has it already."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request. Permission, rate and log come first: a 304 was asked for and answered like any other call."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith("/v1/"):
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
            if not message.get("more_body", False):
                for one in _finished(start, b"".join(held), Headers(scope=scope).get("if-none-match", "")):
                    await send(one)

        await self.app(scope, receive, hold)


def _finished(start: Message, body: bytes, has: str) -> tuple[Message, Message]:
    """The answer as it goes out; `has` is what the caller says it has."""
    if start["status"] != 200:  # noqa: PLR2004 - only a whole good answer has a tag
        return start, {"type": "http.response.body", "body": body}
    tag = f'"{urlsafe_b64encode(hashlib.sha256(body).digest()[:18]).decode()}"'
    headers = [*start.get("headers", ()), (b"etag", tag.encode())]
    if {tag, "*"} & {one.strip().removeprefix("W/") for one in has.split(",")}:
        kept = [item for item in headers if item[0].lower() not in OF_THE_BODY]
        return {**start, "status": 304, "headers": kept}, {"type": "http.response.body", "body": b""}
    return {**start, "headers": headers}, {"type": "http.response.body", "body": body}
