"""Pairwise pseudonyms: what one recipient may call one person for one purpose.

HMAC-SHA-256 under a key that HKDF derives from the master for (recipient, purpose, field, epoch). Two recipients, purposes,
fields or epochs share no value, and none leads back without the master (EDPB Guidelines 01/2025: the pseudonymisation domain).
"""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sluis.core.errors import BadInput, Flaw

_CONTEXTS: Final = 1024
_SHOWN: Final = 15  # bytes: 120 bits, 24 characters without padding


@dataclass(frozen=True, slots=True, kw_only=True)
class PseudonymContext:
    """Within what a pseudonym means something. No part may be empty."""

    recipient: str
    purpose: str
    field: str
    epoch: str


class Pseudonyms:
    """Makes pseudonyms from the master key of 32 bytes; remembers no value, only the keys of the contexts used most."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._key = lru_cache(maxsize=_CONTEXTS)(self._derived)

    def of(self, value: str, context: PseudonymContext) -> str:
        """24 letters and digits (120 bits): equal for equal value and context. Raises `BadInput` for a missing part."""
        parts = {
            "recipient": context.recipient,
            "purpose": context.purpose,
            "field": context.field,
            "epoch": context.epoch,
            "value": value,
        }
        if flaws := [
            Flaw(where=name, what="is missing: a pseudonym needs its whole context") for name, part in parts.items() if not part
        ]:
            raise BadInput(*flaws)
        mac = hmac.digest(self._key(context), value.encode(), "sha256")
        return base64.b32encode(mac[:_SHOWN]).decode().lower()

    def _derived(self, context: PseudonymContext) -> bytes:
        info = b"sluis-pseudonym/v1" + b"".join(
            _framed(part) for part in (context.recipient, context.purpose, context.field, context.epoch)
        )
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._master)


def _framed(part: str) -> bytes:
    """The part with its length before it, so that no two contexts run into one another."""
    raw = part.encode()
    return len(raw).to_bytes(4, "big") + raw
