"""Reading a text so that no spelling hides a letter: invisible characters go, look-alikes become one, offsets stay known.

A `Reading` has two strings of one length: `clean`, which keeps capitals and accents, and `folded`, plain lower-case letters.
`raw_span` leads a position in them back to the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\U000e0000-\U000e01ef]",
)
_SPECIAL = dict(zip("ıłŁøØđĐßẞæÆœŒþÞðÐħĦŋĸŧəƏ", "ilLoOdDsSaAoOtTdDhHnkteE", strict=True))
_PUNCTUATION = dict.fromkeys("‘’ʼ´`‚′ʹ", "'") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
_PUNCTUATION |= dict.fromkeys("⁄∕", "/") | dict.fromkeys("․‧·", ".") | dict.fromkeys("\u2028\u2029\x85\r\v\f", "\n")
_REMEMBERED = 5000
_FOREIGN = re.compile("[^\\x00-\\x7f]")


class _Table(dict[int, int]):
    """A translation that works itself out once for each character, and forgets nothing it needs."""

    def __init__(self, *, lower: bool) -> None:
        super().__init__()
        self._lower = lower

    def __missing__(self, code: int) -> int:
        """The one character that stands for this one."""
        result = ord(_plain(chr(code)) if self._lower else _tidy(chr(code)))
        if len(self) < _REMEMBERED:
            self[code] = result
        return result


def _tidy(character: str) -> str:
    """The character as a Dutch keyboard would have given it, case and accent kept; always one character."""
    if character in _PUNCTUATION:
        return _PUNCTUATION[character]
    if character.isspace() and character != "\n":
        return " "
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    if character < "\u0250":
        return character
    simple = unicodedata.normalize("NFKC", character)
    return simple if len(simple) == 1 else character


def _plain(character: str) -> str:
    """The bare lower-case letter."""
    if character in _SPECIAL:
        return _SPECIAL[character].lower()
    bare = unicodedata.normalize("NFKD", character)[0].lower()
    return _SPECIAL.get(bare[0], bare[0])


_CLEAN = _Table(lower=False)
_FOLD = _Table(lower=True)


def fold(text: str) -> str:
    """Lower-case letters without accents; the same length as `text`, which has no combining characters."""
    if text.isascii():
        return text.lower()
    return _FOREIGN.sub(_bare, text).lower() if len(text) > _LONG else text.translate(_FOLD)


def _bare(match: re.Match[str]) -> str:
    return chr(_FOLD[ord(match.group())])


_LONG = 40


def fold_value(text: str) -> str:
    """A value of a case file, folded: invisible characters removed first."""
    plain = text.isascii() and text.isprintable() and "`" not in text
    return text.lower() if plain else read(text).folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as it is read. `starts` and `ends` (None: the same) are offsets in `raw` of each character of `clean`."""

    raw: str = field(repr=False)
    clean: str = field(repr=False)
    folded: str = field(repr=False)
    starts: tuple[int, ...] | None = field(default=None, repr=False)
    ends: tuple[int, ...] | None = field(default=None, repr=False)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Where `clean[start:end]` stands in the text as written."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def read(raw: str) -> Reading:
    """Read a text; linear in its length, whatever it holds."""
    strange = raw.encode("utf-8", "surrogatepass").translate(None, _PLAIN_SIGNS)
    if not strange:
        return Reading(raw=raw, clean=raw, folded=raw.lower())
    letters = set(strange.decode("utf-8", "surrogatepass"))
    if len(letters) > _FEW or INVISIBLE.search("".join(letters)):
        return _read_slowly(raw)
    clean = raw
    for letter in letters:
        tidy = chr(_CLEAN[ord(letter)])
        if tidy != letter:
            clean = clean.replace(letter, tidy)
    folded = clean
    for letter in {chr(_CLEAN[ord(letter)]) for letter in letters}:
        if letter > "\x7f":
            folded = folded.replace(letter, chr(_FOLD[ord(letter)]))
    return Reading(raw=raw, clean=clean, folded=folded.lower())


_PLAIN_SIGNS = bytes([0x0A, *range(0x20, 0x60), *range(0x61, 0x7F)])
_FEW = 32


def _read_slowly(raw: str) -> Reading:
    """The same for a text with many strange characters; invisible and combining ones join the character before them."""
    if INVISIBLE.search(raw) is None:
        clean = raw.translate(_CLEAN)
        return Reading(raw=raw, clean=clean, folded=fold(clean))
    kept: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, character in enumerate(raw):
        if INVISIBLE.match(character) is None:
            kept.append(character)
            starts.append(at)
            ends.append(at + 1)
        elif kept:
            joined = unicodedata.normalize("NFC", kept[-1] + character)
            if len(joined) == 1:
                kept[-1] = joined
            ends[-1] = at + 1
    clean = "".join(kept).translate(_CLEAN)
    return Reading(raw=raw, clean=clean, folded=clean.translate(_FOLD), starts=tuple(starts), ends=tuple(ends))
