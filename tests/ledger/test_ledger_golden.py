"""The format does not move: from fixed chance, clock and keys come the same bytes, for ever.

`tests/vectors/log/v1.json` was written once. A change of it is a new format, and old logs must still verify.
Attacks on its receipt are files beside it, named after the attack.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from ledger_world import MemoryVault, TestClock, TestSigner, Where, plain, release

from sluis.core.entry import Kind
from sluis.core.errors import SluisError
from sluis.core.note import parse_vkey
from sluis.core.receipt import receipt_text
from sluis.ledger.log import TransparencyLog
from sluis.ledger.model import LogParts
from sluis.ledger.receipts import verify_receipt
from sluis.ledger.signing import verifier_key

VECTORS = Path(__file__).parents[1] / "vectors" / "log"
ORIGIN = "sluis.test/log/vectors/1"


class FixedVault(MemoryVault):
    """A vault whose keys and nonces follow from what they are for. For vectors only."""

    def seal(self, tag: bytes, bucket: str, plain: bytes, aad: bytes) -> bytes:
        key, nonce = sha256(b"key" + tag + bucket.encode()).digest(), sha256(b"nonce" + aad).digest()[:12]
        self.keys[tag, bucket] = key
        return nonce + AESGCM(key).encrypt(nonce, plain, aad)


def fixed_chance() -> LogParts:
    """Parts without any chance in them."""
    drawn = 0

    def chance(count: int) -> bytes:
        nonlocal drawn
        drawn += 1
        return sha256(drawn.to_bytes(4, "big")).digest()[:count]

    return LogParts(origin=ORIGIN, clock=TestClock(), signer=TestSigner(ORIGIN), vault=FixedVault(), chance=chance)


def write_all(log: TransparencyLog) -> dict[str, object]:
    """Five entries, one by one, and what became of them."""
    drafts = [release(0), plain(1, reden="geen-grond", teken='é"\n'), release(2, review="noodinzage"), plain(3), release(4)]
    receipts = [log.append(draft) for draft in drafts]
    log.append(plain(5, about=receipts[2].entry_id, kind=Kind.REVIEW_VERDICT))
    rows = log.reader.rows("SELECT core FROM entry ORDER BY seq")
    return {
        "vkey": str(verifier_key(log.parts.signer)),
        "cores": [bytes(core).decode() for (core,) in rows],
        "leaves": [receipt.leaf.hex() for receipt in receipts],
        "root": log.state().root.hex(),
        "checkpoint": log.state().checkpoint,
        "receipt": receipt_text(log.receipt(receipts[3].entry_id)),
    }


def test_the_same_drafts_give_the_same_bytes(where: Where) -> None:
    log = where(fixed_chance())
    assert write_all(log) == json.loads((VECTORS / "v1.json").read_text())
    log.verify()


def test_the_receipt_of_the_vector_verifies() -> None:
    vector = json.loads((VECTORS / "v1.json").read_text())
    assert (VECTORS / "good.tlog-proof").read_text() == vector["receipt"]
    found = verify_receipt(vector["receipt"], bytes.fromhex(vector["leaves"][3]), parse_vkey(vector["vkey"]))
    assert found.head.root.hex() == vector["root"]


REASONS = {
    "another-entry": "inclusion",
    "another-index": "inclusion",
    "another-log": "no known key",
    "index-outside-the-tree": "lies outside",
    "path-step-changed": "gives another root",
    "path-step-dropped": "too short",
    "path-step-added": "too long",
    "root-replaced": "signature",
    "size-replaced": "signature",
    "signature-of-another-checkpoint": "signature",
    "signature-removed": "note",
}


@pytest.mark.parametrize(("attack", "reason"), REASONS.items())
def test_each_attacked_receipt_is_refused_for_its_reason(attack: str, reason: str) -> None:
    key = parse_vkey(json.loads((VECTORS / "v1.json").read_text())["vkey"])
    with pytest.raises(SluisError, match=reason):
        verify_receipt((VECTORS / f"{attack}.tlog-proof").read_text(), None, key)


def test_every_attack_in_the_folder_is_tried() -> None:
    assert {path.stem for path in VECTORS.glob("*.tlog-proof")} == {"good", *REASONS}
