"""A warm handover: a talk in person with the minimum information, which the receiver takes over or declines (seed S3).

Laws of this file: until it was accepted nothing of it is released; it is answered once; without an answer it is late after the
time that the receiver's own domain has (`core/urgency.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class HandoverState(StrEnum):
    """Where a handover stands."""

    AANGEBODEN = "aangeboden"
    AANGENOMEN = "aangenomen"
    AFGEWEZEN = "afgewezen"


class Declined(StrEnum):
    """Why a receiver does not take over: a closed list, so that no words about the person travel with a no."""

    GEEN_RUIMTE = "geen-ruimte"
    NIET_ONZE_TAAK = "niet-onze-taak"
    AL_BETROKKEN = "al-betrokken"
    EERST_OVERLEG = "eerst-overleg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What makes an offer a handover: `talk` is the day of the talk, `role` who at the receiver, `due` when to have answered.

    `overdue` is when it went on record that the receiver had not.
    """

    talk: date
    role: str | None
    due: datetime
    state: HandoverState = HandoverState.AANGEBODEN
    answered: datetime | None = None
    declined: Declined | None = None
    overdue: datetime | None = None

    def late(self, at: datetime) -> bool:
        """Whether the receiver should have answered by that moment and has not."""
        return self.state is HandoverState.AANGEBODEN and self.due <= at
