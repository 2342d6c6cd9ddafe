"""The encodings that tokens, proofs and certificates share."""

from __future__ import annotations

import base64
import hashlib


def b64url(data: bytes) -> str:
    """Base64url without padding, as JOSE writes it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def fingerprint(data: bytes) -> str:
    """SHA-256 in base64url: `x5t#S256` of a DER certificate, `ath` of a token."""
    return b64url(hashlib.sha256(data).digest())
