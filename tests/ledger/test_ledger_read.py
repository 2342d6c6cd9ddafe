"""Reading the log: queries, cells, and what a reader sees when somebody was at the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from ledger_world import START, MemoryVault, plain, release

from sluis.core.entry import Kind
from sluis.core.errors import NotFound
from sluis.ledger.log import TransparencyLog
from sluis.ledger.model import LogParts
from sluis.ports import LogQuery


def found(log: TransparencyLog, query: LogQuery) -> list[int]:
    return [entry.index for entry in log.entries(query)]


def test_an_entry_comes_back_as_it_went_in(log: TransparencyLog) -> None:
    receipt = log.append(release(7, decision="verstrekken", regels=["ggz-zvh-casus"]))
    entry = log.entry(receipt.entry_id)
    assert entry.kind is Kind.RELEASE_AUTHORISED
    assert entry.core["regels"] == ["ggz-zvh-casus"]
    assert [role for role, _ in entry.cells] == ["subject", "actor"]
    assert entry.cells[0][1] == {"pseudonym": "burger-1", "case": "casus-7"}
    log.verify()


def test_an_unknown_entry_is_not_found(log: TransparencyLog) -> None:
    for entry_id in ("00" * 16, "no hex", ""):
        with pytest.raises(NotFound):
            log.entry(entry_id)
        with pytest.raises(NotFound):
            log.receipt(entry_id)


def test_every_filter_finds_what_it_names_newest_first(log: TransparencyLog) -> None:
    first = log.append(release(0))
    log.append(release(1, provider="politie", recipient="college", purpose="wvggz", subject="burger-2"))
    log.append(plain(2, about=first.entry_id, kind=Kind.REVIEW_OPENED))
    assert found(log, LogQuery()) == [2, 1, 0]
    assert found(log, LogQuery(kinds=(Kind.RELEASE_AUTHORISED,))) == [1, 0]
    assert found(log, LogQuery(kinds=(Kind.REVIEW_OPENED, Kind.RELEASE_AUTHORISED))) == [2, 1, 0]
    assert found(log, LogQuery(party="politie")) == [1, 0]
    assert found(log, LogQuery(recipient="politie")) == [0]
    assert found(log, LogQuery(provider="politie")) == [1]
    assert found(log, LogQuery(party="politie", provider="politie")) == [1]
    assert found(log, LogQuery(party="college", provider="politie", recipient="politie")) == []
    assert found(log, LogQuery(purpose="wvggz")) == [1]
    assert found(log, LogQuery(about=first.entry_id)) == [2]
    assert found(log, LogQuery(about="no hex")) == []
    assert found(log, LogQuery(subject="burger-2")) == [1]
    assert found(log, LogQuery(subject="burger-3")) == []
    assert found(log, LogQuery(subject="wijkagent-7")) == []
    assert found(log, LogQuery(since=START + timedelta(days=1))) == []
    assert found(log, LogQuery(until=START + timedelta(days=1), limit=2)) == [2, 1]
    assert found(log, LogQuery(before=2, limit=1)) == [1]
    assert found(log, LogQuery(limit=0)) == []
    assert found(log, LogQuery(limit=-1)) == []
    log.verify()


def test_who_reads_the_log_in_its_order_gets_what_comes_after_the_oldest_first(log: TransparencyLog) -> None:
    for number in range(7):
        log.append(release(number) if number != 3 else plain(number))
    assert found(log, LogQuery(after=-1)) == list(range(7))
    assert found(log, LogQuery(after=2, limit=2)) == [3, 4]
    assert found(log, LogQuery(after=1, before=5, kinds=(Kind.RELEASE_AUTHORISED,))) == [2, 4]
    assert found(log, LogQuery(after=1, party="politie", limit=3)) == [2, 4, 5]
    assert found(log, LogQuery(after=6)) == []


def test_a_bare_entry_tells_who_is_who_by_blind_indexes_and_no_more(log: TransparencyLog) -> None:
    log.append(release(0))
    log.append(release(1, subject="burger-2"))
    log.append(plain(2))
    for bare in (True, False):
        last, other, first = log.entries(LogQuery(bare=bare))
        assert [role for role, _ in first.tags] == ["subject", "actor"]
        assert dict(first.tags)["actor"] == dict(other.tags)["actor"]
        assert dict(first.tags)["subject"] != dict(other.tags)["subject"]
        assert all(len(tag) == 16 for _, tag in first.tags)
        assert last.tags == ()
    assert log.entries(LogQuery(bare=True))[0].cells == ()


def test_many_entries_are_read_in_pages(log: TransparencyLog) -> None:
    for number in range(12):
        log.append(release(number))
    seen: list[int] = []
    before = None
    while page := found(log, LogQuery(before=before, limit=5)):
        seen += page
        before = page[-1]
    assert seen == list(range(11, -1, -1))
    log.verify()


def test_what_asks_for_a_review_waits_until_a_verdict_and_again_when_reopened(log: TransparencyLog) -> None:
    marked = log.append(release(0, review="noodinzage"))
    log.append(release(1))
    waiting = LogQuery(awaiting_review=True)
    assert found(log, waiting) == [0]
    log.append(plain(kind=Kind.REVIEW_OPENED, about=marked.entry_id))
    assert found(log, waiting) == [0]
    log.append(plain(kind=Kind.REVIEW_VERDICT, about=marked.entry_id))
    assert found(log, waiting) == []
    log.append(plain(kind=Kind.REVIEW_REOPENED, about=marked.entry_id))
    assert found(log, waiting) == [0]
    log.append(plain(kind=Kind.REVIEW_VERDICT, about=marked.entry_id))
    assert found(log, waiting) == []
    log.verify()


def test_a_cell_whose_key_was_destroyed_is_empty_and_the_rest_stays(log: TransparencyLog, parts: LogParts) -> None:
    vault = parts.vault
    assert isinstance(vault, MemoryVault)
    receipt = log.append(release())
    assert vault.erase(vault.tag("subject", "burger-1"), "2026") == 1
    entry = log.entry(receipt.entry_id)
    assert entry.cells == (("subject", None), ("actor", {"user": "wijkagent-7"}))
    log.verify()


def test_no_personal_value_shows_in_a_repr(log: TransparencyLog) -> None:
    receipt = log.append(release())
    assert "burger-1" not in repr(log.entry(receipt.entry_id)) + repr(release()) + repr(receipt)


def test_the_first_checkpoint_since_a_moment_stays_the_first(log: TransparencyLog) -> None:
    assert log.state_since(START - timedelta(days=1)) is None
    states = []
    for number in range(3):
        log.append(release(number))
        states.append(log.state())
    moments = [entry.recorded for entry in reversed(log.entries(LogQuery()))]
    assert [log.state_since(at) for at in moments] == states
    assert log.state_since(START - timedelta(days=1)) == states[0]
    assert log.state_since(moments[0] + timedelta(microseconds=1)) == states[1]
    assert log.state_since(moments[2] + timedelta(microseconds=1)) is None
    log.verify()


def test_who_reads_bare_opens_no_cell_and_still_has_every_leaf_checked(log: TransparencyLog, parts: LogParts) -> None:
    log.append(release(0, review="noodinzage"))
    log.append(release(1, provider="politie", recipient="college"))
    vault = parts.vault
    assert isinstance(vault, MemoryVault)
    for query in (LogQuery(), LogQuery(party="politie"), LogQuery(awaiting_review=True)):
        whole, bare = log.entries(query), log.entries(replace(query, bare=True))
        assert bare == [replace(entry, cells=()) for entry in whole]
        assert all(entry.cells for entry in whole)
    log.verify()
