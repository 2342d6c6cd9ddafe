"""Handing a log over to a new key, or to a new origin."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_world import ORIGIN, START, TestSigner, Where, make_parts, plain

from sluis.core.entry import Kind
from sluis.core.errors import LedgerBroken, WrongState
from sluis.core.note import parse_checkpoint, parse_note
from sluis.core.receipt import receipt_text
from sluis.ledger.log import open_sqlite_log
from sluis.ledger.receipts import verify_receipt
from sluis.ledger.rotating import announce_key, last_cosigned, succeed
from sluis.ledger.signing import LogLine, WitnessLine, verifier_key

OLD, NEW = TestSigner(), TestSigner(seed=b"new")
NEXT = "sluis.test/log/utrecht/2027"


def test_a_log_goes_on_under_a_new_key(where: Where) -> None:
    log = where(make_parts())
    log.append(plain())
    assert announce_key(log, verifier_key(NEW), START).index == 1
    log.close()
    log = where(make_parts(signer=NEW, also=(LogLine(OLD),)))
    receipt = log.append(plain(2))
    for key in (OLD, NEW):  # two lines for a while: whoever knows only the old key still verifies
        assert verify_receipt(receipt_text(receipt), None, verifier_key(key)).head.size == 3
    log.verify()
    log.close()
    log = where(make_parts(signer=NEW))
    last = log.append(plain(3))
    with pytest.raises(LedgerBroken, match="no known key"):
        verify_receipt(receipt_text(last), None, verifier_key(OLD))
    log.verify()


def test_a_key_that_was_not_announced_opens_nothing(where: Where) -> None:
    where(make_parts()).close()
    with pytest.raises(LedgerBroken, match="key"):
        where(make_parts(signer=NEW))


def test_a_key_is_announced_once_and_under_the_name_of_the_log(where: Where) -> None:
    log = where(make_parts())
    for key in (verifier_key(OLD), verifier_key(TestSigner("elders", b"new"))):
        with pytest.raises(WrongState):
            announce_key(log, key, START)


def test_a_key_that_only_announces_itself_is_not_believed(path: Path) -> None:
    """The attacker writes the announcement and signs the checkpoint that covers it with his own key."""
    log = open_sqlite_log(path, make_parts())
    announce_key(log, verifier_key(NEW), START)
    log.close()
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER checkpoint_kept")
    text = parse_note(db.execute("SELECT note FROM checkpoint WHERE size = 1").fetchone()[0]).text
    db.execute("UPDATE checkpoint SET note = ? WHERE size = 1", (f"{text}\n{LogLine(NEW).line(text, START)}\n",))
    db.commit()
    db.close()
    log = open_sqlite_log(path, make_parts(signer=NEW))
    with pytest.raises(LedgerBroken, match="checkpoint 1: signature"):
        log.verify()
    log.close()


def test_a_log_written_anew_under_another_key_is_named(path: Path) -> None:
    log = open_sqlite_log(path, make_parts(signer=NEW))
    log.append(plain())
    honest = replace(log.parts, signer=OLD)
    log.parts = honest
    with pytest.raises(LedgerBroken, match="keys: anchor"):
        log.verify()
    log.close()


def test_a_new_origin_starts_from_the_last_cosigned_checkpoint_of_the_old(where: Where, tmp_path: Path) -> None:
    old = where(make_parts())
    old.append(plain())
    note = parse_note(old.state().checkpoint)
    line = WitnessLine(TestSigner("fg.test", b"fg")).line(note.text, START)
    old.database.keeper.write([("INSERT INTO cosigned VALUES (?, ?, ?)", (1, str(line), 0))])
    new = open_sqlite_log(tmp_path / "2027.db", make_parts(origin=NEXT))
    receipt = succeed(old, new, START)
    assert receipt.index == 0
    entry = new.entry(receipt.entry_id)
    assert entry.kind is Kind.LOG_OPENED
    assert entry.core["old_origin"] == ORIGIN
    carried = entry.core["old_checkpoint"]
    assert isinstance(carried, str)
    assert carried == last_cosigned(old.reader)
    assert len(parse_note(carried).signatures) == 2
    assert parse_checkpoint(parse_note(carried).text).head.size == 1
    with pytest.raises(WrongState):
        succeed(old, new, START)
    with pytest.raises(WrongState):
        succeed(old, old, START)
    new.verify()
    new.close()


def test_the_announcement_names_both_keys(where: Where) -> None:
    log = where(make_parts())
    receipt = announce_key(log, verifier_key(NEW), START)
    core = log.entry(receipt.entry_id).core
    assert core == {"old": str(verifier_key(OLD)), "new": str(verifier_key(NEW))}
    assert json.dumps(core)
