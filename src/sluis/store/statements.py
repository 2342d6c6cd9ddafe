"""The one statement that the two databases write each in their own way: insert, unless it is there."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Columns = Mapping[str, str | int | bytes | None]


def insert_new(connection: Connection, table: Table, columns: Columns) -> bool:
    """Insert the row and say True, or do nothing and say False when its key exists: one of many at once hears True."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(columns).on_conflict_do_nothing().returning(*table.primary_key)
    # What comes back decides, not `rowcount`, which PostgreSQL's driver does not tell for an INSERT.
    return connection.execute(statement).first() is not None
