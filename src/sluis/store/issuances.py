"""Tokens that were issued, and those that were revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from sluis.store.database import Database
from sluis.store.sealing import micros
from sluis.store.statements import Query
from sluis.store.tables import issuances


class _Row(NamedTuple):
    revoked: int


_REVOKED: Final = Query(_Row, select(issuances.c.revoked).where(issuances.c.id == bindparam("token_id")))


class StoredIssuances:
    """`Issuances` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, *, token_id: str, partner: str, expires: datetime, binding: str) -> None:
        """Put the issue on record, durably. Raises `WrongState` when that token id is on record already."""
        row = {"id": token_id, "partner": partner, "expires": micros(expires), "binding": binding, "revoked": 0}
        with self._database.write(taken="this token id is on record already") as connection:
            connection.execute(insert(issuances).values(row))

    def revoke(self, token_id: str, partner: str) -> None:
        """Revoke a token of that partner; nothing happens when it is not that partner's."""
        mine = (issuances.c.id == token_id) & (issuances.c.partner == partner)
        with self._database.write() as connection:
            connection.execute(update(issuances).where(mine).values(revoked=1))

    def revoked(self, token_id: str) -> bool:
        """Whether the token was revoked."""
        row = self._database.row(_REVOKED, token_id=token_id)
        return row is not None and bool(row.revoked)
