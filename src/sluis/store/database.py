"""One database, SQLite or PostgreSQL, behind three ways in: `rows` and `read` (one statement), `write` (one transaction).

Laws of this file: when `write` ends without an error the change survives a power cut; when it raises, nothing of it is kept,
save that a lost connection at COMMIT leaves it open which of the two; no message of an error holds a value, and nothing but
`StoreUnavailable` comes out of a database that fails.
"""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from sluis.core.errors import BadInput, Flaw, StoreUnavailable
from sluis.store.failing import DRIVER_ERRORS, failing_closed
from sluis.store.statements import Query, RowT, Values

_PRAGMAS: Final = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
)
_PAUSE: Final = 0.02
_RESTING: Final = 8
"""How many connections wait for the next read outside the pool, of the 32 that it gives at most."""


class Database:
    """The database at `url` (`sqlite:///file` or `postgresql://…`). Opens no connection before it is used.

    `busy` is how many seconds to wait for a lock. Raises `BadInput` for another kind of address.
    """

    def __init__(self, url: str, *, busy: float = 5.0) -> None:
        address = _address(url)
        self.embedded = address.get_backend_name() == "sqlite"
        self._engine: Engine = create_engine(
            address,
            # The driver begins nothing by itself: reads are no transactions, and `write` says BEGIN in its own words.
            isolation_level="AUTOCOMMIT",
            hide_parameters=True,
            connect_args={"timeout": busy} if self.embedded else _server_settings(busy),
            pool_size=8,
            max_overflow=24,
            pool_timeout=busy,
        )
        self._resting: deque[PoolProxiedConnection] = deque()
        if self.embedded:
            event.listen(self._engine, "connect", _PrepareSqlite(busy))

    @property
    def file(self) -> Path | None:
        """The file of an embedded database; None for one that is served."""
        name = self._engine.url.database
        return Path(name) if self.embedded and name else None

    def rows(self, query: Query[RowT], **values: str | int | bytes | None) -> list[RowT]:
        """What that query finds now. One that writes is a transaction of its own, durable. Raises `StoreUnavailable`."""
        text, constants = query.embedded if self.embedded else query.served
        with failing_closed():
            # Kept out of the pool between two reads: taking a connection from it costs more than most of the reads.
            link = self._rested() or self._engine.raw_connection()
            try:
                found = _run(link.driver_connection, text, {**constants, **values})
            except DRIVER_ERRORS:
                self._let_go(link)
                raise
            if len(self._resting) < _RESTING:
                self._resting.append(link)
            else:
                link.close()
        return [query.make(*row) for row in found]

    def _rested(self) -> PoolProxiedConnection | None:
        """A connection that rests, if one does: between looking and taking another thread may take the last one."""
        try:
            return self._resting.pop()
        except IndexError:
            return None

    def _let_go(self, link: PoolProxiedConnection) -> None:
        """Give up a connection on which a read failed; on a server every other one that rests with it."""
        if self.embedded:
            link.close()
            return
        # The server may be gone, and then every connection in the pool is dead: the next read gets a new one.
        link.invalidate()
        self._wake()
        self._engine.dispose()

    def _wake(self) -> None:
        """Close what rests."""
        while (link := self._rested()) is not None:
            link.invalidate()

    def row(self, query: Query[RowT], **values: str | int | bytes | None) -> RowT | None:
        """The one row that the query finds now; None when there is none. Raises `StoreUnavailable`."""
        return next(iter(self.rows(query, **values)), None)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on which each statement sees the newest state. Raises `StoreUnavailable`."""
        with failing_closed(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, taken: str = "this is kept already") -> Iterator[Connection]:
        """One transaction: everything in it is kept, durably, or nothing.

        Raises `WrongState`, saying `taken`, when a key is in use already; `StoreUnavailable` for all that fails.
        """
        with failing_closed(taken), self._engine.connect() as connection:
            # On SQLite take the write lock first: a transaction that reads before it writes could not get it any more.
            connection.exec_driver_sql("BEGIN IMMEDIATE" if self.embedded else "BEGIN")
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
                (busy, *_) = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
                if busy:
                    # A reader still stands on the old state, so the write-ahead log still holds it.
                    raise StoreUnavailable("what was deleted is still being read by somebody: try again")
                return
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL) {table}")

    def close(self) -> None:
        """Give back every connection."""
        self._wake()
        self._engine.dispose()


def _run(connection: DBAPIConnection | None, text: str, values: Values) -> list[tuple[str | int | bytes | None, ...]]:
    """What a statement finds, on the driver's own connection: both drivers have this short way, without a cursor to make."""
    found: list[tuple[str | int | bytes | None, ...]]
    found = cast("sqlite3.Connection", connection).execute(text, values).fetchall()
    return found


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


def _server_settings(busy: float) -> dict[str, str | int]:
    waits = f"-c lock_timeout={int(busy * 1000)} -c statement_timeout={int(busy * 6000)}"
    return {"options": f"-c synchronous_commit=on {waits}", "connect_timeout": max(2, int(busy))}


class _PrepareSqlite:
    """Sets up each new SQLite connection: write-ahead log, synced at each commit, deleted bytes overwritten."""

    def __init__(self, busy: float) -> None:
        self._busy = busy

    def __call__(self, connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        _turn_to_wal(cursor, int(self._busy / _PAUSE))
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
        cursor.execute(f"PRAGMA busy_timeout = {int(self._busy * 1000)}")
        cursor.close()


def _turn_to_wal(cursor: DBAPICursor, patience: int) -> None:
    """Switch the file to a write-ahead log. Of several that do so at once on a new file SQLite refuses some without waiting.

    So the waiting is done here, `patience` pauses at most.
    """
    cursor.execute("PRAGMA busy_timeout = 0")
    for _ in range(patience):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            time.sleep(_PAUSE)
        else:
            return
    cursor.execute("PRAGMA journal_mode = WAL")
