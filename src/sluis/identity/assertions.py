"""`private_key_jwt`: a partner proves itself with a signed assertion, once. One text for every refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from joserfc.jwk import ECKey, Key, RSAKey

from sluis.core.errors import BadKey
from sluis.core.partner import Partner
from sluis.identity import claims as read
from sluis.identity.addresses import Addresses
from sluis.identity.jose import opened, unverified
from sluis.identity.partner_keys import KeySets
from sluis.identity.profiles import ProfileRules, rules_of
from sluis.ports import Clock, PartnerDirectory, Replay

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE = 300.0  # seconds an assertion may still live
MIN_JTI = 16


class NotAuthenticated(Exception):
    """The partner did not prove itself. Why is in the cause, for nobody outside."""


@cache
def decoys() -> Mapping[str, Key]:
    """Keys that nobody signs with, by algorithm. A partner we do not know takes the same road to its refusal as one we do."""
    rsa, curve = RSAKey.generate_key(3072), ECKey.generate_key("P-256")
    return {"PS256": rsa, "RS256": rsa, "ES256": curve}


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertions:
    """Checks assertions. Each one costs one lookup and one signature, whoever it names; why it failed does not show."""

    directory: PartnerDirectory
    addresses: Addresses
    replay: Replay
    clock: Clock
    keys: KeySets = field(default_factory=KeySets)

    def partner(self, form: Mapping[str, str]) -> Partner:
        """The partner whose assertion this is, active now. Raises `NotAuthenticated`; the assertion is then used up."""
        try:
            if form.get("client_assertion_type") != ASSERTION_TYPE:
                raise ValueError("client_assertion_type")
            return self._checked(form.get("client_assertion", ""), form)
        except (*read.UNTRUSTED, BadKey) as cause:
            raise NotAuthenticated from cause

    def _checked(self, assertion: str, form: Mapping[str, str]) -> Partner:
        # (1) whose keys: the subject is unverified here and only finds them.
        now, said = self.clock.now(), unverified(assertion)
        algorithm = read.text(said.header, "alg")
        partner = self.directory.by_client(read.text(said.claims, "sub"))
        # (2) the signature, under the partner's key, or under a decoy: then it fails like any other.
        key = self._key(partner, said.header.get("kid"), algorithm) or decoys()[algorithm]
        claims = opened(assertion, key, (algorithm,)).claims
        # (3) the partner now, and what its profile asks.
        if partner is None or not partner.active(now):
            raise ValueError("partner")
        rules = rules_of(partner.profile, self.addresses)
        if algorithm not in rules.algorithms or form.get("client_id", partner.client_id) != partner.client_id:
            raise ValueError("alg or client_id")
        expires = _check(claims, rules, now)
        # (4) once. If we die here the assertion is used up, and the partner makes a new one.
        jti = read.identifier(claims, "jti", at_least=MIN_JTI)
        if not self.replay.first_use("assertion", partner.client_id, jti, expires + timedelta(minutes=1)):
            raise ValueError("used before")
        return partner

    def _key(self, partner: Partner | None, kid: object, algorithm: str) -> Key | None:
        """The partner's key of that name and kind; its only key of that kind when the assertion names none."""
        kind = "EC" if algorithm == "ES256" else "RSA"
        keys = [key for key in self.keys.of(partner) if key.key_type == kind] if partner else []
        named = [key for key in keys if key.kid == kid] if kid is not None else keys
        return named[0] if len(named) == 1 or (named and kid is not None) else None


def _check(claims: Mapping[str, object], rules: ProfileRules, now: datetime) -> datetime:
    """Hold the claims to the profile; the moment they expire."""
    if claims.get("iss") != claims.get("sub"):
        raise ValueError("iss")
    if claims.get("aud") != rules.audience:  # a list is refused too: it may name another server
        raise ValueError("aud")
    expires = read.seconds(claims, "exp")
    if not -read.SLACK < expires - now.timestamp() <= LONGEST_LIFE:
        raise ValueError("exp")
    if rules.needs_iat:
        read.seconds(claims, "iat")
    read.not_ahead(claims, "iat", now)
    read.not_ahead(claims, "nbf", now)
    return datetime.fromtimestamp(expires, UTC)
