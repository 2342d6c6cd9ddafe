"""The partner organisations, in clear: nothing about them is personal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from sluis.core.partner import Partner, Profile
from sluis.store.database import Database
from sluis.store.sealing import maybe_micros, maybe_moment, micros, moment
from sluis.store.statements import Query, columns
from sluis.store.tables import partners


class _Row(NamedTuple):
    id: str
    client_id: str
    oin: str
    kind: str
    name: str
    profile: str
    keys: str
    certificates: str
    scopes: str
    active_from: int
    active_until: int | None


_ALL: Final = select(*columns(partners, _Row._fields))
_EVERY: Final = Query(_Row, _ALL)
_BY_ID: Final = Query(_Row, _ALL.where(partners.c.id == bindparam("partner_id")))
_BY_CLIENT: Final = Query(_Row, _ALL.where(partners.c.client_id == bindparam("client_id")))


class StoredPartners:
    """`PartnerDirectory` in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def by_client(self, client_id: str) -> Partner | None:
        """The partner with that client id, active or not; None when there is none."""
        row = self._database.row(_BY_CLIENT, client_id=client_id)
        return None if row is None else _partner(row)

    def by_id(self, partner_id: str) -> Partner | None:
        """The partner with that id, active or not; None when there is none."""
        row = self._database.row(_BY_ID, partner_id=partner_id)
        return None if row is None else _partner(row)

    def all(self) -> Sequence[Partner]:
        """Every partner, in order of id."""
        rows = self._database.rows(_EVERY)
        # Sorted here: the order of text in a database depends on its locale.
        return sorted(map(_partner, rows), key=lambda partner: partner.id)

    def save(self, partner: Partner) -> None:
        """Add or replace a partner, durably. Raises `WrongState` when its client id is another partner's."""
        changes = _columns(partner)
        with self._database.write(taken="this client id is another partner's") as connection:
            changed = connection.execute(update(partners).where(partners.c.id == partner.id).values(changes))
            if not changed.rowcount:
                connection.execute(insert(partners).values(changes))


def _columns(partner: Partner) -> dict[str, str | int | None]:
    return {
        "id": partner.id,
        "client_id": partner.client_id,
        "oin": partner.oin,
        "kind": partner.kind,
        "name": partner.name,
        "profile": partner.profile.value,
        "keys": json.dumps(dict(partner.keys)),
        "certificates": json.dumps(sorted(partner.certificates)),
        "scopes": json.dumps(sorted(partner.scopes)),
        "active_from": micros(partner.active_from),
        "active_until": maybe_micros(partner.active_until),
    }


@lru_cache(maxsize=256)
def _partner(row: _Row) -> Partner:
    """The partner of that row. The row was read a moment ago, so what is remembered is only what these very columns mean."""
    return Partner(
        id=row.id,
        oin=row.oin,
        kind=row.kind,
        name=row.name,
        client_id=row.client_id,
        profile=Profile(row.profile),
        keys=MappingProxyType(json.loads(row.keys)),
        certificates=frozenset(json.loads(row.certificates)),
        scopes=frozenset(json.loads(row.scopes)),
        active_from=moment(row.active_from),
        active_until=maybe_moment(row.active_until),
    )
