"""A partner reads its own releases: as recipient or as provider, and nobody else's (the FSC rule).

Laws of this file: what is not yours does not exist; the register shows categories and conditions, never content.
"""

from __future__ import annotations

from collections.abc import Sequence

from sluis.core.entry import Kind, LoggedEntry, Receipt
from sluis.core.errors import NotFound
from sluis.core.partner import Partner
from sluis.ports.log import LogQuery
from sluis.ports.services import Services


def own_releases(partner: Partner, *, before: int | None, limit: int, services: Services) -> Sequence[LoggedEntry]:
    """The releases in which that partner received or provided, newest first, a page at a time."""
    return services.ledger.entries(LogQuery(kinds=(Kind.RELEASE_AUTHORISED,), party=partner.oin, before=before, limit=limit))


def own_release(entry_id: str, partner: Partner, services: Services) -> tuple[LoggedEntry, Receipt]:
    """One release and its receipt against the newest checkpoint. Raises `NotFound` unless that partner took part in it."""
    entry = services.ledger.entry(entry_id)
    parties = {entry.core.get("provider"), entry.core.get("recipient")}
    if entry.kind is not Kind.RELEASE_AUTHORISED or partner.oin not in parties:
        raise NotFound("no such release")
    return entry, services.ledger.receipt(entry_id)
