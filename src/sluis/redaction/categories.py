"""Special categories in text: which sentences speak of health, addiction, crime, origin, belief, sexual life, politics.

Law of this file: a label may only be raised by it. Where a note comes from decides first (`docs/redaction.md`); this finds
what the provenance does not say. Negation clears nothing. A hit marks the whole sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from importlib import resources
from typing import NamedTuple

import ahocorasick

from sluis.redaction.fold import fold, read

CODES = {"gezondheid": "H", "verslaving": "A", "strafbaar": "C", "afkomst": "E", "geloof": "R", "seksueel": "S", "politiek": "P"}
_WORD_LISTS = (("medicines", "H"), ("eponyms", "H"), ("tests", "H"))
_DRUGS_FROM = "cocaine"
_NOT_LETTER = re.compile(r"[^a-z0-9]")
_END = re.compile(r"[.!?]+[)\"']*(?=\s)|\n+")
_LAST_WORD, _LONGEST = re.compile(r"[^\W_]+$"), 20
_LINKS = re.compile(
    r"[\"'(]|(?:hij|zij|ze|dit|dat|deze|die|daarna|daarbij|ook|sindsdien|hiervoor|daarvoor|verd|so|het ging|"
    r"toen|volgens|hierbij|daarom|"
    r"zegt|zei|was|destijds|eerder|nu|nog|wil|wilde|is|heeft|had|deed|kan|kon|moet|moest|mag|mocht|weet|wist|vindt|ligt|loopt|"
    r"neemt|krijgt|kreeg|geen|niet|wel|meer|weer|steeds|soms|vaak|al|twee|drie|een van|volgens|vroeger|inmiddels|verder|bij)\b"
)
_SHORT = 4


class Passage(NamedTuple):
    """A passage that holds a category: offsets in the text as written, and the code."""

    start: int
    end: int
    code: str


@cache
def _automaton() -> ahocorasick.Automaton:
    """Every stem of every list: ` stem` at the start of a word, ` word ` whole, `part` anywhere."""
    codes: dict[str, set[str]] = {}
    root = resources.files("sluis.redaction") / "data"
    for name, code in CODES.items():
        for entry in _entries((root / "categories" / f"{name}.txt").read_text(encoding="utf-8")):
            codes.setdefault(_pattern(entry), set()).add(code)
    for name, code in _WORD_LISTS:
        text = (root / "allow" / f"{name}.txt").read_text(encoding="utf-8")
        harmful = text.split(f"\n{_DRUGS_FROM} ", maxsplit=1)[0]
        for entry in _entries(harmful):
            if len(entry) >= _SHORT:
                codes.setdefault(_pattern("=" + entry), set()).add(code)
    built = ahocorasick.Automaton()
    for pattern, found in codes.items():
        built.add_word(pattern, "".join(sorted(found)))
    built.make_automaton()
    return built


@cache
def _abbreviations() -> frozenset[str]:
    """Words after which a full stop ends no sentence."""
    allow = resources.files("sluis.redaction") / "data" / "allow"
    return frozenset(
        word for name in ("abbreviations", "titles") for word in _entries((allow / f"{name}.txt").read_text(encoding="utf-8"))
    )


def _entries(text: str) -> list[str]:
    return [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]


def _pattern(entry: str) -> str:
    plain = _NOT_LETTER.sub(" ", fold(entry.replace("_", " ")).strip("=~"))
    if entry[0] == "~":
        return plain
    return f" {plain.strip()} " if entry[0] == "=" or entry.endswith("_") else f" {plain.lstrip()}"


def passages(text: str) -> list[Passage]:
    """The sentences of a text that hold a special category, one entry for each category; linear in the length of the text."""
    reading = read(text)
    flat = " " + _NOT_LETTER.sub(" ", reading.folded) + " "
    bounds = _sentences(reading.folded)
    held: list[set[str]] = [set() for _ in bounds]
    starts = [start for start, _ in bounds]
    for end, codes in _automaton().iter(flat):
        held[max(0, bisect_right(starts, min(end - 1, len(flat) - 3)) - 1)].update(codes)
    _carry_on(reading.folded, bounds, held)
    result = []
    for (start, end), codes in zip(bounds, held, strict=True):
        result += [Passage(*reading.raw_span(start, end), code) for code in sorted(codes) if start < end]
    return result


def _carry_on(folded: str, bounds: list[tuple[int, int]], held: list[set[str]]) -> None:
    """A sentence that goes on with the one before, or stands between two of one category, has that category too."""
    found = [frozenset(codes) for codes in held]
    for number in range(1, len(bounds)):
        if not held[number] and held[number - 1] and _LINKS.match(folded, bounds[number][0]):
            held[number] |= held[number - 1] & {"H", "C"}
        if number + 1 < len(bounds):
            held[number] |= found[number - 1] & found[number + 1] & {"H", "C"}


def _sentences(folded: str) -> list[tuple[int, int]]:
    """Where each sentence stands, without the white space around it."""
    bounds, at = [], 0
    for match in _END.finditer(folded):
        found = _LAST_WORD.search(folded[max(0, match.start() - _LONGEST) : match.start()])
        word = found.group() if found else ""
        if word and (len(word) == 1 or word in _abbreviations()) and match.group()[-1] == ".":
            continue
        bounds.append((at, match.end()))
        at = match.end()
    bounds.append((at, len(folded)))
    return [
        (start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))
        for start, end in bounds
        if (piece := folded[start:end]).strip()
    ]
