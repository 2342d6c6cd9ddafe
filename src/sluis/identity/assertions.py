"""`private_key_jwt`: a partner proves itself with a signed assertion, once. One text for every refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from joserfc.jwk import Key, KeySet

from sluis.core.errors import BadKey
from sluis.core.partner import Partner
from sluis.identity import claims as read
from sluis.identity.addresses import Addresses
from sluis.identity.jose import opened, unverified
from sluis.identity.partner_keys import key_set
from sluis.identity.profiles import ProfileRules, rules_of
from sluis.ports import Clock, PartnerDirectory, Replay

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE = 300.0  # seconds an assertion may still live
MIN_JTI = 16


class NotAuthenticated(Exception):
    """The partner did not prove itself. Why is in the cause, for nobody outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertions:
    """Checks assertions. `decoy` is a key nobody signs with: a partner we do not know takes the same road to its refusal."""

    directory: PartnerDirectory
    addresses: Addresses
    replay: Replay
    clock: Clock
    decoy: Key

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
        now = self.clock.now()
        name = read.text(unverified(assertion).claims, "sub")
        found = self.directory.by_client(name)
        partner = found if found is not None and found.active(now) else None
        # (2) the signature, under the algorithms of the partner's profile.
        keys: Key | KeySet = self.decoy if partner is None else key_set(partner.keys)
        rules = rules_of(partner.profile, self.addresses) if partner else None
        claims = opened(assertion, keys, rules.algorithms if rules else ("PS256", "ES256")).claims
        if partner is None or rules is None:
            raise ValueError("unknown partner")
        # (3) what it says.
        expires = _check(claims, rules, now)
        if read.text(claims, "sub") != partner.client_id or form.get("client_id", partner.client_id) != partner.client_id:
            raise ValueError("client_id")
        # (4) once. If we die here the assertion is used up, and the partner makes a new one.
        jti = read.identifier(claims, "jti", at_least=MIN_JTI)
        if not self.replay.first_use("assertion", partner.client_id, jti, expires + timedelta(minutes=1)):
            raise ValueError("used before")
        return partner


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
