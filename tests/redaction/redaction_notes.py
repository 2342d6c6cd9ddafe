"""Reads annotated notes, and writes them in other ways with their annotation kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sluis.core.record import Known

HERE = Path(__file__).parent
IDENTIFYING = frozenset(
    [
        "PER",
        "DOB",
        "ADDR",
        "POSTCODE",
        "BSN",
        "PHONE",
        "EMAIL",
        "URL",
        "HANDLE",
        "IBAN",
        "PLATE",
        "VNR",
        "PARKET",
        "CASE",
        "DOC",
        "PATNR",
        "ID",
    ]
)
NUMBERS = frozenset(["DOB", "POSTCODE", "BSN", "PHONE", "EMAIL", "IBAN", "VNR", "PARKET", "CASE", "DOC"])
TITLES = frozenset(
    [
        "dhr",
        "mevr",
        "mevrouw",
        "meneer",
        "mw",
        "mr",
        "drs",
        "dr",
        "ir",
        "ing",
        "prof",
        "heer",
        "fam",
        "familie",
        "juf",
        "meester",
        "tante",
        "oom",
        "opa",
        "oma",
        "collega",
        "verbalisant",
        "verbs",
        "colls",
        "bgt",
        "sr",
        "jr",
        "arts",
        "ass",
        "nr",
        "jaar",
        "jarige",
        "jarig",
        "wkn",
        "te",
        "v",
        "d",
    ],
)
_SPAN = re.compile(r"\[\[(~?)([A-Z]+):")
_SEGMENT = re.compile(r"\{\{([A-Z](?:,[A-Z])*)\|")
_TOKEN = re.compile("[^\\W_](?:[\u200b\u00ad\u0300-\u036f]*[^\\W_])*")


@dataclass(frozen=True)
class Gold:
    """An annotated span."""

    start: int
    end: int
    type: str
    optional: bool = False


@dataclass(frozen=True)
class Note:
    """An annotated note with what its case file knows."""

    id: str
    text: str
    spans: tuple[Gold, ...]
    cats: tuple[tuple[int, int, frozenset[str]], ...]
    known: tuple[Known, ...]


def notes(name: str) -> list[Note]:
    """The notes of a file in this folder."""
    found: list[Note] = []
    for block in (HERE / name).read_text(encoding="utf-8").split("\n### ")[1:]:
        head, *lines = block.splitlines()
        known: list[Known] = []
        body = []
        for line in lines:
            if line.startswith("known:"):
                pairs = [part.strip().partition("=") for part in line[6:].split(";") if "=" in part]
                known += [Known(type=kind, value=value) for kind, _, value in pairs]
            else:
                body.append(line)
        text, spans, cats = _parse("\n".join(body).strip())
        found.append(Note(head.split()[0], text, tuple(spans), tuple(cats), tuple(known)))
    return found


def _parse(body: str) -> tuple[str, list[Gold], list[tuple[int, int, frozenset[str]]]]:
    plain: list[str] = []
    open_marks: list[tuple[str, str, int, bool]] = []
    spans: list[Gold] = []
    cats: list[tuple[int, int, frozenset[str]]] = []
    at = 0
    while at < len(body):
        if mark := _SPAN.match(body, at):
            open_marks.append(("span", mark.group(2), len(plain), bool(mark.group(1))))
            at = mark.end()
        elif mark := _SEGMENT.match(body, at):
            open_marks.append(("cat", mark.group(1), len(plain), False))
            at = mark.end()
        elif body[at : at + 2] in ("]]", "}}") and open_marks:
            what, kind, start, optional = open_marks.pop()
            if what == "span":
                spans.append(Gold(start, len(plain), kind, optional))
            else:
                cats.append((start, len(plain), frozenset(kind.split(","))))
            at += 2
        else:
            plain.append(body[at])
            at += 1
    return "".join(plain), spans, cats


def rewritten(note: Note, how: Callable[[int, str, str], str]) -> Note:
    """The note with each character replaced by `how(place, character, whole text)`, its spans moved along."""
    at = [0]
    out: list[str] = []
    for place, character in enumerate(note.text):
        out.append(how(place, character, note.text))
        at.append(at[-1] + len(out[-1]))
    spans = tuple(replace(g, start=at[g.start], end=at[g.end]) for g in note.spans)
    return replace(note, text="".join(out), spans=spans)


def tokens(note: Note, gold: Gold) -> Iterator[tuple[int, int]]:
    """The word tokens of a span that count; invisible characters are no part of any."""
    found = [m.span() for m in _TOKEN.finditer(note.text, gold.start, gold.end) if _visible(m.group()) not in TITLES]
    yield from found or [(gold.start, gold.end)]


def _visible(token: str) -> str:
    return re.sub("[\u200b\u00ad]", "", token).lower()


def leaks(note: Note, spans: list[tuple[int, int, str]], types: frozenset[str] = IDENTIFYING) -> list[str]:
    """The required spans of these types of which a token is not covered."""
    covered = bytearray(len(note.text))
    for start, end, _ in spans:
        covered[start:end] = b"\1" * (end - start)
    return [
        f"{note.id} {gold.type} {note.text[gold.start : gold.end]!r}"
        for gold in note.spans
        if not gold.optional and gold.type in types and not all(all(covered[s:e]) for s, e in tokens(note, gold))
    ]


def bare(character: str) -> str:
    """A character without its accent; one character."""
    return unicodedata.normalize("NFD", character)[0]


def upper(character: str) -> str:
    """The capital of a character when that is one character."""
    return character.upper() if len(character.upper()) == 1 else character
