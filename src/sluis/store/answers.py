"""Idempotency: which POST was answered with what, sealed under a key of the partner and the day."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update

from sluis.core.errors import AlreadyUsed, WrongState
from sluis.ports.ambient import Clock
from sluis.store.database import Database
from sluis.store.sealing import PayloadCipher, bound, micros
from sluis.store.statements import Columns, insert_new
from sluis.store.tables import answers

LEASE: Final = timedelta(minutes=2)
"""How long a first may be under way. Whoever began it and died is overtaken afterwards by a repeat."""


class StoredAnswers:
    """`Answers` in the database."""

    def __init__(self, database: Database, cipher: PayloadCipher, clock: Clock) -> None:
        self._database = database
        self._cipher = cipher
        self._clock = clock

    def begin(self, partner: str, key: str, fingerprint: bytes, until: datetime) -> bytes | None:
        """None for the first, the kept answer for a repeat.

        Raises `AlreadyUsed` when the key came with another question, `WrongState` while the first is still under way.
        """
        owned = _owned(partner, key)
        now = self._clock.now()
        row: Columns = {
            "id": owned,
            "bucket": until.astimezone(UTC).date().isoformat(),
            "fingerprint": fingerprint,
            "begun": micros(now),
            "until": micros(until),
            "payload": None,
        }
        with self._database.write() as connection:
            _drop_dead(connection, owned, now)
            if insert_new(connection, answers, row):
                # If we die after this, a repeat finds it under way until `LEASE` has passed and then is the first itself.
                return None
            kept = connection.execute(
                select(answers.c.fingerprint, answers.c.bucket, answers.c.payload).where(answers.c.id == owned)
            ).one()
        if kept.fingerprint != fingerprint:
            raise AlreadyUsed("this key came with another question before")
        if kept.payload is None:
            raise WrongState("the first request with this key is still under way")
        answer = self._cipher.open_one(self._tag(partner), kept.bucket, kept.payload, bound("answers", owned))
        if answer is None:
            raise AlreadyUsed("the answer to this key has been erased")
        return answer

    def finish(self, partner: str, key: str, answer: bytes) -> None:
        """Keep the answer to the first; nothing happens when it was forgotten meanwhile or has an answer already."""
        owned = _owned(partner, key)
        with self._database.read() as connection:
            bucket = connection.execute(select(answers.c.bucket).where(answers.c.id == owned)).scalar()
        if bucket is None:
            return
        sealed = self._cipher.seal(self._tag(partner), bucket, answer, bound("answers", owned))
        with self._database.write() as connection:
            connection.execute(update(answers).where(answers.c.id == owned, answers.c.payload.is_(None)).values(payload=sealed))

    def abandon(self, partner: str, key: str) -> None:
        """Forget a first that came to nothing, so that it can be tried again; an answer that was given stays."""
        with self._database.write() as connection:
            connection.execute(delete(answers).where(answers.c.id == _owned(partner, key), answers.c.payload.is_(None)))

    def _tag(self, partner: str) -> bytes:
        return self._cipher.tag("antwoorden", partner)


def _drop_dead(connection: Connection, owned: bytes, now: datetime) -> None:
    """Remove what has expired, and a first whose maker must have died."""
    died = answers.c.payload.is_(None) & (answers.c.begun <= micros(now - LEASE))
    connection.execute(delete(answers).where(answers.c.id == owned, (answers.c.until <= micros(now)) | died))


def _owned(partner: str, key: str) -> bytes:
    return hashlib.sha256(bound("answers", partner, key)).digest()
