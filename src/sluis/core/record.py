"""The data that Sluis cuts and redacts: records of one category, what a case file knows, a text as it may leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FieldValue = None | bool | int | str | Mapping[str, str]
"""A value; or the forms its holder wrote of it, by operation of the vocabulary: `{advies: …, gelakt: …}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of one category at a provider. Its repr shows no value.

    `prepared` is what the redactor found in its texts when they came in; without it the texts are read again at each release.
    """

    category: str
    provider: str
    recorded: datetime
    fields: Mapping[str, FieldValue] = field(repr=False)
    prepared: tuple[str, ...] = field(default=(), repr=False)


TEXT_FORMS = ("advies", "gelakt")
"""The written forms of a field that are free text."""


def texts_of(fields: Mapping[str, FieldValue]) -> tuple[str, ...]:
    """Every value of these fields that may leave as free text: written forms that are text, and plain texts of several words."""
    found: list[str] = []
    for value in fields.values():
        if isinstance(value, Mapping):
            found += [value[form] for form in TEXT_FORMS if form in value]
        elif isinstance(value, str) and " " in value:
            found.append(value)
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What to fetch: about whom (an opaque subject id), from which organisation, for which case, which categories.

    `recipient` is the organisation that will get it: a plan gives each its own actions.
    """

    subject: str = field(repr=False)
    provider: str
    case: str | None
    categories: tuple[str, ...]
    recipient: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Something the case file knows and no reader may see: its type (`PER`, `BSN`, `ADDR`, …), its value, its role if any."""

    type: str
    value: str = field(repr=False)
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedText:
    """A text as it may leave. `withheld`: nothing of it may; `marks` are (start, end, type) of the markers in `text`."""

    text: str = field(repr=False)
    withheld: bool
    marks: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """A record that a provider deposited, for one case or (`case` None) from its own file. It stays the provider's.

    `withdrawn` is when the provider took it back.
    """

    id: str
    provider: str
    subject: str = field(repr=False)
    case: str | None
    record: Record
    deposited: datetime
    withdrawn: datetime | None = None
