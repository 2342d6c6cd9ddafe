"""The cases, sealed under the key of the person they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from sluis.core.case import Case, CaseState
from sluis.core.errors import WrongState
from sluis.store.case_payload import case_from, case_plain
from sluis.store.database import Database
from sluis.store.evidence import StoredEvidence
from sluis.store.payloads import dumped, loaded
from sluis.store.sealing import PayloadCipher, bound, micros, moment, year
from sluis.store.statements import Query, columns
from sluis.store.tables import case_parties, cases, contributions, evidence, tasks
from sluis.store.tasks import StoredTasks


class _Row(NamedTuple):
    id: str
    person: bytes
    bucket: str
    state: str
    first_processed: int
    version: int
    payload: bytes


_ALL: Final = select(*columns(cases, _Row._fields))
_BY_ID: Final = Query(_Row, _ALL.where(cases.c.id == bindparam("case_id")))
_OF_PARTNER: Final = Query(
    _Row,
    _ALL.join(case_parties, case_parties.c.case_id == cases.c.id)
    .where(case_parties.c.partner == bindparam("partner"))
    .order_by(cases.c.first_processed.desc(), cases.c.id),
)

_ABOUT: Final = Query(_Row, _ALL.where(cases.c.person == bindparam("person")).order_by(cases.c.first_processed, cases.c.id))
_USUAL: Final = 2
"""How many cases a person may have before he costs more than an unknown one."""
_ENDING: Final = Query(
    _Row,
    _ALL.where((cases.c.state == CaseState.GEEN.value) | (cases.c.first_processed <= bindparam("first"))).order_by(
        cases.c.first_processed, cases.c.id
    ),
)


class StoredCases:
    """`Cases` in the database."""

    def __init__(self, database: Database, cipher: PayloadCipher) -> None:
        self._database = database
        self._cipher = cipher

    def find(self, case_id: str) -> Case | None:
        """The case with that id; None when there is none or when its person was erased."""
        row = self._database.row(_BY_ID, case_id=case_id)
        return None if row is None else self._opened(row)

    def of_partner(self, partner: str) -> Sequence[Case]:
        """The cases in which that organisation takes part or that it notified, newest first."""
        rows = self._database.rows(_OF_PARTNER, partner=partner)
        return [case for row in rows if (case := self._opened(row)) is not None]

    def about(self, subject: str) -> Sequence[Case]:
        """Every case about that subject, oldest first; an unknown subject costs as much as a known one."""
        person = self._cipher.tag("subject", subject)
        rows = self._database.rows(_ABOUT, person=person)
        opened = self._cipher.open_steadily(person, [(row.bucket, row.payload, _aad(row)) for row in rows], _USUAL)
        return [_case(row, plain) for row, plain in zip(rows, opened, strict=True) if plain is not None]

    def save(self, case: Case) -> Case:
        """Write the case and return it with its next version, durably.

        Raises `WrongState` when the kept version is not `case.version`: somebody else changed it first.
        """
        kept = replace(case, version=case.version + 1)
        changes = self._columns(kept)
        parties = {case.notifier, *(p.partner for p in case.participants)}
        with self._database.write(taken="the case was made by somebody else first") as connection:
            _write(connection, case, changes)
            connection.execute(delete(case_parties).where(case_parties.c.case_id == case.id))
            connection.execute(insert(case_parties), [{"case_id": case.id, "partner": party} for party in sorted(parties)])
        return kept

    def ending(self, first_processed: datetime) -> Sequence[Case]:
        """The rejected cases, and those that were first processed at that moment or before it, oldest first."""
        rows = self._database.rows(_ENDING, first=micros(first_processed))
        return [case for row in rows if (case := self._opened(row)) is not None]

    def destroy(self, case: Case) -> int:
        """Remove the case with the contributions, evidence and tasks of it, from the files too; return how many rows.

        What is kept about its person beside it stays. Can be repeated: until the bytes are gone too, an empty case that
        nobody sees is left to name what is not finished. Raises `WrongState` when somebody else changed the case first.
        """
        proofs = [e.id for e in StoredEvidence(self._database, self._cipher).about(case.subject) if e.case == case.id]
        asked = [t.request.id for t in StoredTasks(self._database, self._cipher).about(case.subject) if t.request.case == case.id]
        emptied = Case(
            id=case.id,
            subject=case.subject,
            notifier=case.notifier,
            # Neither is seen by anybody; a case that ended does not become one that was turned down.
            state=CaseState.GEEN if case.state is CaseState.GEEN else CaseState.AFGESLOTEN,
            first_processed=case.first_processed,
            version=case.version + 1,
        )
        changes = self._columns(emptied)
        # (1) everything goes at once, but for a row that says nothing and brings us back here when (2) does not succeed.
        with self._database.write() as connection:
            _write(connection, case, changes)
            connection.execute(delete(case_parties).where(case_parties.c.case_id == case.id))
            rows = 1 + connection.execute(delete(contributions).where(contributions.c.case_id == case.id)).rowcount
            rows += connection.execute(delete(evidence).where(evidence.c.id.in_(proofs))).rowcount
            rows += connection.execute(delete(tasks).where(tasks.c.id.in_(asked))).rowcount
        # (2) the bytes: the person's key lives on, for his other cases and for the log, so no sealed payload may stay behind.
        self._database.scrub("cases", "case_parties", "contributions", "evidence", "tasks")
        with self._database.write() as connection:
            connection.execute(delete(cases).where(cases.c.id == case.id))
        return rows

    def _columns(self, case: Case) -> dict[str, str | int | bytes]:
        person = self._cipher.tag("subject", case.subject)
        bucket, first = year(case.first_processed), micros(case.first_processed)
        aad = bound("cases", case.id, person, bucket, case.state.value, first, case.version)
        return {
            "id": case.id,
            "person": person,
            "bucket": bucket,
            "state": case.state.value,
            "first_processed": first,
            "version": case.version,
            "payload": self._cipher.seal(person, bucket, dumped(case_plain(case)), aad),
        }

    def _opened(self, row: _Row) -> Case | None:
        plain = self._cipher.open_one(row.person, row.bucket, row.payload, _aad(row))
        return None if plain is None else _case(row, plain)


def _aad(row: _Row) -> bytes:
    return bound("cases", row.id, row.person, row.bucket, row.state, row.first_processed, row.version)


def _case(row: _Row, plain: bytes) -> Case:
    return case_from(
        loaded(plain), case_id=row.id, state=row.state, first_processed=moment(row.first_processed), version=row.version
    )


def _write(connection: Connection, case: Case, changes: dict[str, str | int | bytes]) -> None:
    if case.version == 0:
        connection.execute(insert(cases).values(changes))
        return
    same = (cases.c.id == case.id) & (cases.c.version == case.version)
    if not connection.execute(update(cases).where(same).values(changes)).rowcount:
        raise WrongState("the case was changed by somebody else first")
