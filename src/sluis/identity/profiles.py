"""The two token profiles on one path: what an assertion must look like for a partner, and how long its tokens live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sluis.core.partner import Profile
from sluis.identity.addresses import Addresses

TOKEN_LIFE = timedelta(minutes=10)
LONGEST_TOKEN_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRules:
    """What a profile asks of a client assertion: algorithms, the one accepted audience, and whether `iat` must be there."""

    algorithms: tuple[str, ...]
    audience: str
    needs_iat: bool


def rules_of(profile: Profile, addresses: Addresses) -> ProfileRules:
    """The rules of a profile: FAPI 2.0 refuses RS256 and wants our issuer; NL GOV knows RS256 and wants the token endpoint."""
    if profile is Profile.NLGOV:
        return ProfileRules(algorithms=("PS256", "RS256"), audience=addresses.token_endpoint, needs_iat=True)
    return ProfileRules(algorithms=("PS256", "ES256"), audience=addresses.issuer, needs_iat=False)
