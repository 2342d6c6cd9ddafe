"""DPoP (RFC 9449): a proof that the caller holds the key its token is bound to, good for one request."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from joserfc.jwk import Key

from sluis.core.errors import BadKey
from sluis.identity import claims as read
from sluis.identity.addresses import Addresses, plain
from sluis.identity.encoding import b64url, fingerprint
from sluis.identity.jose import opened, unverified
from sluis.identity.partner_keys import public_key
from sluis.ports import Clock, Replay

ALGORITHMS = ("ES256", "PS256")
LONGEST_AGE = 60.0  # seconds
MIN_JTI = 8
NONCE_PERIOD = 120  # seconds; the nonce of the period before is good too


class BadProof(Exception):
    """The proof is missing, doubled, malformed, or not for this request."""


class NonceNeeded(BadProof):
    """The proof has no nonce of ours, or an old one: the answer gives a fresh one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nonces:
    """Server nonces without a table: a MAC of the period, under a secret that all replicas share."""

    secret: bytes
    clock: Clock

    def current(self) -> str:
        """The nonce of this period."""
        return self._of(self._period())

    def good(self, nonce: object) -> bool:
        """Whether it is the nonce of this period or of the one before."""
        if not isinstance(nonce, str) or not nonce.isascii():
            return False
        period = self._period()
        return any(hmac.compare_digest(nonce, self._of(each)) for each in (period, period - 1))

    def _period(self) -> int:
        return int(self.clock.now().timestamp()) // NONCE_PERIOD

    def _of(self, period: int) -> str:
        return b64url(hmac.digest(self.secret, b"sluis dpop nonce %d" % period, "sha256"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofTarget:
    """What a proof must be for: the method, the path as asked, and at the API the token it goes with."""

    method: str
    path: str
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """Checks proofs. With `nonces`, a proof must carry one."""

    addresses: Addresses
    replay: Replay
    clock: Clock
    nonces: Nonces | None = None

    def thumbprint(self, found: Sequence[str], target: ProofTarget) -> str:
        """The thumbprint of the key that made the one proof in `found`. Raises `BadProof`, `NonceNeeded`."""
        try:
            (proof,) = found  # exactly one
            claims, thumbprint = _opened(proof)
            self._check(claims, target)
            if self.nonces is not None and not self.nonces.good(claims.get("nonce")):
                raise NonceNeeded
            jti = read.identifier(claims, "jti", at_least=MIN_JTI)
            until = datetime.fromtimestamp(read.seconds(claims, "iat"), UTC) + timedelta(minutes=2)
            if not self.replay.first_use("dpop", thumbprint, jti, until):
                raise ValueError("used before")
        except (*read.UNTRUSTED, BadKey) as cause:
            raise BadProof from cause
        return thumbprint

    def _check(self, claims: Mapping[str, object], target: ProofTarget) -> None:
        now = self.clock.now()
        if claims.get("htm") != target.method:
            raise ValueError("htm")
        if plain(read.text(claims, "htu")) != plain(self.addresses.public(target.path)):
            raise ValueError("htu")
        if now.timestamp() - read.seconds(claims, "iat") > LONGEST_AGE:
            raise ValueError("iat")
        read.not_ahead(claims, "iat", now)
        read.not_ahead(claims, "nbf", now)
        if "exp" in claims and read.seconds(claims, "exp") < now.timestamp() - read.SLACK:
            raise ValueError("exp")
        if target.token is not None and read.text(claims, "ath") != fingerprint(target.token.encode()):
            raise ValueError("ath")


@lru_cache(maxsize=1024)
def _key(jwk: str) -> tuple[Key, str]:
    """A key and its thumbprint, remembered: a partner uses one key for long, and reading it costs more than using it."""
    key = public_key(json.loads(jwk))  # refuses private parts, short keys and other kinds
    return key, key.thumbprint()


def _opened(proof: str) -> tuple[Mapping[str, object], str]:
    """The verified claims, and the thumbprint of the public key in the header that verified them."""
    header = unverified(proof).header
    if header["typ"] != "dpop+jwt" or header["alg"] not in ALGORITHMS:
        raise ValueError("header")
    key, thumbprint = _key(json.dumps(header["jwk"], sort_keys=True))
    return opened(proof, key, [header["alg"]]).claims, thumbprint
