"""Signatures on notes: Ed25519 by the log, Ed25519 and ML-DSA-44 cosignatures; making lines and verifying them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from sluis.core.errors import LedgerBroken
from sluis.core.note import (
    COSIGNATURE,
    ED25519,
    ML_DSA_44,
    Checkpoint,
    Note,
    Signature,
    VerifierKey,
    cosignature_message,
    parse_checkpoint,
    parse_note,
    subtree_message,
)
from sluis.ports import Signer

_STAMP = 8


class LineSigner(Protocol):
    """Somebody who can put a further signature line under a checkpoint."""

    def key(self) -> VerifierKey:
        """The public side."""
        ...

    def line(self, text: str, at: datetime) -> Signature:
        """The line under the text of a checkpoint."""
        ...


@dataclass(frozen=True, slots=True)
class LogLine:
    """A log's own Ed25519 line (type 0x01)."""

    signer: Signer

    def key(self) -> VerifierKey:
        """The public side."""
        return VerifierKey(name=self.signer.name, kind=ED25519, public=self.signer.public())

    def line(self, text: str, at: datetime) -> Signature:  # noqa: ARG002 - this type of line carries no time
        """The line under a text."""
        return Signature(self.signer.name, self.key().key_id, self.signer.sign(text.encode()))


@dataclass(frozen=True, slots=True)
class WitnessLine:
    """A witness's Ed25519 cosignature (type 0x04): that it saw this checkpoint, after all it saw before, at that time."""

    signer: Signer

    def key(self) -> VerifierKey:
        """The public side."""
        return VerifierKey(name=self.signer.name, kind=COSIGNATURE, public=self.signer.public())

    def line(self, text: str, at: datetime) -> Signature:
        """The line under the text of a checkpoint."""
        seconds = int(at.timestamp())
        signature = self.signer.sign(cosignature_message(text, seconds))
        return Signature(self.signer.name, self.key().key_id, seconds.to_bytes(_STAMP, "big") + signature)


@dataclass(frozen=True, slots=True)
class PostQuantumLine:
    """An ML-DSA-44 cosignature (type 0x06), from a seed of 32 bytes; about 3.3 kB a line."""

    name: str
    seed: bytes = field(repr=False)

    def key(self) -> VerifierKey:
        """The public side."""
        public = MLDSA44PrivateKey.from_seed_bytes(self.seed).public_key().public_bytes_raw()
        return VerifierKey(name=self.name, kind=ML_DSA_44, public=public)

    def line(self, text: str, at: datetime) -> Signature:
        """The line under the text of a checkpoint; it covers the whole tree, from entry 0."""
        checkpoint, seconds = parse_checkpoint(text), int(at.timestamp())
        span = (0, checkpoint.head.size)
        message = subtree_message(name=self.name, seconds=seconds, span=span, checkpoint=checkpoint)
        signature = MLDSA44PrivateKey.from_seed_bytes(self.seed).sign(message)
        return Signature(self.name, self.key().key_id, seconds.to_bytes(_STAMP, "big") + signature)


def verifier_key(signer: Signer) -> VerifierKey:
    """The public side of a checkpoint key."""
    return LogLine(signer).key()


def sign_text(text: str, at: datetime, *signers: LineSigner) -> Note:
    """The text as a note, with one line per signer."""
    return Note(text, tuple(signer.line(text, at) for signer in signers))


def _check(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except (InvalidSignature, ValueError):
        return False
    return True


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    return _check(lambda: Ed25519PublicKey.from_public_bytes(public).verify(signature, message))


def line_holds(key: VerifierKey, line: Signature, text: str) -> bool:
    """Whether a line holds under the key to which it belongs, whatever the type of that key."""
    if key.kind == ED25519:
        return ed25519_holds(key.public, line.payload, text.encode())
    stamp, signature = line.payload[:_STAMP], line.payload[_STAMP:]
    seconds = int.from_bytes(stamp, "big")
    if key.kind == COSIGNATURE:
        return ed25519_holds(key.public, signature, cosignature_message(text, seconds))
    if key.kind == ML_DSA_44:
        checkpoint = parse_checkpoint(text)
        span = (0, checkpoint.head.size)
        message = subtree_message(name=key.name, seconds=seconds, span=span, checkpoint=checkpoint)
        return _check(lambda: MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, message))
    return False


def signed_by(note: Note, keys: Iterable[VerifierKey]) -> list[tuple[VerifierKey, Signature]]:
    """The lines of these keys, each verified; other lines are ignored. Raises `LedgerBroken` for a line that does not hold."""
    found: list[tuple[VerifierKey, Signature]] = []
    for key in keys:
        for line in note.signatures:
            if (line.name, line.key_id) != (key.name, key.key_id):
                continue
            if not line_holds(key, line, note.text):
                raise LedgerBroken(f"signature: the line of `{key.name}` does not hold")
            found.append((key, line))
    return found


def stamped(line: Signature) -> int:
    """The seconds since 1970 in a cosignature."""
    return int.from_bytes(line.payload[:_STAMP], "big")


def verify_note(text: str, keys: Iterable[VerifierKey]) -> Note:
    """The note, when at least one of these keys signed it. Lines of other keys are ignored.

    Raises `BadInput` for what is no note, `LedgerBroken` when a line of a known key does not hold or no key is known.
    """
    note = parse_note(text)
    if not signed_by(note, keys):
        raise LedgerBroken("signature: no known key has signed this note")
    return note


def verify_checkpoint(text: str, origin: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint of that origin, signed by one of these keys. Raises `BadInput` and `LedgerBroken`."""
    checkpoint = parse_checkpoint(verify_note(text, keys).text)
    if checkpoint.origin != origin:
        raise LedgerBroken(f"origin: the checkpoint is of `{checkpoint.origin}`, not of `{origin}`")
    return checkpoint
