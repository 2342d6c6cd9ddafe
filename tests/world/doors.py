"""A gate that lets in whom a test says, and refuses everybody else as the real one would."""

from __future__ import annotations

from starlette.requests import Request

from sluis.core.errors import NotAllowed
from sluis.core.partner import Caller
from world.people import World


class OpenGate:
    """`Gate` for a partner whom the test names; a header `x-als` names another one for one call."""

    def __init__(self, world: World, partner: str) -> None:
        self.world = world
        self.partner = partner

    def caller(self, http: Request, *scopes: str) -> Caller:
        partner = self.world.partners.by_id(http.headers.get("x-als", self.partner))
        if partner is None:
            raise NotAllowed("nobody comes in under this name")
        return Caller(partner=partner, scopes=frozenset(scopes), token_id="test")
