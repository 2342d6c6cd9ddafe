"""A request as a partner puts it, before it has become a question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sluis.core.handover import Handover


class RequestStatus(StrEnum):
    """Where a request stands. `beslist`: every human has judged, the requester may collect."""

    VOORGELEGD = "voorgelegd"
    BESLIST = "beslist"
    VERSTREKT = "verstrekt"
    GEWEIGERD = "geweigerd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`requester` asks `provider` (organisation ids) for `categories` about `subject` (a blind index), for `purpose`.

    `caller` is who put it: the requester (`opvraag`) or the provider (`aanbod`). `motivation` says per category why it is
    needed; `statements` are the facts that the caller declares (who may declare what: `core/facts.py`); `emergency` is the
    ground of an emergency disclosure in words. `user` and `role` are what the caller says of its own employee;
    `trace` (W3C) and `transaction` (FSC) are the caller's marks for this call.
    """

    id: str
    at: datetime
    caller: str
    user: str = field(repr=False)
    role: str
    purpose: str
    direction: str
    requester: str
    provider: str
    subject: str = field(repr=False)
    person: str
    case: str | None
    categories: tuple[str, ...]
    motivation: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    statements: Mapping[str, bool] = field(default_factory=lambda: MappingProxyType({}))
    urgent: bool = False
    emergency: str | None = field(default=None, repr=False)
    trace: str = field(default="", repr=False)
    transaction: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A request in the books: its status, the log entry of its last decision, and whom it waits for, per category.

    `due` is when the provider should have judged; `escalated` when it went on record that nobody had. `handover` is there
    when it is an offer that the recipient accepts before he collects it.
    """

    request: Request
    status: RequestStatus
    entry_id: str
    waits_for: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    due: datetime | None = None
    escalated: datetime | None = None
    handover: Handover | None = None
    version: int = 0

    def late(self, at: datetime) -> bool:
        """Whether a human should have judged it by that moment and has not."""
        return self.status is RequestStatus.VOORGELEGD and self.due is not None and self.due <= at
