"""The operator's access log: route template, status and duration. Never a path, a query or a body: they may name somebody.

At AuthZEN's door a caller's `X-Request-ID` comes back, with problems too (AuthZEN 1.0, 10.1.4), when it has the form of an id;
nowhere else is anything of a caller's repeated, and it stands in no line of ours.
"""

from __future__ import annotations

import re
import time

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sluis import events

HEALTH = "/gezond"
OK = 200

_DOOR = "/access/"
_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}\Z")


class AccessLog:
    """Wraps the application and writes one line an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; a line is written also when the application raises."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        began = time.perf_counter()

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message.get("headers", ()), *_echoed(scope)]}
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            route = getattr(scope.get("route"), "path", "(geen)")
            # A probe every few seconds says nothing; one that fails does.
            if route != HEALTH or status != OK:
                spent = round(1000 * (time.perf_counter() - began), 1)
                events.emit(events.REQUEST, method=scope["method"], route=route, status=status, milliseconds=spent)


def _echoed(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The id that the caller gave this request, where it is owed one."""
    given = Headers(scope=scope).get("x-request-id", "") if scope["path"].startswith(_DOOR) else ""
    return [(b"x-request-id", given.encode())] if _ID.match(given) else []
