"""Receipts that a partner checks without us."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from ledger_world import START, TestSigner, Where, make_parts, plain, release

from sluis.core.entry import Receipt
from sluis.core.errors import BadInput, LedgerBroken
from sluis.core.note import parse_note
from sluis.core.quorum import parse_policy
from sluis.core.receipt import parse_receipt, receipt_text
from sluis.ledger.log import TransparencyLog
from sluis.ledger.receipts import verify_receipt
from sluis.ledger.signing import PostQuantumLine, WitnessLine, signed_by, verifier_key

KEY = verifier_key(TestSigner())
FG = WitnessLine(TestSigner("fg.test", b"fg"))
POLICY = parse_policy(f"log {KEY}\nwitness fg {FG.key()}\nquorum fg\n")


@pytest.fixture
def receipt(log: TransparencyLog) -> Receipt:
    for number in range(6):
        log.append(plain(number))
    return log.append(release())


def cosigned(receipt: Receipt) -> Receipt:
    note = parse_note(receipt.checkpoint)
    return replace(receipt, checkpoint=str(note.with_signatures(FG.line(note.text, START))))


def test_a_receipt_verifies_without_the_log(receipt: Receipt) -> None:
    text = receipt_text(receipt)
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert verify_receipt(text, receipt.leaf, KEY).head.size == 7
    assert verify_receipt(text, None, KEY).head.size == 7


def test_a_quorum_is_asked_of_a_receipt_when_the_policy_asks_it(receipt: Receipt) -> None:
    assert verify_receipt(receipt_text(cosigned(receipt)), None, KEY, POLICY).head.size == 7
    with pytest.raises(LedgerBroken, match="quorum"):
        verify_receipt(receipt_text(receipt), None, KEY, POLICY)
    other = parse_policy(f"log {FG.key()}\nquorum none\n")
    with pytest.raises(LedgerBroken, match="does not know the key"):
        verify_receipt(receipt_text(receipt), None, KEY, other)


def test_a_changed_receipt_is_refused_for_the_reason(receipt: Receipt) -> None:
    text = receipt_text(receipt)
    for changed, reason in (
        (text.replace("index 6", "index 5"), "inclusion"),
        (text.replace("\n7\n", "\n8\n"), "signature"),
        (receipt_text(replace(receipt, proof=receipt.proof[:-1])), "too short"),
        (receipt_text(replace(receipt, leaf=receipt.leaf[:-1] + b"x")), "inclusion"),
    ):
        with pytest.raises(LedgerBroken, match=reason):
            verify_receipt(changed, None, KEY)
    with pytest.raises(LedgerBroken, match="another entry"):
        verify_receipt(text, bytes(126), KEY)
    with pytest.raises(LedgerBroken, match="no known key"):
        verify_receipt(text, None, verifier_key(TestSigner(seed=b"other")))
    with pytest.raises(BadInput, match="carries no leaf"):
        verify_receipt(str(replace(parse_receipt(text), extra=None)), None, KEY)


def test_a_post_quantum_line_stands_under_each_checkpoint_when_asked(where: Where) -> None:
    line = PostQuantumLine(KEY.name, b"q" * 32)
    log = where(make_parts(also=(line,)))
    receipt = log.append(release())
    note = parse_note(receipt.checkpoint)
    assert [len(found.payload) for found in note.signatures] == [64, 2428]
    assert len(signed_by(note, [KEY, line.key()])) == 2
    assert verify_receipt(receipt_text(receipt), None, KEY).head.size == 1
    forged = replace(note, text=note.text.replace("\n1\n", "\n2\n"))
    with pytest.raises(LedgerBroken, match="does not hold"):
        signed_by(forged, [line.key()])
    log.verify()


def test_a_cosignature_carries_its_time(receipt: Receipt) -> None:
    early, late = FG.line("o\n", START), FG.line("o\n", START + timedelta(seconds=1))
    assert early != late
    assert receipt.index == 6
