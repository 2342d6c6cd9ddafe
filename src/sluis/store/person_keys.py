"""The wrapped keys of persons, and the epoch under which new ones must be wrapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from sluis.core.errors import StoreUnavailable, WrongState
from sluis.store.database import Database
from sluis.store.statements import Columns, Query, columns, insert_new
from sluis.store.tables import key_epoch, person_keys


class _Epoch(NamedTuple):
    epoch: int


class _Row(NamedTuple):
    tag: bytes
    bucket: str
    wrapped: bytes
    epoch: int


_ONE: Final = key_epoch.c.id == 1
_EPOCH: Final = Query(_Epoch, select(key_epoch.c.epoch).where(_ONE))
_ALL: Final = select(*columns(person_keys, _Row._fields))
_OF: Final = _ALL.where(person_keys.c.tag == bindparam("tag"))
_EVERY: Final = Query(_Row, _OF)
_GET: Final = Query(_Row, _OF.where(person_keys.c.bucket == bindparam("bucket")))
_OLDER: Final = Query(_Row, _ALL.where(person_keys.c.epoch < bindparam("epoch")).limit(bindparam("most")))


class StoredPersonKeys:
    """What the key ring keeps: each method is one transaction, durable when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def epoch(self) -> int:
        """The epoch under which new keys must be wrapped; 0 before the first."""
        row = self._database.row(_EPOCH)
        if row is None:
            raise StoreUnavailable("the database has lost the epoch of its keys")
        return row.epoch

    def advance(self, epoch: int) -> None:
        """Make `epoch` the current one if the one before it is current; nothing happens otherwise."""
        with self._database.write() as connection:
            connection.execute(update(key_epoch).where(_ONE, key_epoch.c.epoch == epoch - 1).values(epoch=epoch))

    def get(self, tag: bytes, bucket: str) -> tuple[bytes, int] | None:
        """The wrapped key and its epoch; None when there is none."""
        row = self._database.row(_GET, tag=tag, bucket=bucket)
        return None if row is None else (row.wrapped, row.epoch)

    def of(self, tag: bytes) -> Mapping[str, tuple[bytes, int]]:
        """All keys of a person, by bucket."""
        return {row.bucket: (row.wrapped, row.epoch) for row in self._database.rows(_EVERY, tag=tag)}

    def put_if_absent(self, tag: bytes, bucket: str, wrapped: bytes, epoch: int) -> tuple[bytes, int]:
        """The key that is kept after this: the given one, or the one that was there first.

        Raises `WrongState` when `epoch` is not the current one: a rotation that went on could miss this key.
        """
        row: Columns = {"tag": tag, "bucket": bucket, "wrapped": wrapped, "epoch": epoch}
        mine = (person_keys.c.tag == tag) & (person_keys.c.bucket == bucket)
        with self._database.write() as connection:
            # The row of the epoch is locked until COMMIT, so `advance` comes wholly before this or wholly after it.
            if connection.execute(select(key_epoch.c.epoch).where(_ONE).with_for_update(read=True)).scalar_one() != epoch:
                raise WrongState("the key-encryption key was rotated meanwhile")
            insert_new(connection, person_keys, row)
            kept = connection.execute(select(person_keys.c.wrapped, person_keys.c.epoch).where(mine)).one()
        return kept.wrapped, kept.epoch

    def rewrap(self, tag: bytes, bucket: str, wrapped: bytes, epoch: int) -> None:
        """Replace the wrapping of a key; nothing happens when it was destroyed meanwhile."""
        older = (person_keys.c.tag == tag) & (person_keys.c.bucket == bucket) & (person_keys.c.epoch < epoch)
        with self._database.write() as connection:
            connection.execute(update(person_keys).where(older).values(wrapped=wrapped, epoch=epoch))

    def older_than(self, epoch: int, limit: int) -> Sequence[tuple[bytes, str, bytes, int]]:
        """At most `limit` keys (tag, bucket, wrapped, epoch) of earlier epochs."""
        return self._database.rows(_OLDER, epoch=epoch, most=limit)

    def delete(self, tag: bytes, bucket: str | None) -> int:
        """Destroy the keys of a person, of one bucket or of all; return how many there were."""
        doomed = delete(person_keys).where(person_keys.c.tag == tag)
        with self._database.write() as connection:
            return connection.execute(doomed if bucket is None else doomed.where(person_keys.c.bucket == bucket)).rowcount

    def delete_bucket(self, bucket: str) -> int:
        """Destroy the keys of everybody in that bucket; return how many there were."""
        with self._database.write() as connection:
            return connection.execute(delete(person_keys).where(person_keys.c.bucket == bucket)).rowcount
