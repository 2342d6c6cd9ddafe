"""Erasure of a person, and the end of a retention period: the keys die, the tags and ciphertexts go, every proof stays.

Order: keys, rows, files, entry. If we die on the way the same call again does the rest; it finds less to destroy and
says so. The certificate comes last, so there is none for an erasure that did not happen.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, Receipt
from sluis.core.receipt import receipt_text
from sluis.ledger.log import TransparencyLog
from sluis.ledger.model import Keeper, Reader, raw

_FORGET = "UPDATE cell SET tag = NULL, ct = NULL WHERE tag = ?"
_FORGET_ALL = "UPDATE cell SET tag = NULL, ct = NULL WHERE bucket = ? AND (tag IS NOT NULL OR ct IS NOT NULL)"
_WHO = "SELECT DISTINCT tag FROM cell WHERE bucket = ? AND tag IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Why something is erased: the legal ground, who approved it, and the moment of the approval."""

    ground: str
    approver: str = field(repr=False)
    at: datetime

    @property
    def bucket(self) -> str:
        """The retention bucket of what the log says about the approver."""
        return f"{self.at.year}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """What was destroyed, and the proof that it is on record."""

    keys: int
    cells: int
    buckets: tuple[str, ...]
    receipt: Receipt

    def __str__(self) -> str:
        """The certificate as a file: a line of JSON, an empty line, and the `.tlog-proof` of its entry."""
        said = {"keys": self.keys, "cells": self.cells, "buckets": list(self.buckets), "entry": self.receipt.entry_id}
        return json.dumps(said) + "\n\n" + receipt_text(self.receipt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom to forget: the role and identifier of the cells, and one retention bucket or (None) all of them."""

    role: str
    identifier: str = field(repr=False)
    bucket: str | None = None


def erase_person(log: TransparencyLog, person: Person, order: Order, retired: Sequence[Keeper] = ()) -> Certificate:
    """Erase what the log, and the retired logs beside it, say about a person.

    Raises `LedgerUnavailable` when a step could not be made durable; call it again then.
    """
    tag, bucket = log.parts.vault.tag(person.role, person.identifier), person.bucket
    keys = log.parts.vault.erase(tag, bucket)
    # From here on nobody can read the cells, whatever becomes of the rows.
    only = " AND bucket = ?" if bucket is not None else ""
    args = (tag,) if bucket is None else (tag, bucket)
    cells = _forget((log.database.keeper, *retired), _FORGET + only, args)
    buckets = () if bucket is None else (bucket,)
    core: dict[str, Json] = {"ground": order.ground, "buckets": list(buckets), "keys": keys, "cells": cells}
    # The hash leads to the person for whoever holds the index key, so it stands in the approver's cell, not in the core.
    said: dict[str, Json] = {"approver": order.approver, "erased": sha256(tag).hexdigest()}
    receipt = log.append(_entry(Kind.ERASURE_EXECUTED, core, order, said))
    return Certificate(keys=keys, cells=cells, buckets=buckets, receipt=receipt)


def expire_bucket(log: TransparencyLog, bucket: str, order: Order, retired: Sequence[tuple[Reader, Keeper]] = ()) -> Certificate:
    """End a retention period: forget everybody in that bucket, in this log and in the retired ones beside it.

    A bucket is a year, and so is a log: it is mostly a retired one that has the cells. Raises `LedgerUnavailable`; call it
    again then.
    """
    all_years = ((log.reader, log.database.keeper), *retired)
    tags = {raw(tag) for reader, _ in all_years for (tag,) in reader.rows(_WHO, (bucket,))}
    keys = sum(log.parts.vault.erase(tag, bucket) for tag in sorted(tags))
    cells = _forget([keeper for _, keeper in all_years], _FORGET_ALL, (bucket,))
    core: dict[str, Json] = {"ground": order.ground, "buckets": [bucket], "keys": keys, "cells": cells}
    receipt = log.append(_entry(Kind.RETENTION_EXPIRED, core, order, {"approver": order.approver}))
    return Certificate(keys=keys, cells=cells, buckets=(bucket,), receipt=receipt)


def _forget(keepers: Sequence[Keeper], change: str, args: Sequence[object]) -> int:
    """Empty the cells and purge the files, log by log; how many cells that were."""
    cells = 0
    for keeper in keepers:
        cells += keeper.write([(change, args)])
        keeper.purge()
    return cells


def _entry(kind: Kind, core: dict[str, Json], order: Order, said: dict[str, Json]) -> EntryDraft:
    cell = CellDraft(role="actor", identifier=order.approver, bucket=order.bucket, data=said)
    return EntryDraft(kind=kind, at=order.at, core=core, cells=(cell,))
