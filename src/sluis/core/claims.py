"""What a person asks under AVG 16 to 18 and 21, until when he is answered, and what stays meanwhile.

Laws of this file: a claim is read from the log and from nowhere else; an objection or a restriction holds from the moment it was
made until a human rejects it or, once granted, ends it; what is held leaves for no purpose that rests on AVG 6(1)(e) or (f), and
every other purpose is untouched: a vital interest is no ground to object to (AVG 21(1)).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from sluis.core.books import text, words
from sluis.core.entry import Json, Kind, LoggedEntry
from sluis.core.evidence import Evidence
from sluis.core.question import CONTESTED, Facts, Truth
from sluis.core.request import Request

OBJECTION = "bezwaar-betrokkene"
"""The fact of the vocabulary: while somebody objects to everything, his consent counts no more (decision 0012)."""


class Right(StrEnum):
    """What a person can ask beside access."""

    RECTIFICATIE = "rectificatie"
    WISSING = "wissing"
    BEPERKING = "beperking"
    BEZWAAR = "bezwaar"


ARTICLES: Mapping[Right, str] = MappingProxyType(
    {
        Right.RECTIFICATIE: "AVG 16",
        Right.WISSING: "AVG 17",
        Right.BEPERKING: "AVG 18",
        Right.BEZWAAR: "AVG 21",
    }
)
HOLDING = frozenset({Right.BEPERKING, Right.BEZWAAR})
"""What keeps data where they are until a human has weighed (AVG 18(1)(d), 21(1))."""
CLAIMS = (Kind.RIGHT_INVOKED, Kind.RIGHT_ANSWERED, Kind.RIGHT_ENDED)
"""The kinds that say what became of a claim."""
Owners = Mapping[str, frozenset[str]]
"""Per category, the organisations that brought it into a joint case."""
_OBJECTABLE = re.compile(r"6 lid 1 onder (?:[a-d] of )?[ef]\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of a person on the part of `participant` (OIN): on these categories, empty for all it has of him.

    `granted` is None until it was answered. `received` is the day on which he asked, `due` the last day for the answer.
    """

    id: str
    right: Right
    participant: str
    received: date
    due: date
    recorded: datetime
    categories: frozenset[str] = field(default=frozenset(), repr=False)
    owner: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    answered: datetime | None = None
    granted: bool | None = None
    ended: datetime | None = None

    @property
    def holds(self) -> bool:
        """Whether the data stay where they are."""
        return self.right in HOLDING and self.granted is not False and self.ended is None

    def late(self, today: date) -> bool:
        """Whether the answer should have been given."""
        return self.answered is None and today > self.due


def answer_by(received: date) -> date:
    """One month after it was received (AVG 12(3)); where the month has no such day, its last one."""
    year, month = received.year + received.month // 12, received.month % 12 + 1
    return date(year, month, min(received.day, calendar.monthrange(year, month)[1]))


def claims_of(entries: Iterable[LoggedEntry]) -> tuple[Claim, ...]:
    """The claims in these entries, oldest first, with what became of each."""
    found: dict[str, Claim] = {}
    for entry in sorted((one for one in entries if one.kind in CLAIMS), key=lambda one: one.index):
        about = text(entry.core, "about")
        if entry.kind is Kind.RIGHT_INVOKED:
            found[entry.entry_id] = _claim(entry)
        elif about in found:
            found[about] = _after(found[about], entry)
    return tuple(found.values())


def _claim(entry: LoggedEntry) -> Claim:
    said, acted = _cell(entry, "subject"), _cell(entry, "actor")
    return Claim(
        id=entry.entry_id,
        right=Right(text(entry.core, "right")),
        participant=text(entry.core, "provider"),
        received=date.fromisoformat(text(entry.core, "received")),
        due=date.fromisoformat(text(entry.core, "due")),
        recorded=entry.recorded,
        categories=frozenset(words(said.get("categories"))),
        owner=text(acted, "owner"),
        subject=text(said, "subject"),
    )


def _after(claim: Claim, entry: LoggedEntry) -> Claim:
    if entry.kind is Kind.RIGHT_ENDED:
        return replace(claim, ended=claim.ended or entry.recorded)
    if claim.answered is not None:
        return claim
    return replace(claim, answered=entry.recorded, granted=entry.core.get("granted") is True)


def _cell(entry: LoggedEntry, role: str) -> Mapping[str, Json]:
    return next((data for kept, data in entry.cells if kept == role and data is not None), {})


def objectable(grounds: Sequence[str]) -> bool:
    """Whether one can object to what rests on these articles: a task of public interest, or a legitimate interest."""
    return any(_OBJECTABLE.match(ground) for ground in grounds)


def contested(evidence: Sequence[Evidence], request: Request, grounds: Sequence[str], owners: Owners, at: datetime) -> Facts:
    """What the claims that hold at that moment add to the facts of the question; nothing when none does.

    `grounds` are the articles of the purpose, `owners` the organisations beside the provider whose data a category is.
    """
    if not objectable(grounds):
        return {}
    held = [one for one in evidence if one.fact == CONTESTED and one.value and one.valid(at)]
    stays = frozenset(
        category
        for category in request.categories
        for one in held
        if one.provider in {request.provider, *owners.get(category, ())}
        and (one.categories is None or category in one.categories)
    )
    if not stays:
        return {}
    objected = [one for one in held if one.categories is None and one.ground.get("recht") == Right.BEZWAAR]
    whole = any(one.provider == request.provider for one in objected)
    return {CONTESTED: stays} | ({OBJECTION: Truth.WAAR} if whole else {})
