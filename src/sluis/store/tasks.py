"""The requests that wait for a human or were judged, sealed under the key of the person they are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Row, Select, insert, select, update

from sluis.core.errors import WrongState
from sluis.core.request import RequestStatus, Task
from sluis.store.database import Database
from sluis.store.payloads import dumped, loaded, request_from, task_from, task_plain
from sluis.store.sealing import PayloadCipher, bound, micros, moment, year
from sluis.store.tables import tasks


class StoredTasks:
    """`Tasks` in the database."""

    def __init__(self, database: Database, cipher: PayloadCipher) -> None:
        self._database = database
        self._cipher = cipher

    def add(self, task: Task) -> None:
        """Keep it, durably. Raises `WrongState` when the request is in the books already."""
        columns = self._columns(task)
        with self._database.write(taken="this request is in the books already") as connection:
            connection.execute(insert(tasks).values(columns))

    def find(self, request_id: str) -> Task | None:
        """The task of that request; None when there is none or its person was erased."""
        found = self._all(select(tasks).where(tasks.c.id == request_id))
        return found[0] if found else None

    def waiting_at(self, provider: str) -> Sequence[Task]:
        """The tasks that wait for a judgement of that provider, oldest first."""
        waiting = (tasks.c.provider == provider) & (tasks.c.status == RequestStatus.VOORGELEGD.value)
        return self._all(select(tasks).where(waiting).order_by(tasks.c.at, tasks.c.id))

    def of_requester(self, requester: str) -> Sequence[Task]:
        """The tasks of that requester, newest first."""
        return self._all(select(tasks).where(tasks.c.requester == requester).order_by(tasks.c.at.desc(), tasks.c.id))

    def update(self, task: Task) -> Task:
        """Write it and return it with its next version; `WrongState` when somebody else changed it first."""
        kept = replace(task, version=task.version + 1)
        same = (tasks.c.id == task.request.id) & (tasks.c.version == task.version)
        columns = self._columns(kept)  # before the transaction: sealing may make a key, which is a transaction of its own
        with self._database.write() as connection:
            if not connection.execute(update(tasks).where(same).values(columns)).rowcount:
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

    def _all(self, query: Select[tuple[object, ...]]) -> list[Task]:
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [task for row in rows if (task := self._opened(row)) is not None]

    def _opened(self, row: Row[tuple[object, ...]]) -> Task | None:
        aad = bound("tasks", row.id, row.person, row.requester, row.provider, row.status, row.at, row.version)
        raw = self._cipher.open_one(row.person, row.bucket, row.payload, aad)
        if raw is None:
            return None
        plain = loaded(raw)
        request = request_from(plain, request_id=row.id, at=moment(row.at), requester=row.requester, provider=row.provider)
        return task_from(plain, request, status=row.status, version=row.version)
