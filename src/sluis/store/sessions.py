"""The officers' sessions: found by the hash of their id, the officer sealed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from sluis.ports.ambient import Ids
from sluis.ports.identity import Session
from sluis.store.database import Database
from sluis.store.payloads import dumped, loaded, officer_from, officer_plain
from sluis.store.sealing import PayloadCipher, bound, micros, moment
from sluis.store.statements import Query, columns
from sluis.store.tables import sessions


class _Row(NamedTuple):
    id: bytes
    person: bytes
    bucket: str
    started: int
    last_seen: int
    payload: bytes


_BY_ID: Final = Query(_Row, select(*columns(sessions, _Row._fields)).where(sessions.c.id == bindparam("session")))

_BUCKET: Final = "sessies"


class StoredSessions:
    """`Sessions` in the database."""

    def __init__(self, database: Database, cipher: PayloadCipher, ids: Ids) -> None:
        self._database = database
        self._cipher = cipher
        self._ids = ids

    def open(self, session: Session) -> str:
        """Keep a session; return its random id (192 bits). Only a hash of the id is stored."""
        session_id = self._ids.public()
        hashed = _hashed(session_id)
        person = self._person(session.officer.subject)
        plain = dumped(officer_plain(session.officer, session.csrf))
        started = micros(session.started)
        row = {
            "id": hashed,
            "person": person,
            "bucket": _BUCKET,
            "started": started,
            "last_seen": micros(session.last_seen),
            "payload": self._cipher.seal(person, _BUCKET, plain, bound("sessions", hashed, person, started)),
        }
        with self._database.write() as connection:
            connection.execute(insert(sessions).values(row))
        return session_id

    def find(self, session_id: str) -> Session | None:
        """The session with that id; None when there is none."""
        row = self._database.row(_BY_ID, session=_hashed(session_id))
        if row is None:
            return None
        raw = self._cipher.open_one(row.person, row.bucket, row.payload, bound("sessions", row.id, row.person, row.started))
        if raw is None:
            return None
        plain = loaded(raw)
        return Session(
            officer=officer_from(plain), csrf=plain["csrf"], started=moment(row.started), last_seen=moment(row.last_seen)
        )

    def touch(self, session_id: str, at: datetime) -> None:
        """Move `last_seen`, never backwards."""
        newer = (sessions.c.id == _hashed(session_id)) & (sessions.c.last_seen < micros(at))
        with self._database.write() as connection:
            connection.execute(update(sessions).where(newer).values(last_seen=micros(at)))

    def close(self, session_id: str) -> None:
        """End one session; no error when there is none."""
        with self._database.write() as connection:
            connection.execute(delete(sessions).where(sessions.c.id == _hashed(session_id)))

    def close_all(self, officer: str) -> int:
        """End every session of that officer (back-channel logout); return how many."""
        with self._database.write() as connection:
            return connection.execute(delete(sessions).where(sessions.c.person == self._person(officer))).rowcount

    def _person(self, officer: str) -> bytes:
        return self._cipher.tag("functionaris", officer)


def _hashed(session_id: str) -> bytes:
    return hashlib.sha256(session_id.encode()).digest()
