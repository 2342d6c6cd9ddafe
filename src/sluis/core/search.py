"""A search of the register that an officer keeps under a name of his own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A filter under a name. The name is free text and may hold anything, so it is kept as if it were about a person.

    `words` are codes of organisations, purposes and kinds and days, never a person (decision 0063); `officer` is the subject
    of the one who keeps it, and nobody else sees it.
    """

    id: str
    officer: str = field(repr=False)
    name: str = field(repr=False)
    words: Mapping[str, str] = field(repr=False)
    saved: datetime
