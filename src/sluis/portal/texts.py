"""The page of the released text, read again: the text with its markers, and for each passage that went why it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import ClassVar

from starlette.responses import Response

from sluis.core.entry import LoggedEntry
from sluis.core.verdict import Precision
from sluis.flows.audit import Aim
from sluis.flows.passages import Gone, ReadText, Why
from sluis.flows.rereading import ReadCategory, Reread, State, may_reread, reread
from sluis.portal import moments, reading
from sluis.portal.frame import Frame, frame_of
from sluis.portal.labels import labels_of
from sluis.portal.rendering import render
from sluis.portal.rows import entry_link
from sluis.portal.visit import AIM, Visit
from sluis.portal.words import named

_WHYS = {
    Why.KNOWN: "texts_why_known",
    Why.RULE: "texts_why_rule",
    Why.ELSEWHERE: "texts_why_elsewhere",
    Why.POLICY: "texts_why_policy",
    Why.PROOF: "texts_why_proof",
}
_TYPES = {
    "PER": "texts_type_person",
    "DOB": "texts_type_birth",
    "DATE": "texts_type_date",
    "AGE": "texts_type_age",
    "ADDR": "texts_type_address",
    "POSTCODE": "texts_type_postcode",
    "CITY": "texts_type_city",
    "ORG": "texts_type_organisation",
    "BSN": "texts_type_bsn",
    "PHONE": "texts_type_phone",
    "EMAIL": "texts_type_email",
    "URL": "texts_type_url",
    "HANDLE": "texts_type_handle",
    "IBAN": "texts_type_iban",
    "PLATE": "texts_type_plate",
    "VNR": "texts_type_vnr",
    "PARKET": "texts_type_parket",
    "CASE": "texts_type_case",
    "DOC": "texts_type_document",
    "PATNR": "texts_type_patient",
    "": "texts_type_whole",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the released text. `number` is that of the passage whose marker it is; 0: it left as it was written."""

    text: str = field(repr=False)
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneRow:
    """A passage that went: its number on the page, what stood there, what it was taken for, and why it went."""

    number: int
    original: str = field(repr=False)
    type: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    """One text: the name of its field, the day on which it was written, what left of it and what did not."""

    number: int
    name: str
    recorded: str
    pieces: tuple[Piece, ...] = field(repr=False)
    gone: tuple[GoneRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPart:
    """One released category. `note` says why there is no text."""

    id: str
    title: str
    precision: str
    note: str
    texts: tuple[TextPart, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsPage:
    """The released text. `stopped` is a heading and why nothing can be read; `notes` how this may differ from then."""

    template: ClassVar[str] = "texts.html"
    frame: Frame
    position: str
    recorded: str
    iso: str
    parties: str
    aim: str
    back: str
    stopped: tuple[str, ...]
    notes: tuple[str, ...]
    categories: tuple[CategoryPart, ...] = field(repr=False)


def texts(visit: Visit) -> Response:
    """The page of what a release let go; that its content is read is on record first. Raises `NotFound`, `NotAllowed`."""
    aim = visit.aim()
    return render(_page(reread(visit.officer, visit.parts.get("regel", ""), aim, visit.services), visit, aim))


def texts_link(entry: LoggedEntry, visit: Visit, aim: Aim) -> str:
    """The address of that page; empty for whoever may not see it, and when there is nobody to read about any more."""
    if reading.cell(entry, "subject") is None or not may_reread(visit.officer, entry, visit.services):
        return ""
    suffix = "" if aim is Aim.LAWFULNESS else f"?{AIM}={aim.value}"
    return visit.place.to(f"/logboek/{entry.entry_id}/tekst{suffix}")


def _page(read: Reread, visit: Visit, aim: Aim) -> TextsPage:
    labels, core = labels_of(visit), read.entry.core
    numbers, fields = count(1), count(1)
    names = [labels.organisation(reading.text(core, name)) for name in ("provider", "recipient")]
    return TextsPage(
        frame=frame_of(visit),
        position=visit.say["entry_position"].format(n=read.entry.index),
        recorded=moments.full(read.entry.recorded, visit.language),
        iso=moments.dutch(read.entry.recorded).isoformat(timespec="seconds"),
        parties=f" {visit.say['to']} ".join(name for name in names if name),
        aim=named(visit.language, "aim", aim.value),
        back=entry_link(read.entry.entry_id, visit, aim),
        stopped=_stopped(read.state, visit),
        notes=tuple(_notes(read, visit)) if read.state is State.READ else (),
        categories=tuple(
            CategoryPart(
                id=one.id,
                title=labels.category(one.id),
                precision=f"{one.precision.word}: {labels.precision(one.precision.word)}",
                note=_note(one, visit),
                texts=tuple(_text(text, next(fields), numbers, visit) for text in one.texts),
            )
            for one in read.categories
        ),
    )


def _stopped(state: State, visit: Visit) -> tuple[str, ...]:
    if state is State.ERASED:
        return (visit.say["entry_erased"], visit.say["texts_erased"])
    return (visit.say["texts_lost_title"], visit.say["texts_lost"]) if state is State.UNTRACEABLE else ()


def _notes(read: Reread, visit: Visit) -> Iterator[str]:
    """How what is shown may differ from what left, as far as can be told."""
    core, say = read.entry.core, visit.say
    then = reading.number(core, "texts_released") + reading.number(core, "texts_withheld")
    if then != read.texts:
        yield say["texts_counts_differ"].format(then=then, now=read.texts)
    if read.later:
        yield say["texts_later"].format(n=read.later)
    if reading.text(core, "redactor") != read.redactor:
        yield say["texts_other_redactor"].format(then=reading.text(core, "redactor"), now=read.redactor)


def _note(one: ReadCategory, visit: Visit) -> str:
    if one.precision <= Precision.BESTAAT:
        return visit.say["texts_only_exists"]
    if not one.records:
        return visit.say["texts_gone_since"]
    if one.partly:
        return visit.say["texts_partly"]
    return "" if one.texts else visit.say["texts_none"]


def _text(text: ReadText, number: int, numbers: Iterator[int], visit: Visit) -> TextPart:
    numbered = [(next(numbers), gone) for gone in text.gone]
    return TextPart(
        number=number,
        name=text.name.replace("-", " ").capitalize(),
        recorded=text.recorded.isoformat(),
        pieces=tuple(_pieces(text.shown, numbered)),
        gone=tuple(
            GoneRow(number=n, original=gone.original, type=_type(gone.type, visit), why=visit.say[_WHYS[gone.why]])
            for n, gone in numbered
        ),
    )


def _pieces(shown: str, numbered: Sequence[tuple[int, Gone]]) -> Iterator[Piece]:
    at = 0
    for number, gone in numbered:
        if at < gone.start:
            yield Piece(text=shown[at : gone.start])
        yield Piece(text=shown[gone.start : gone.end], number=number)
        at = gone.end
    if at < len(shown):
        yield Piece(text=shown[at:])


def _type(kind: str, visit: Visit) -> str:
    return visit.say[_TYPES.get(kind, "texts_type_number")]
