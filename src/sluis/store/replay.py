"""What may be used once: kept as a hash, until it may be used again."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete

from sluis.ports.ambient import Clock
from sluis.store.database import Database
from sluis.store.sealing import bound, micros
from sluis.store.statements import Columns, insert_new
from sluis.store.tables import replay


class StoredReplay:
    """`Replay` in the database: the primary key decides between replicas."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def first_use(self, kind: str, owner: str, identifier: str, until: datetime) -> bool:
        """True exactly once for (kind, owner, identifier) until that moment, however many replicas ask at once."""
        used = hashlib.sha256(bound("replay", kind, owner, identifier)).digest()
        row: Columns = {"id": used, "until": micros(until)}
        with self._database.write() as connection:
            connection.execute(delete(replay).where(replay.c.id == used, replay.c.until <= micros(self._clock.now())))
            return insert_new(connection, replay, row)
