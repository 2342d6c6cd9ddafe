"""What may be used once: kept as a hash, until it may be used again."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam

from sluis.ports.ambient import Clock
from sluis.store.database import Database
from sluis.store.sealing import bound, micros
from sluis.store.statements import take
from sluis.store.tables import replay

_TAKE: Final = take(replay, ("id", "until"), replay.c.until <= bindparam("now"))


class StoredReplay:
    """`Replay` in the database: the primary key decides between replicas."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def first_use(self, kind: str, owner: str, identifier: str, until: datetime) -> bool:
        """True exactly once for (kind, owner, identifier) until that moment, however many replicas ask at once."""
        used = hashlib.sha256(bound("replay", kind, owner, identifier)).digest()
        return bool(self._database.rows(_TAKE, id=used, until=micros(until), now=micros(self._clock.now())))
