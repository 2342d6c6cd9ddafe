"""A partner's own keys: made here, kept in a file, and used for client assertions and DPoP proofs."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFE = 60  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerKey:
    """A private key and the algorithm it signs with: PS256 (RSA) or ES256 (EC P-256)."""

    key: RSAKey | ECKey = field(repr=False)
    algorithm: str

    @classmethod
    def generate(cls, algorithm: str = "PS256") -> PartnerKey:
        """A new key. Raises `ValueError` for any other algorithm."""
        if algorithm == "PS256":
            return cls(key=RSAKey.generate_key(3072, auto_kid=True), algorithm=algorithm)
        if algorithm == "ES256":
            return cls(key=ECKey.generate_key("P-256", auto_kid=True), algorithm=algorithm)
        raise ValueError("the algorithm is `PS256` or `ES256`")

    @classmethod
    def load(cls, path: Path) -> PartnerKey:
        """The key in a file that `save` wrote."""
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["kty"] == "RSA":
            return cls(key=RSAKey.import_key(document), algorithm="PS256")
        return cls(key=ECKey.import_key(document), algorithm="ES256")

    def save(self, path: Path) -> None:
        """Keep the key as a private JWK that only the owner may read. Raises `FileExistsError` rather than replace one."""
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(self.key.as_dict(private=True), file)

    def jwks(self) -> dict[str, object]:
        """The public key set to register at Sluis."""
        return {"keys": [self.key.as_dict(private=False)]}

    def assertion(self, client_id: str, audience: str, at: datetime) -> str:
        """A client assertion (RFC 7523), good for one use within a minute."""
        now = int(at.timestamp())
        claims: dict[str, object] = {"iss": client_id, "sub": client_id, "aud": audience, "iat": now, "nbf": now}
        claims |= {"exp": now + ASSERTION_LIFE, "jti": secrets.token_urlsafe(24)}
        header = {"alg": self.algorithm, "kid": self.key.kid or self.key.thumbprint()}
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])

    def proof(self, method: str, url: str, at: datetime, *, token: str | None = None, nonce: str | None = None) -> str:
        """A DPoP proof (RFC 9449) for one request; with `token` at the API, with `nonce` when the server gave one."""
        claims: dict[str, object] = {"htm": method, "htu": url.partition("?")[0].partition("#")[0]}
        claims |= {"iat": int(at.timestamp()), "jti": secrets.token_urlsafe(24)}
        if token is not None:
            digest = hashlib.sha256(token.encode("ascii")).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
        if nonce is not None:
            claims["nonce"] = nonce
        public = {
            name: value for name, value in self.key.as_dict(private=False).items() if name in {"kty", "crv", "x", "y", "n", "e"}
        }
        header = {"alg": self.algorithm, "typ": "dpop+jwt", "jwk": public}
        return jwt.encode(header, claims, self.key, algorithms=[self.algorithm])
