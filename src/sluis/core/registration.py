"""What the log says of a partner's registration: everything that decides who gets in, and nothing about a person.

Law of this file: two registrations that let in others, through other doors or at other moments read differently here.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from sluis.core.entry import Json
from sluis.core.partner import Partner

_MEMBERS: Mapping[object, tuple[str, ...]] = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y")}
"""What RFC 7638 counts of a key, by its kind."""


def registration_of(partner: Partner) -> Mapping[str, Json]:
    """The registration as the log has it: keys by RFC 7638 thumbprint, certificates by fingerprint, moments in UTC."""
    return {
        "oin": partner.oin,
        "client_id": partner.client_id,
        "soort": partner.kind,
        "profile": partner.profile.value,
        "keys": thumbprints(partner.keys),
        "certificates": sorted(partner.certificates),
        "scopes": sorted(partner.scopes),
        "active_from": _moment(partner.active_from),
        "active_until": None if partner.active_until is None else _moment(partner.active_until),
    }


def thumbprints(keys: Mapping[str, object]) -> list[str]:
    """The RFC 7638 thumbprints (SHA-256) of a key set, sorted; of an entry that is no key we know, the hash of all of it."""
    entries = keys.get("keys")
    return sorted(_thumbprint(entry) for entry in entries) if isinstance(entries, list) else []


def _thumbprint(entry: object) -> str:
    counted = entry
    if isinstance(entry, dict) and (members := _MEMBERS.get(entry.get("kty"))):
        counted = {name: entry.get(name) for name in members}
    said = json.dumps(counted, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(hashlib.sha256(said.encode("utf-8")).digest()).rstrip(b"=").decode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
