"""The records that providers deposited, sealed under the key of the person they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, insert, select, update

from sluis.core.errors import NotFound
from sluis.core.record import Contribution, Wanted
from sluis.store.database import Database
from sluis.store.payloads import contribution_plain, dumped, loaded, record_from
from sluis.store.sealing import PayloadCipher, bound, maybe_micros, maybe_moment, micros, moment, year
from sluis.store.statements import Query, columns
from sluis.store.tables import contributions


class _Row(NamedTuple):
    id: str
    person: bytes
    bucket: str
    provider: str
    case_id: str | None
    category_tag: bytes
    deposited: int
    withdrawn: int | None
    payload: bytes


_ALL: Final = select(*columns(contributions, _Row._fields))
_ABOUT: Final = _ALL.where(contributions.c.person == bindparam("person")).order_by(contributions.c.deposited, contributions.c.id)
_BY_ID: Final = Query(_Row, _ALL.where(contributions.c.id == bindparam("contribution_id")))
_EVERY: Final = Query(_Row, _ABOUT)
_RUNNING: Final = Query(
    _Row,
    _ABOUT.where(
        contributions.c.provider == bindparam("provider"),
        contributions.c.case_id.is_not_distinct_from(bindparam("case_id")),
        contributions.c.withdrawn.is_(None),
    ),
)


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
        changes = {
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
            connection.execute(insert(contributions).values(changes))

    def find(self, contribution_id: str) -> Contribution | None:
        """The contribution with that id, withdrawn or not; None when there is none or its person was erased."""
        row = self._database.row(_BY_ID, contribution_id=contribution_id)
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
        asked = {self._category(wanted.subject, name) for name in wanted.categories}
        rows = self._database.rows(_RUNNING, person=person, provider=wanted.provider, case_id=wanted.case)
        return self._opened(row for row in rows if row.category_tag in asked)

    def destroy(self, doomed: Sequence[Contribution]) -> None:
        """Remove these, from the files too; no error for one that is gone."""
        with self._database.write() as connection:
            connection.execute(delete(contributions).where(contributions.c.id.in_([one.id for one in doomed])))
        self._database.scrub("contributions")

    def about(self, subject: str) -> Sequence[Contribution]:
        """Everything deposited about that subject by anyone, withdrawn or not, oldest first."""
        return self._opened(self._database.rows(_EVERY, person=self._cipher.tag("subject", subject)))

    def _opened(self, rows: Iterable[_Row]) -> list[Contribution]:
        opened = ((row, self._cipher.open_one(row.person, row.bucket, row.payload, _aad(row))) for row in rows)
        return [kept for row, plain in opened if (kept := _contribution(row, plain)) is not None]

    def _category(self, subject: str, category: str) -> bytes:
        """Equal for equal person and category only: two persons with the same category cannot be told apart by it."""
        return self._cipher.tag("category", f"{subject}|{category}")


def _aad(row: _Row) -> bytes:
    return bound("contributions", row.id, row.person, row.provider, row.case_id, row.category_tag, row.deposited)


def _contribution(row: _Row, raw: bytes | None) -> Contribution | None:
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
