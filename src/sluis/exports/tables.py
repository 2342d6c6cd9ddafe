"""CSV for Dutch spreadsheets: UTF-8 with BOM, `;`, every cell quoted, and no cell that a spreadsheet would calculate."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from sluis.core.books import Actor, Event, Person
from sluis.exports.frame import KINDS, Frame, moment

BOM = "\ufeff"
COLUMNS = (
    "regel",
    "id",
    "vastgelegd",
    "gebeurtenis",
    "besluit",
    "verstrekker",
    "verstrekker_oin",
    "ontvanger",
    "ontvanger_oin",
    "doel",
    "verwerking",
    "gegevens",
    "niet_verstrekt",
    "voorgelegd",
    "persoon",
    "rol_persoon",
    "gewist",
    "casus",
    "gebruiker",
    "rol",
    "spoed",
    "noodinzage",
    "geheimhouding",
    "beleid",
    "regels",
    "plichten",
    "bundel",
    "gaat_over",
)  # fmt: skip - a list
_FORMULA = "=+-@\t\r\n|%＝＋－＠"
_NOBODY, _NO_ACTOR = Person(), Actor()


def csv_lines(events: Iterable[Event], frame: Frame) -> Iterator[str]:
    """The file in pieces: the head, then one row per person of each event."""
    yield BOM + row(COLUMNS)
    for event in events:
        for _, person in event.each():
            yield row(_cells(event, person or _NOBODY, frame))


def row(cells: Iterable[str]) -> str:
    """One row, each cell quoted and safe."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return out.getvalue()


def safe(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would read as a formula, also after spaces."""
    plain = cell.replace("\0", "")
    starts = (plain[:1], plain.lstrip()[:1])
    return f"'{plain}" if any(start and start in _FORMULA for start in starts) else plain


def _cells(event: Event, person: Person, frame: Frame) -> tuple[str, ...]:
    actor = event.actor or _NO_ACTOR
    provider, recipient = event.text("provider"), event.text("recipient")
    erased = "beide" if person.erased and actor.erased else "persoon" if person.erased else "gebruiker" if actor.erased else ""
    return (
        str(event.index),
        event.entry_id,
        moment(event.recorded),
        KINDS[event.kind],
        event.text("decision"),
        frame.organisation(provider),
        provider,
        frame.organisation(recipient),
        recipient,
        event.text("purpose"),
        event.text("processing"),
        _pairs(person.released),
        _pairs(person.refused),
        _pairs(person.referred),
        person.pseudonym,
        person.person,
        erased,
        person.case,
        actor.user,
        actor.role,
        _yes(event.flag("urgent")),
        _yes(event.flag("emergency")),
        event.withheld,
        event.text("policy"),
        ", ".join(event.texts("rules")),
        ", ".join(event.texts("duties")),
        event.text("bundle"),
        event.text("about"),
    )  # fmt: skip - in the order of the columns


def _pairs(told: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {word}" for name, word in told.items())


def _yes(flag: bool) -> str:  # noqa: FBT001 - it words a flag
    return "ja" if flag else "nee"
