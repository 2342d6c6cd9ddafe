"""`sluis audit` and `sluis witness`, as an operator, an FG and an auditor use them."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
import structlog
from ledger_world import START, TestSigner, make_parts, release
from typer.testing import CliRunner, Result

from sluis.cli import audit, keys, witness
from sluis.core.case import Case, CaseState
from sluis.core.entry import CellDraft, EntryDraft, Kind
from sluis.core.errors import BadInput, LedgerBroken, WrongState
from sluis.core.note import parse_note, parse_vkey
from sluis.keys import LogSigner
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.opening import Outside
from sluis.ledger.publishing import Folder
from sluis.ledger.rotating import announce_key
from sluis.ledger.signing import signed_by, verifier_key
from sluis.ledger.witness_server import make_server
from sluis.settings import read_settings
from sluis.wiring import log_path, open_keepers

VKEY = str(verifier_key(TestSigner()))
DEMO = {"SLUIS_MODE": "demo", "SLUIS_PUBLISH_SECONDS": "3600"}


@pytest.fixture
def filled(path: Path, tmp_path: Path) -> Iterator[TransparencyLog]:
    log = open_sqlite_log(path, make_parts(), Outside(folder=Folder(tmp_path / "public")))
    for number in range(7):
        log.append(release(number))
    log.tend()
    yield log
    log.close()


def run(*args: object, env: dict[str, str] | None = None, given: str = "") -> Result:
    return CliRunner().invoke(audit.app, [str(arg) for arg in args], env=env, input=given)


def tamper(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER entry_kept")
    db.execute("UPDATE entry SET core = CAST(replace(CAST(core AS TEXT), 'politie', 'college') AS BLOB) WHERE seq = 3")
    db.commit()
    db.close()


def test_a_sound_log_verifies(path: Path, filled: TransparencyLog) -> None:
    said = run("verify", "--log", path, "--vkey", VKEY, "--json")
    assert said.exit_code == 0
    assert json.loads(said.stdout) == {"origin": filled.parts.origin, "size": 7, "key": VKEY, "flaws": 0}


def test_a_touched_log_names_what_and_where(path: Path, filled: TransparencyLog) -> None:
    assert filled.state().size == 7
    tamper(path)
    said = run("verify", "--log", path, "--json")
    lines = [json.loads(line) for line in said.stdout.splitlines()]
    assert lines[0] == {"where": "entry 3", "what": "core: it does not match the leaf"}
    assert lines[-1]["flaws"] == 2
    assert isinstance(said.exception, LedgerBroken)


def test_a_log_under_another_key_than_ours_is_named(path: Path, filled: TransparencyLog) -> None:
    assert filled.state().size == 7
    said = run("verify", "--log", path, "--vkey", verifier_key(TestSigner(seed=b"other")))
    assert "anchor" in said.stdout
    assert isinstance(said.exception, LedgerBroken)


@pytest.mark.usefixtures("filled")
def test_a_published_folder_verifies_and_a_touched_one_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    assert run("verify", "--published", folder, "--vkey", VKEY).exit_code == 0
    for name, reason in (("tile/0/000.p/7", "tile"), ("tile/entries/000.p/7", "root"), ("checkpoint", "signature")):
        good = (folder / name).read_bytes()
        changed = bytearray(good)
        changed[50] ^= 1
        (folder / name).write_bytes(bytes(changed))
        said = run("verify", "--published", folder, "--vkey", VKEY)
        assert isinstance(said.exception, LedgerBroken | BadInput), name
        assert reason in str(said.exception) or name == "checkpoint"
        (folder / name).write_bytes(good)
    (folder / "tile/entries/000.p/7").unlink()
    assert "missing" in str(run("verify", "--published", folder, "--vkey", VKEY).exception)
    assert isinstance(run("verify", "--published", folder).exception, BadInput)


@pytest.mark.usefixtures("filled")
def test_a_quorum_can_be_asked(tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.write_text(f"witness fg {VKEY}\nquorum fg\n")
    assert run("verify", "--published", tmp_path / "public", "--vkey", VKEY, "--policy", policy).exit_code == 0
    stranger = verifier_key(TestSigner("fg.test", b"fg"))
    policy.write_text(f"witness fg {stranger}\nquorum fg\n")
    assert "quorum" in str(run("verify", "--published", tmp_path / "public", "--vkey", VKEY, "--policy", policy).exception)


def test_a_proof_is_given_and_checked(path: Path, tmp_path: Path, filled: TransparencyLog) -> None:
    proof = tmp_path / "entry.tlog-proof"
    assert run("prove", 3, "--log", path, "--to", proof).exit_code == 0
    entry_id = json.loads(run("show", 3, "--log", path).stdout)["id"]
    assert run("prove", entry_id, "--log", path).stdout == proof.read_text()
    assert run("check", proof, "--vkey", VKEY, "--json").exit_code == 0
    proof.write_text(proof.read_text().replace("index 3", "index 4"))
    assert isinstance(run("check", proof, "--vkey", VKEY).exception, LedgerBroken)
    assert run("prove", 99, "--log", path).exit_code == 1
    assert run("prove", "no-such", "--log", path).exit_code == 1
    assert filled.state().size == 7


@pytest.mark.usefixtures("filled")
def test_show_prints_cores_and_no_person(path: Path) -> None:
    lines = [json.loads(line) for line in run("show", "--log", path, "--count", 3).stdout.splitlines()]
    assert [line["index"] for line in lines] == [6, 5, 4]
    assert lines[0]["core"]["purpose"] == "zvh-casus"
    assert "burger" not in str(lines)


@pytest.mark.usefixtures("filled")
def test_head_prints_the_checkpoint(path: Path) -> None:
    assert run("head", "--log", path).stdout.startswith("sluis.test/log/utrecht/2026\n7\n")
    assert json.loads(run("head", "--log", path, "--json").stdout)["size"] == 7


@pytest.mark.usefixtures("filled")
def test_export_publishes_what_verifies(path: Path, tmp_path: Path) -> None:
    assert run("publish", tmp_path / "mirror", "--log", path).exit_code == 0
    assert run("verify", "--published", tmp_path / "mirror", "--vkey", VKEY).exit_code == 0


def test_a_file_that_is_no_log_is_bad_input(tmp_path: Path) -> None:
    assert isinstance(run("verify", "--log", tmp_path / "nothing").exception, BadInput)


BURGER = "0" * 31 + "1"
"""The index of an invented person."""


@pytest.fixture
def configured(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A broker's folder with one release in its log."""
    env = {**DEMO, "SLUIS_DATA": str(tmp_path / "data"), "SLUIS_KEYS": str(tmp_path / "data" / "keys")}
    settings = read_settings(mode="demo", data=tmp_path / "data", keys=tmp_path / "data" / "keys", publish_seconds=3600)
    keepers = open_keepers(settings)
    cell = CellDraft(role="subject", identifier=BURGER, bucket="2026", data={"pseudonym": BURGER})
    keepers.ledger.append(EntryDraft(kind=Kind.RELEASE_AUTHORISED, at=START, core={}, cells=(cell,)))
    keepers.close()
    yield env
    structlog.reset_defaults()


def test_erase_takes_the_person_from_standard_input_and_gives_a_certificate(configured: dict[str, str]) -> None:
    said = run("erase", "--ground", "AVG 17", "--approver", "fg-3", env=configured, given=f"{BURGER}\n")
    assert said.exit_code == 0, said.exception
    certificate = json.loads(said.stdout.split("\n\n")[0])
    assert (certificate["keys"], certificate["cells"]) == (1, 1)
    assert BURGER not in said.stdout
    assert run("verify", "--log", log_path(read_settings(mode="demo", data=configured["SLUIS_DATA"]))).exit_code == 0


def test_expire_ends_a_retention_period(configured: dict[str, str]) -> None:
    said = run("expire", "2026", "--ground", "Archiefwet", "--approver", "fg-3", env=configured)
    assert said.exit_code == 0, said.exception
    assert json.loads(said.stdout.split("\n\n")[0])["cells"] == 1
    assert isinstance(run("erase", "--ground", "x", "--approver", "y", env=configured).exception, BadInput)


def test_a_year_under_whose_keys_a_case_runs_is_not_expired(configured: dict[str, str]) -> None:
    settings = read_settings(mode="demo", data=configured["SLUIS_DATA"], keys=configured["SLUIS_KEYS"], publish_seconds=3600)
    keepers = open_keepers(settings)
    keepers.services.cases.save(
        Case(id="casus-1", subject=BURGER, notifier="ggz", state=CaseState.OPGENOMEN, first_processed=START)
    )
    keepers.close()
    said = run("expire", "2026", "--ground", "Archiefwet", "--approver", "fg-3", env=configured)
    assert isinstance(said.exception, WrongState)
    assert "1 cases and contributions still run" in str(said.exception)
    keepers = open_keepers(settings)
    assert keepers.services.cases.find("casus-1") is not None
    keepers.close()


def test_a_key_is_rotated_from_announcement_to_the_end_of_the_old_one(configured: dict[str, str]) -> None:
    old = shown_key(configured)
    made = run("rotate", "--json", env=configured)
    assert made.exit_code == 0, made.exception
    new = json.loads(made.stdout)["vkey"]
    assert new == shown_key(configured) != old
    assert run("rotate", env=configured).exit_code == 1  # one rotation at a time
    settings = read_settings(mode="demo", data=configured["SLUIS_DATA"], keys=configured["SLUIS_KEYS"], publish_seconds=3600)
    for signing in ((old, new), (new,)):  # the broker starts again; then the old key is dropped, and it starts again
        keepers = open_keepers(settings)
        keepers.ledger.append(EntryDraft(kind=Kind.RELEASE_REFUSED, at=START, core={}))
        note = keepers.ledger.state().checkpoint
        keepers.close()
        assert {str(key) for key, _ in signed_by(parse_note(note), [parse_vkey(old), parse_vkey(new)])} == set(signing)
        if old in signing:
            dropped = run("rotate", "--drop-old", "--json", env=configured)
            assert (dropped.exit_code, json.loads(dropped.stdout)["vkey"]) == (0, new)
    assert isinstance(run("rotate", "--drop-old", env=configured).exception, WrongState)
    for anchor in (old, new):
        assert run("verify", "--vkey", anchor, env=configured).exit_code == 0
    assert json.loads(run("rotate", "--json", env=configured).stdout)["vkey"] not in {old, new}


def shown_key(env: dict[str, str]) -> str:
    return CliRunner().invoke(keys.app, ["show"], env=env).stdout.strip()


@pytest.mark.parametrize("died", ["before-the-announcement", "after-the-announcement", "before-the-new-key-is-in-place"])
def test_a_rotation_that_died_is_run_again(died: str, configured: dict[str, str]) -> None:
    old = shown_key(configured)
    settings = read_settings(mode="demo", data=configured["SLUIS_DATA"], keys=configured["SLUIS_KEYS"], publish_seconds=3600)
    folder = Path(configured["SLUIS_KEYS"])
    keepers = open_keepers(settings)
    new = verifier_key(LogSigner(settings.origin, keepers.key_files.secret("log-signer.next.key")))
    if died != "before-the-announcement":
        announce_key(keepers.ledger, new, START)
    if died == "before-the-new-key-is-in-place":
        (folder / "log-signer.old.key").write_bytes((folder / "log-signer.key").read_bytes())
        (folder / "log-signer.old.key").chmod(0o600)
    keepers.close()
    assert shown_key(configured) == old
    assert run("rotate", "--drop-old", env=configured).exit_code == 1  # the old key still signs
    assert json.loads(run("rotate", "--json", env=configured).stdout)["vkey"] == str(new) == shown_key(configured)
    said = [json.loads(line) for line in run("show", env=configured).stdout.splitlines()]
    assert [one["kind"] for one in said].count("log.key_rotated") == 1
    assert run("verify", env=configured).exit_code == 0


def test_witness_without_witnesses_has_nothing_to_ask(configured: dict[str, str]) -> None:
    assert run("witness", env=configured).exit_code == 0


def fg(*args: object) -> Result:
    return CliRunner().invoke(witness.app, [str(arg) for arg in args])


def test_a_witness_is_made_once_and_cosigns(tmp_path: Path, filled: TransparencyLog) -> None:
    folder, name = tmp_path / "fg", "fg.ggz.test/witness"
    made = fg("init", "--name", name, "--data", folder)
    assert made.exit_code == 0, made.exception
    key = parse_vkey(made.stdout.strip())
    assert isinstance(fg("init", "--name", name, "--data", folder).exception, FileExistsError | BadInput)
    (folder / "logs.txt").write_text(f"# the region's log\n{VKEY}\n")
    server = make_server(witness.open_witness(name, folder), ("127.0.0.1", 0), lambda _: None)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    body = f"old 0\n\n{filled.state().checkpoint}"
    answer = httpx2.post(f"http://127.0.0.1:{server.server_address[1]}/add-checkpoint", content=body.encode())
    server.shutdown()
    thread.join()
    server.server_close()
    assert answer.status_code == 200
    assert answer.text.startswith(f"— {key.name} ")
    assert fg("evidence", "--name", name, "--data", folder).exit_code == 0


def test_a_witness_shows_its_evidence(tmp_path: Path, filled: TransparencyLog) -> None:
    folder, name = tmp_path / "fg", "fg.ggz.test/witness"
    fg("init", "--name", name, "--data", folder)
    (folder / "logs.txt").write_text(f"{VKEY}\n")
    watching = witness.open_witness(name, folder)
    assert watching.add_checkpoint(f"old 0\n\n{filled.state().checkpoint}".encode()).status == 200
    forged = open_sqlite_log(tmp_path / "forged.db", make_parts())
    for number in range(7):
        forged.append(release(number))
    assert watching.add_checkpoint(f"old 7\n\n{forged.state().checkpoint}".encode()).status == 409
    forged.close()
    said = fg("evidence", "--name", name, "--data", folder)
    assert said.exit_code == 1
    shown = json.loads(said.stdout)
    assert shown["offered"] != shown["known"]


def test_a_folder_without_a_witness_is_bad_input(tmp_path: Path) -> None:
    assert isinstance(fg("evidence", "--name", "fg", "--data", tmp_path).exception, BadInput)


def test_a_served_log_verifies_from_afar(filled: TransparencyLog) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = filled.served(self.path.removeprefix("/log/"))
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(b"" if found is None else found.content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    prefix = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        assert run("verify", "--published", f"{prefix}/log", "--vkey", VKEY).exit_code == 0
        assert "there is none" in str(run("verify", "--published", f"{prefix}/elders", "--vkey", VKEY).exception)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "does not answer" in str(run("verify", "--published", f"{prefix}/log", "--vkey", VKEY).exception)
