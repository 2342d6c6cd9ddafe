"""Receipts, as a partner checks them: a log of three entries, and every way to lie about it."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sluis.client import check_receipt
from sluis.core.errors import BadInput, LedgerBroken
from sluis.core.merkle import leaf_hash, node_hash
from sluis.core.note import Checkpoint, Note, Signature, VerifierKey
from sluis.core.proof import TreeHead
from sluis.core.receipt import WrittenReceipt

KEY, OTHER = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
ORIGIN = "sluis.example/log/test"
LEAVES = [b"een", b"twee", b"drie"]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
ROOT = node_hash(node_hash(HASHES[0], HASHES[1]), HASHES[2])


def vkey(key: Ed25519PrivateKey = KEY, name: str = ORIGIN, kind: int = 1) -> VerifierKey:
    return VerifierKey(name=name, kind=kind, public=key.public_key().public_bytes_raw())


def checkpoint(
    root: bytes = ROOT, *, signer: Ed25519PrivateKey = KEY, origin: str = ORIGIN, by: VerifierKey | None = None
) -> str:
    text = str(Checkpoint(origin, TreeHead(3, root)))
    own = by or vkey()
    return str(Note(text, (Signature(own.name, own.key_id, signer.sign(text.encode())),)))


def receipt(
    index: int = 1, leaf: bytes | None = LEAVES[1], proof: tuple[bytes, ...] = (HASHES[0], HASHES[2]), note: str = ""
) -> str:
    return str(WrittenReceipt(index, proof, note or checkpoint(), leaf))


def test_a_receipt_holds_under_the_key_of_the_log() -> None:
    assert check_receipt(receipt(), str(vkey())).head == TreeHead(3, ROOT)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (receipt(leaf=b"vier"), "inclusion"),
        (receipt(index=0), "inclusion"),
        (receipt(index=7), "inclusion"),
        (receipt(proof=(HASHES[0],)), "inclusion"),
        (receipt(proof=(HASHES[2], HASHES[0])), "inclusion"),
        (receipt(note=checkpoint(bytes(32))), "inclusion"),
        (receipt(note=checkpoint(signer=OTHER)), "signature"),
        (receipt(note=checkpoint(signer=OTHER, by=vkey(OTHER))), "signature"),
        (receipt(note=checkpoint(origin="sluis.example/log/ander")), "origin"),
    ],
)
def test_a_receipt_that_proves_nothing_is_refused(text: str, reason: str) -> None:
    with pytest.raises(LedgerBroken, match=reason):
        check_receipt(text, str(vkey()))


def test_what_is_no_receipt_or_no_key_of_a_log_is_said_so() -> None:
    for text, key in ((receipt(leaf=None), vkey()), ("x", vkey()), (receipt(), vkey(kind=4))):
        with pytest.raises(BadInput):
            check_receipt(text, str(key))
