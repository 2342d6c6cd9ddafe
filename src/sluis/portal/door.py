"""What the portal asks of the officers' login. `sluis.identity` keeps the sessions and serves the doors themselves.

The portal knows no password, no token and no cookie of a session: it asks who is there, and whether a form is his.
"""

from __future__ import annotations

from typing import Protocol

from starlette.requests import Request

from sluis.core.partner import Officer

ENTER = "/aanmelden"
"""Where the login begins, within the portal's path. Whoever mounts the portal serves it, before the portal's own pages."""
LEAVE = "/afmelden"
"""Where a session ends: a form is posted there with the session's token in the field `csrf`."""


class SignedIn(Protocol):
    """An officer with a live session."""

    @property
    def officer(self) -> Officer:
        """Who it is."""
        ...

    @property
    def csrf(self) -> str:
        """The token that each form of this session carries."""
        ...


class Door(Protocol):
    """Who is there, and is this form his. Both may read the store; the portal calls them from a thread."""

    def session(self, http: Request) -> SignedIn | None:
        """The live session of this request, its idle time begun anew; None when there is none or it has ended."""
        ...

    def genuine(self, http: Request, session: SignedIn, token: str) -> bool:
        """Whether a form came from a page of ours in that session: its `Origin` is ours and the token is the session's."""
        ...
