"""Idempotency: which POST was answered with what, sealed under a key of the partner and the day."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from sluis.core.errors import AlreadyUsed, WrongState
from sluis.ports.ambient import Clock
from sluis.store.database import Database
from sluis.store.sealing import PayloadCipher, bound, micros
from sluis.store.statements import Query, columns, take
from sluis.store.tables import answers

LEASE: Final = timedelta(minutes=2)
"""How long a first may be under way. Whoever began it and died is overtaken afterwards by a repeat."""


class _Row(NamedTuple):
    bucket: str
    fingerprint: bytes
    payload: bytes | None


_FREE: Final = (answers.c.until <= bindparam("now")) | (answers.c.payload.is_(None) & (answers.c.begun <= bindparam("died")))
_TAKE: Final = take(answers, ("id", "bucket", "fingerprint", "begun", "until", "payload"), _FREE)
_KEPT: Final = Query(_Row, select(*columns(answers, _Row._fields)).where(answers.c.id == bindparam("owned")))


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
        owned, now = _owned(partner, key), self._clock.now()
        first = self._database.rows(
            _TAKE,
            id=owned,
            bucket=until.astimezone(UTC).date().isoformat(),
            fingerprint=fingerprint,
            begun=micros(now),
            until=micros(until),
            payload=None,
            now=micros(now),
            died=micros(now - LEASE),
        )
        # If we die after this, a repeat finds it under way until `LEASE` has passed and then is the first itself.
        return None if first else self._kept(partner, owned, fingerprint)

    def finish(self, partner: str, key: str, answer: bytes) -> None:
        """Keep the answer to the first; nothing happens when it was forgotten meanwhile or has an answer already."""
        owned = _owned(partner, key)
        kept = self._database.row(_KEPT, owned=owned)
        if kept is None or kept.payload is not None:
            return
        sealed = self._cipher.seal(self._tag(partner), kept.bucket, answer, bound("answers", owned))
        with self._database.write() as connection:
            connection.execute(update(answers).where(answers.c.id == owned, answers.c.payload.is_(None)).values(payload=sealed))

    def abandon(self, partner: str, key: str) -> None:
        """Forget a first that came to nothing, so that it can be tried again; an answer that was given stays."""
        with self._database.write() as connection:
            connection.execute(delete(answers).where(answers.c.id == _owned(partner, key), answers.c.payload.is_(None)))

    def _kept(self, partner: str, owned: bytes, fingerprint: bytes) -> bytes:
        kept = self._database.row(_KEPT, owned=owned)
        if kept is not None and kept.fingerprint != fingerprint:
            raise AlreadyUsed("this key came with another question before")
        if kept is None or kept.payload is None:
            raise WrongState("the first request with this key is still under way")
        answer = self._cipher.open_one(self._tag(partner), kept.bucket, kept.payload, bound("answers", owned))
        if answer is None:
            raise AlreadyUsed("the answer to this key has been erased")
        return answer

    def _tag(self, partner: str) -> bytes:
        return self._cipher.tag("antwoorden", partner)


def _owned(partner: str, key: str) -> bytes:
    return hashlib.sha256(bound("answers", partner, key)).digest()
