"""The evidence, sealed under the key of the person it is about; even which fact it proves is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from sluis.core.errors import NotFound
from sluis.core.evidence import Evidence
from sluis.store.database import Database
from sluis.store.payloads import dumped, evidence_from, evidence_plain, loaded
from sluis.store.sealing import PayloadCipher, bound, maybe_micros, maybe_moment, micros, moment, year
from sluis.store.statements import Query, columns
from sluis.store.tables import evidence as table


class _Row(NamedTuple):
    id: str
    person: bytes
    bucket: str
    recorded: int
    withdrawn: int | None
    payload: bytes


_ALL: Final = select(*columns(table, _Row._fields))
_BY_ID: Final = Query(_Row, _ALL.where(table.c.id == bindparam("evidence_id")))
_ABOUT: Final = Query(_Row, _ALL.where(table.c.person == bindparam("person")).order_by(table.c.recorded, table.c.id))

_USUAL: Final = 8
"""How many pieces of evidence a person may have before he costs more than an unknown one."""


class StoredEvidence:
    """`EvidenceBook` in the database."""

    def __init__(self, database: Database, cipher: PayloadCipher) -> None:
        self._database = database
        self._cipher = cipher

    def record(self, evidence: Evidence) -> None:
        """Keep it, durably. Raises `WrongState` when one with its id is kept already."""
        person = self._cipher.tag("subject", evidence.subject)
        bucket, recorded = year(evidence.recorded), micros(evidence.recorded)
        changes = {
            "id": evidence.id,
            "person": person,
            "bucket": bucket,
            "recorded": recorded,
            "withdrawn": maybe_micros(evidence.withdrawn),
            "payload": self._cipher.seal(
                person, bucket, dumped(evidence_plain(evidence)), bound("evidence", evidence.id, person, recorded)
            ),
        }
        with self._database.write(taken="evidence with this id is kept already") as connection:
            connection.execute(insert(table).values(changes))

    def find(self, evidence_id: str) -> Evidence | None:
        """The evidence with that id, valid or not; None when there is none or its person was erased."""
        row = self._database.row(_BY_ID, evidence_id=evidence_id)
        return None if row is None else _evidence(row, self._cipher.open_one(row.person, row.bucket, row.payload, _aad(row)))

    def withdraw(self, evidence_id: str, at: datetime) -> None:
        """From `at` it no longer counts; the earliest withdrawal stands. Raises `NotFound`."""
        mine = table.c.id == evidence_id
        later = table.c.withdrawn.is_(None) | (table.c.withdrawn > micros(at))
        with self._database.write() as connection:
            changed = connection.execute(update(table).where(mine, later).values(withdrawn=micros(at)))
            if not changed.rowcount and connection.execute(select(table.c.id).where(mine)).first() is None:
                raise NotFound("no such evidence")

    def about(self, subject: str) -> Sequence[Evidence]:
        """All evidence about that subject, oldest first; an unknown subject costs as much as a known one."""
        person = self._cipher.tag("subject", subject)
        rows = self._database.rows(_ABOUT, person=person)
        sealed = [(row.bucket, row.payload, _aad(row)) for row in rows]
        opened = self._cipher.open_steadily(person, sealed, _USUAL)
        return [kept for row, plain in zip(rows, opened, strict=True) if (kept := _evidence(row, plain)) is not None]


def _aad(row: _Row) -> bytes:
    return bound("evidence", row.id, row.person, row.recorded)


def _evidence(row: _Row, raw: bytes | None) -> Evidence | None:
    if raw is None:
        return None
    return evidence_from(loaded(raw), evidence_id=row.id, recorded=moment(row.recorded), withdrawn=maybe_moment(row.withdrawn))
