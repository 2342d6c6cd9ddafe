"""The call that is made most, in one thread from token to answer.

FastAPI solves the dependencies of a route one after the other, and sends each sync one to a thread of its own: five hops for
one request, each of which waits for the interpreter. A route of this class stands declared like any other, so the document and
the tests that walk all routes see the same doors; only who calls what at run time differs, and that is all in `_Straight.handle`.
Same order, same errors as FastAPI: token, what is accepted, the key of the header, the form of the body, the body.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sluis.api.body import check_sent, parse
from sluis.api.deps import services_of
from sluis.api.once import once_of
from sluis.core.partner import Caller


def straight(door: Callable[[Request], Caller], shape: type[BaseModel]) -> type[APIRoute]:
    """A class of routes for endpoints that take (request, caller, once, body, services) behind that door, with that body."""

    class Straight(APIRoute):
        """A route that is called without FastAPI's solving of dependencies."""

        def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override] # FastAPI says Coroutine
            """FastAPI's hook: what runs instead of its own handler."""
            return _Straight(self.endpoint, door, shape).handle

    return Straight


class _Straight:
    def __init__(self, endpoint: Callable[..., Response], door: Callable[[Request], Caller], shape: type[BaseModel]) -> None:
        self._endpoint, self._door, self._shape = endpoint, door, shape

    async def handle(self, http: Request) -> Response:
        # Nobody has been let in yet: `Front` bounds what may come in, and nothing looks at it before the door has opened.
        raw = await http.body()
        return await run_in_threadpool(self._work, http, raw)

    def _work(self, http: Request, raw: bytes) -> Response:
        caller = self._door(http)
        once = once_of(http, raw)
        check_sent(http)
        return self._endpoint(http, caller, once, parse(self._shape, raw), services_of(http))
