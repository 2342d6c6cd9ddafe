"""Evidence: a recorded consent, weighing, decision or promise, with whom and what it covers, until when.

A fact in a question only says that a valid object covers this provider, recipient, purpose and category now (`law.md` 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One recorded object. `value` False is a recorded no (a declined weighing, an objection that is not there).

    It covers `provider` (None: any, for facts that the provider is no witness of) giving to `recipients` for
    `purposes`, the `categories` it names (None: every category, only for
    facts that are not per category), in `case` (None: any), between `valid_from` and `valid_until`, until withdrawn.
    """

    id: str
    fact: str
    value: bool
    subject: str = field(repr=False)
    provider: str | None
    recipients: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str] | None
    case: str | None
    recorded_by: str
    user: str = field(repr=False)
    recorded: datetime
    valid_from: datetime
    valid_until: datetime | None
    withdrawn: datetime | None = None
    ground: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def valid(self, at: datetime) -> bool:
        """Whether it counts at that moment: begun, not ended, not withdrawn."""
        return (
            self.valid_from <= at
            and (self.valid_until is None or at < self.valid_until)
            and (self.withdrawn is None or at < self.withdrawn)
        )
