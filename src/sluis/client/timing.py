"""The product's calls about time and people: how timely humans judge, which of one's own roles nobody fills."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from sluis.client.asks import Ask, read_as
from sluis.client.heard import Heard


class TimelyRow(Heard):
    """How timely a provider judges for a purpose, urgent or not. None: fewer than ten, or a number that would tell of so few."""

    provider: str = Field(alias="verstrekker")
    purpose: str = Field(alias="doel")
    urgent: bool = Field(alias="spoed")
    due_words: str = Field(alias="antwoordBinnen")
    judged: int | None = Field(alias="beoordeeld")
    in_time: int | None = Field(alias="opTijd")
    median: str | None = Field(alias="mediaan")
    p90: str | None
    waiting: int | None = Field(alias="wacht")
    late: int | None = Field(alias="teLaat")


class Timeliness(Heard):
    """A calendar quarter (UTC): of what one's own organisation judged, and of what it asked or was offered."""

    quarter: str = Field(alias="kwartaal")
    since: date = Field(alias="vanDatum")
    until: date = Field(alias="totEnMetDatum")
    as_provider: tuple[TimelyRow, ...] = Field(alias="alsVerstrekker")
    as_requester: tuple[TimelyRow, ...] = Field(alias="alsVrager")


class EmptyRole(Heard):
    """A role that nobody fills (`now`), or that nobody will fill in thirty days. `role` None: nobody at all may act."""

    role: str | None = Field(alias="rol")
    now: bool = Field(alias="nuLeeg")
    until: datetime | None = Field(alias="vervuldTotTijdstip")


class Staffing(Heard):
    """One's own empty roles, and how many requests wait for one's own people."""

    empty: tuple[EmptyRole, ...] = Field(alias="legeRollen")
    waiting: int = Field(alias="wacht")


def timeliness(quarter: str = "") -> Ask[Timeliness]:
    """The figures of a quarter (`2026-K4`); of this one when none is named."""
    params = {"kwartaal": quarter} if quarter else {}
    return Ask(method="GET", path="/v1/tijdigheid", params=params, read=read_as(Timeliness))


def staffing() -> Ask[Staffing]:
    """Which of one's own roles nobody fills, or will fill soon."""
    return Ask(method="GET", path="/v1/bezetting", read=read_as(Staffing))
