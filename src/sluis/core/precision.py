"""Cutting a field to the permitted precision.

Laws of this file: a form that cannot be derived with certainty is dropped, never guessed; a coarser step never says more
than a finer one; what a human must write (advice, a kind, a band of a score) leaves only as its holder wrote it; no value
of a field is ever part of an error. The operations are those of the vocabulary (`bewerkingen`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from sluis.core.record import FieldValue

AGE_BREAKS = (12, 16, 18, 23, 65)
"""Where age bands break: 12 and 16 (consent), 18 (majority), 23 (youth criminal law), 65."""
AMOUNT_BREAKS = (500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000)
"""Where bands of euros break."""
MINIMUM_INHABITANTS = 5_000
"""A postcode area with fewer inhabitants gives way to its municipality."""

Scalar = bool | int | str
"""A single value of a field."""

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
_POSTCODE = re.compile(r"\b([1-9]\d{3})\s?[A-Z]{2}\b", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What may leave of one field. `text` is True when the value is free text that still has to pass the redactor."""

    value: Scalar = field(repr=False)
    text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """What cutting needs to know besides the value: the day, the fixed lists of kinds, the inhabitants per postcode area.

    `kinds` maps `category.field` to the words a `soort` may be; `inhabitants` maps four digits to a number of people.
    """

    today: date
    kinds: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    inhabitants: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


def cut(value: FieldValue, operation: str, name: str, ladder: Ladder) -> Cut | None:
    """What `operation` leaves of the field `name` (`category.field`); None when it is dropped or cannot be derived.

    An unknown operation drops the field.
    """
    step = _STEPS.get(operation)
    if step is None or value is None:
        return None
    if isinstance(value, Mapping):
        written = value.get(operation)
        if written is not None and operation in _WRITTEN:
            return _as_written(written, operation, name, ladder)
        value = value.get("volledig", value.get("gelakt"))
        if value is None:
            return None
    return step(value, name, ladder)


def _as_written(written: str, operation: str, name: str, ladder: Ladder) -> Cut | None:
    if operation == "soort":
        return _kind(written, name, ladder)
    return Cut(value=written, text=operation in {"advies", "gelakt"})


def _dropped(_value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    return None


def _yes_no(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    return Cut(value="ja" if value and value != "nee" else "nee")


def _count(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    return Cut(value=value) if isinstance(value, int) and not isinstance(value, bool) else None


def _kind(value: Scalar, name: str, ladder: Ladder) -> Cut | None:
    return Cut(value=value) if isinstance(value, str) and value in ladder.kinds.get(name, frozenset()) else None


def _band(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        return None
    return Cut(value=_between(value, AMOUNT_BREAKS))


def _between(value: int, breaks: tuple[int, ...]) -> str:
    below = [b for b in breaks if b <= value]
    above = [b for b in breaks if value < b]
    return f"{below[-1] if below else 0}-{above[0] - 1}" if above else f"{below[-1]} en meer"


def _age_band(value: Scalar, _name: str, ladder: Ladder) -> Cut | None:
    age = _age(value, ladder.today)
    return None if age is None else Cut(value=_between(age, AGE_BREAKS))


def _age(value: Scalar, today: date) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    born = _date(value)
    if born is None or born > today:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _date(value: Scalar) -> date | None:
    match = _DATE.match(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def _initials(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    words = value.split() if isinstance(value, str) else []
    return Cut(value=" ".join(f"{word[0].upper()}." for word in words if word[0].isalpha())) if words else None


def _municipality(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    # An address ends in its place: `Dorpsstraat 1, 1234 AB Plaats`. Without a postcode before it nothing is certain.
    match = _POSTCODE.search(value) if isinstance(value, str) else None
    place = value[match.end() :].strip(" ,") if match and isinstance(value, str) else ""
    return Cut(value=place) if place and not any(c.isdigit() for c in place) else None


def _district(value: Scalar, name: str, ladder: Ladder) -> Cut | None:
    match = _POSTCODE.search(value) if isinstance(value, str) else None
    if match is None:
        return None
    if ladder.inhabitants.get(match[1], 0) < MINIMUM_INHABITANTS:
        return _municipality(value, name, ladder)
    return Cut(value=match[1])


def _year(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    day = _date(value)
    return None if day is None else Cut(value=f"{day.year:04d}")


def _month(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    day = _date(value)
    return None if day is None else Cut(value=f"{day.year:04d}-{day.month:02d}")


def _mask(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    digits = [c for c in value if c.isdigit()] if isinstance(value, str) else []
    return Cut(value="*" * 6 + "".join(digits[-3:])) if len(digits) == 9 else None  # noqa: PLR2004 - a BSN has nine digits


def _text(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    return Cut(value=value, text=True) if isinstance(value, str) else None


def _whole(value: Scalar, _name: str, _ladder: Ladder) -> Cut | None:
    return Cut(value=value)


_WRITTEN = frozenset({"soort", "klasse", "advies", "gelakt", "volledig"})
"""The operations of which a holder may write the form himself. The others are computed, or drop the field."""

_STEPS: Mapping[str, Callable[[Scalar, str, Ladder], Cut | None]] = MappingProxyType(
    {
        "weg": _dropped,
        "ja-nee": _yes_no,
        "aantal": _count,
        "soort": _kind,
        "klasse": _band,
        "leeftijdsgroep": _age_band,
        "initialen": _initials,
        "gemeente": _municipality,
        "jaar": _year,
        "masker": _mask,
        "maand": _month,
        "wijk": _district,
        "advies": _dropped,  # advice is written by its holder or does not exist
        "gelakt": _text,
        "volledig": _whole,
    }
)
OPERATIONS = frozenset(_STEPS)
"""Every operation that this file can carry out; a test holds it equal to the vocabulary."""
