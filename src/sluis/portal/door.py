"""What the portal asks of the officers' login. `sluis.identity` keeps this promise; the portal knows no password and no token."""

from __future__ import annotations

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from sluis.ports.identity import Session


class Door(Protocol):
    """The login of officers. The methods that touch the network or a form are coroutines."""

    def session(self, http: Request) -> Session | None:
        """The live session of this request, its `last_seen` moved; None when there is none or it has ended."""
        ...

    def genuine(self, http: Request, session: Session, token: str) -> bool:
        """Whether a form came from our own page in that session: the `Origin` is ours and the token is the session's."""
        ...

    async def begin(self, http: Request) -> Response:
        """The way to the identity provider (or, in the demo, the page on which one chooses who to be)."""
        ...

    async def finish(self, http: Request) -> Response:
        """The answer of the identity provider: a session and a redirect to the portal, or a refusal."""
        ...

    async def logout(self, http: Request) -> Response:
        """End the session, here and where it began. The portal has checked the form before it calls this."""
        ...
