"""What a partner does with the `.tlog-proof` of a release: check it with the log's public key, without asking anybody.

What a good check proves: the log's key signed a head under which an entry with this id stands, at this place, for ever; and
the bundle is what its own hash says. What it does not prove: that the entry holds that hash. The leaf commits to the core of
the entry, and the core is read with `GET /v1/verstrekkingen/{id}`, at the broker, or by an auditor in the log itself. Nor that
others see the same log: that is for its witnesses (`sluis audit`).
"""

from __future__ import annotations

import hashlib
import json

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sluis.core.errors import BadInput, Flaw, LedgerBroken
from sluis.core.leaf import LEAF_SIZE
from sluis.core.merkle import leaf_hash
from sluis.core.note import Checkpoint, VerifierKey, parse_checkpoint, parse_note, parse_vkey
from sluis.core.proof import check_inclusion
from sluis.core.receipt import parse_receipt

ED25519 = 1  # the C2SP signature type of a log
ENTRY_ID = slice(14, 30)  # where the id of the entry stands in its leaf (docs/audit-log.md)


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


def check_place(text: str, log_key: str, *, entry: str, index: int | None = None) -> Checkpoint:
    """The checkpoint under which the entry with that id stands, at `index` when given. Raises as `check_receipt` does."""
    checkpoint = check_receipt(text, log_key)
    receipt = parse_receipt(text)
    leaf = receipt.extra or b""
    if len(leaf) != LEAF_SIZE or leaf[ENTRY_ID].hex() != entry:
        raise LedgerBroken("receipt: it is of another entry")
    if index is not None and receipt.index != index:
        raise LedgerBroken("receipt: the entry stands at another position")
    return checkpoint


def check_released(answer: bytes, log_key: str) -> Checkpoint:
    """Check a whole answer of a release, as it was received: the bundle against its hash, then the receipt.

    Raises `BadInput` for what is no such answer, and `LedgerBroken` for one that does not hold.
    """
    try:
        said = json.loads(answer)
        canonical = rfc8785.dumps(said["bundel"])
        digest, place = str(said["bundelHash"]), said["logboek"]
        text, entry, index = str(place["bewijs"]), str(place["registratie"]), int(place["positie"])
    except (ValueError, KeyError, TypeError, rfc8785.CanonicalizationError):
        # Without the cause: its text could hold what was released.
        raise BadInput(Flaw(where="answer", what="it is no answer with a bundle and a receipt")) from None
    if "sha256:" + hashlib.sha256(canonical).hexdigest() != digest:
        raise LedgerBroken("bundle: it is not what its hash says")
    return check_place(text, log_key, entry=entry, index=index)


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
