"""Checking a receipt without the log: what a partner does with the `.tlog-proof` that came with a release."""

from __future__ import annotations

from sluis.core.errors import BadInput, Flaw, LedgerBroken
from sluis.core.merkle import leaf_hash
from sluis.core.note import Checkpoint, VerifierKey
from sluis.core.proof import check_inclusion
from sluis.core.quorum import TlogPolicy
from sluis.core.receipt import parse_receipt
from sluis.ledger.signing import signed_by, verify_checkpoint, verify_note


def verify_receipt(text: str, leaf: bytes | None, key: VerifierKey, policy: TlogPolicy | None = None) -> Checkpoint:
    """The checkpoint that a receipt proves the entry to be under. `leaf` None takes the leaf that the receipt carries.

    Raises `BadInput` for what is no receipt; `LedgerBroken` when the signature, the proof or the policy's quorum does not
    hold, or the receipt carries another leaf.
    """
    receipt = parse_receipt(text)
    entry = receipt.extra if leaf is None else leaf
    if entry is None:
        raise BadInput(Flaw(where="receipt", what="it carries no leaf", mend="give the leaf of the entry"))
    if receipt.extra is not None and receipt.extra != entry:
        raise LedgerBroken("receipt: it belongs to another entry")
    checkpoint = verify_checkpoint(receipt.checkpoint, key.name, [key])
    check_inclusion(leaf=leaf_hash(entry), index=receipt.index, proof=receipt.proof, head=checkpoint.head)
    if policy is not None:
        _check_quorum(receipt.checkpoint, key, policy)
    return checkpoint


def _check_quorum(note: str, key: VerifierKey, policy: TlogPolicy) -> None:
    if policy.logs and key not in policy.logs:
        raise LedgerBroken("receipt: the policy does not know the key of this log")
    named = {witness.key: name for name, witness in policy.witnesses.items()}
    signed = {named[found] for found, _ in signed_by(verify_note(note, [key]), named)}
    if not policy.satisfied(signed):
        raise LedgerBroken("receipt: no quorum of witnesses has cosigned its checkpoint")
