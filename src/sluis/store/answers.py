"""Idempotency: which POST was answered with what, for a day.

Laws of this file: an answer about a person is sealed under that person's key and found by his tag, so that erasing him erases
it; any other under a key of the partner and the day. What an erasure took is never given and never done again.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from sluis.core.errors import AlreadyUsed, WrongState
from sluis.ports.ambient import Clock
from sluis.store.database import Database
from sluis.store.sealing import PayloadCipher, bound, micros, year
from sluis.store.statements import Query, columns, take
from sluis.store.tables import answers

ERASED: Final = b""
"""The payload of an answer whose person was erased."""
LEASE: Final = timedelta(minutes=2)
"""How long a first may be under way. Whoever began it and died is overtaken afterwards by a repeat."""


class _Row(NamedTuple):
    person: bytes | None
    bucket: str
    fingerprint: bytes
    payload: bytes | None


_FREE: Final = (answers.c.until <= bindparam("now")) | (answers.c.payload.is_(None) & (answers.c.begun <= bindparam("died")))
_TAKE: Final = take(answers, ("id", "person", "bucket", "fingerprint", "begun", "until", "payload"), _FREE)
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
            person=None,
            bucket=until.astimezone(UTC).date().isoformat(),
            fingerprint=self._fingerprint(fingerprint),
            begun=micros(now),
            until=micros(until),
            payload=None,
            now=micros(now),
            died=micros(now - LEASE),
        )
        # If we die after this, a repeat finds it under way until `LEASE` has passed and then is the first itself.
        return None if first else self._kept(partner, owned, fingerprint)

    def finish(self, partner: str, key: str, answer: bytes, *, about: str = "") -> None:
        """Keep the answer to the first; nothing happens when it was forgotten or erased meanwhile or has an answer already."""
        owned = _owned(partner, key)
        kept = self._database.row(_KEPT, owned=owned)
        if kept is None or kept.payload is not None:
            return
        person = self._cipher.tag("subject", about) if about else None
        bucket = year(self._clock.now()) if about else kept.bucket
        sealed = self._cipher.seal(person or self._of_partner(partner), bucket, answer, _bound(owned, person))
        # Whoever erases somebody between these lines has ended what is under way, so that this finds nothing to fill in.
        filled = update(answers).where(answers.c.id == owned, answers.c.payload.is_(None))
        with self._database.write() as connection:
            connection.execute(filled.values(person=person, bucket=bucket, payload=sealed))

    def abandon(self, partner: str, key: str) -> None:
        """Forget a first that came to nothing, so that it can be tried again; an answer that was given stays."""
        with self._database.write() as connection:
            connection.execute(delete(answers).where(answers.c.id == _owned(partner, key), answers.c.payload.is_(None)))

    def _kept(self, partner: str, owned: bytes, fingerprint: bytes) -> bytes:
        kept = self._database.row(_KEPT, owned=owned)
        if kept is not None and kept.payload == ERASED:
            raise AlreadyUsed("the answer to this key has been erased")
        if kept is not None and kept.fingerprint != self._fingerprint(fingerprint):
            raise AlreadyUsed("this key came with another question before")
        if kept is None or kept.payload is None:
            raise WrongState("the first request with this key is still under way")
        tag = kept.person or self._of_partner(partner)
        answer = self._cipher.open_one(tag, kept.bucket, kept.payload, _bound(owned, kept.person))
        if answer is None:
            raise AlreadyUsed("the answer to this key has been erased")
        return answer

    def _of_partner(self, partner: str) -> bytes:
        return self._cipher.tag("antwoorden", partner)

    def _fingerprint(self, given: bytes) -> bytes:
        # Keyed: the body names a person, and a bare hash of it would let whoever has the file try numbers.
        return self._cipher.tag("vraag", given.hex())


def _owned(partner: str, key: str) -> bytes:
    return hashlib.sha256(bound("answers", partner, key)).digest()


def _bound(owned: bytes, person: bytes | None) -> bytes:
    return bound("answers", owned) if person is None else bound("answers", owned, person)
