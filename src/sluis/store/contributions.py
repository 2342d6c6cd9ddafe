"""The records that providers deposited, sealed under the key of the person they are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, insert, select, update

from sluis.core.errors import NotFound
from sluis.core.record import Contribution, Wanted
from sluis.store.database import Database
from sluis.store.payloads import contribution_plain, dumped, loaded, record_from
from sluis.store.sealing import PayloadCipher, bound, maybe_micros, maybe_moment, micros, moment, year
from sluis.store.tables import contributions

_OLDEST_FIRST = (contributions.c.deposited, contributions.c.id)


class StoredContributions:
    """`Contributions` in the database."""

    def __init__(self, database: Database, cipher: PayloadCipher) -> None:
        self._database = database
        self._cipher = cipher

    def deposit(self, contribution: Contribution) -> None:
        """Keep it, durably. Raises `WrongState` when one with its id is kept already."""
        person = self._cipher.tag("subject", contribution.subject)
        category = self._category(contribution.subject, contribution.record.category)
        bucket, deposited = year(contribution.deposited), micros(contribution.deposited)
        aad = bound("contributions", contribution.id, person, contribution.provider, contribution.case, category, deposited)
        columns = {
            "id": contribution.id,
            "person": person,
            "bucket": bucket,
            "provider": contribution.provider,
            "case_id": contribution.case,
            "category_tag": category,
            "deposited": deposited,
            "withdrawn": maybe_micros(contribution.withdrawn),
            "payload": self._cipher.seal(person, bucket, dumped(contribution_plain(contribution)), aad),
        }
        with self._database.write(taken="a contribution with this id is kept already") as connection:
            connection.execute(insert(contributions).values(columns))

    def find(self, contribution_id: str) -> Contribution | None:
        """The contribution with that id, withdrawn or not; None when there is none or its person was erased."""
        with self._database.read() as connection:
            row = connection.execute(select(contributions).where(contributions.c.id == contribution_id)).first()
        if row is None:
            return None
        return _contribution(row, self._cipher.open_one(row.person, row.bucket, row.payload, _aad(row)))

    def withdraw(self, contribution_id: str, at: datetime) -> None:
        """Take it back: it is never fetched again. The first withdrawal counts. Raises `NotFound`."""
        with self._database.write() as connection:
            mine = contributions.c.id == contribution_id
            first = update(contributions).where(mine, contributions.c.withdrawn.is_(None)).values(withdrawn=micros(at))
            if (
                not connection.execute(first).rowcount
                and connection.execute(select(contributions.c.id).where(mine)).first() is None
            ):
                raise NotFound("no such contribution")

    def matching(self, wanted: Wanted) -> Sequence[Contribution]:
        """What that provider deposited of these categories about that subject, for that case or (`case` None) for none.

        Withdrawn ones and those whose key was destroyed are not among them. Oldest first. Nothing of another category is
        opened.
        """
        person = self._cipher.tag("subject", wanted.subject)
        query = select(contributions).where(
            contributions.c.person == person,
            contributions.c.provider == wanted.provider,
            contributions.c.case_id.is_(None) if wanted.case is None else contributions.c.case_id == wanted.case,
            contributions.c.category_tag.in_([self._category(wanted.subject, name) for name in wanted.categories]),
            contributions.c.withdrawn.is_(None),
        )
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(*_OLDEST_FIRST)).all()
        opened = ((row, self._cipher.open_one(person, row.bucket, row.payload, _aad(row))) for row in rows)
        return [kept for row, plain in opened if (kept := _contribution(row, plain)) is not None]

    def about(self, subject: str) -> Sequence[Contribution]:
        """Everything deposited about that subject by anyone, withdrawn or not, oldest first."""
        person = self._cipher.tag("subject", subject)
        with self._database.read() as connection:
            rows = connection.execute(
                select(contributions).where(contributions.c.person == person).order_by(*_OLDEST_FIRST)
            ).all()
        opened = ((row, self._cipher.open_one(person, row.bucket, row.payload, _aad(row))) for row in rows)
        return [kept for row, plain in opened if (kept := _contribution(row, plain)) is not None]

    def _category(self, subject: str, category: str) -> bytes:
        """Equal for equal person and category only: two persons with the same category cannot be told apart by it."""
        return self._cipher.tag("category", f"{subject}|{category}")


def _aad(row: Row[tuple[object, ...]]) -> bytes:
    return bound("contributions", row.id, row.person, row.provider, row.case_id, row.category_tag, row.deposited)


def _contribution(row: Row[tuple[object, ...]], raw: bytes | None) -> Contribution | None:
    if raw is None:
        return None
    plain = loaded(raw)
    return Contribution(
        id=row.id,
        provider=row.provider,
        subject=plain["subject"],
        case=row.case_id,
        record=record_from(plain),
        deposited=moment(row.deposited),
        withdrawn=maybe_moment(row.withdrawn),
    )
