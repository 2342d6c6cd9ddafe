"""Which releases of a period an officer looks at by lot. Everybody who has the cores of the log can draw the same lots.

Laws of this file: the lots depend on a root of the log from after the period, the period, the scope and the ids of the releases,
and on nothing else; before that root existed nobody knew them; a larger sample holds the smaller one, so that drawing again
never loses a release (`docs/portal.md` has the derivation with the commands that redo it).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256

from sluis.core.errors import BadInput, Flaw

LABEL = "audit-sample/v1"
MOST = 300
"""More than this is not drawn at once: it would wait longer than it helps. No fault in 299 says at most about 1 in 100."""
_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_ALL = 100


class Unit(StrEnum):
    """What the size of a sample counts: per hundred of each stream, or releases of the whole period."""

    PERCENT = "procent"
    COUNT = "aantal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A calendar week (`2026-W10`) or month (`2026-03`): the days `first` to `last`, both included.

    Others cannot be chosen: with free limits one could try periods until the lots suit.
    """

    word: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is drawn: `number` percent of each stream, rounded up, or `number` releases."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        """The size as it goes on record: `10%` or `20`."""
        return f"{self.number}%" if self.unit is Unit.PERCENT else str(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A release that may be drawn. `stream`: who gives whom for what."""

    entry_id: str
    stream: tuple[str, ...]


def parse_period(word: str) -> Period:
    """The period of that word. Raises `BadInput` for anything but a calendar week or month."""
    try:
        if found := _WEEK.fullmatch(word):
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            return Period(word=word, first=monday, last=monday + timedelta(days=6))
        if found := _MONTH.fullmatch(word):
            first = date(int(found[1]), int(found[2]), 1)
            after = (first + timedelta(days=31)).replace(day=1)
            return Period(word=word, first=first, last=after - timedelta(days=1))
    except (ValueError, OverflowError):
        pass  # digits that name no week or month; told below
    raise BadInput(Flaw(where="periode", what="dit is geen week of maand", mend="kies uit de lijst"))


def parse_size(number: str, unit: str) -> Size:
    """The size that a form states. Raises `BadInput` beyond 1 to 100 percent or 1 to `MOST` releases."""
    kinds = {kind.value: kind for kind in Unit}
    most = _ALL if unit == Unit.PERCENT else MOST
    if unit not in kinds or not (number.isascii() and number.isdecimal() and len(number) <= 3) or not 1 <= int(number) <= most:  # noqa: PLR2004 - as many digits as `MOST` has
        raise BadInput(Flaw(where="omvang", what="deze omvang kan niet", mend=f"kies 1 tot 100 procent of 1 tot {MOST} stuks"))
    return Size(number=int(number), unit=kinds[unit])


def seed_of(root: bytes, period: Period, scope: str) -> str:
    """The seed, in hex: SHA-256 over `audit-sample/v1|ROOT IN HEX|PERIOD|SCOPE`."""
    return sha256(f"{LABEL}|{root.hex()}|{period.word}|{scope}".encode()).hexdigest()


def rank(seed: str, entry_id: str) -> str:
    """Where a release stands in the order of the lots: SHA-256 over `SEED IN HEX|ENTRY ID`; the lowest is drawn first."""
    return sha256(f"{seed}|{entry_id}".encode()).hexdigest()


def drawn(candidates: Iterable[Candidate], seed: str, size: Size) -> tuple[str, ...]:
    """The ids that the lots give, in their order. Of fewer releases than asked, all of them."""
    ordered = sorted(candidates, key=lambda one: rank(seed, one.entry_id))
    if size.unit is Unit.COUNT:
        return tuple(one.entry_id for one in ordered[: size.number])
    streams: dict[tuple[str, ...], int] = {}
    for one in ordered:
        streams[one.stream] = streams.get(one.stream, 0) + 1
    left = {stream: -(-count * size.number // _ALL) for stream, count in streams.items()}
    taken: list[str] = []
    for one in ordered:
        if left[one.stream]:
            left[one.stream] -= 1
            taken.append(one.entry_id)
    return tuple(taken)
