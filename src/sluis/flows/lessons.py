"""What a pilot has taught, in counts: how often its rule released, waited for a human, or stood in a refusal.

Laws of this file: it opens no cell and counts entries; no number from one to nine is told; a pilot is counted over its own days
and no others; that an officer has it counted is on record first, as any reading of the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sluis.core.books import words
from sluis.core.entry import Kind
from sluis.core.partner import Officer
from sluis.core.rules import Pilot, Rule
from sluis.core.timeliness import told
from sluis.flows.audit import Aim, browse_all
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

COUNTED = {
    Kind.RELEASE_AUTHORISED: "verstrekt",
    Kind.RELEASE_REFERRED: "voorgelegd",
    Kind.RELEASE_REFUSED: "geweigerd",
    Kind.RELEASE_OFFERED: "aangeboden",
}
"""What is counted, in words of the border."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A pilot with how often its rule was named, per outcome; None where that is one to nine."""

    rule: str
    title: str
    purpose: str
    pilot: Pilot
    counts: dict[str, int | None]


def lessons(officer: Officer, aim: Aim, services: Services) -> Sequence[Lesson]:
    """Every pilot of the set in force, running, past or to come, as far as this officer sees the log.

    Raises `NotAllowed` for a role that sees no content, `PolicyUnavailable` without a set.
    """
    return [
        _lesson(rule, rule.pilot, officer, aim, services) for rule in services.rules.current().pilots if rule.pilot is not None
    ]


def _lesson(rule: Rule, pilot: Pilot, officer: Officer, aim: Aim, services: Services) -> Lesson:
    query = LogQuery(kinds=tuple(COUNTED), purpose=rule.purpose, since=_start(pilot.since), until=_start(pilot.until), bare=True)
    found = browse_all(officer, query, aim, services)
    named = Counter(COUNTED[one.kind] for one in found if rule.id in words(one.core.get("rules")))
    counts = {word: told(named[word]) for word in COUNTED.values()}
    return Lesson(rule=rule.id, title=rule.title, purpose=rule.purpose, pilot=pilot, counts=counts)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
