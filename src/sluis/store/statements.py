"""Statements that are not left to SQLAlchemy at run time: reads on the hot path, and insert-unless-there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from sqlalchemy import ClauseElement, ColumnElement, Connection, Dialect, Table, create_engine
from sqlalchemy.dialects import postgresql, sqlite

Columns = Mapping[str, str | int | bytes | None]
Values = dict[str, str | int | bytes | None]
RowT = TypeVar("RowT")

_EMBEDDED: Final = sqlite.dialect(paramstyle="named")
_SERVED: Final = create_engine("postgresql+psycopg://").dialect


class Query(Generic[RowT]):
    """One SELECT with named parameters, written down once for each database and run on the driver's own cursor.

    That costs a third of the same statement through SQLAlchemy (`docs/decisions/0051`), and gives typed rows: `make` is a
    NamedTuple whose fields are the selected columns, in order.
    """

    def __init__(self, make: Callable[..., RowT], statement: ClauseElement) -> None:
        self.make = make
        self.embedded = _written(statement, _EMBEDDED)
        self.served = _written(statement, _SERVED)


def columns(table: Table, names: Sequence[str]) -> list[ColumnElement[object]]:
    """Those columns of the table, in that order."""
    return [table.c[name] for name in names]


def insert_new(connection: Connection, table: Table, row: Columns) -> bool:
    """Insert the row and say True, or do nothing and say False when its key exists: one of many at once hears True."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(row).on_conflict_do_nothing().returning(*table.primary_key)
    # What comes back decides, not `rowcount`, which PostgreSQL's driver does not tell for an INSERT.
    return connection.execute(statement).first() is not None


def _written(statement: ClauseElement, dialect: Dialect) -> tuple[str, Values]:
    """The text of the statement in that dialect, and the values that stand in it already."""
    compiled = statement.compile(dialect=dialect)
    return str(compiled), {name: value for name, value in compiled.params.items() if value is not None}
