"""The operator's access log: route template, status and duration. Never a path, a query or a body: they may name somebody."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sluis import events


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
            await send(message)

        try:
            await self.app(scope, receive, note)
        finally:
            route = getattr(scope.get("route"), "path", "(geen)")
            spent = round(1000 * (time.perf_counter() - began), 1)
            events.emit(events.REQUEST, method=scope["method"], route=route, status=status, milliseconds=spent)
