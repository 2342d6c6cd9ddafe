"""An entry on one line of a list: when, what, between whom, for what, what to notice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sluis.core.entry import Kind, LoggedEntry
from sluis.flows.audit import Aim
from sluis.flows.review import FLAGGED, SAMPLE
from sluis.portal import moments, reading
from sluis.portal.labels import Labels
from sluis.portal.visit import AIM, Visit
from sluis.portal.words import named

SHOWN = 3
"""How many categories a line names before it says how many more there are."""

TONES = {
    Kind.RELEASE_AUTHORISED: "released",
    Kind.RELEASE_REFUSED: "refused",
    Kind.RELEASE_REFERRED: "waiting",
    Kind.RELEASE_OFFERED: "waiting",
    Kind.JUDGEMENT_OVERDUE: "alarm",
    Kind.CASEWORK_OVERDUE: "alarm",
    Kind.EMERGENCY_DECLARED: "alarm",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something to notice, in words and a tone; the tone never says what the words do not."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line. `iso` is the moment for machines."""

    href: str
    iso: str
    clock: str
    kind: Mark
    provider: str
    recipient: str
    purpose: str
    what: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The lines of one day."""

    title: str
    rows: tuple[Row, ...]


def days_of(entries: Sequence[LoggedEntry], visit: Visit, labels: Labels, aim: Aim) -> tuple[Day, ...]:
    """The entries as lines, in their order, gathered by day."""
    grouped = groupby(entries, key=lambda entry: moments.day(entry.recorded, visit.language))
    return tuple(Day(title=title, rows=tuple(row_of(entry, visit, labels, aim) for entry in group)) for title, group in grouped)


def row_of(entry: LoggedEntry, visit: Visit, labels: Labels, aim: Aim) -> Row:
    """One entry as a line."""
    core = entry.core
    return Row(
        href=entry_link(entry.entry_id, visit, aim),
        iso=moments.dutch(entry.recorded).isoformat(timespec="seconds"),
        clock=moments.clock(entry.recorded),
        kind=kind_mark(entry, visit),
        provider=labels.organisation(reading.text(core, "provider")),
        recipient=labels.organisation(reading.text(core, "recipient")),
        purpose=labels.purpose(reading.text(core, "purpose")),
        what=_what(entry, visit, labels),
        marks=tuple(_marks(entry, visit)),
    )


def entry_link(entry_id: str, visit: Visit, aim: Aim) -> str:
    """The address of the page of an entry. The aim travels along unless it is the usual one."""
    suffix = "" if aim is Aim.LAWFULNESS else f"?{AIM}={aim.value}"
    return visit.place.to(f"/logboek/{entry_id}{suffix}")


def kind_mark(entry: LoggedEntry, visit: Visit) -> Mark:
    """What kind of entry it is."""
    return Mark(text=named(visit.language, "kind", entry.kind.value), tone=TONES.get(entry.kind, "plain"))


def _marks(entry: LoggedEntry, visit: Visit) -> Iterable[Mark]:
    core, say = entry.core, visit.say
    if reading.flag(core, "emergency") and entry.kind is not Kind.EMERGENCY_DECLARED:
        yield Mark(text=say["mark_emergency"], tone="alarm")
    if reading.flag(core, "urgent"):
        yield Mark(text=say["mark_urgent"], tone="waiting")
    if reading.number(core, "texts_withheld"):
        yield Mark(text=say["mark_withheld_texts"], tone="plain")
    if reading.cell(entry, "subject") is None:
        yield Mark(text=say["mark_erased"], tone="plain")
    if verdict := reading.text(core, "verdict"):
        yield Mark(text=named(visit.language, "verdict", verdict), tone="alarm" if verdict == "onrechtmatig" else "plain")
    why = reading.text(core, "review")
    if why and entry.kind is not Kind.EMERGENCY_DECLARED:
        yield Mark(text=named(visit.language, "review", why), tone="alarm" if why not in {SAMPLE, FLAGGED} else "waiting")


def _what(entry: LoggedEntry, visit: Visit, labels: Labels) -> str:
    """What was released; when nothing was, what was asked; when the person was erased, how many."""
    cell = reading.cell(entry, "subject")
    if cell is None:
        return _counted(entry, visit)
    given = list(reading.table(cell, "released")) or list(reading.words(reading.table(cell, "question").get("gegevens")))
    given = given or list(reading.words(cell.get("asked")))
    titles = [labels.category(name) for name in given]
    if not titles:
        return _counted(entry, visit)
    more = visit.say["and_more"].format(n=len(titles) - SHOWN) if len(titles) > SHOWN else ""
    return ", ".join(titles[:SHOWN]) + (f" {more}" if more else "")


def _counted(entry: LoggedEntry, visit: Visit) -> str:
    counts = reading.table(entry.core, "counts")
    released, asked = (reading.number(counts, name) for name in ("released", "asked"))
    return visit.say["counted"].format(released=released, asked=asked) if counts else ""
