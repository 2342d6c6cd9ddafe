"""The searches that officers keep: name and filter sealed under the officer's own key."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, insert, select

from sluis.core.errors import NotFound
from sluis.core.search import SavedSearch
from sluis.store.database import Database
from sluis.store.payloads import dumped, loaded
from sluis.store.sealing import PayloadCipher, bound, micros, moment
from sluis.store.statements import Query, columns
from sluis.store.tables import saved_searches


class _Row(NamedTuple):
    id: str
    person: bytes
    bucket: str
    saved: int
    payload: bytes


_OF_ONE: Final = Query(
    _Row,
    select(*columns(saved_searches, _Row._fields))
    .where(saved_searches.c.person == bindparam("person"))
    .order_by(saved_searches.c.saved, saved_searches.c.id),
)
_BUCKET: Final = "zoekvragen"


class StoredSearches:
    """`SavedSearches` in the database."""

    def __init__(self, database: Database, cipher: PayloadCipher) -> None:
        self._database = database
        self._cipher = cipher

    def add(self, search: SavedSearch) -> None:
        """Keep it, durably. Raises `WrongState` when its id is in use."""
        person, saved = self._person(search.officer), micros(search.saved)
        plain = dumped({"name": search.name, "words": dict(search.words)})
        row = {
            "id": search.id,
            "person": person,
            "bucket": _BUCKET,
            "saved": saved,
            "payload": self._cipher.seal(person, _BUCKET, plain, bound("saved_searches", search.id, person, saved)),
        }
        with self._database.write() as connection:
            connection.execute(insert(saved_searches).values(row))

    def of(self, officer: str) -> Sequence[SavedSearch]:
        """What that officer keeps, oldest first; what was sealed under a key that is gone is not among it."""
        person = self._person(officer)
        rows = self._database.rows(_OF_ONE, person=person)
        sealed = [(row.bucket, row.payload, bound("saved_searches", row.id, row.person, row.saved)) for row in rows]
        opened = self._cipher.open_steadily(person, sealed, 0)
        return [_search(row, raw, officer) for row, raw in zip(rows, opened, strict=True) if raw is not None]

    def remove(self, officer: str, search_id: str) -> None:
        """Forget one. Raises `NotFound` when that officer keeps none with that id."""
        his = (saved_searches.c.id == search_id) & (saved_searches.c.person == self._person(officer))
        with self._database.write() as connection:
            if not connection.execute(delete(saved_searches).where(his)).rowcount:
                raise NotFound("no such search")

    def _person(self, officer: str) -> bytes:
        return self._cipher.tag("functionaris", officer)


def _search(row: _Row, raw: bytes, officer: str) -> SavedSearch:
    plain = loaded(raw)
    return SavedSearch(
        id=row.id, officer=officer, name=plain["name"], words=MappingProxyType(plain["words"]), saved=moment(row.saved)
    )
