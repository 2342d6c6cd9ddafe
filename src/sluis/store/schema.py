"""The schema and its age: migrations run to the newest, a start with another one says so."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sluis.core.errors import StoreUnavailable
from sluis.store.database import Database

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 7_543_321_900  # any number that nobody else takes as an advisory lock in this database


def upgrade(database: Database) -> None:
    """Bring the schema to the newest version in one transaction; two processes at once do it one after the other.

    Raises `StoreUnavailable` when the database was made by a newer Sluis, and when it fails: it then is as it was.
    """
    with database.write() as connection:
        if not database.embedded:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        _refuse_unknown(connection)
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def require_current(database: Database) -> None:
    """Raise `StoreUnavailable`, saying what to do, unless the schema is the one this program works with."""
    with database.read() as connection:
        found = _revision(connection)
        _refuse_unknown(connection)
    newest = _script().get_current_head()
    if found != newest:
        was = "has no tables yet" if found is None else f"has schema {found}"
        raise StoreUnavailable(f"the database {was}, this program works with {newest}: run the upgrade")


def _refuse_unknown(connection: Connection) -> None:
    found = _revision(connection)
    if found is not None and found not in {script.revision for script in _script().walk_revisions()}:
        raise StoreUnavailable(f"the database has schema {found}, which a newer program made: use that program")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(_MIGRATIONS))
