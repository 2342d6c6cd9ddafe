"""The Ed25519 key that signs the checkpoints of the audit log."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class LogSigner:
    """Signs under the name of one log. `seed` is the 32 random bytes of the private key."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 over `message`."""
        return self._key.sign(message)

    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()
