"""One database, SQLite or PostgreSQL, behind two ways in: `read` (one statement) and `write` (one transaction).

Laws of this file: when `write` ends without an error the change survives a power cut; when it raises, nothing of it is kept,
save that a lost connection at COMMIT leaves it open which of the two; no message of an error holds a value, and nothing but
`StoreUnavailable` comes out of a database that fails.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from sluis.core.errors import BadInput, Flaw, StoreUnavailable, WrongState

_PRAGMAS: Final = (
    "PRAGMA busy_timeout = {busy}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
)
_CAUSES: Final = (
    ("locked", "the database is locked by somebody else"),
    ("lock timeout", "the database is locked by somebody else"),
    ("disk is full", "the disk of the database is full"),
    ("no space left", "the disk of the database is full"),
    ("readonly", "the database cannot be written"),
    ("read-only", "the database cannot be written"),
    ("unable to open", "the database cannot be opened"),
    ("no such table", "the database has no tables yet: upgrade it"),
    ("does not exist", "the database has no tables yet: upgrade it"),
    ("not a database", "the file is no database"),
    ("malformed", "the database file is damaged"),
    ("timeout", "the database did not answer in time"),
    ("connect", "there is no connection to the database"),
)


class Database:
    """The database at `url` (`sqlite:///file` or `postgresql://…`). Opens no connection before it is used.

    `busy` is how many seconds to wait for a lock. Raises `BadInput` for another kind of address.
    """

    def __init__(self, url: str, *, busy: float = 5.0) -> None:
        address = _address(url)
        self.embedded = address.get_backend_name() == "sqlite"
        self._engine: Engine
        if self.embedded:
            self._engine = create_engine(
                address,
                hide_parameters=True,
                connect_args={"isolation_level": None, "timeout": busy},
                pool_size=8,
                max_overflow=24,
            )
            event.listen(self._engine, "connect", _prepare_sqlite(busy))
        else:
            options = f"-c synchronous_commit=on -c lock_timeout={int(busy * 1000)} -c statement_timeout={int(busy * 6000)}"
            self._engine = create_engine(
                address,
                hide_parameters=True,
                connect_args={"options": options, "connect_timeout": max(2, int(busy))},
                pool_size=8,
                max_overflow=24,
                pool_timeout=busy,
            )
        self._reader = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def file(self) -> Path | None:
        """The file of an embedded database; None for one that is served."""
        name = self._engine.url.database
        return Path(name) if self.embedded and name else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on which each statement sees the newest state. Raises `StoreUnavailable`."""
        with failing_closed(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, taken: str = "this is kept already") -> Iterator[Connection]:
        """One transaction: everything in it is kept, durably, or nothing.

        Raises `WrongState`, saying `taken`, when a key is in use already; `StoreUnavailable` for all that fails.
        """
        with failing_closed(taken), self._engine.connect() as connection:
            if self.embedded:
                # Take the write lock first: a transaction that reads before it writes could otherwise not get it any more.
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            # If we die before this line nothing was written; if we die in it, the database decides which, never half.
            connection.commit()

    def scrub(self, *tables: str) -> None:
        """Make what was deleted from these tables unreadable in the files of the database too. Raises `StoreUnavailable`.

        On SQLite: VACUUM and an emptied write-ahead log. On PostgreSQL: VACUUM FULL; its own write-ahead log and backups
        are the operator's (`docs/data.md`).
        """
        with self.read() as connection:
            if self.embedded:
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                return
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL) {table}")

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise BadInput(
            Flaw(where="database", what="is no address of a database", mend="write sqlite:///FILE or postgresql://…")
        ) from None
    backend = address.get_backend_name()
    if backend == "sqlite" and address.database:
        return address
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    raise BadInput(
        Flaw(where="database", what="is neither a SQLite file nor PostgreSQL", mend="write sqlite:///FILE or postgresql://…")
    )


class _PrepareSqlite:
    """Sets up each new SQLite connection: write-ahead log, synced at each commit, deleted bytes overwritten."""

    def __init__(self, busy: float) -> None:
        self._busy = int(busy * 1000)

    def __call__(self, connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in _PRAGMAS:
            cursor.execute(pragma.format(busy=self._busy))
        cursor.close()


def _prepare_sqlite(busy: float) -> _PrepareSqlite:
    return _PrepareSqlite(busy)


@contextmanager
def failing_closed(taken: str = "this is kept already") -> Iterator[None]:
    """Turn a key in use into `WrongState` and every other error of a database or its driver into `StoreUnavailable`.

    The messages say what is wrong without any value.
    """
    try:
        yield
    except IntegrityError:
        raise WrongState(taken) from None
    except (SQLAlchemyError, sqlite3.Error) as error:
        # The driver's words can hold values of the row, so only the kind of trouble goes on, and the cause is dropped.
        raise StoreUnavailable(_cause(error)) from None


def _cause(error: Exception) -> str:
    words = str(getattr(error, "orig", None) or error).lower()
    return next((cause for sign, cause in _CAUSES if sign in words), f"the database failed ({type(error).__name__})")
