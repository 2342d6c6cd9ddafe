"""That the person of a case is told that his data are processed, or why not yet (AVG 14, UAVG 41, BGS 1.3; seed S10).

Laws of this file: either he was told, or there is a ground from a closed list, an owner and a day on which that is looked at
again; a ground is never for ever; who was told was told, so after that nothing is put off any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

LONGEST = timedelta(days=183)
"""How far ahead the day may lie on which a ground is looked at again: half a year, a choice of the product."""


class Way(StrEnum):
    """How he was told."""

    BRIEF = "brief"
    GESPREK = "gesprek"
    VERTEGENWOORDIGER = "vertegenwoordiger"


class Ground(StrEnum):
    """Why he is not told yet: a closed list, so that no words about the person stand for a reason."""

    VEILIGHEID = "veiligheid"
    OPSPORING = "opsporing"
    OPENBARE_VEILIGHEID = "openbare-veiligheid"
    DOEL_IN_GEVAAR = "doel-in-gevaar"
    NIET_BEREIKBAAR = "niet-bereikbaar"


ARTICLES: Mapping[Ground, str] = MappingProxyType(
    {
        Ground.VEILIGHEID: "UAVG 41 lid 1 onder i",
        Ground.OPSPORING: "UAVG 41 lid 1 onder d",
        Ground.OPENBARE_VEILIGHEID: "UAVG 41 lid 1 onder c",
        Ground.DOEL_IN_GEVAAR: "AVG 14 lid 5 onder b",
        Ground.NIET_BEREIKBAAR: "AVG 14 lid 5 onder b",
    }
)
"""The article of each ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Informed:
    """He was told on that day, in that way, by that organisation. `words` is what was said of it, about him."""

    on: date
    way: Way
    by: str
    recorded: datetime
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postponed:
    """He is not told yet, on that ground; `owner` (an organisation of the case) looks at it again by the end of `review`."""

    ground: Ground
    owner: str
    review: date
    recorded: datetime
    words: str = field(default="", repr=False)


Informing = Informed | Postponed
"""What is on record of telling him."""
