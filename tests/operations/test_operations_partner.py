"""`sluis partner` and `sluis keys`: what an operator writes is read whole or not at all; flaws are told without their values."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from operations_stack import ROOT, Authority, Member, member
from typer.testing import CliRunner, Result

from fakes.ambient import SetClock
from sluis.cli import keys, partner
from sluis.client import PartnerKey
from sluis.core.entry import Kind, LoggedEntry
from sluis.core.errors import BadInput, LedgerUnavailable, NotFound, WrongState
from sluis.demo.region import ORGANISATIONS
from sluis.flows.enrolling import settle
from sluis.keys import KeyFiles, KeyRing
from sluis.ports.log import LogQuery
from sluis.settings import Mode, read_settings
from sluis.store import Database, StoredEmployees, StoredPartners, StoredPersonKeys
from sluis.wiring import Keepers, SystemClock, open_keepers

POLICE = ORGANISATIONS[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A broker's folders, and one partner whose files have come in."""

    folder: Path
    member: Member

    def environment(self) -> dict[str, str]:
        return {
            "SLUIS_MODE": "demo",
            "SLUIS_DATA": str(self.folder / "data"),
            "SLUIS_KEYS": str(self.folder / "keys"),
            "SLUIS_POLICIES": str(ROOT / "policies"),
        }

    def partner(self, *words: str) -> Result:
        return CliRunner().invoke(partner.app, list(words), env=self.environment())

    def keys(self, *words: str) -> Result:
        return CliRunner().invoke(keys.app, list(words), env=self.environment())

    def change(self, before: str, after: str) -> None:
        """Change the partner's file."""
        text = self.member.partner_file.read_text(encoding="utf-8")
        assert before in text
        self.member.partner_file.write_text(text.replace(before, after), encoding="utf-8")

    def flaws(self, *words: str) -> str:
        """What a refused command says."""
        error = self.partner(*words).exception
        assert isinstance(error, BadInput), error
        return str(error)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(folder=tmp_path, member=member(POLICE, 1, Authority(tmp_path / "authority"), tmp_path / "partners"))


@pytest.fixture
def books(office: Office) -> Iterator[Database]:
    database = Database(f"sqlite:///{office.folder / 'data' / 'sluis.sqlite'}")
    yield database
    database.close()


def test_a_partner_is_registered_listed_and_revoked(office: Office, books: Database) -> None:
    file = str(office.member.partner_file)
    assert office.partner("register", file).exit_code == 0
    kept = StoredPartners(books).by_id(POLICE.id)
    assert kept is not None
    assert kept.keys == office.member.key.jwks()
    assert len(kept.certificates) == 1
    assert kept.active(SystemClock().now())
    assert "active" in office.partner("list").output
    assert office.partner("revoke", POLICE.id).exit_code == 0
    after = StoredPartners(books).by_id(POLICE.id)
    assert after is not None
    assert not after.active(SystemClock().now())


def on_record(office: Office) -> list[LoggedEntry]:
    """What the log says about partners, oldest first."""
    with opened(office) as keepers:
        return list(reversed(keepers.ledger.entries(LogQuery(kinds=(Kind.PARTNER_CHANGED,)))))


@contextmanager
def opened(office: Office) -> Iterator[Keepers]:
    """What the running broker holds open."""
    folder = office.folder
    keepers = open_keepers(
        read_settings(mode=Mode.DEMO, data=folder / "data", keys=folder / "keys", policies=ROOT / "policies", json_log=False)
    )
    try:
        yield keepers
    finally:
        keepers.close()


@contextmanager
def without_a_log(office: Office) -> Iterator[None]:
    """The log cannot be opened: a folder stands where its file was."""
    log, aside = office.folder / "data" / "logboek.sqlite", office.folder / "opzij"
    aside.mkdir()
    for part in log.parent.glob("logboek.sqlite*"):
        part.rename(aside / part.name)
    log.mkdir()
    try:
        yield
    finally:
        log.rmdir()
        for part in aside.iterdir():
            part.rename(log.parent / part.name)
        aside.rmdir()


def test_every_change_of_a_partner_is_on_record_with_who_made_it(office: Office) -> None:
    file = str(office.member.partner_file)
    assert office.partner("register", file, "--by", "a.jansen").exit_code == 0
    assert office.partner("employees", POLICE.id, str(office.member.people_file)).exit_code == 0
    office.change('"verzoeken", ', "")
    assert office.partner("register", file, "--replace").exit_code == 0
    assert office.partner("revoke", POLICE.id).exit_code == 0
    entries = on_record(office)
    assert [entry.core["change"] for entry in entries] == ["geregistreerd", "medewerkers", "gewijzigd", "ingetrokken"]
    registration = entries[0].core["registration"]
    assert isinstance(registration, Mapping)
    assert registration["keys"] == [office.member.key.key.thumbprint()]
    assert entries[2].core["changed"] == ["scopes", "active_from"]
    assert [dict(data or {})["name"] for _, data in entries[0].cells] == ["a.jansen"]
    with opened(office) as keepers:
        assert keepers.settle(timedelta(0)) == []


def test_without_the_log_nobody_is_registered_and_no_authority_is_given(office: Office, books: Database) -> None:
    file = str(office.member.partner_file)
    office.partner("register", file)
    office.change(POLICE.name, "Politie Nieuwveen")
    with without_a_log(office):
        assert isinstance(office.partner("register", file, "--replace").exception, LedgerUnavailable)
        assert isinstance(office.partner("employees", POLICE.id, str(office.member.people_file)).exception, LedgerUnavailable)
    assert [one.name for one in StoredPartners(books).all()] == [POLICE.name]
    found = StoredEmployees(books, KeyRing(KeyFiles(office.folder / "keys"), StoredPersonKeys(books), SystemClock()))
    assert found.find(POLICE.id, POLICE.user) is None


def test_a_partner_is_revoked_although_the_log_is_down_and_the_broker_writes_that_down_when_it_is_back(
    office: Office, books: Database
) -> None:
    office.partner("register", str(office.member.partner_file))
    with without_a_log(office):
        told = office.partner("revoke", POLICE.id)
        kept = StoredPartners(books).by_id(POLICE.id)
        assert (told.exit_code, "NOT on record yet" in told.output) == (0, True)
        assert kept is not None
        assert not kept.active(SystemClock().now())
    with opened(office) as keepers:
        later = replace(keepers.services, clock=SetClock(SystemClock().now() + timedelta(minutes=1)))
        assert [(one.partner, one.change) for one in settle(later)] == [(POLICE.id, "ingetrokken")]
    assert [(entry.core["change"], entry.core["afterwards"]) for entry in on_record(office)] == [
        ("geregistreerd", False),
        ("ingetrokken", True),
    ]


def test_a_dry_run_changes_nothing(office: Office, books: Database) -> None:
    file = str(office.member.partner_file)
    assert "nothing was changed" in office.partner("register", file, "--dry-run").output
    assert not StoredPartners(books).all()
    office.partner("register", file)
    assert "nothing was changed" in office.partner("revoke", POLICE.id, "--dry-run").output
    assert [entry.core["change"] for entry in on_record(office)] == ["geregistreerd"]
    kept = StoredPartners(books).by_id(POLICE.id)
    assert kept is not None
    assert kept.active_until is None


def test_a_partner_is_replaced_only_when_that_is_said(office: Office, books: Database) -> None:
    file = str(office.member.partner_file)
    office.partner("register", file)
    office.change(POLICE.name, "Politie Nieuwveen")
    assert isinstance(office.partner("register", file).exception, WrongState)
    assert office.partner("register", file, "--replace").exit_code == 0
    assert [one.name for one in StoredPartners(books).all()] == ["Politie Nieuwveen"]


def test_an_employee_is_kept_and_a_past_day_takes_his_authority_away(office: Office, books: Database) -> None:
    office.partner("register", str(office.member.partner_file))
    people = office.member.people_file
    found = StoredEmployees(books, KeyRing(KeyFiles(office.folder / "keys"), StoredPersonKeys(books), SystemClock()))
    assert office.partner("employees", POLICE.id, str(people)).exit_code == 0
    kept = found.find(POLICE.id, POLICE.user)
    assert kept is not None
    assert kept.authorised(POLICE.role, SystemClock().now())
    people.write_text(people.read_text(encoding="utf-8").replace("screened_until = 2099", "screened_until = 2020"), "utf-8")
    assert office.partner("employees", POLICE.id, str(people)).exit_code == 0
    kept = found.find(POLICE.id, POLICE.user)
    assert kept is not None
    assert not kept.authorised(POLICE.role, SystemClock().now())


def test_people_of_an_unknown_partner_are_refused(office: Office) -> None:
    assert isinstance(office.partner("employees", "niemand", str(office.member.people_file)).exception, NotFound)
    assert isinstance(office.partner("revoke", "niemand").exception, NotFound)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('kind = "politie"', 'kind = "geheime-dienst"', "kind: an unknown kind"),
        ('"verzoeken"', '"alles"', "scopes: an unknown scope"),
        ('oin = "00', 'oin = "0x', "oin"),
        ('id = "', 'surprise = 1\nid = "', "surprise"),
        ('id = "politie-veenstad"', 'id = "Politie Veenstad"', ": id"),
        ('name = "', 'name = "a"\nname = "', "is no TOML"),
        ('keys = "', 'keys = "gone-', "cannot be read"),
        ('certificates = ["', 'certificates = ["gone-', "cannot be read"),
    ],
)
def test_a_file_with_a_flaw_is_refused_by_the_name_of_the_key(office: Office, before: str, after: str, told: str) -> None:
    office.change(before, after)
    said = office.flaws("register", str(office.member.partner_file))
    assert told in said
    assert "geheime" not in said
    assert not (office.folder / "data").exists()


def test_all_flaws_of_a_file_are_told_at_once(office: Office) -> None:
    office.change('kind = "politie"', 'kind = "x"')
    office.change('"verzoeken"', '"alles"')
    office.change('keys = "', 'keys = "gone-')
    error = office.partner("register", str(office.member.partner_file)).exception
    assert isinstance(error, BadInput)
    assert len(error.flaws) == 3


def test_a_private_key_is_refused_and_not_repeated(office: Office) -> None:
    secret = PartnerKey.generate("ES256").key.as_dict(private=True)
    (office.folder / "partners" / f"{POLICE.id}.jwks.json").write_text(json.dumps({"keys": [secret]}), encoding="utf-8")
    said = office.flaws("register", str(office.member.partner_file))
    assert "private parts" in said
    assert str(secret["d"]) not in said


def test_a_chain_instead_of_a_certificate_is_refused(office: Office) -> None:
    file = office.folder / "partners" / f"{POLICE.id}.pem"
    file.write_text(file.read_text(encoding="ascii") * 2, encoding="ascii")
    assert "exactly one certificate" in office.flaws("register", str(office.member.partner_file))


def test_the_examples_that_operators_start_from_are_read(office: Office) -> None:
    folder = office.folder / "example"
    folder.mkdir()
    text = (ROOT / "deploy" / "partner.example.toml").read_text(encoding="utf-8")
    (folder / "partner.toml").write_text(text, encoding="utf-8")
    (folder / "ggz-voorbeeld.jwks.json").write_text(json.dumps(office.member.key.jwks()), encoding="utf-8")
    (folder / "ggz-voorbeeld.pem").write_bytes(office.member.certificate.read_bytes())
    people = str(ROOT / "deploy" / "employees.example.toml")
    assert office.partner("register", str(folder / "partner.toml")).exit_code == 0
    assert office.partner("employees", "ggz-voorbeeld", people, "--dry-run").exit_code == 0


def test_keys_are_rotated_while_what_they_sealed_stays_readable(office: Office, books: Database) -> None:
    office.partner("register", str(office.member.partner_file))
    office.partner("employees", POLICE.id, str(office.member.people_file))
    assert "epoch 2" in office.keys("rotate", "persons").output
    assert "is published" in office.keys("rotate", "tokens").output
    assert "is published" in office.keys("rotate", "officers").output
    found = StoredEmployees(books, KeyRing(KeyFiles(office.folder / "keys"), StoredPersonKeys(books), SystemClock()))
    assert found.find(POLICE.id, POLICE.user) is not None
    assert not (office.folder / "keys" / "kek-000001.key").exists()


def test_the_public_key_of_the_log_is_shown_and_stays_the_same(office: Office) -> None:
    first, second = office.keys("show").output, office.keys("show").output
    assert first == second
    assert first.startswith("sluis.example/log/demo+")
