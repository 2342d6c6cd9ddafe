"""The one statement that SQLAlchemy writes in two ways: insert, unless it is there."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite

Columns = Mapping[str, str | int | bytes | None]


def insert_new(table: Table, columns: Columns, *, embedded: bool) -> sqlite.Insert | postgresql.Insert:
    """Insert the row, or do nothing when its key exists; `rowcount` tells which."""
    if embedded:
        return sqlite.insert(table).values(columns).on_conflict_do_nothing()
    return postgresql.insert(table).values(columns).on_conflict_do_nothing()
