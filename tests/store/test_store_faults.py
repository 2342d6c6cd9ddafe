"""Databases that fail: every failure is `StoreUnavailable`, without a value, and nothing is half written."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from fakes.ambient import SetClock
from fakes.databases import fresh_database, fresh_url
from fakes.samples import a_case, a_contribution, fresh
from fakes.store import Store
from sluis.core.errors import BadInput, SluisError, StoreUnavailable, WrongState
from sluis.store import Database, require_current, upgrade

SECRET = "Hakan Doganberg"


def file_of(store: Store) -> Path:
    file = store.database.file
    assert file is not None
    return file


def refusal(act: Callable[[], object]) -> str:
    """What the store says when that fails. Neither it nor what caused it may hold the secret."""
    with pytest.raises(StoreUnavailable) as caught:
        act()
    told = caught.value
    assert told.__cause__ is None
    assert told.__suppress_context__
    assert SECRET not in str(told)
    return str(told)


def test_a_locked_database_is_said_to_be_locked(embedded: Store) -> None:
    other = sqlite3.connect(file_of(embedded), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "locked" in refusal(lambda: embedded.keepers.contributions.deposit(a_contribution(naam=SECRET)))
    finally:
        other.close()
    embedded.keepers.contributions.deposit(a_contribution(naam=SECRET))


def test_a_locked_row_is_said_to_be_locked(tmp_path: Path) -> None:
    store = Store(fresh_database("postgresql", tmp_path, busy=0.2), tmp_path, SetClock())
    kept = store.keepers.cases.save(a_case())
    with store.database.write() as connection:
        connection.exec_driver_sql("SELECT 1 FROM cases FOR UPDATE")
        assert "locked" in refusal(lambda: store.keepers.cases.save(kept))
    assert store.keepers.cases.save(kept).version == 2
    store.database.close()


def test_a_full_disk_is_said_and_nothing_is_half_written(embedded: Store) -> None:
    case = embedded.keepers.cases.save(a_case(partners=("ggz",)))
    with embedded.database.read() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
    small = Database(f"sqlite:///{file_of(embedded)}")
    event.listen(small._engine, "connect", lambda c, _: c.execute(f"PRAGMA max_page_count = {pages + 2}"))
    store = Store(small, file_of(embedded).parent, SetClock())
    big = a_contribution(subject=case.subject, naam=SECRET * 5000)
    assert "full" in refusal(lambda: store.keepers.contributions.deposit(big))
    small.close()
    assert embedded.keepers.contributions.find(big.id) is None
    assert embedded.keepers.cases.find(case.id) == case


def test_a_database_that_cannot_be_written_says_so_and_can_be_read(embedded: Store) -> None:
    case = embedded.keepers.cases.save(a_case())
    readable = Database(f"sqlite:///file:{file_of(embedded)}?mode=ro&uri=true")
    store = Store(readable, file_of(embedded).parent, SetClock())
    assert store.keepers.cases.find(case.id) == case
    assert "cannot be written" in refusal(lambda: store.keepers.cases.save(case))
    readable.close()


def test_a_server_that_is_not_there_says_so(tmp_path: Path) -> None:
    database = Database(f"postgresql://nobody:wachtwoord@127.0.0.1:9/{tmp_path.name}", busy=1.0)
    with pytest.raises(StoreUnavailable, match="connection") as caught:
        upgrade(database)
    assert "wachtwoord" not in str(caught.value)


def test_a_lost_connection_is_said_once_and_then_mended(tmp_path: Path) -> None:
    store = Store(fresh_database("postgresql", tmp_path), tmp_path, SetClock())
    case = store.keepers.cases.save(a_case())
    with store.database.write() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    refused = 0
    for _ in range(5):
        try:
            assert store.keepers.cases.find(case.id) == case
        except StoreUnavailable:
            refused += 1
    assert refused <= 1
    assert store.keepers.cases.find(case.id) == case
    store.database.close()


def test_a_directory_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="opened"):
        upgrade(Database(f"sqlite:///{tmp_path}/nowhere/store.db"))


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"geen databank" * 1000)
    with pytest.raises(StoreUnavailable, match="no database"):
        upgrade(Database(f"sqlite:///{tmp_path}/store.db"))


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "mysql://host/db", "oracle://x"])
def test_another_kind_of_address_is_refused(url: str) -> None:
    with pytest.raises(BadInput):
        Database(url)


def test_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    for kind in ("sqlite", "postgresql"):
        database = Database(fresh_url(kind, tmp_path))
        with pytest.raises(StoreUnavailable, match="no tables yet"):
            require_current(database)
        with pytest.raises(StoreUnavailable, match="no tables yet"):
            Store(database, tmp_path / kind, SetClock()).keepers.partners.all()
        database.close()


def test_a_change_of_two_tables_is_kept_whole_or_not_at_all(store: Store) -> None:
    """A case and its parties: the second statement fails, so the first is undone."""
    kept = store.keepers.cases.save(a_case(partners=("ggz",)))
    with store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE case_parties RENAME TO hidden")
    with pytest.raises(StoreUnavailable):
        store.keepers.cases.save(kept)
    with store.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO case_parties")
    assert store.keepers.cases.find(kept.id) == kept
    assert list(store.keepers.cases.of_partner("ggz")) == [kept]


def test_an_error_of_ours_inside_a_change_undoes_it(store: Store) -> None:
    def change(connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM cases")
        raise WrongState("toch niet")

    kept = store.keepers.cases.save(a_case())
    with pytest.raises(SluisError), store.database.write() as connection:
        change(connection)
    assert store.keepers.cases.find(kept.id) == kept


WRITER = """
import sys
from pathlib import Path
from fakes.ambient import SetClock
from fakes.samples import a_case
from fakes.store import Store
from sluis.store import Database
from dataclasses import replace
directory = Path(sys.argv[1])
store = Store(Database(f"sqlite:///{directory}/killed.db"), directory, SetClock())
case = store.keepers.cases.save(replace(a_case(), id="casus-k"))
while True:
    case = store.keepers.cases.save(replace(case, own_view=f"versie {case.version + 1}", notifier=f"partij-{case.version + 1}"))
    print(case.version, flush=True)
"""


def test_a_killed_process_loses_no_change_that_it_confirmed_and_leaves_none_half(tmp_path: Path) -> None:
    upgrade(Database(f"sqlite:///{tmp_path}/killed.db"))
    paths = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths}
    ) as writer:
        assert writer.stdout is not None
        confirmed = [writer.stdout.readline() for _ in range(25)]
        writer.send_signal(signal.SIGKILL)
        confirmed += writer.stdout.readlines()
    last = int([line for line in confirmed if line.endswith("\n")][-1])
    store = Store(Database(f"sqlite:///{tmp_path}/killed.db"), tmp_path, SetClock())
    case = store.keepers.cases.find("casus-k")
    assert case is not None
    assert case.version >= last
    assert case.own_view == f"versie {case.version}"
    assert [c.id for c in store.keepers.cases.of_partner(f"partij-{case.version}")] == ["casus-k"]
    assert list(store.keepers.cases.of_partner(f"partij-{case.version - 1}")) == []
    store.database.close()


def test_a_copy_of_the_files_without_the_keys_opens_nothing(embedded: Store, tmp_path: Path) -> None:
    subject = fresh("onderwerp")
    embedded.fill(subject)
    elsewhere = tmp_path / "elders"
    elsewhere.mkdir()
    for path in file_of(embedded).parent.glob(f"{file_of(embedded).name}*"):
        shutil.copy(path, elsewhere / path.name)
    thief = Store(Database(f"sqlite:///{elsewhere}/{file_of(embedded).name}"), elsewhere, SetClock())
    with pytest.raises(SluisError):
        thief.keepers.cases.of_partner("ggz")
    assert list(thief.keepers.contributions.about(subject)) == []
    thief.database.close()
