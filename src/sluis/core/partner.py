"""A partner organisation and the people who work there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Profile(StrEnum):
    """The token profile of a partner (`docs/api.md`)."""

    FAPI2 = "fapi2"
    NLGOV = "nlgov"


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """An organisation that may call Sluis between `active_from` and `active_until`.

    `kind` is its `soort` in the vocabulary; `keys` its public JWKS; `certificates` the SHA-256 fingerprints (base64url) of
    the client certificates it may present; `scopes` the doors it may use (never what may be released).
    """

    id: str
    oin: str
    kind: str
    name: str
    client_id: str
    profile: Profile
    keys: Mapping[str, object] = field(repr=False)
    certificates: frozenset[str] = field(default=frozenset(), repr=False)
    scopes: frozenset[str]
    active_from: datetime
    active_until: datetime | None = None

    def active(self, at: datetime) -> bool:
        """Whether the organisation takes part at that moment."""
        return self.active_from <= at and (self.active_until is None or at < self.active_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls: the partner whose token was accepted, and with which scopes."""

    partner: Partner
    scopes: frozenset[str]
    token_id: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """A person at a partner, as that partner vouches for him: designated, screened (VOG), trained (WGS 1.8(2), BGS 1.11).

    `deputises` names roles of colleagues that he fills, each until a moment: work does not wait for one person (seed S8).
    """

    partner: str
    user: str = field(repr=False)
    roles: frozenset[str]
    screened_until: datetime
    trained_until: datetime
    deputises: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))

    def authorised(self, role: str, at: datetime) -> bool:
        """The fact `gebruiker-bevoegd` for that role at that moment: his own, or one that he deputises."""
        holds = role in self.roles or (role in self.deputises and at < self.deputises[role])
        return holds and at < self.screened_until and at < self.trained_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """A privacy officer in the portal. `subject` is `iss` and pairwise `sub`; `organisation` a partner id or None for all."""

    subject: str = field(repr=False)
    name: str = field(repr=False)
    roles: frozenset[str]
    organisation: str | None = None
