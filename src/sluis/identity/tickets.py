"""What the browser keeps while an officer is away at the identity provider: sealed, for ten minutes, unreadable to it."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sluis.ports import Clock

LIFE = timedelta(minutes=10)
PURPOSE = b"sluis login ticket 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One login that was begun."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    began: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tickets:
    """Seals tickets under 32 bytes that all replicas share."""

    secret: bytes = field(repr=False)
    clock: Clock

    def seal(self, ticket: Ticket) -> str:
        """The ticket as a cookie value."""
        nonce = os.urandom(12)
        sealed = AESGCM(self.secret).encrypt(nonce, json.dumps(asdict(ticket)).encode(), PURPOSE)
        return base64.urlsafe_b64encode(nonce + sealed).decode("ascii")

    def open(self, value: str) -> Ticket | None:
        """The ticket in a cookie; None when it was not sealed by us, or too long ago."""
        try:
            data = base64.b64decode(value, altchars=b"-_", validate=True)
            ticket = Ticket(**json.loads(AESGCM(self.secret).decrypt(data[:12], data[12:], PURPOSE)))
        except (ValueError, InvalidTag):
            return None
        age = self.clock.now().timestamp() - ticket.began
        return ticket if 0 <= age <= LIFE.total_seconds() else None
