"""Ed25519 for notes: signing checkpoints with the port's key, and verifying notes against known keys."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sluis.core.errors import LedgerBroken
from sluis.core.note import ED25519, Checkpoint, Note, Signature, VerifierKey, parse_checkpoint, parse_note
from sluis.ports import Signer


def verifier_key(signer: Signer) -> VerifierKey:
    """The public side of a checkpoint key."""
    return VerifierKey(name=signer.name, kind=ED25519, public=signer.public())


def sign_text(text: str, *signers: Signer) -> Note:
    """The text as a note, with one line per signer."""
    lines = [Signature(signer.name, verifier_key(signer).key_id, signer.sign(text.encode())) for signer in signers]
    return Note(text, tuple(lines))


def ed25519_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature holds."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_note(text: str, keys: Iterable[VerifierKey]) -> Note:
    """The note, when at least one of these keys signed it. Lines of other keys are ignored.

    Raises `BadInput` for what is no note, `LedgerBroken` when a line of a known key does not hold or no key is known.
    """
    note, found = parse_note(text), False
    for key in keys:
        for line in note.signatures:
            if (line.name, line.key_id) != (key.name, key.key_id):
                continue
            if key.kind != ED25519 or not ed25519_holds(key.public, line.payload, note.text.encode()):
                raise LedgerBroken(f"signature: the line of `{key.name}` does not hold")
            found = True
    if not found:
        raise LedgerBroken("signature: no known key has signed this note")
    return note


def verify_checkpoint(text: str, origin: str, keys: Iterable[VerifierKey]) -> Checkpoint:
    """The checkpoint of that origin, signed by one of these keys. Raises `BadInput` and `LedgerBroken`."""
    checkpoint = parse_checkpoint(verify_note(text, keys).text)
    if checkpoint.origin != origin:
        raise LedgerBroken(f"origin: the checkpoint is of `{checkpoint.origin}`, not of `{origin}`")
    return checkpoint
