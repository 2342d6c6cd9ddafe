"""What the commands of `sluis policy` say of rules on trial."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sluis.core.explain import pilot_sentence
from sluis.core.rules import Pilot, Rulebook


def today() -> datetime:
    """This moment."""
    return datetime.now(UTC)  # noqa: TID251 - wiring.SystemClock would bring the database along


def pilot_lines(book: Rulebook, at: datetime) -> Iterator[str]:
    """A line for each pilot: whether it has begun, runs or is over, its days and its question."""
    for rule in book.pilots:
        if rule.pilot is not None:
            yield f"proef ({_state(rule.pilot, at)}): {pilot_sentence(rule.id, rule.pilot)}"


def _state(pilot: Pilot, at: datetime) -> str:
    if pilot.runs(at):
        return "loopt"
    return "voorbij" if at.date() >= pilot.until else "nog niet begonnen"


def pilots_changed(old: Rulebook, new: Rulebook) -> dict[str, tuple[str, str]]:
    """The rules that are on trial in one of two sets, with the days they have in each, where those differ."""
    before, after = _days(old), _days(new)
    kept = {rule.id for rule in old.rules} & {rule.id for rule in new.rules}
    return {
        name: (before.get(name, "altijd"), after.get(name, "altijd"))
        for name in sorted(kept)
        if before.get(name) != after.get(name)
    }


def _days(book: Rulebook) -> dict[str, str]:
    return {rule.id: f"{rule.pilot.since} tot {rule.pilot.until}" for rule in book.pilots if rule.pilot is not None}
