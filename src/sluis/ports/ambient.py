"""Time and chance, as arguments."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...


class Ids(Protocol):
    """Chance, as an argument."""

    def public(self) -> str:
        """A random handle for a path: 192 bits, base64url, meaning nothing."""
        ...
