"""The schema: made by migrations alone, once, by one process, and never by a guess."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel import SQLModel

from fakes.databases import fresh_database, fresh_url
from fakes.store import Store
from sluis.core.errors import StoreUnavailable
from sluis.store import Database, require_current, tables, upgrade

KINDS = ("sqlite", "postgresql")
OURS = {name for name, table in vars(tables).items() if hasattr(table, "primary_key") and not name.startswith("_")}


@pytest.mark.parametrize("kind", KINDS)
def test_the_migrations_make_exactly_the_tables_that_the_code_names(kind: str, tmp_path: Path) -> None:
    database = fresh_database(kind, tmp_path)
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, of, _: of != "table" or name in OURS, "compare_type": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []
    database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_upgrading_twice_changes_nothing_and_keeps_what_is_there(kind: str, tmp_path: Path) -> None:
    database = fresh_database(kind, tmp_path)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE key_epoch SET epoch = 7")
    upgrade(database)
    require_current(database)
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT id, epoch FROM key_epoch").all() == [(1, 7)]
    database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_processes_that_start_at_once_upgrade_one_after_the_other(kind: str, tmp_path: Path) -> None:
    url = fresh_url(kind, tmp_path)
    program = f"from sluis.store import Database, upgrade; upgrade(Database({url!r}))"
    starting = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(2)]
    assert [process.wait() for process in starting] == [0, 0]
    database = Database(url)
    require_current(database)
    database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_database_that_a_newer_program_made_is_left_alone(kind: str, tmp_path: Path) -> None:
    database = fresh_database(kind, tmp_path)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for act in (upgrade, require_current):
        with pytest.raises(StoreUnavailable, match="9999, which a newer program made"):
            act(database)
    database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_an_upgrade_that_fails_leaves_the_database_as_it_was(kind: str, tmp_path: Path) -> None:
    database = Database(fresh_url(kind, tmp_path))
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE tasks (id INTEGER)")
    with pytest.raises(StoreUnavailable):
        upgrade(database)
    with pytest.raises(StoreUnavailable, match="no tables yet"):
        require_current(database)
    with database.write() as connection:
        connection.exec_driver_sql("DROP TABLE tasks")
    upgrade(database)
    require_current(database)
    database.close()


def test_sqlite_syncs_at_every_commit_and_overwrites_what_it_deletes(embedded: Store) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 200}
    with embedded.database.write() as connection:
        assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected} == expected


def test_postgresql_syncs_at_every_commit(tmp_path: Path) -> None:
    database = fresh_database("postgresql", tmp_path)
    with database.write() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    database.close()
