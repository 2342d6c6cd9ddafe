"""Moments as a Dutch reader sees them, and the days he fills in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from sluis.core.dutch_time import dutch
from sluis.core.errors import BadInput, Flaw

__all__ = ["clock", "day", "dutch", "full", "on", "parse_day", "short", "span", "start_of"]

_DAYS = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def clock(at: datetime) -> str:
    """Hours and minutes: `14:05`."""
    return dutch(at).strftime("%H:%M")


def day(at: datetime, language: str) -> str:
    """The day in words: `maandag 2 mrt 2026`."""
    local = dutch(at)
    return f"{_DAYS[language][local.weekday()]} {local.day} {_MONTHS[language][local.month - 1]} {local.year}"


def on(when: date, language: str) -> str:
    """A day by its number: `2 mrt 2026`."""
    return f"{when.day} {_MONTHS[language][when.month - 1]} {when.year}"


def span(first: date, last: date, language: str) -> str:
    """The days from the first to the last, what they share said once: `23 t/m 29 mrt 2026`."""
    joint = {"nl": "t/m", "en": "to"}[language]
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {_MONTHS[language][first.month - 1]}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day}{month}{year} {joint} {on(last, language)}"


def full(at: datetime, language: str) -> str:
    """Day, time to the second, and time zone: `maandag 2 mrt 2026, 14:05:09 CET`."""
    return f"{day(at, language)}, {dutch(at):%H:%M:%S %Z}"


def short(at: datetime, language: str) -> str:
    """Day and month with the time: `2 mrt 14:05`."""
    local = dutch(at)
    return f"{local.day} {_MONTHS[language][local.month - 1]} {local:%H:%M}"


def start_of(on: date) -> datetime:
    """Midnight in the Netherlands at the start of that day."""
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    # The clock changes at night: what holds at noon the day before held at midnight.
    offset = dutch(noon - timedelta(days=1)).utcoffset()
    return datetime(on.year, on.month, on.day, tzinfo=timezone(offset or timedelta()))


def parse_day(text: str, where: str) -> date | None:
    """The day of a date field, `2026-03-02`; None when it is empty. Raises `BadInput`."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(Flaw(where=where, what="dit is geen datum", mend="schrijf jjjj-mm-dd")) from None
