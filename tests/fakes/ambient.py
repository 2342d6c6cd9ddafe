"""Time and chance that a test decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


class CountedIds:
    """Handles of 32 characters in a row: `id-1…`, never twice the same."""

    def __init__(self) -> None:
        self.given = 0

    def public(self) -> str:
        self.given += 1
        return f"id-{self.given}".ljust(32, "x")
