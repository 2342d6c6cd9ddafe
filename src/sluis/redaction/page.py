"""A text cut into words and what stands between them, each with its class: the grammar of names reads the classes only.

`classes` has one character for each part; the words stand at the odd places. Classes of words: `lexicon.Lexicon`. Classes of
gaps: `s` space, `h` hyphen, `q` apostrophe, `d` full stop without space, `D` full stop and space, `Z` the same after an
abbreviation, `c` comma, `o` colon, `n` new line or edge of the text, `E` other end of a sentence, `b` opening bracket,
`Q` quotation mark, `l` slash, `x` anything else.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from sluis.redaction.fold import Reading, read
from sluis.redaction.lexicon import Lexicon
from sluis.redaction.signs import MARKER

_WORD = re.compile(r"((?<![^\W_])'[tsn](?![^\W_])|[^\W_]+)")
_CAPITALS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS = _CAPITALS + _CAPITALS.lower()
_SHOUTED = 0.8
_STARTS = 0.5
_WRAPS = 0.25
_REMEMBERED = 20_000


class Span(NamedTuple):
    """A piece of text that identifies: offsets, type; `strict` when only the stricter mode takes it."""

    start: int
    end: int
    type: str
    strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A text ready for the rules: `parts` alternate gap, word, gap; `low` are the words folded, `at` the offset of each part."""

    reading: Reading = field(repr=False)
    clean: str = field(repr=False)
    folded: str = field(repr=False)
    parts: list[str] = field(repr=False)
    low: list[str] = field(repr=False)
    at: list[int] = field(repr=False)
    classes: str = field(repr=False)
    careless: bool
    lexicon: Lexicon = field(repr=False)

    def index_at(self, offset: int) -> int:
        """The number of the part that holds this offset."""
        return max(0, bisect_right(self.at, offset) - 1)

    def word(self, index: int) -> str:
        """The folded word at that place; empty outside the text."""
        return self.low[index // 2] if 0 < index < len(self.parts) else ""

    def starts_sentence(self, index: int) -> bool:
        """Whether a capital at this place says nothing, because a sentence begins there."""
        return self.classes[index - 1] in "nEoD"


class _Gaps(dict[str, str]):
    """The class of what stands between two words, worked out once."""

    def __missing__(self, gap: str) -> str:
        """The class of a gap not seen before."""
        result = _gap(gap)
        if len(self) < _REMEMBERED and len(gap) < _WIDE:
            self[gap] = result
        return result


_WIDE = 20
_PLAIN_GAPS = {"-": "h", "'": "q", ".": "d", "/": "l", "": "n", ".\n": "D"}
_SIGNS = {"(": "b", "[": "b", '"': "Q", "!": "E", "?": "E", ";": "E", "*": "E", "•": "E", ":": "o", ",": "c"}


def _gap(gap: str) -> str:
    if gap in _PLAIN_GAPS:
        return _PLAIN_GAPS[gap]
    if "\n" in gap:
        return "n"
    tight = gap.strip()
    if not tight:
        return "s"
    return _SIGNS.get(tight[-1]) or _rest(gap, tight)


def _rest(gap: str, tight: str) -> str:
    """The class of a gap that ends in none of the plain signs."""
    if tight[-1] == "'" and gap[0] == " ":
        return "x" if gap[-1] == " " else "Q"
    if "\x01" in gap and tight[-1] == ".":
        return "E"
    if gap[-1] == " " and ("." in tight or tight[-1] in "->"):
        return "D" if "." in tight else "x" if tight == "-" else "E"
    return "c" if tight[0] == "," else "x"


_GAPS = _Gaps()


def open_page(raw: str, lexicon: Lexicon) -> Page:
    """Read a text and class its words. Markers of an earlier release are no words; lines that only wrap are one line."""
    reading = read(raw)
    clean, folded = reading.clean, reading.folded
    if "[" in clean:
        clean, folded = without_markers(clean, folded, lexicon)
    if "\n" in clean and _wrapped(clean):
        clean, folded = _LINE.sub(" ", clean), _LINE.sub(" ", folded)
    shouted = len(clean) > _WIDE and _shouted(clean)
    if shouted:
        clean = folded
    parts = _WORD.split(clean)
    letters = [""] * len(parts)
    words = parts[1::2]
    letters[1::2] = [lexicon.classes[word] for word in words]
    letters[0::2] = [_GAPS[gap] for gap in parts[0::2]]
    letters[0] = "n" if letters[0] not in "bQ" else letters[0]
    classes = _ABBREVIATED.sub("Z", "".join(letters))
    low = [lexicon.low[word] for word in words]
    at = [0, *accumulate(map(len, parts))]
    return Page(reading=reading, clean=clean, folded=folded, parts=parts, low=low, at=at, classes=classes,
                careless=shouted or _careless(classes), lexicon=lexicon)  # fmt: skip


_ABBREVIATED = re.compile("D(?<=[bBtTIi]D)(?<!d[bB]D)(?<![0m]siD)")


def _shouted(clean: str) -> bool:
    """Whether nearly all letters are capitals."""
    plain = clean.encode("ascii", "ignore")
    size = len(plain)
    return size - len(plain.translate(None, _CAPITALS)) > _SHOUTED * (size - len(plain.translate(None, _LETTERS)))


def without_markers(clean: str, folded: str, lexicon: Lexicon) -> tuple[str, str]:
    """Both strings with each marker made unreadable, the same length."""
    kept, bare, at = [], [], 0
    for match in MARKER.finditer(clean):
        if match["role"] is None or match["role"] in lexicon.roles:
            start, end = match.span()
            blank = "\x01" * (end - start)
            kept += [clean[at:start], blank]
            bare += [folded[at:start], blank]
            at = end
    return ("".join([*kept, clean[at:]]), "".join([*bare, folded[at:]])) if at else (clean, folded)


def _wrapped(clean: str) -> bool:
    """Whether the lines of a text only wrap: many of them begin with a small letter."""
    return len(_WRAP.findall(clean)) > _WRAPS * len(_LINE.findall(clean))


_LINE = re.compile(r"\n(?<![\n.:;!?]\n)(?![\n*•-])")
_WRAP = re.compile(r"\n(?<![\n.:;!?]\n)[a-zà-ÿ(]")
_SENTENCE = re.compile("[nED]([a-zNGgWXYKRTPBA])")


def _careless(classes: str) -> bool:
    """Whether the writer uses no capitals: sentences begin with a small letter."""
    first = [c for c in _SENTENCE.findall(classes) if c != "i"]
    return bool(first) and sum(c.islower() for c in first) > _STARTS * len(first)
