"""How often a partner may call: a token bucket for each, in the memory of this process.

With several replicas a partner gets the limit at each of them; the limit protects a process, it is not a contract.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from sluis.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Whether a call may go on, and what is left. `wait` is whole seconds until one more call is possible."""

    allowed: bool
    limit: int
    window: int
    remaining: int
    wait: int

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the IETF draft, and `Retry-After` when the answer is 429."""
        said = {
            "RateLimit-Policy": f'"partner";q={self.limit};w={self.window}',
            "RateLimit": f'"partner";r={self.remaining};t={self.wait}',
        }
        return said if self.allowed else said | {"Retry-After": str(self.wait)}

    @property
    def wire_headers(self) -> Sequence[tuple[bytes, bytes]]:
        """The same, as they go out."""
        return [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]


class Rates:
    """At most `limit` calls in a burst, refilled evenly over `per`. Ask with ids that we know, so that the rows stay few."""

    def __init__(self, limit: int, per: timedelta, clock: Clock) -> None:
        self.limit = limit
        self.per = per
        self.clock = clock
        self._rows: dict[str, tuple[float, datetime]] = {}
        self._lock = Lock()

    def take(self, owner: str) -> Allowance:
        """One call of that owner."""
        now = self.clock.now()
        pace = self.limit / self.per.total_seconds()
        with self._lock:
            left, at = self._rows.get(owner, (float(self.limit), now))
            left = min(float(self.limit), left + max(0.0, (now - at).total_seconds()) * pace)
            allowed = left >= 1
            left -= 1 if allowed else 0
            self._rows[owner] = (left, now)
        wait = 0 if left >= 1 else math.ceil((1 - left) / pace)
        return Allowance(allowed=allowed, limit=self.limit, window=int(self.per.total_seconds()), remaining=int(left), wait=wait)
