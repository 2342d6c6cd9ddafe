"""Erasure of a person, and the end of a retention period: the keys die, the tags and ciphertexts go, every proof stays.

Order: keys, rows, files, entry. If we die on the way the same call again does the rest; it finds less to destroy and
says so. The certificate comes last, so there is none for an erasure that did not happen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, Receipt
from sluis.core.receipt import receipt_text
from sluis.ledger.log import TransparencyLog
from sluis.ledger.model import raw

_FORGET = "UPDATE cell SET tag = NULL, ct = NULL WHERE tag = ?"


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


def erase_person(log: TransparencyLog, role: str, identifier: str, bucket: str | None, order: Order) -> Certificate:
    """Erase what the log says about a person, in one retention bucket or (None) in all.

    Raises `LedgerUnavailable` when a step could not be made durable; call it again then.
    """
    tag = log.parts.vault.tag(role, identifier)
    keys = log.parts.vault.erase(tag, bucket)
    # From here on nobody can read the cells, whatever becomes of the rows.
    only = " AND bucket = ?" if bucket is not None else ""
    cells = log.database.keeper.write([(_FORGET + only, (tag, bucket) if bucket is not None else (tag,))])
    log.database.keeper.purge()
    buckets = () if bucket is None else (bucket,)
    core: dict[str, Json] = {"ground": order.ground, "buckets": list(buckets), "keys": keys, "cells": cells}
    # The hash leads to the person for whoever holds the index key, so it stands in the approver's cell, not in the core.
    said: dict[str, Json] = {"approver": order.approver, "erased": sha256(tag).hexdigest()}
    receipt = log.append(_entry(Kind.ERASURE_EXECUTED, core, order, said))
    return Certificate(keys=keys, cells=cells, buckets=buckets, receipt=receipt)


def expire_bucket(log: TransparencyLog, bucket: str, order: Order) -> Certificate:
    """End a retention period: forget everybody in that bucket. Raises `LedgerUnavailable`; call it again then."""
    tags = log.reader.rows("SELECT DISTINCT tag FROM cell WHERE bucket = ? AND tag IS NOT NULL", (bucket,))
    keys = sum(log.parts.vault.erase(raw(tag), bucket) for (tag,) in tags)
    forget = "UPDATE cell SET tag = NULL, ct = NULL WHERE bucket = ? AND (tag IS NOT NULL OR ct IS NOT NULL)"
    cells = log.database.keeper.write([(forget, (bucket,))])
    log.database.keeper.purge()
    core: dict[str, Json] = {"ground": order.ground, "buckets": [bucket], "keys": keys, "cells": cells}
    receipt = log.append(_entry(Kind.RETENTION_EXPIRED, core, order, {"approver": order.approver}))
    return Certificate(keys=keys, cells=cells, buckets=(bucket,), receipt=receipt)


def _entry(kind: Kind, core: dict[str, Json], order: Order, said: dict[str, Json]) -> EntryDraft:
    cell = CellDraft(role="actor", identifier=order.approver, bucket=order.bucket, data=said)
    return EntryDraft(kind=kind, at=order.at, core=core, cells=(cell,))
