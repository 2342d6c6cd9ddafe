"""What the identity provider signs: ID tokens, and logout tokens. Each check refuses by a word of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sluis.identity import claims as read
from sluis.identity.jose import opened, unverified
from sluis.identity.provider import LoginRefused, Provider, ProviderRules

LONGEST_LIFE = 300.0  # seconds from issue to expiry of an ID token
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
MIN_JTI = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class IdTokens:
    """Opens the provider's tokens."""

    provider: Provider

    def identity(self, token: object, nonce: str) -> Mapping[str, object]:
        """The claims of an ID token that answers the login with that nonce. Raises `LoginRefused`."""
        claims = self._opened(token, kinds=frozenset({"jwt"}))
        rules, now = self.provider.rules, self.provider.clock.now()
        try:
            _for_us(claims, rules, now)
            if claims.get("nonce") != nonce:
                raise LoginRefused("id-token-nonce")
            if claims.get("acr") not in rules.good_levels():
                raise LoginRefused("level-too-low")
            if now.timestamp() - read.seconds(claims, "auth_time") > rules.max_age.total_seconds() + read.SLACK:
                raise LoginRefused("login-too-old")
            read.not_ahead(claims, "auth_time", now)
        except read.UNTRUSTED as cause:
            raise LoginRefused("id-token") from cause
        return claims

    def logout(self, token: object) -> tuple[str, str, datetime]:
        """The `sub` of a logout token (OIDC back-channel logout 2.4), its `jti`, and until when that counts.

        Raises `LoginRefused`.
        """
        claims = self._opened(token, kinds=frozenset({"logout+jwt", "jwt"}))
        now = self.provider.clock.now()
        try:
            _for_us(claims, self.provider.rules, now)
            events = claims.get("events")
            if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict) or "nonce" in claims:
                raise LoginRefused("logout-token")
            until = datetime.fromtimestamp(read.seconds(claims, "exp") + 2 * read.SLACK, UTC)
            return read.text(claims, "sub"), read.identifier(claims, "jti", at_least=MIN_JTI), until
        except read.UNTRUSTED as cause:
            raise LoginRefused("logout-token") from cause

    def _opened(self, token: object, *, kinds: frozenset[str]) -> Mapping[str, object]:
        try:
            if not isinstance(token, str):
                raise TypeError("token")
            header = unverified(token).header
            if str(header.get("typ", "JWT")).lower() not in kinds:
                raise ValueError("typ")
            kid = header.get("kid")
            keys = self.provider.keys(kid if isinstance(kid, str) else None)
            return opened(token, keys, self.provider.rules.algorithms).claims
        except read.UNTRUSTED as cause:
            raise LoginRefused("id-token-signature") from cause


def _for_us(claims: Mapping[str, object], rules: ProviderRules, now: datetime) -> None:
    """Issuer, audience and moments. Raises `LoginRefused`, `ValueError`."""
    if claims.get("iss") != rules.issuer:
        raise LoginRefused("id-token-issuer")
    if claims.get("aud") not in (rules.client_id, [rules.client_id]) or claims.get("azp", rules.client_id) != rules.client_id:
        raise LoginRefused("id-token-audience")
    issued, expires = read.seconds(claims, "iat"), read.seconds(claims, "exp")
    if not issued < expires <= issued + LONGEST_LIFE or expires <= now.timestamp() - read.SLACK:
        raise LoginRefused("id-token-life")
    read.not_ahead(claims, "iat", now)
    read.not_ahead(claims, "nbf", now)
