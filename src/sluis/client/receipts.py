"""What a partner does with the `.tlog-proof` of a release: check it with the log's public key, without asking anybody."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sluis.core.errors import BadInput, Flaw, LedgerBroken
from sluis.core.merkle import leaf_hash
from sluis.core.note import Checkpoint, VerifierKey, parse_checkpoint, parse_note, parse_vkey
from sluis.core.proof import check_inclusion
from sluis.core.receipt import parse_receipt

ED25519 = 1  # the C2SP signature type of a log


def check_receipt(text: str, log_key: str) -> Checkpoint:
    """The checkpoint under which the entry of that receipt provably stands. `log_key` is the log's vkey, got by another way.

    Raises `BadInput` for what is no receipt or key, and `LedgerBroken` for a receipt that proves nothing. Witnesses are not
    looked at: `sluis.ledger.receipts` checks a quorum.
    """
    key = parse_vkey(log_key)
    if key.kind != ED25519:
        raise BadInput(Flaw(where="log key", what="the key of a log is of type Ed25519"))
    receipt = parse_receipt(text)
    if receipt.extra is None:
        raise BadInput(Flaw(where="receipt", what="it carries no leaf"))
    checkpoint = _signed(receipt.checkpoint, key)
    check_inclusion(leaf=leaf_hash(receipt.extra), index=receipt.index, proof=receipt.proof, head=checkpoint.head)
    return checkpoint


def _signed(text: str, key: VerifierKey) -> Checkpoint:
    note = parse_note(text)
    own = [line for line in note.signatures if (line.name, line.key_id) == (key.name, key.key_id)]
    if not own:
        raise LedgerBroken("signature: the key of the log has not signed this checkpoint")
    for line in own:
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(line.payload, note.text.encode())
        except (InvalidSignature, ValueError) as cause:
            raise LedgerBroken("signature: the log's line does not hold") from cause
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != key.name:
        raise LedgerBroken("origin: the checkpoint is of another log")
    return checkpoint
