"""A new year, a new log: it continues the old one, the old one is still read, and an erasure reaches both."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sluis.cli import audit
from sluis.core.entry import CellDraft, EntryDraft, Kind
from sluis.core.note import parse_checkpoint, parse_note
from sluis.ledger.erasing import Order, Person, erase_person, expire_bucket
from sluis.ledger.reading import root_at
from sluis.ports import LogQuery
from sluis.settings import Mode, Settings, read_settings
from sluis.wiring import Keepers, open_keepers

POLICIES = Path(__file__).parents[2] / "policies"
OLD, NEW, NEXT = (f"sluis.example/log/veenstad/{year}" for year in (2026, 2027, 2028))
SUBJECT = "0" * 31 + "1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty place for a broker."""
    return tmp_path


def settings(folder: Path, origin: str, earlier: tuple[str, ...] = (), *, post_quantum: bool = False) -> Settings:
    return read_settings(
        mode=Mode.DEMO,
        data=folder / "data",
        keys=folder / "keys",
        policies=POLICIES,
        origin=origin,
        earlier_origins=earlier,
        post_quantum=post_quantum,
    )


def refusal(keepers: Keepers) -> str:
    cell = CellDraft(role="subject", identifier=SUBJECT, bucket="2026", data={"request": "r"})
    draft = EntryDraft(kind=Kind.RELEASE_REFUSED, at=keepers.services.clock.now(), core={"purpose": "x"}, cells=(cell,))
    return keepers.services.ledger.append(draft).entry_id


def test_the_successor_names_the_log_before_it_and_both_are_read_as_one(folder: Path) -> None:
    keepers = open_keepers(settings(folder, OLD))
    old_entry, old_state = refusal(keepers), keepers.ledger.state()
    keepers.close()

    keepers = open_keepers(settings(folder, NEW, (OLD,)))
    try:
        new_entry = refusal(keepers)
        (opened,) = keepers.services.ledger.entries(LogQuery(kinds=(Kind.LOG_OPENED,)))
        assert parse_checkpoint(parse_note(str(opened.core["old_checkpoint"])).text).head.root == old_state.root
        found = keepers.services.ledger.entries(LogQuery(subject=SUBJECT))
        assert [entry.entry_id for entry in found] == [new_entry, old_entry]
        assert keepers.services.ledger.receipt(old_entry).origin == OLD
        assert keepers.services.ledger.receipt(new_entry).origin == NEW
        keepers.services.ledger.verify()
    finally:
        keepers.close()


def test_opening_the_successor_again_does_not_open_it_twice(folder: Path) -> None:
    open_keepers(settings(folder, OLD)).close()
    for _ in range(2):
        keepers = open_keepers(settings(folder, NEW, (OLD,)))
        opened = keepers.services.ledger.entries(LogQuery(kinds=(Kind.LOG_OPENED,)))
        keepers.close()
        assert len(opened) == 1


def test_an_erasure_reaches_the_year_before(folder: Path) -> None:
    keepers = open_keepers(settings(folder, OLD))
    old_entry = refusal(keepers)
    keepers.close()
    keepers = open_keepers(settings(folder, NEW, (OLD,)))
    try:
        order = Order(ground="AVG 17 lid 1 onder d", approver="fg", at=keepers.services.clock.now())
        erase_person(keepers.ledger, Person(role="subject", identifier=SUBJECT), order, keepers.logs.forgetting)
        assert keepers.services.ledger.entry(old_entry).cells == (("subject", None),)
        assert keepers.services.ledger.entries(LogQuery(subject=SUBJECT)) == []
        keepers.services.ledger.verify()
    finally:
        keepers.close()


def test_the_end_of_a_retention_period_reaches_the_year_that_it_is_about(folder: Path) -> None:
    keepers = open_keepers(settings(folder, OLD))
    old_entry = refusal(keepers)
    keepers.close()
    keepers = open_keepers(settings(folder, NEW, (OLD,)))
    try:
        order = Order(ground="Archiefwet", approver="fg", at=datetime(2026, 12, 31, tzinfo=UTC))
        certificate = expire_bucket(keepers.ledger, "2026", order, keepers.logs.years_before())
        assert (certificate.keys, certificate.cells) == (1, 1)
        assert keepers.services.ledger.entry(old_entry).cells == (("subject", None),)
        keepers.services.ledger.verify()
        again = expire_bucket(keepers.ledger, "2026", order, keepers.logs.years_before())
        assert (again.keys, again.cells) == (1, 1), "what the first certificate says of its approver"
    finally:
        keepers.close()


def test_a_year_that_has_had_its_time_goes_and_the_years_after_it_still_verify(folder: Path) -> None:
    keepers = open_keepers(settings(folder, OLD))
    refusal(keepers)
    keepers.close()
    keepers = open_keepers(settings(folder, NEW, (OLD,)))
    kept_entry, before = refusal(keepers), keepers.ledger.state()
    keepers.close()
    for gone in [*folder.rglob("logboek.sqlite*"), *folder.rglob("logboek-openbaar/checkpoint")]:
        gone.unlink()
    keepers = open_keepers(settings(folder, NEW))
    try:
        assert root_at(keepers.ledger.reader, before.size) == before.root
        assert keepers.services.ledger.receipt(kept_entry).origin == NEW
        assert [entry.entry_id for entry in keepers.services.ledger.entries(LogQuery(subject=SUBJECT))] == [kept_entry]
        keepers.services.ledger.verify()
    finally:
        keepers.close()
    keepers = open_keepers(settings(folder, NEXT, (NEW,)))
    try:
        refusal(keepers)
        keepers.services.ledger.verify()
        assert len(keepers.services.ledger.entries(LogQuery(subject=SUBJECT))) == 2
    finally:
        keepers.close()


def test_the_command_verifies_all_years_and_that_they_continue_one_another(folder: Path) -> None:
    for origin, earlier in ((OLD, ()), (NEW, (OLD,))):
        keepers = open_keepers(settings(folder, origin, earlier))
        refusal(keepers)
        keepers.close()
    env = {"SLUIS_MODE": "demo", "SLUIS_DATA": str(folder / "data"), "SLUIS_KEYS": str(folder / "keys")}
    env |= {"SLUIS_ORIGIN": NEW, "SLUIS_EARLIER_ORIGINS": json.dumps([OLD])}

    def verified() -> list[dict[str, object]]:
        return [json.loads(line) for line in CliRunner().invoke(audit.app, ["verify", "--json"], env=env).stdout.splitlines()]

    assert [(one["origin"], one["flaws"]) for one in verified()] == [(OLD, 0), (NEW, 0)]
    with closing(sqlite3.connect(folder / "data/logboek.sqlite")) as db:
        db.execute("DROP TRIGGER entry_kept")
        db.execute("UPDATE entry SET core = CAST(replace(CAST(core AS TEXT), 'refused', 'reFused') AS BLOB) WHERE seq > 0")
        db.execute("DROP TRIGGER IF EXISTS node_kept")
        db.execute("UPDATE node SET hash = zeroblob(32)")
        db.commit()
    places = {str(one.get("where")) for one in verified()}
    assert f"{OLD}, entry 1" in places
    assert f"{NEW}, entry 0" in places, "it no longer continues what it says it continues"


def test_the_logs_of_all_years_are_served_each_under_its_origin(folder: Path) -> None:
    keepers = open_keepers(settings(folder, OLD))
    refusal(keepers)
    old = keepers.ledger.state().checkpoint
    keepers.close()
    keepers = open_keepers(settings(folder, NEW, (OLD,)))
    try:
        keepers.ledger.tend()
        served = {path: keepers.logs.ledger.served(path) for path in ("checkpoint", f"{OLD}/checkpoint", f"{NEW}/checkpoint")}
        texts = {path: "" if found is None else found.content.decode() for path, found in served.items()}
        assert texts[f"{OLD}/checkpoint"] == old
        assert texts["checkpoint"] == texts[f"{NEW}/checkpoint"] == keepers.ledger.state().checkpoint
        for path in (
            f"{OLD}/tile/0/000.p/1",
            f"{OLD}/stamp/index",
            "sluis.example/log/elders/checkpoint",
            f"{OLD}/{OLD}/checkpoint",
        ):
            assert (keepers.logs.ledger.served(path) is None) == ("tile" not in path)
    finally:
        keepers.close()


def test_a_post_quantum_line_stands_under_every_checkpoint_when_asked_for(folder: Path) -> None:
    keepers = open_keepers(settings(folder, OLD, post_quantum=True))
    try:
        refusal(keepers)
        assert keepers.ledger.state().checkpoint.count("\N{EM DASH} ") == 2
    finally:
        keepers.close()
