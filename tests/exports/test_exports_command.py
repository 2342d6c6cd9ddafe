"""`sluis audit export`, `inzage` and `verify-export` on a broker's own files, as an officer and an outsider use them."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import structlog
import typer
from exports_collector import Collector
from typer.testing import CliRunner, Result

from sluis.cli import audit_export
from sluis.cli.audit_export import Form, exports
from sluis.cli.audit_rights import rights
from sluis.core.errors import BadInput, LedgerBroken, LogPurpose, NotAllowed, SourceUnavailable
from sluis.core.note import ED25519, VerifierKey, parse_vkey
from sluis.core.receipt import parse_receipt
from sluis.demo.running import environment
from sluis.exports.checking import check_export
from sluis.exports.parcel import MANIFEST, PROOFS, contents, digest
from sluis.ledger.erasing import Order, Person, erase_person
from sluis.ledger.receipts import verify_receipt
from sluis.ledger.signing import verifier_key, verify_checkpoint
from sluis.wiring import open_keepers
from world.broker import GGZ, KNOWN, POLICE, STAFF, Broker, told_stories

AIM = "rechtmatigheidscontrole"
NOOR = "coordinerend-fg/noor"
BSN = KNOWN["bsn"]


class Region:
    """A region in which stories were told, its settings and the vkey of its log."""

    def __init__(self, folder: Path) -> None:
        with Broker(folder) as broker:
            callers = {one: broker.as_(one) for one in STAFF}
            self.told = told_stories(callers)
            self.vkey = str(verifier_key(broker.keepers.ledger.parts.signer))
            self.settings = broker.region.settings
        self.env = {**environment(self.settings), "SLUIS_JSON_LOG": "true"}

    def run(self, app: typer.Typer, *args: object, given: str = "") -> Result:
        return CliRunner().invoke(app, [str(arg) for arg in args], env=self.env, input=given)

    def export(self, form: str, out: Path, *more: object) -> Result:
        return self.run(exports, "export", "--format", form, "--aim", AIM, "--officer", NOOR, "--out", out, "--json", *more)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    yield Region(tmp_path_factory.mktemp("regio"))
    structlog.reset_defaults()


def ok(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, (result.output, result.exception)
    told: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return told


@pytest.mark.parametrize("form", list(Form))
def test_every_form_comes_with_a_manifest_and_proofs_that_an_outsider_checks(region: Region, tmp_path: Path, form: Form) -> None:
    out = tmp_path / "uitvoer"
    told = ok(region.export(form.value, out))
    manifest = json.loads((out / MANIFEST).read_text())
    assert manifest["aantal"] == told["count"] == len((out / PROOFS).read_text().splitlines())
    for name, hashed in manifest["bestanden"].items():
        assert sha256((out / name).read_bytes()).hexdigest() == hashed
    checked = ok(region.run(exports, "verify-export", out, "--vkey", region.vkey, "--json"))
    assert (checked["count"], checked["entry"]) == (told["count"], told["entry"])
    assert out.stat().st_mode & 0o077 == 0, "nobody else reads it"
    assert [one.name for one in tmp_path.iterdir()] == ["uitvoer"], "something half was left"


def test_each_proof_of_an_export_is_a_receipt_by_itself(region: Region, tmp_path: Path) -> None:
    ok(region.export("csv", tmp_path / "u"))
    for line in (tmp_path / "u" / PROOFS).read_text().splitlines():
        assert verify_receipt(json.loads(line)["bewijs"], None, parse_vkey(region.vkey)).head.size > 0


def test_no_form_but_whole_entries_holds_numbers_or_motivations(region: Region, tmp_path: Path) -> None:
    for form in Form:
        ok(region.export(form.value, tmp_path / form.value))
        made = b"".join(raw for _, raw in contents(tmp_path / form.value))
        assert BSN.encode() not in made
        assert form is Form.JSONL or b"aan de deur" not in made
        if form in {Form.LDV, Form.VNG}:
            assert STAFF[POLICE]["id"].encode() not in made


def test_the_raw_index_of_a_person_is_in_no_export(region: Region, tmp_path: Path) -> None:
    keepers = open_keepers(region.settings)
    subject = keepers.services.subjects.subject(KNOWN)
    tag = keepers.keys.tag("subject", subject).hex()
    keepers.close()
    for form in Form:
        ok(region.export(form.value, tmp_path / form.value))
        made = b"".join(raw for _, raw in contents(tmp_path / form.value)).decode()
        assert tag not in made
        assert subject not in made


def test_filters_narrow_and_a_zip_file_is_an_export_too(region: Region, tmp_path: Path) -> None:
    out = tmp_path / "u.zip"
    told = ok(region.export("csv", out, "--kind", "release.authorised", "--party", GGZ, "--purpose", "zvh-casus"))
    assert told["count"] == 1
    assert zipfile.is_zipfile(out)
    assert ok(region.run(exports, "verify-export", out, "--vkey", region.vkey, "--json"))["count"] == 1
    assert ok(region.export("csv", tmp_path / "leeg", "--until", "2001-01-01"))["count"] == 0
    assert ok(region.run(exports, "verify-export", tmp_path / "leeg", "--vkey", region.vkey, "--json"))["count"] == 0


def test_the_export_stands_in_the_log_before_it_is_handed_over(region: Region, tmp_path: Path) -> None:
    first = ok(region.export("csv", tmp_path / "een"))
    again = ok(region.export("jsonl", tmp_path / "twee", "--kind", "log.exported"))
    lines = [json.loads(line) for line in (tmp_path / "twee" / audit_export.WHOLE).read_text().splitlines()]
    newest = lines[0]
    assert newest["id"] == first["entry"] != again["entry"]
    assert newest["core"]["aim"] == AIM
    assert newest["core"]["count"] == first["count"]
    manifest = json.loads((tmp_path / "een" / MANIFEST).read_text())
    assert newest["core"]["bundle"] == digest(manifest["zout"], manifest["bestanden"])


# ---- attacks on an export that was handed over -----------------------------------------------------


@pytest.fixture
def handed(region: Region, tmp_path: Path) -> dict[str, bytes]:
    ok(region.export("jsonl", tmp_path / "u"))
    return dict(contents(tmp_path / "u"))


def broken(files: dict[str, bytes], vkey: str) -> str:
    key = parse_vkey(vkey)
    with pytest.raises((LedgerBroken, BadInput)) as caught:
        check_export(files, lambda note: verify_checkpoint(note, key.name, [key]))
    return str(caught.value)


def with_manifest(files: dict[str, bytes], change: Callable[[dict[str, object]], object]) -> dict[str, bytes]:
    manifest = json.loads(files[MANIFEST])
    change(manifest)
    return {**files, MANIFEST: json.dumps(manifest).encode()}


def hashed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with a manifest that fits them: what a careful forger makes."""
    manifest = json.loads(files[MANIFEST])
    manifest["bestanden"] = {name: sha256(files[name]).hexdigest() for name in manifest["bestanden"]}
    manifest["bewijzen"]["sha256"] = sha256(files[PROOFS]).hexdigest()
    manifest["aantal"] = len(files[PROOFS].splitlines())
    return {**files, MANIFEST: json.dumps(manifest).encode()}


def test_a_changed_file_is_seen_also_with_a_manifest_that_fits(region: Region, handed: dict[str, bytes]) -> None:
    changed = {**handed, audit_export.WHOLE: handed[audit_export.WHOLE].replace(b"release.authorised", b"release.refused")}
    assert "is not what the manifest says" in broken(changed, region.vkey)
    assert "does not record these files" in broken(hashed(changed), region.vkey)


def test_a_dropped_line_is_seen_also_with_a_manifest_that_fits(region: Region, handed: dict[str, bytes]) -> None:
    fewer = {name: b"".join(raw.splitlines(keepends=True)[1:]) if name != MANIFEST else raw for name, raw in handed.items()}
    assert "does not record these files" in broken(hashed(fewer), region.vkey)


def test_a_missing_proof_is_seen(region: Region, handed: dict[str, bytes]) -> None:
    fewer = {**handed, PROOFS: b"".join(handed[PROOFS].splitlines(keepends=True)[1:])}
    assert "are proven" in broken(hashed(fewer), region.vkey)


def test_a_changed_core_does_not_match_its_leaf(region: Region, handed: dict[str, bytes]) -> None:
    lines = [json.loads(line) for line in handed[PROOFS].splitlines()]
    lines[0]["kern"] = lines[0]["kern"].replace("recorded", "Recorded")
    forged = {**handed, PROOFS: "".join(json.dumps(line) + "\n" for line in lines).encode()}
    assert "committed to" in broken(hashed(forged), region.vkey)


def test_a_proof_of_another_entry_is_refused(region: Region, handed: dict[str, bytes]) -> None:
    lines = [json.loads(line) for line in handed[PROOFS].splitlines()]
    lines[0]["bewijs"], lines[1]["bewijs"] = lines[1]["bewijs"], lines[0]["bewijs"]
    forged = {**handed, PROOFS: "".join(json.dumps(line) + "\n" for line in lines).encode()}
    assert "is of another entry" in broken(hashed(forged), region.vkey)


def test_a_stray_file_another_aim_and_another_key_are_refused(region: Region, handed: dict[str, bytes]) -> None:
    assert "not in the manifest" in broken({**handed, "extra.csv": b""}, region.vkey)
    assert "another aim" in broken(with_manifest(handed, lambda m: m.update(grond="interne-controle")), region.vkey)
    assert "no such export" in broken(with_manifest(handed, lambda m: m.update(vorm="csv")), region.vkey)
    stranger = str(VerifierKey(name=parse_vkey(region.vkey).name, kind=ED25519, public=bytes(32)))
    assert broken(handed, stranger)


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{}", b'{"formaat": "sluis-uitvoer/v1"}', b'{"formaat": "iets anders"}'])
def test_what_is_no_export_is_bad_input(region: Region, handed: dict[str, bytes], manifest: bytes) -> None:
    assert MANIFEST in broken({**handed, MANIFEST: manifest}, region.vkey)


def test_a_receipt_that_is_no_receipt_is_bad_input(handed: dict[str, bytes]) -> None:
    line = json.loads(handed[PROOFS].splitlines()[0])
    assert parse_receipt(line["bewijs"]).index == line["index"]


# ---- a collector, and an erased person --------------------------------------------------------------


def test_a_feed_goes_to_a_collector_and_is_on_record_before(region: Region, tmp_path: Path) -> None:
    with Collector(200, b"{}").running() as server:
        fed = region.run(exports, "feed", "--collector", server.address, "--officer", NOOR)
    assert fed.exit_code == 0, fed.exception
    spans = [s for got in server.got for r in json.loads(got)["resourceSpans"] for p in r["scopeSpans"] for s in p["spans"]]
    assert fed.stdout.strip() == f"sent: {len(spans)}"
    assert STAFF[POLICE]["id"] not in str(server.got)
    away = region.run(exports, "feed", "--collector", "http://127.0.0.1:9", "--officer", NOOR)
    assert isinstance(away.exception, SourceUnavailable)
    ok(region.export("csv", tmp_path / "u", "--kind", "log.exported"))
    assert b"logboek uitgevoerd" in (tmp_path / "u" / "logboek.csv").read_bytes()


def test_an_erased_person_is_in_no_export_and_every_proof_still_holds(tmp_path: Path) -> None:
    region = Region(tmp_path / "regio")
    ok(region.export("csv", tmp_path / "voor", "--kind", "release.authorised"))
    keepers = open_keepers(region.settings)
    order = Order(ground="AVG 17", approver="fg-1", at=keepers.services.clock.now())
    erase_person(keepers.ledger, Person(role="subject", identifier=keepers.services.subjects.subject(KNOWN), bucket=None), order)
    keepers.close()
    before, after = dict[str, str](), dict[str, str]()
    for form in Form:
        ok(region.export(form.value, tmp_path / form.value, "--kind", "release.authorised"))
        assert ok(region.run(exports, "verify-export", tmp_path / form.value, "--vkey", region.vkey, "--json"))["count"] == 1
    for place, rows in (("voor", before), ("csv", after)):
        text = (tmp_path / place / "logboek.csv").read_text(encoding="utf-8-sig")
        rows.update(next(csv.DictReader(io.StringIO(text, newline=""), delimiter=";")))
    assert before["persoon"]
    assert (after["persoon"], after["gegevens"], after["gewist"]) == ("", "", "persoon")
    assert after["ontvanger_oin"] == before["ontvanger_oin"]
    for form in Form:
        assert before["persoon"].encode() not in b"".join(raw for _, raw in contents(tmp_path / form.value))
    assert ok(inzage(region, tmp_path / "u"))["count"] == 0


def test_an_export_over_two_years_is_checked_with_the_key_of_each(tmp_path: Path) -> None:
    region = Region(tmp_path / "regio")
    old, new = region.settings.origin, "sluis.example/log/later"
    region.env = {**region.env, "SLUIS_ORIGIN": new, "SLUIS_EARLIER_ORIGINS": json.dumps([old])}
    told = ok(region.export("jsonl", tmp_path / "u"))
    lines = [json.loads(line) for line in (tmp_path / "u" / audit_export.WHOLE).read_text().splitlines()]
    assert {"log.opened", "release.authorised"} <= {line["kind"] for line in lines}
    keepers = open_keepers(region.settings.model_copy(update={"origin": new, "earlier_origins": (old,)}))
    newer = str(verifier_key(keepers.ledger.parts.signer))
    keepers.close()
    both = ok(region.run(exports, "verify-export", tmp_path / "u", "--vkey", region.vkey, "--vkey", newer, "--json"))
    assert both["count"] == told["count"]
    assert isinstance(region.run(exports, "verify-export", tmp_path / "u", "--vkey", newer).exception, LedgerBroken)
    assert ok(inzage(region, tmp_path / "v"))["count"] == 1


# ---- refusals --------------------------------------------------------------------------------------


def test_an_aim_beside_the_four_exports_nothing_and_is_on_record(region: Region, tmp_path: Path) -> None:
    args = ("export", "--format", "csv", "--aim", "productiviteit", "--officer", NOOR, "--out", tmp_path / "u")
    assert isinstance(region.run(exports, *args).exception, LogPurpose)
    assert list(tmp_path.iterdir()) == []
    ok(region.export("jsonl", tmp_path / "na", "--kind", "log.viewed"))
    assert '"productiviteit"' in (tmp_path / "na" / audit_export.WHOLE).read_text()


def test_who_sees_no_content_or_names_nobody_exports_nothing(region: Region, tmp_path: Path) -> None:
    asked = ("export", "--format", "csv", "--aim", AIM, "--out", tmp_path / "u", "--officer")
    assert isinstance(region.run(exports, *asked, "beheerder/kim").exception, NotAllowed)
    assert isinstance(region.run(exports, *asked, f"fg/x@{GGZ}", "--party", POLICE).exception, NotAllowed)
    for nobody in ("", "noor", "fg/", "fg/x@"):
        assert isinstance(region.run(exports, *asked, nobody).exception, BadInput)
    assert list(tmp_path.iterdir()) == []


def test_bad_options_are_bad_input_and_leave_nothing(region: Region, tmp_path: Path) -> None:
    (tmp_path / "er").mkdir()
    for more in (("--from", "gisteren"), ("--party", "niemand"), ("--out", tmp_path / "er"), ("--out", tmp_path / "geen" / "u")):
        assert isinstance(region.export("csv", tmp_path / "u", *more).exception, BadInput), more
    assert region.run(exports, "export").exit_code == 2
    assert isinstance(region.run(exports, "verify-export", tmp_path / "niets", "--vkey", region.vkey).exception, BadInput)
    assert [one.name for one in tmp_path.iterdir()] == ["er"]


# ---- inzage ----------------------------------------------------------------------------------------


def inzage(region: Region, out: Path, *more: object) -> Result:
    return region.run(rights, "inzage", "--bsn-file", "-", "--officer", NOOR, "--out", out, "--json", *more, given=f"{BSN}\n")


def test_a_subject_gets_an_overview_in_plain_dutch_that_can_be_checked(region: Region, tmp_path: Path) -> None:
    assert ok(inzage(region, tmp_path / "u"))["count"] == 1
    told = json.loads((tmp_path / "u" / "inzage.json").read_text())
    (line,) = told["verstrekkingen"]
    assert line["gegevens"]
    assert "medewerkers" not in line
    page = (tmp_path / "u" / "inzage.html").read_text()
    for canary in (BSN, STAFF[POLICE]["id"], "aan de deur", region.told.case):
        assert canary not in page + json.dumps(told)
    assert '<html lang="nl">' in page
    assert ok(region.run(exports, "verify-export", tmp_path / "u", "--vkey", region.vkey, "--json"))["count"] == 1


def test_a_withheld_part_is_gone_from_the_overview_and_leaves_no_trace_in_it(region: Region, tmp_path: Path) -> None:
    ok(inzage(region, tmp_path / "voor"))
    given = ("--bsn-file", "-", "--officer", NOOR, "--ground", "wpg-27", "--owner", "chef", "--review", "2999-01-01")
    set_ = region.run(rights, "withhold", *given, "--participant", POLICE, given=BSN)
    assert set_.exit_code == 0, set_.exception
    assert ok(inzage(region, tmp_path / "met"))["count"] == 0
    page = json.loads((tmp_path / "met" / "inzage.json").read_text())
    empty = json.loads((tmp_path / "voor" / "inzage.json").read_text())
    assert {**page, "verstrekkingen": 0, "gemaakt": 0, "registratie": 0} == {
        **empty,
        "verstrekkingen": 0,
        "gemaakt": 0,
        "registratie": 0,
    }  # fmt: skip - one value
    ok(region.export("vng", tmp_path / "vng", "--kind", "release.authorised"))
    assert '"vertrouwelijk"' in (tmp_path / "vng" / "verwerkingsacties.jsonl").read_text()
    entry = set_.stdout.split("entry: ")[1].strip()
    lifted = region.run(rights, "lift", entry, "--bsn-file", "-", "--officer", NOOR, given=BSN)
    assert lifted.exit_code == 0, lifted.exception
    assert ok(inzage(region, tmp_path / "na"))["count"] == 1


def test_a_name_is_given_only_with_its_decision(region: Region, tmp_path: Path) -> None:
    assert isinstance(inzage(region, tmp_path / "u", "--names", "00" * 16).exception, NotAllowed)
    decided = region.run(rights, "names", "--bsn-file", "-", "--officer", NOOR, "--ground", "klacht", given=BSN)
    assert decided.exit_code == 0, decided.exception
    ok(inzage(region, tmp_path / "u", "--names", decided.stdout.split("entry: ")[1].strip()))
    (line,) = json.loads((tmp_path / "u" / "inzage.json").read_text())["verstrekkingen"]
    assert line["medewerkers"] == [STAFF[POLICE]["id"]]


def test_a_number_comes_from_a_file_and_a_bad_one_is_told_without_it(region: Region, tmp_path: Path) -> None:
    (tmp_path / "bsn").write_text(f"{BSN}\n")
    args = ("--officer", NOOR, "--out", tmp_path / "u")
    assert region.run(rights, "inzage", "--bsn-file", tmp_path / "bsn", *args).exit_code == 0
    (tmp_path / "bsn").write_text("123456789")
    said = region.run(rights, "inzage", "--bsn-file", tmp_path / "bsn", "--officer", NOOR, "--out", tmp_path / "v")
    assert isinstance(said.exception, BadInput)
    assert "123456789" not in str(said.exception)
    missing = region.run(rights, "inzage", "--bsn-file", tmp_path / "geen", "--officer", NOOR, "--out", tmp_path / "w")
    assert isinstance(missing.exception, BadInput)
