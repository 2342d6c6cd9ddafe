"""The key ring: seals and opens what is kept about a person, and says who is meant without saying who.

One key ring serves the audit log (`CellVault`), the store's payloads and the flows (`SubjectIndex`), so that destroying the
keys of one tag erases the person in all of them at once.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping, Sequence
from ssl import RAND_bytes
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sluis.core.errors import KeyUnavailable
from sluis.keys.deks import DekRows, Deks
from sluis.keys.files import KeyFiles
from sluis.keys.identification import canonical
from sluis.keys.pseudonyms import PseudonymContext, Pseudonyms
from sluis.ports.ambient import Clock

_NONCE: Final = 12
_TAG: Final = 16
_BALLAST_AAD: Final = b"sluis-ballast/v1"


class KeyRing:
    """Keys of persons under the key-encryption key of `files`, their wrapped form in `rows`.

    `pseudonym_epoch` is part of every pseudonym: another epoch gives every person another name at every recipient.
    """

    def __init__(self, files: KeyFiles, rows: DekRows, clock: Clock, *, pseudonym_epoch: str = "1") -> None:
        # Keyed once and copied for each tag: the one-shot form lets other threads in, twice for every entry of the log.
        self._index = hmac.new(files.index_key, digestmod="sha256")
        self._pseudonyms = Pseudonyms(files.pseudonym_master)
        self._pseudonym_epoch = pseudonym_epoch
        self._deks = Deks(files, rows, clock)
        self._ballast_key = AESGCM(secrets.token_bytes(32))
        self._ballast = self._seal(self._ballast_key, bytes(256), _BALLAST_AAD)

    def subject(self, identification: Mapping[str, str]) -> str:
        """The blind index of a person: 32 hexadecimal digits of a keyed hash. Raises `BadInput`, without any value."""
        return self.tag("identificatie", canonical(identification)).hex()

    def pseudonym(self, subject: str, *, recipient: str, purpose: str) -> str:
        """What that recipient may call that person for that purpose. Raises `BadInput` when a part is missing."""
        context = PseudonymContext(recipient=recipient, purpose=purpose, field="betrokkene", epoch=self._pseudonym_epoch)
        return self._pseudonyms.of(subject, context)

    def tag(self, role: str, identifier: str) -> bytes:
        """The blind index of `identifier` in that role: 16 bytes of HMAC-SHA-256."""
        keyed = self._index.copy()
        keyed.update(f"{role}|{identifier}".encode())
        return keyed.digest()[:_TAG]

    def seal(self, tag: bytes, bucket: str, plain: bytes, aad: bytes) -> bytes:
        """`nonce12 || AES-256-GCM` under the key of (tag, bucket), which is durable before this returns."""
        return self._seal(self._deks.existing_or_new(tag, bucket), plain, aad)

    def open(self, tag: bytes, bucket: str, sealed: bytes, aad: bytes) -> bytes:
        """The plain bytes. Raises `KeyUnavailable` when the key was destroyed or the bytes were changed."""
        key = self._deks.existing(tag, bucket)
        if key is None:
            raise KeyUnavailable("the key was destroyed")
        return _open(key, sealed, aad)

    def open_one(self, tag: bytes, bucket: str, sealed: bytes, aad: bytes) -> bytes | None:
        """The plain bytes; None when the key was destroyed. Raises `KeyUnavailable` when the bytes were changed."""
        key = self._deks.existing(tag, bucket)
        return None if key is None else _open(key, sealed, aad)

    def open_steadily(self, tag: bytes, sealed: Sequence[tuple[str, bytes, bytes]], at_least: int) -> list[bytes | None]:
        """Each (bucket, sealed, aad) opened, None where its key was destroyed.

        Looks the keys up once whatever is remembered, and opens at least `at_least` times, so that a person of whom nothing
        is kept costs as much as one of whom a little is.
        """
        keys = self._deks.all_of(tag)
        opened = [None if (key := keys.get(bucket)) is None else _open(key, box, aad) for bucket, box, aad in sealed]
        for _ in range(at_least - len(opened)):
            _open(self._ballast_key, self._ballast, _BALLAST_AAD)
        return opened

    def erase(self, tag: bytes, bucket: str | None) -> int:
        """Destroy the keys of a person, of one bucket or (None) of all; return how many were destroyed."""
        return self._deks.erase(tag, bucket)

    def expire(self, bucket: str) -> int:
        """Destroy everybody's keys of one bucket; return how many were destroyed."""
        return self._deks.expire(bucket)

    def rotate_kek(self) -> int:
        """Re-wrap every key under a new key-encryption key, then destroy the old one; return the new epoch."""
        return self._deks.rotate()

    @staticmethod
    def _seal(key: AESGCM, plain: bytes, aad: bytes) -> bytes:
        nonce = RAND_bytes(_NONCE)
        return nonce + key.encrypt(nonce, plain, aad)


def _open(key: AESGCM, sealed: bytes, aad: bytes) -> bytes:
    try:
        return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], aad)
    except (InvalidTag, ValueError):
        raise KeyUnavailable("what was sealed under this key has been changed") from None
