"""Partners, tokens and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sluis.core.partner import Officer, Partner


class PartnerDirectory(Protocol):
    """The partner organisations, with their effective dates."""

    def by_client(self, client_id: str) -> Partner | None:
        """The partner with that client id, active or not; None when there is none."""
        ...

    def by_id(self, partner_id: str) -> Partner | None:
        """The partner with that id, active or not; None when there is none."""
        ...

    def all(self) -> Sequence[Partner]:
        """Every partner, in order of id."""
        ...

    def save(self, partner: Partner) -> None:
        """Add or replace a partner, durably."""
        ...


class Replay(Protocol):
    """What may be used once, over all replicas."""

    def first_use(self, kind: str, owner: str, identifier: str, until: datetime) -> bool:
        """True exactly once for (kind, owner, identifier) until that moment, however many replicas ask at once."""
        ...


class Issuances(Protocol):
    """Tokens that were issued: that, to whom and bound to what; never the token."""

    def record(self, *, token_id: str, partner: str, expires: datetime, binding: str) -> None:
        """Put the issue on record, durably."""
        ...

    def revoke(self, token_id: str, partner: str) -> None:
        """Revoke a token of that partner; nothing happens when it is not that partner's."""
        ...

    def revoked(self, token_id: str) -> bool:
        """Whether the token was revoked."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An officer's session in the portal. `csrf` is the token of its forms."""

    officer: Officer
    csrf: str = field(repr=False)
    started: datetime
    last_seen: datetime


class Sessions(Protocol):
    """Server-side sessions of officers: idle and absolute limits are the caller's, the rows are kept here."""

    def open(self, session: Session) -> str:
        """Keep a session; return its random id (192 bits). Only a hash of the id is stored."""
        ...

    def find(self, session_id: str) -> Session | None:
        """The session with that id; None when there is none."""
        ...

    def touch(self, session_id: str, at: datetime) -> None:
        """Move `last_seen`."""
        ...

    def close(self, session_id: str) -> None:
        """End one session; no error when there is none."""
        ...

    def close_all(self, officer: str) -> int:
        """End every session of that officer (back-channel logout); return how many."""
        ...
