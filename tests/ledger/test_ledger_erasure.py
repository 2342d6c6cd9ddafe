"""Erasure: the person is gone from the files, and every proof still stands."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_world import START, MemoryVault, TestSigner, make_parts, release

from sluis.core.entry import CellDraft, Kind
from sluis.core.errors import LedgerUnavailable
from sluis.core.merkle import leaf_hash
from sluis.core.note import parse_checkpoint, parse_note
from sluis.core.proof import check_inclusion
from sluis.ledger.erasing import Order, Person, erase_person, expire_bucket
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.model import LogParts
from sluis.ledger.receipts import verify_receipt
from sluis.ledger.signing import verifier_key
from sluis.ports import LogQuery

ORDER = Order(ground="AVG 17 lid 1 onder b", approver="fg-3", at=START)
BURGER = Person(role="subject", identifier="burger-1")


def vault_of(parts: LogParts) -> MemoryVault:
    assert isinstance(parts.vault, MemoryVault)
    return parts.vault


def test_an_erased_person_is_gone_and_everybody_else_stays(log: TransparencyLog) -> None:
    receipts = [log.append(release(number, subject=f"burger-{number % 3}")) for number in range(9)]
    root = log.state().root
    certificate = erase_person(log, BURGER, ORDER)
    assert (certificate.keys, certificate.cells) == (1, 3)
    for receipt in receipts:
        entry = log.entry(receipt.entry_id)
        gone = receipt.index % 3 == 1
        assert (entry.cells[0][1] is None) is gone
        assert entry.cells[1][1] == {"user": "wijkagent-7"}
        head = parse_checkpoint(parse_note(receipt.checkpoint).text).head
        check_inclusion(leaf=leaf_hash(receipt.leaf), index=receipt.index, proof=receipt.proof, head=head)
    assert log.entries(LogQuery(subject="burger-1")) == []
    assert len(log.entries(LogQuery(subject="burger-2"))) == 3
    assert log.state().size == 10
    assert root != log.state().root  # the erasure itself is on record
    log.verify()


def test_the_certificate_proves_that_the_erasure_is_on_record(log: TransparencyLog) -> None:
    log.append(release())
    certificate = erase_person(log, replace(BURGER, bucket="2026"), ORDER)
    said, _, proof = str(certificate).partition("\n\n")
    assert json.loads(said) == {"keys": 1, "cells": 1, "buckets": ["2026"], "entry": certificate.receipt.entry_id}
    verify_receipt(proof, None, verifier_key(TestSigner()))
    entry = log.entry(certificate.receipt.entry_id)
    assert entry.kind is Kind.ERASURE_EXECUTED
    assert entry.core == {"ground": "AVG 17 lid 1 onder b", "buckets": ["2026"], "keys": 1, "cells": 1}
    assert entry.cells[0][1] is not None
    assert "burger-1" not in str(certificate)


def test_one_bucket_can_be_erased_alone(log: TransparencyLog) -> None:
    for bucket in ("2025", "2026"):
        draft = release()
        cell = CellDraft(role="subject", identifier="burger-1", bucket=bucket, data={"year": bucket})
        log.append(replace(draft, cells=(cell,)))
    assert erase_person(log, replace(BURGER, bucket="2025"), ORDER).cells == 1
    assert [entry.cells[0][1] for entry in log.entries(LogQuery(kinds=(Kind.RELEASE_AUTHORISED,)))] == [{"year": "2026"}, None]
    log.verify()


def test_an_expired_bucket_forgets_everybody(log: TransparencyLog, parts: LogParts) -> None:
    for number in range(4):
        log.append(release(number, subject=f"burger-{number}"))
    certificate = expire_bucket(log, "2026", ORDER)
    assert (certificate.keys, certificate.cells) == (5, 8)
    assert all(said is None for entry in log.entries(LogQuery(kinds=(Kind.RELEASE_AUTHORISED,))) for _, said in entry.cells)
    assert log.entries(LogQuery(limit=1))[0].kind is Kind.RETENTION_EXPIRED
    assert len(vault_of(parts).keys) == 1  # the officer's who ended the period
    log.verify()


def test_an_erasure_can_be_repeated(log: TransparencyLog) -> None:
    log.append(release())
    erase_person(log, BURGER, ORDER)
    again = erase_person(log, BURGER, ORDER)
    assert (again.keys, again.cells) == (0, 0)
    log.verify()


def test_a_person_can_be_logged_again_after_erasure(log: TransparencyLog) -> None:
    log.append(release())
    erase_person(log, BURGER, ORDER)
    log.append(release(1))
    assert len(log.entries(LogQuery(subject="burger-1"))) == 1
    log.verify()


def test_nothing_of_the_erased_person_is_in_the_files(path: Path) -> None:
    parts = make_parts()
    vault = vault_of(parts)
    log = open_sqlite_log(path, parts)
    for number in range(60):
        log.append(release(number, subject=f"burger-{number % 4}"))
    tag = vault.tag("subject", "burger-1")
    key = vault.keys[tag, "2026"]
    sealed = [bytes(ct) for (ct,) in log.reader.rows("SELECT ct FROM cell WHERE tag = ?", (tag,))]
    said = "".join(path.parent.joinpath(name).read_bytes().hex() for name in ("audit.db", "audit.db-wal"))
    assert tag.hex() in said  # the search below would find it
    assert sealed[0].hex() in said
    erase_person(log, BURGER, ORDER)
    wanted = [b"burger-1", tag, key, *sealed]
    wanted += [spelled for raw in (tag, key) for spelled in (raw.hex().encode(), b64encode(raw), urlsafe_b64encode(raw))]
    for file in path.parent.glob("audit.db*"):
        content = file.read_bytes()
        assert not [raw for raw in wanted if raw in content], file
    log.verify()
    log.close()


def test_a_reader_that_holds_the_files_delays_the_certificate(path: Path) -> None:
    log = open_sqlite_log(path, make_parts(timeout=0.3))
    for number in range(5):
        log.append(release(number))
    held = log.reader.stream("SELECT ct FROM cell")
    next(held)
    with pytest.raises(LedgerUnavailable, match=r"readers hold it|purged"):
        erase_person(log, BURGER, ORDER)
    assert log.state().size == 5  # no certificate for what is still on disk
    list(held)  # read to its end
    assert erase_person(log, BURGER, ORDER).cells == 0
    log.verify()
    log.close()
