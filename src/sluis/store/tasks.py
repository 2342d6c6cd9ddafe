"""The requests that wait for a human or were judged, sealed under the key of the person they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from sluis.core.errors import WrongState
from sluis.core.request import RequestStatus, Task
from sluis.store.database import Database
from sluis.store.payloads import dumped, loaded, request_from, task_from, task_plain
from sluis.store.sealing import PayloadCipher, bound, micros, moment, year
from sluis.store.statements import Query, columns
from sluis.store.tables import tasks


class _Row(NamedTuple):
    id: str
    person: bytes
    bucket: str
    requester: str
    provider: str
    status: str
    at: int
    version: int
    payload: bytes


_ALL: Final = select(*columns(tasks, _Row._fields))
_BY_ID: Final = Query(_Row, _ALL.where(tasks.c.id == bindparam("request_id")))
_WAITING: Final = Query(
    _Row,
    _ALL.where(tasks.c.provider == bindparam("provider"), tasks.c.status == bindparam("status")).order_by(tasks.c.at, tasks.c.id),
)
_OF_REQUESTER: Final = Query(
    _Row, _ALL.where(tasks.c.requester == bindparam("requester")).order_by(tasks.c.at.desc(), tasks.c.id)
)
_OF_PROVIDER: Final = Query(_Row, _ALL.where(tasks.c.provider == bindparam("provider")).order_by(tasks.c.at.desc(), tasks.c.id))
_ABOUT: Final = Query(_Row, _ALL.where(tasks.c.person == bindparam("person")))


class StoredTasks:
    """`Tasks` in the database."""

    def __init__(self, database: Database, cipher: PayloadCipher) -> None:
        self._database = database
        self._cipher = cipher

    def add(self, task: Task) -> None:
        """Keep it, durably. Raises `WrongState` when the request is in the books already."""
        changes = self._columns(task)
        with self._database.write(taken="this request is in the books already") as connection:
            connection.execute(insert(tasks).values(changes))

    def find(self, request_id: str) -> Task | None:
        """The task of that request; None when there is none or its person was erased."""
        row = self._database.row(_BY_ID, request_id=request_id)
        return None if row is None else self._opened(row)

    def waiting_at(self, provider: str) -> Sequence[Task]:
        """The tasks that wait for a judgement of that provider, oldest first."""
        rows = self._database.rows(_WAITING, provider=provider, status=RequestStatus.VOORGELEGD.value)
        return [task for row in rows if (task := self._opened(row)) is not None]

    def of_requester(self, requester: str) -> Sequence[Task]:
        """The tasks of that requester, newest first."""
        rows = self._database.rows(_OF_REQUESTER, requester=requester)
        return [task for row in rows if (task := self._opened(row)) is not None]

    def of_provider(self, provider: str) -> Sequence[Task]:
        """The tasks of that provider, whatever became of them, newest first."""
        rows = self._database.rows(_OF_PROVIDER, provider=provider)
        return [task for row in rows if (task := self._opened(row)) is not None]

    def about(self, subject: str) -> Sequence[Task]:
        """Every request in the books about that subject: what destroying a case must look through."""
        rows = self._database.rows(_ABOUT, person=self._cipher.tag("subject", subject))
        return [task for row in rows if (task := self._opened(row)) is not None]

    def update(self, task: Task) -> Task:
        """Write it and return it with its next version; `WrongState` when somebody else changed it first."""
        kept = replace(task, version=task.version + 1)
        same = (tasks.c.id == task.request.id) & (tasks.c.version == task.version)
        changes = self._columns(kept)  # before the transaction: sealing may make a key, which is a transaction of its own
        with self._database.write() as connection:
            if not connection.execute(update(tasks).where(same).values(changes)).rowcount:
                raise WrongState("the task was changed by somebody else first")
        return kept

    def _columns(self, task: Task) -> dict[str, str | int | bytes]:
        request = task.request
        person = self._cipher.tag("subject", request.subject)
        bucket = year(request.at)
        at, status = micros(request.at), task.status.value
        aad = bound("tasks", request.id, person, request.requester, request.provider, status, at, task.version)
        return {
            "id": request.id,
            "person": person,
            "bucket": bucket,
            "requester": request.requester,
            "provider": request.provider,
            "status": status,
            "at": at,
            "version": task.version,
            "payload": self._cipher.seal(person, bucket, dumped(task_plain(task)), aad),
        }

    def _opened(self, row: _Row) -> Task | None:
        aad = bound("tasks", row.id, row.person, row.requester, row.provider, row.status, row.at, row.version)
        raw = self._cipher.open_one(row.person, row.bucket, row.payload, aad)
        if raw is None:
            return None
        plain = loaded(raw)
        request = request_from(plain, request_id=row.id, at=moment(row.at), requester=row.requester, provider=row.provider)
        return task_from(plain, request, status=row.status, version=row.version)
