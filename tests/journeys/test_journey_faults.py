"""Disk full, database locked or broken, policies broken: a clear answer, or no start; and nothing released."""

from __future__ import annotations

import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from sluis.core.entry import Kind
from sluis.ports import LogQuery
from sluis.wiring import log_path, open_keepers
from world.broker import GGZ, POLICE, PROBATION, STAFF, TOWN, Caller, Process, consented, opened, question, running
from world.people import ROOT


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, str]]:
    """A broker that waits for its log for a second only, with a case in it."""
    with running(tmp_path_factory.mktemp("storing"), SLUIS_APPEND_SECONDS="1") as process:
        call = {name: process.client(name) for name in (POLICE, TOWN, GGZ, PROBATION)}
        case = opened(call)
        consented(call, case)
        yield process, case


def ask(caller: Caller, process: Process, case: str) -> httpx2.Response:
    """One try, without the client's own repeats."""
    body = {**question(case), "medewerker": STAFF[POLICE]}
    url = f"{process.url}/v1/verzoeken"
    return caller.client.http.post(url, json=body, headers=caller.credentials("POST", url))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else holds the write lock of that database."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def full(process: Process) -> Iterator[None]:
    """No file of the process may grow any more, as on a full disk."""
    assert process.pid is not None
    before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)


def problem(answer: httpx2.Response) -> str:
    assert answer.status_code == 503, answer.text
    assert answer.headers["retry-after"]
    assert "Spreek rustig" not in answer.text
    assert "sqlite" not in answer.text.lower()
    return str(answer.json()["type"])


def test_a_log_that_somebody_else_holds_releases_nothing_and_recovers(stand: tuple[Process, str]) -> None:
    process, case = stand
    caller = process.client(POLICE)
    assert ask(caller, process, case).status_code == 201
    with locked(log_path(process.region.settings)):
        assert problem(ask(caller, process, case)) == "/problemen/logboek-niet-beschikbaar"
    assert ask(caller, process, case).status_code == 201


def test_a_database_that_somebody_else_holds_releases_nothing_and_recovers(stand: tuple[Process, str]) -> None:
    process, case = stand
    caller = process.client(POLICE)
    caller.client.token()
    with locked(process.region.settings.data / "sluis.sqlite"):
        assert problem(ask(caller, process, case)) == "/problemen/opslag-niet-bereikbaar"
    assert ask(caller, process, case).status_code == 201


def test_a_full_disk_releases_nothing_and_recovers(stand: tuple[Process, str]) -> None:
    process, case = stand
    caller = process.client(POLICE)
    assert ask(caller, process, case).status_code == 201
    with full(process):
        for _ in range(3):
            assert problem(ask(caller, process, case)).endswith(("niet-bereikbaar", "niet-beschikbaar"))
        public = caller.client.http.get(f"{process.url}/gezond")
        assert public.status_code == 200, "the process lives; it only releases nothing"
    assert 201 in [ask(caller, process, case).status_code for _ in range(2)], "the first may still meet the broken connection"


def test_after_all_these_faults_the_log_verifies_and_holds_every_release(stand: tuple[Process, str]) -> None:
    process, case = stand
    released = ask(process.client(POLICE), process, case).json()["logboek"]["registratie"]
    process.stop()
    keepers = open_keepers(process.region.settings)
    assert keepers.ledger.verify().size > 0
    newest = keepers.ledger.entries(LogQuery(kinds=(Kind.RELEASE_AUTHORISED,), limit=1))
    assert newest[0].entry_id == released
    keepers.close()
    assert "Traceback" not in process.lines(), "a fault of the disk is foreseen"


def refuses_to_start(process: Process, *words: str) -> None:
    """It stops by itself, says why in one line or more, and shows no stack."""
    assert process.launch().wait(timeout=60) in {1, 2}
    said = process.lines()
    assert said.startswith("sluis: ") or "\nsluis: " in said, said
    assert "Traceback" not in said
    for word in words:
        assert word in said, said


@pytest.fixture
def fresh(tmp_path: Path) -> Process:
    return Process(tmp_path / "regio")


def test_a_broken_policy_file_is_named_with_its_line_and_nothing_starts(fresh: Process, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "policies", tmp_path / "beleid")
    broken = tmp_path / "beleid" / "ggz.yaml"
    broken.write_text(broken.read_text(encoding="utf-8") + "\nonbekende-sleutel: ja\n", encoding="utf-8")
    fresh.extra = {"SLUIS_POLICIES": str(tmp_path / "beleid")}
    refuses_to_start(fresh, "ggz.yaml:")


def test_without_a_policy_folder_nothing_starts(fresh: Process, tmp_path: Path) -> None:
    fresh.extra = {"SLUIS_POLICIES": str(tmp_path / "nergens")}
    refuses_to_start(fresh)


@pytest.mark.parametrize("name", ["sluis.sqlite", "logboek.sqlite"])
def test_a_file_that_is_no_database_is_not_overwritten_and_nothing_starts(fresh: Process, name: str) -> None:
    path = fresh.region.settings.data / name
    for beside in path.parent.glob(f"{name}-*"):
        beside.unlink()
    path.write_bytes(b"dit is geen database " * 500)
    refuses_to_start(fresh)
    assert path.read_bytes().startswith(b"dit is geen database")


def test_a_log_with_a_changed_entry_does_not_start_as_if_nothing_happened_or_says_so_when_verified(fresh: Process) -> None:
    """The key that signed the log is gone: a broker with another key must not go on with it."""
    seed = next(path for path in fresh.region.settings.keys.rglob("*") if path.is_file() and "log" in path.name)
    seed.unlink()
    refuses_to_start(fresh)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLUIS_MODE", "productie"),
        ("SLUIS_PORT", "veel"),
        ("SLUIS_ORIGIN", "https://sluis.example"),
        ("SLUIS_DATABASE", "mysql://x"),
        ("SLUIS_DATABASE", "postgresql://gebruiker:geheim-4711@host/x"),
        ("SLUIS_TOKEN_ISSUER", "https://elders.example"),
        ("SLUIS_TOKEN_MINUTES", "600"),
    ],
)
def test_a_wrong_setting_is_named_never_repeated_and_nothing_starts(fresh: Process, name: str, value: str) -> None:
    fresh.extra = {name: value}
    refuses_to_start(fresh)
    assert "geheim-4711" not in fresh.lines()
