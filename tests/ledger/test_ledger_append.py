"""What an append promises: durable before the receipt, a position each, and an error rather than a lie."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_world import MemoryVault, TestClock, TestSigner, Where, make_parts, plain, release

from sluis.core.errors import BadInput, KeyUnavailable, LedgerBroken, LedgerUnavailable
from sluis.core.merkle import leaf_hash
from sluis.core.note import parse_checkpoint, parse_note
from sluis.core.proof import check_inclusion
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.model import LogParts
from sluis.ports import Ledger, LogQuery


def check_ledger(log: TransparencyLog) -> None:
    """Every test that touches the log ends here."""
    log.verify()


def test_the_log_is_a_ledger(log: TransparencyLog) -> None:
    ledger: Ledger = log
    assert ledger.state().size == 0


def test_a_receipt_proves_its_entry_under_a_signed_checkpoint(log: TransparencyLog) -> None:
    for number in range(9):
        receipt = log.append(release(number))
        head = parse_checkpoint(parse_note(receipt.checkpoint).text).head
        check_inclusion(leaf=leaf_hash(receipt.leaf), index=receipt.index, proof=receipt.proof, head=head)
        assert (receipt.index, head.size) == (number, number + 1)
    check_ledger(log)


def test_every_one_of_many_callers_at_once_gets_a_position_and_a_proof(log: TransparencyLog) -> None:
    with ThreadPoolExecutor(16) as pool:
        receipts = list(pool.map(lambda number: log.append(release(number)), range(300)))
    assert sorted(receipt.index for receipt in receipts) == list(range(300))
    for receipt in receipts:
        head = parse_checkpoint(parse_note(receipt.checkpoint).text).head
        check_inclusion(leaf=leaf_hash(receipt.leaf), index=receipt.index, proof=receipt.proof, head=head)
    assert log.state().size == 300
    check_ledger(log)


def test_a_later_receipt_proves_the_same_leaf(log: TransparencyLog) -> None:
    first = log.append(release())
    for number in range(20):
        log.append(plain(number))
    later = log.receipt(first.entry_id)
    head = parse_checkpoint(parse_note(later.checkpoint).text).head
    check_inclusion(leaf=leaf_hash(first.leaf), index=0, proof=later.proof, head=head)
    assert head.size == 21
    check_ledger(log)


def test_the_log_goes_on_where_it_was_after_a_restart(parts: LogParts, where: Where) -> None:
    first = where(parts)
    entry = first.append(release()).entry_id
    first.close()
    second = where(parts)
    assert second.append(release(1)).index == 1
    assert second.entry(entry).index == 0
    check_ledger(second)


def test_two_processes_on_one_file_share_one_tree(parts: LogParts, where: Where) -> None:
    one, two = where(parts), where(parts)
    with ThreadPoolExecutor(8) as pool:
        receipts = list(pool.map(lambda number: (one, two)[number % 2].append(plain(number)), range(80)))
    assert sorted(receipt.index for receipt in receipts) == list(range(80))
    check_ledger(one)
    check_ledger(two)


def test_a_draft_that_cannot_be_written_down_fails_alone(log: TransparencyLog) -> None:
    with pytest.raises(BadInput):
        log.append(plain(recipient=7))
    with pytest.raises(BadInput):
        log.append(plain(about="not an id"))
    assert log.append(plain()).index == 0
    check_ledger(log)


class LockedVault(MemoryVault):
    """A vault whose key store cannot be reached."""

    def tag(self, role: str, identifier: str) -> bytes:
        raise KeyUnavailable(f"the key store does not answer for a {role} of {len(identifier)} letters")


def test_an_entry_whose_cells_cannot_be_sealed_is_not_logged(where: Where) -> None:
    log = where(make_parts(vault=LockedVault()))
    with pytest.raises(LedgerUnavailable):
        log.append(release())
    assert log.state().size == 0


def append_many(log: TransparencyLog, count: int) -> None:
    for number in range(count):
        log.append(release(number))


def test_a_full_database_confirms_nothing_and_recovers(path: Path) -> None:
    log = open_sqlite_log(path, make_parts())
    log.append(plain())
    writer = log.database.writer
    assert hasattr(writer, "_link")
    pages = writer._link.execute("PRAGMA page_count").fetchone()[0]
    writer._link.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(LedgerUnavailable, match="full"):
        append_many(log, 200)
    size = log.state().size
    check_ledger(log)
    assert log.append(plain()).index == size  # the new connection has room again
    check_ledger(log)
    log.close()


def test_an_entry_that_was_given_up_before_its_turn_is_not_recorded(path: Path) -> None:
    log = open_sqlite_log(path, make_parts(timeout=5))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    first = log.submit(plain(0))
    time.sleep(0.1)  # the sequencer has taken it and waits for the file
    second = log.submit(plain(1))
    with pytest.raises(LedgerUnavailable, match="in time"):
        second.wait(0.1)
    other.execute("ROLLBACK")
    other.close()
    assert first.wait(5).index == 0
    assert log.append(plain(2)).index == 1
    check_ledger(log)
    log.close()


def test_the_files_of_the_log_are_for_the_broker_only(path: Path) -> None:
    log = open_sqlite_log(path, make_parts())
    log.append(plain())
    assert {oct(file.stat().st_mode & 0o777) for file in path.parent.glob("audit.db*")} == {"0o600"}
    log.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable, match="cannot be created: No such file"):
        open_sqlite_log(tmp_path / "nowhere" / "audit.db", make_parts())


def test_a_locked_database_confirms_nothing(path: Path) -> None:
    log = open_sqlite_log(path, make_parts(timeout=0.3))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerUnavailable):
        log.append(plain())
    other.execute("ROLLBACK")
    other.close()
    log.append(plain())
    check_ledger(log)
    log.close()


def test_a_closed_log_takes_nothing(log: TransparencyLog) -> None:
    log.close()
    with pytest.raises(LedgerUnavailable, match="stopped"):
        log.append(plain())


class DyingSigner(TestSigner):
    """A signer that fails in a way nobody foresaw."""

    broken = False

    def sign(self, message: bytes) -> bytes:
        if self.broken:
            raise ZeroDivisionError
        return super().sign(message)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_callers_are_told_when_the_sequencer_dies(where: Where) -> None:
    signer = DyingSigner()
    log = where(make_parts(signer=signer))
    log.append(plain())
    signer.broken = True
    for _ in range(2):
        with pytest.raises(LedgerUnavailable, match="stopped"):
            log.append(plain())
    check_ledger(log)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_sequencer_that_dies_within_a_batch_lets_go_of_the_log_for_others(where: Where) -> None:
    signer = DyingSigner()
    dying, other = where(make_parts(signer=signer, timeout=2)), where(make_parts(timeout=2))
    dying.append(plain())
    signer.broken = True
    with pytest.raises(LedgerUnavailable, match="stopped"):
        dying.append(plain())
    assert other.append(plain()).index == 1
    check_ledger(other)


def test_a_small_step_back_of_the_clock_keeps_the_order(log: TransparencyLog, parts: LogParts) -> None:
    clock = parts.clock
    assert isinstance(clock, TestClock)
    log.append(plain())
    clock.at -= timedelta(seconds=30)
    log.append(plain(1))
    newest, first = log.entries(LogQuery())
    assert newest.recorded >= first.recorded
    check_ledger(log)


def test_a_clock_that_goes_back_stops_the_log(log: TransparencyLog, parts: LogParts) -> None:
    clock = parts.clock
    assert isinstance(clock, TestClock)
    log.append(plain())
    clock.at -= timedelta(hours=1)
    with pytest.raises(LedgerUnavailable, match="clock"):
        log.append(plain())
    clock.at += timedelta(hours=1)
    log.append(plain())
    check_ledger(log)


def test_a_start_with_a_clock_in_the_past_is_refused(where: Where, parts: LogParts, log: TransparencyLog) -> None:
    log.append(plain())
    past = TestClock()
    past.at -= timedelta(days=1)
    with pytest.raises(LedgerUnavailable, match="set the clock"):
        where(replace(parts, clock=past))


def test_a_log_of_another_origin_or_key_is_not_opened(where: Where, parts: LogParts, log: TransparencyLog) -> None:
    log.append(plain())
    with pytest.raises(LedgerBroken, match="origin"):
        where(make_parts(origin="sluis.test/log/elders/2026"))
    with pytest.raises(LedgerBroken, match="key"):
        where(replace(parts, signer=TestSigner(seed=b"another")))


def test_a_file_that_is_no_database_is_refused(tmp_path: Path, parts: LogParts) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("no database " * 100)
    with pytest.raises(LedgerUnavailable):
        open_sqlite_log(path, parts)
