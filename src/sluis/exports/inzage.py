"""What a data subject gets: the disclosure register about him in plain Dutch, as JSON and as one accessible HTML page.

Laws of this file: nothing in it tells whether something was withheld: the sentence about that is the same for everybody; equal
lines of one day are one line with a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from sluis.core.books import Disclosed
from sluis.core.dutch_time import dutch
from sluis.core.entry import Json
from sluis.exports.frame import Frame

MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
PARTS = (
    "Een organisatie mag een deel van haar gegevens achterhouden als de wet dat toelaat. "
    "Of dat hier is gebeurd, staat niet in dit overzicht. U kunt het de contactpersoon vragen."
)
NAMES = (
    "Namen van medewerkers staan er niet in. Denkt u dat u een naam nodig hebt voor uw rechten? "
    "Vraag het dan; een functionaris beslist erover."
)
RIGHTS = (
    "Klopt er iets niet? Dan kunt u vragen het te verbeteren of te wissen, of bezwaar maken. "
    "U kunt ook een klacht indienen bij de Autoriteit Persoonsgegevens."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A line of the report. `times` says how often the same happened that day."""

    day: str
    source: str
    recipient: str
    why: str
    what: tuple[str, ...]
    ground: tuple[str, ...]
    conditions: tuple[str, ...]
    keep: tuple[str, ...]
    emergency: bool
    arrived: str
    users: tuple[str, ...] = field(default=(), repr=False)
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The whole report. `period` is in words, `mark` says who made it when."""

    lines: tuple[Given, ...]
    period: str
    made: str
    mark: str
    entry: str


_HTML = Environment(
    loader=PackageLoader("sluis.exports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def given_of(lines: Sequence[Disclosed], frame: Frame, users: Mapping[str, str]) -> tuple[Given, ...]:
    """The lines in words, newest first, equal ones of a day together."""
    counted: dict[Given, int] = {}
    for line in lines:
        told = _given(line, frame, users.get(line.entry_id, ""))
        counted[told] = counted.get(told, 0) + 1
    return tuple(replace(one, times=number) for one, number in counted.items())


def _given(line: Disclosed, frame: Frame, user: str) -> Given:
    what = (f"{frame.categories.get(name, name)} ({frame.precisions.get(step, step)})" for name, step in line.categories.items())
    return Given(
        day=day(line.at),
        source=frame.organisation(line.provider),
        recipient=frame.organisation(line.recipient),
        why=frame.purposes.get(line.purpose, line.purpose),
        what=tuple(what),
        ground=line.grounds,
        conditions=tuple(frame.duties.get(duty, duty) for duty in line.conditions),
        keep=tuple(dict.fromkeys(term for term in line.retention.values() if term)),
        emergency=line.emergency,
        arrived={True: "ja", False: "nee", None: "niet bevestigd"}[line.delivered],
        users=(user,) if user else (),
    )


def day(at: datetime) -> str:
    """The day in the Netherlands in words: `2 maart 2026`."""
    at = dutch(at)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def as_json(overview: Overview) -> dict[str, Json]:
    """The report for machines, with the same words."""
    return {
        "overzicht": "Wat is er over u gedeeld",
        "periode": overview.period,
        "gemaakt": overview.made,
        "kenmerk": overview.mark,
        "registratie": overview.entry,
        "verstrekkingen": [_line(one) for one in overview.lines],
        "achtergehouden": PARTS,
        "namen": NAMES,
        "rechten": RIGHTS,
    }


def _line(one: Given) -> Json:
    told: dict[str, Json] = {
        "datum": one.day,
        "aantal": one.times,
        "van": one.source,
        "aan": one.recipient,
        "waarom": one.why,
        "gegevens": list(one.what),
        "grondslag": list(one.ground),
        "voorwaarden": list(one.conditions),
        "bewaren": list(one.keep),
        "noodinzage": one.emergency,
        "aangekomen": one.arrived,
    }
    return {**told, "medewerkers": list(one.users)} if one.users else told


def as_html(overview: Overview) -> str:
    """The report as one page that needs nothing else; also what the PDF is made from."""
    page = _HTML.get_template("inzage.html")
    return page.render(overview=overview, parts=PARTS, names=NAMES, rights=RIGHTS)


def period_words(since: datetime | None, until: datetime | None) -> str:
    """The period in words."""
    first = f"vanaf {day(since)}" if since else "vanaf het begin van het logboek"
    return f"{first} tot {day(until)}" if until else f"{first} tot nu"


def overview_of(lines: Sequence[Given], period: str, at: datetime, mark: str, entry: str) -> Overview:
    """The report of these lines."""
    return Overview(lines=tuple(lines), period=period, made=f"{day(at)} om {dutch(at):%H:%M} uur", mark=mark, entry=entry)
