"""Reading an access token: is it ours, for us, valid now, and what does it say? Who presents it is the gate's question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Protocol

from joserfc.jwk import KeySet

from sluis.identity import claims as read
from sluis.identity.encoding import fingerprint
from sluis.identity.jose import opened
from sluis.ports import Clock

CACHE_SIZE = 4096


class VerifyingKeys(Protocol):
    """The keys an access token may be signed with."""

    def verifying(self) -> KeySet:
        """The public keys that may verify now."""
        ...


class BadToken(Exception):
    """No token of our issuer for our audience that is valid now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a token says. Exactly one of `certificate` (`x5t#S256`) and `key` (`jkt`) is given."""

    client_id: str
    token_id: str
    scopes: frozenset[str]
    issued: float
    expires: float
    not_before: float
    kid: str
    certificate: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRules:
    """Whose tokens are accepted: an issuer, an audience, and the algorithms it signs with."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...] = ("PS256",)


class TokenReader:
    """Verifies access tokens; keeps what was verified, by the hash of the token, until it expires.

    Only the signature is remembered: the moment, the signing key's life, revocation and the partner are checked each time.
    """

    def __init__(self, rules: TokenRules, keys: VerifyingKeys, clock: Clock) -> None:
        self.rules = rules
        self.keys = keys
        self.clock = clock
        self._known: OrderedDict[str, Verified] = OrderedDict()
        self._lock = Lock()

    def read(self, token: str) -> Verified:
        """What the token says. Raises `BadToken`."""
        try:
            name = fingerprint(token.encode("ascii"))
            with self._lock:
                found = self._known.get(name)
            keys = self.keys.verifying()
            if found is None or all(key.kid != found.kid for key in keys):
                found = self._verified(token, keys)
            self._check_moment(found, self.clock.now())
        except read.UNTRUSTED as cause:
            raise BadToken from cause
        self._keep(name, found)
        return found

    def _verified(self, text: str, keys: KeySet) -> Verified:
        token = opened(text, keys, self.rules.algorithms)
        header, claims = token.header, token.claims
        if str(header.get("typ", "")).lower().removeprefix("application/") != "at+jwt":
            raise ValueError("typ")
        if claims.get("iss") != self.rules.issuer or self.rules.audience not in _audiences(claims):
            raise ValueError("iss or aud")
        read.text(claims, "sub")
        certificate, key = _binding(claims)
        return Verified(
            client_id=read.text(claims, "client_id"),
            token_id=read.text(claims, "jti"),
            scopes=frozenset(read.text(claims, "scope").split()),
            issued=read.seconds(claims, "iat"),
            expires=read.seconds(claims, "exp"),
            not_before=read.seconds(
                claims, "nbf" if "nbf" in claims else "iat"
            ),  # an external issuer may leave it out (RFC 9068)
            kid=read.text(header, "kid"),
            certificate=certificate,
            key=key,
        )

    def _check_moment(self, found: Verified, now: datetime) -> None:
        moment = now.timestamp()
        if found.expires <= moment - read.SLACK or max(found.not_before, found.issued) > moment + read.SLACK:
            raise ValueError("exp, nbf or iat")

    def _keep(self, name: str, found: Verified) -> None:
        with self._lock:
            self._known[name] = found
            self._known.move_to_end(name)
            if len(self._known) > CACHE_SIZE:
                self._known.popitem(last=False)


def _audiences(claims: Mapping[str, object]) -> list[object]:
    audience = claims.get("aud")
    return audience if isinstance(audience, list) else [audience]


def _binding(claims: Mapping[str, object]) -> tuple[str | None, str | None]:
    """The certificate and the key a token is bound to: exactly one of the two. Raises `ValueError`."""
    cnf = claims.get("cnf")
    if not isinstance(cnf, dict) or ("x5t#S256" in cnf) == ("jkt" in cnf):
        raise ValueError("cnf")
    if "jkt" in cnf:
        return None, read.text(cnf, "jkt")
    return read.text(cnf, "x5t#S256"), None
