"""Erasing a person from the store, and sweeping out what has expired by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Update, delete, select, update

from sluis.store.answers import ERASED
from sluis.store.database import Database
from sluis.store.sealing import PayloadCipher, micros
from sluis.store.tables import (
    ABOUT_A_SUBJECT,
    answers,
    case_parties,
    cases,
    contributions,
    issuances,
    person_keys,
    replay,
    sessions,
)

SESSION_LIFE: Final = timedelta(days=1)
_A_DAY: Final = "____-__-__"
"""The bucket of an answer's key is the day on which it ends; everybody else's is a year or a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an erasure removed: how many rows, how many keys."""

    rows: int
    keys: int


class Erasure:
    """Removes persons and expired things from the database and its files."""

    def __init__(self, database: Database, cipher: PayloadCipher) -> None:
        self._database = database
        self._cipher = cipher

    def erase(self, subject: str) -> Erased:
        """Remove everything about that subject: keys, rows, and their traces in the files of the database.

        Can be repeated: if it dies between two steps, what is left cannot be read any more, and the next call removes it.
        """
        person = self._cipher.tag("subject", subject)
        # (1) the keys. From here nothing about him opens, in the store, the audit log or a backup of them.
        keys = self._cipher.erase(person, None)
        # (2) the rows, all or none.
        rows = 0
        with self._database.write() as connection:
            his = select(cases.c.id).where(cases.c.person == person)
            connection.execute(delete(case_parties).where(case_parties.c.case_id.in_(his)))
            for table in ABOUT_A_SUBJECT:
                rows += connection.execute(delete(table).where(table.c.person == person)).rowcount
            rows += connection.execute(_emptied(answers.c.person == person)).rowcount
            # Nobody knows yet whom an answer under way is about, and it may have been made of what was just removed: it goes
            # to who asked, and is not kept.
            connection.execute(_emptied(answers.c.payload.is_(None)))
        # (3) the bytes that the database leaves behind.
        self._database.scrub("person_keys", "case_parties", "answers", *(table.name for table in ABOUT_A_SUBJECT))
        return Erased(rows=rows, keys=keys)

    def running_in(self, bucket: str) -> int:
        """How many cases, and contributions to cases, are kept under the keys of that bucket: they would be lost with them."""
        of_cases = select(cases.c.id).where(cases.c.bucket == bucket)
        of_records = select(contributions.c.id).where(contributions.c.bucket == bucket, contributions.c.case_id.is_not(None))
        with self._database.read() as connection:
            return sum(len(connection.execute(one).all()) for one in (of_cases, of_records))

    def sweep(self, at: datetime) -> int:
        """Remove answers, used-once marks and token records that have ended, sessions of a day ago, and the keys of past days.

        Returns how many rows.
        """
        now, today = micros(at), at.astimezone(UTC).date().isoformat()
        doomed = (
            delete(person_keys).where(person_keys.c.bucket.like(_A_DAY), person_keys.c.bucket < today),
            delete(answers).where(answers.c.until <= now),
            delete(replay).where(replay.c.until <= now),
            delete(issuances).where(issuances.c.expires <= now),
            delete(sessions).where(sessions.c.last_seen <= micros(at - SESSION_LIFE)),
        )
        with self._database.write() as connection:
            return sum(connection.execute(statement).rowcount for statement in doomed)


def _emptied(which: ColumnElement[bool]) -> Update:
    """Nothing of the answer or its question stays but that the key was used: a repeat must not do the thing again."""
    return update(answers).where(which).values(payload=ERASED, person=None, fingerprint=b"")
