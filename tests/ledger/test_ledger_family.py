"""Logs of successive years, read as one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from ledger_world import START, MemoryVault, TestSigner, make_parts, plain, release

from sluis.core.entry import Kind, Receipt
from sluis.core.errors import LedgerBroken, NotFound
from sluis.core.receipt import receipt_text
from sluis.ledger.erasing import Order, Person, erase_person
from sluis.ledger.family import LogFamily, check_succession
from sluis.ledger.log import open_sqlite_log
from sluis.ledger.receipts import verify_receipt
from sluis.ledger.rotating import open_retired, succeed
from sluis.ledger.signing import verifier_key
from sluis.ledger.sqlite import SqliteKeeper
from sluis.ports import Ledger, LogQuery

LAST, NOW = "sluis.test/log/utrecht/2026", "sluis.test/log/utrecht/2027"
VAULT = MemoryVault()


@pytest.fixture
def family(tmp_path: Path) -> Iterator[LogFamily]:
    """Six entries last year (the fourth awaits a review), the opening and three this year."""
    old = open_sqlite_log(tmp_path / "2026.db", make_parts(origin=LAST, vault=VAULT))
    for number in range(6):
        old.append(release(number) if number != 3 else release(number, review="noodinzage"))
    new = open_sqlite_log(tmp_path / "2027.db", make_parts(origin=NOW, vault=VAULT))
    succeed(old, new, START)
    old.close()
    retired = open_retired(tmp_path / "2026.db", make_parts(origin=LAST, vault=VAULT))
    found = LogFamily([retired], new)
    for number in range(6, 9):
        found.append(release(number))
    yield found
    found.close()


def seen(family: LogFamily, query: LogQuery) -> list[int]:
    return [entry.index for entry in family.entries(query)]


def test_a_family_is_a_ledger(family: LogFamily) -> None:
    ledger: Ledger = family
    assert ledger.state().origin == NOW
    assert ledger.verify().size == 4


def test_readers_see_all_years_as_one(family: LogFamily) -> None:
    assert seen(family, LogQuery()) == list(range(9, -1, -1))
    pages: list[int] = []
    before = None
    while page := seen(family, LogQuery(before=before, limit=3)):
        pages += page
        before = page[-1]
    assert pages == list(range(9, -1, -1))
    assert seen(family, LogQuery(kinds=(Kind.LOG_OPENED,))) == [6]
    assert seen(family, LogQuery(after=-1)) == list(range(10))
    assert seen(family, LogQuery(after=3, limit=4)) == [4, 5, 6, 7]
    assert seen(family, LogQuery(after=7, before=9)) == [8]
    assert seen(family, LogQuery(after=2, before=5)) == [3, 4]
    assert seen(family, LogQuery(after=-1, awaiting_review=True)) == [3]


def test_an_entry_keeps_the_receipt_of_its_own_year(family: LogFamily) -> None:
    entry = family.entries(LogQuery(before=3, limit=1))[0]
    assert family.entry(entry.entry_id).index == 2
    receipt: Receipt = family.receipt(entry.entry_id)
    assert (receipt.origin, receipt.index) == (LAST, 2)
    verify_receipt(receipt_text(receipt), None, verifier_key(TestSigner(LAST)))
    for ask in (family.entry, family.receipt):
        with pytest.raises(NotFound):
            ask("00" * 16)


def test_a_verdict_of_this_year_settles_a_review_of_last_year(family: LogFamily) -> None:
    (waiting,) = family.entries(LogQuery(awaiting_review=True))
    assert waiting.index == 3
    family.append(plain(kind=Kind.REVIEW_VERDICT, about=waiting.entry_id))
    assert seen(family, LogQuery(awaiting_review=True)) == []
    family.append(plain(kind=Kind.REVIEW_REOPENED, about=waiting.entry_id))
    assert seen(family, LogQuery(awaiting_review=True)) == [3]


def test_an_erasure_reaches_every_year(family: LogFamily, tmp_path: Path) -> None:
    order = Order(ground="AVG 17", approver="fg-3", at=START)
    family.all[0].reader.close()
    retired = [SqliteKeeper(tmp_path / "2026.db", 5.0)]
    certificate = erase_person(family.current, Person(role="subject", identifier="burger-1"), order, retired)
    assert certificate.cells == 9
    assert seen(family, LogQuery(subject="burger-1")) == []
    assert {role for one in family.entries(LogQuery(bare=True, kinds=(Kind.RELEASE_AUTHORISED,))) for role, _ in one.tags} == {
        "actor"
    }
    family.verify()


def test_a_successor_of_another_history_is_named(family: LogFamily, tmp_path: Path) -> None:
    forged = open_sqlite_log(tmp_path / "forged.db", make_parts(origin=LAST))
    for number in range(6):
        forged.append(release(number))
    with pytest.raises(LedgerBroken, match="another history"):
        check_succession(forged, family.current)
    with pytest.raises(LedgerBroken, match="does not say"):
        check_succession(family.current, forged)
    forged.close()


def test_the_flaw_of_a_retired_year_names_its_origin(family: LogFamily) -> None:
    family.all[0].parts = make_parts(origin=LAST, signer=TestSigner(LAST, b"other"))
    with pytest.raises(LedgerBroken, match=r"utrecht/2026.*anchor"):
        family.verify()


def test_the_first_checkpoint_since_a_moment_is_of_the_oldest_log_that_has_one(family: LogFamily) -> None:
    old, new = family.all
    last = old.entries(LogQuery(limit=1))[0].recorded
    assert family.state_since(last) == old.state()
    found = family.state_since(last + timedelta(microseconds=1))
    assert found == new.state_since(last + timedelta(microseconds=1))
    assert family.state_since(last + timedelta(days=400)) is None


def test_what_was_drawn_this_year_of_last_year_waits(family: LogFamily) -> None:
    about = family.entries(LogQuery(before=1, limit=1))[0].entry_id
    lot = family.append(plain(kind=Kind.REVIEW_SAMPLED, about=about, review="steekproef"))
    assert seen(family, LogQuery(awaiting_review=True)) == [10, 3]
    family.append(plain(kind=Kind.REVIEW_VERDICT, about=lot.entry_id))
    assert seen(family, LogQuery(awaiting_review=True)) == [3]
