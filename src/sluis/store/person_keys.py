"""The wrapped keys of persons, and the epoch under which new ones must be wrapped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import delete, select, update

from sluis.core.errors import WrongState
from sluis.store.database import Database
from sluis.store.statements import Columns, insert_new
from sluis.store.tables import key_epoch, person_keys

_ONE: Final = key_epoch.c.id == 1


class StoredPersonKeys:
    """What the key ring keeps: each method is one transaction, durable when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def epoch(self) -> int:
        """The epoch under which new keys must be wrapped; 0 before the first."""
        with self._database.read() as connection:
            epoch: int = connection.execute(select(key_epoch.c.epoch).where(_ONE)).scalar_one()
        return epoch

    def advance(self, epoch: int) -> None:
        """Make `epoch` the current one if the one before it is current; nothing happens otherwise."""
        with self._database.write() as connection:
            connection.execute(update(key_epoch).where(_ONE, key_epoch.c.epoch == epoch - 1).values(epoch=epoch))

    def get(self, tag: bytes, bucket: str) -> tuple[bytes, int] | None:
        """The wrapped key and its epoch; None when there is none."""
        query = select(person_keys.c.wrapped, person_keys.c.epoch).where(person_keys.c.tag == tag, person_keys.c.bucket == bucket)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else (row.wrapped, row.epoch)

    def of(self, tag: bytes) -> Mapping[str, tuple[bytes, int]]:
        """All keys of a person, by bucket."""
        query = select(person_keys.c.bucket, person_keys.c.wrapped, person_keys.c.epoch).where(person_keys.c.tag == tag)
        with self._database.read() as connection:
            return {row.bucket: (row.wrapped, row.epoch) for row in connection.execute(query)}

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
        query = select(person_keys.c.tag, person_keys.c.bucket, person_keys.c.wrapped, person_keys.c.epoch)
        with self._database.read() as connection:
            rows = connection.execute(query.where(person_keys.c.epoch < epoch).limit(limit)).all()
        return [(row.tag, row.bucket, row.wrapped, row.epoch) for row in rows]

    def delete(self, tag: bytes, bucket: str | None) -> int:
        """Destroy the keys of a person, of one bucket or of all; return how many there were."""
        doomed = delete(person_keys).where(person_keys.c.tag == tag)
        with self._database.write() as connection:
            return connection.execute(doomed if bucket is None else doomed.where(person_keys.c.bucket == bucket)).rowcount

    def delete_bucket(self, bucket: str) -> int:
        """Destroy the keys of everybody in that bucket; return how many there were."""
        with self._database.write() as connection:
            return connection.execute(delete(person_keys).where(person_keys.c.bucket == bucket)).rowcount
