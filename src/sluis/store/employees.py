"""The people of the partners, each sealed under a key of his own and found by a keyed hash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from sluis.core.partner import Employee
from sluis.store.database import Database
from sluis.store.payloads import dumped, employee_from, employee_plain, loaded
from sluis.store.sealing import PayloadCipher, bound
from sluis.store.statements import Query, columns
from sluis.store.tables import employees


class _Row(NamedTuple):
    person: bytes
    bucket: str
    payload: bytes


_ALL: Final = select(*columns(employees, _Row._fields))
_FIND: Final = Query(_Row, _ALL.where(employees.c.person == bindparam("person")))
_AT_PARTNER: Final = Query(_Row, _ALL.where(employees.c.partner == bindparam("partner")))

_STANDING: Final = "doorlopend"


class StoredEmployees:
    """`Employees` in the database."""

    def __init__(self, database: Database, cipher: PayloadCipher) -> None:
        self._database = database
        self._cipher = cipher

    def find(self, partner: str, user: str) -> Employee | None:
        """That person at that partner; None when there is none or when he was erased."""
        person = self._person(partner, user)
        row = self._database.row(_FIND, person=person)
        return None if row is None else self._opened(row, partner)

    def of_partner(self, partner: str) -> Sequence[Employee]:
        """Everybody who was ever kept for that partner and not erased, in order of user id."""
        rows = self._database.rows(_AT_PARTNER, partner=partner)
        people = [one for row in rows if (one := self._opened(row, partner)) is not None]
        return sorted(people, key=lambda one: one.user)

    def save(self, employee: Employee) -> None:
        """Add or replace, durably."""
        person = self._person(employee.partner, employee.user)
        aad = bound("employees", person, employee.partner)
        changes = {
            "person": person,
            "bucket": _STANDING,
            "partner": employee.partner,
            "payload": self._cipher.seal(person, _STANDING, dumped(employee_plain(employee)), aad),
        }
        with self._database.write() as connection:
            if not connection.execute(update(employees).where(employees.c.person == person).values(changes)).rowcount:
                connection.execute(insert(employees).values(changes))

    def _opened(self, row: _Row, partner: str) -> Employee | None:
        aad = bound("employees", row.person, partner)
        plain = self._cipher.open_one(row.person, row.bucket, row.payload, aad)
        return None if plain is None else employee_from(loaded(plain))

    def _person(self, partner: str, user: str) -> bytes:
        return self._cipher.tag("medewerker", bound("", partner, user).hex())
