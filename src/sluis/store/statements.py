"""Statements that are not left to SQLAlchemy at run time: reads on the hot path, and taking what only one may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

from sqlalchemy import BindParameter, ClauseElement, ColumnElement, Connection, Dialect, Table, bindparam, create_engine
from sqlalchemy.dialects import postgresql, sqlite

Columns = Mapping[str, str | int | bytes | None]
Values = dict[str, str | int | bytes | None]
RowT = TypeVar("RowT")

_EMBEDDED: Final = sqlite.dialect(paramstyle="named")
_SERVED: Final = create_engine("postgresql+psycopg://").dialect


class Query(Generic[RowT]):
    """One statement that gives rows, written down once for each database and run on the driver's own cursor.

    That costs a fraction of the same statement through SQLAlchemy (`docs/decisions/0051`), and gives typed rows: `make` is a
    NamedTuple whose fields are the columns, in order. `served` is the statement for PostgreSQL where it differs.
    """

    def __init__(self, make: Callable[..., RowT], embedded: ClauseElement, served: ClauseElement | None = None) -> None:
        self.make = make
        self.embedded = _written(embedded, _EMBEDDED)
        self.served = _written(embedded if served is None else served, _SERVED)


class Handle(NamedTuple):
    """The key of a row that was written."""

    id: bytes


def take(table: Table, names: Sequence[str], free: ColumnElement[bool]) -> Query[Handle]:
    """Insert a row of those columns, or replace the one with its `id` where it is `free`; gives the row's id, or nothing.

    One statement, so one transaction: of many at once exactly one gets the id.
    """
    values: dict[str, BindParameter[object]] = {name: bindparam(name) for name in names}
    changes = {name: value for name, value in values.items() if name != "id"}

    def statement(insert: sqlite.Insert | postgresql.Insert) -> ClauseElement:
        upsert = insert.values(values).on_conflict_do_update(index_elements=[table.c.id], set_=changes, where=free)
        return upsert.returning(table.c.id)

    return Query(Handle, statement(sqlite.insert(table)), statement(postgresql.insert(table)))


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
