"""The proof pass: reads a redacted text as an adversary would, and says what identifiers it still holds.

Laws of this file: it shares no code with the redactor, neither folding nor patterns nor lists; it reads the output, never the
input; a hit withholds the text. One word too many is better than one too few.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import resources

from sluis.core.record import Known

_MARKER = (
    "PERSOON-[0-9]{1,4}|ADRES|PLAATS|INSTELLING|DATUM|LEEFTIJD|TELEFOON|E-MAIL|LINK|ACCOUNT|REKENING|"
    "KENTEKEN|NUMMER|PASSAGE WEERGEHOUDEN"
)
_TWINS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ħ": "h", "ə": "e"}
)
_LIST = resources.files("sluis.redaction") / "data" / "proof" / "nothing_alone.txt"
_NOTHING_ALONE = frozenset(_LIST.read_text(encoding="utf-8").partition("\n")[2].split())
_NAMES, _DATES, _UNPROVED = ("PER", "CITY"), ("DOB", "DATE"), ("AGE",)
_SHORTEST = 4
_LONG = 8
_ELEVEN = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_DIGITS = re.compile(r"(?<![0-9])[0-9](?:[^\w\n]{0,2}\n?[^\w\n]{0,2}[0-9]){7,14}(?![0-9])")
_ACCOUNT = re.compile(r"(?<![a-z0-9])[a-z]{2} ?[0-9]{2}(?:[ .-]?[a-z0-9]){11,30}")
_MAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}\.[a-z]{2,}")
_PLATE = re.compile(
    r"(?<![a-z0-9-])(?:[a-z]{2}-[0-9]{2}-[0-9]{2}|[0-9]{2}-[0-9]{2}-[a-z]{2}|[0-9]{2}-[a-z]{2}-[0-9]{2}|"
    r"[a-z]{2}-[0-9]{2}-[a-z]{2}|[a-z]{2}-[a-z]{2}-[0-9]{2}|"
    r"[0-9]{2}-[a-z]{2}-[a-z]{2}|[0-9]{2}-[a-z]{3}-[0-9]|[0-9]-[a-z]{3}-[0-9]{2}|[a-z]{2}-[0-9]{3}-[a-z]|"
    r"[a-z]-[0-9]{3}-[a-z]{2}|[a-z]{3}-[0-9]{2}-[a-z]|"
    r"[a-z]-[0-9]{2}-[a-z]{3}|[0-9]-[a-z]{2}-[0-9]{3}|[0-9]{3}-[a-z]{2}-[0-9])(?![a-z0-9-])",
)


class Proof:
    """The proof pass of one release: what its case file knows, made ready once."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._marker = _markers(frozenset(item.role.lower() for item in known if item.role))
        self._words: dict[str, str] = {}
        self._values: list[tuple[str, bytes, str]] = []
        for item in known:
            parts = _RUN.findall(_flatten(item.value))
            if item.type in _NAMES:
                self._words.update({p: item.type for p in parts if len(p) > 1 and not p.isdigit() and p not in _NOTHING_ALONE})
            self._values += [(value, _squeezed(value), item.type) for value in _whole(item, parts)]

    def residues(self, text: str) -> list[str]:
        """The types of what can still be read in this output; empty when nothing can. Never a value."""
        flat = _flatten(self._marker.sub("\n\x00\n", text) if "[" in text else text)
        found = set(_valid(flat))
        if len(self._words) > _MANY:
            written = set(_RUN.findall(flat))
            found.update(kind for word, kind in self._words.items() if word in written or word + "s" in written)
        else:
            found.update(kind for word, kind in self._words.items() if word in flat and _is_word(flat, word))
        if self._values:
            squeezed = _squeezed(flat)
            found.update(kind for value, plain, kind in self._values if plain in squeezed and _stands_alone(flat, value))
        return sorted(found)


_RUN = re.compile(r"[^\W_]+")
_MANY = 64
_BETWEEN = bytes(code for code in range(1, 128) if not chr(code).isalnum())


def _squeezed(flat: str) -> bytes:
    """The plain letters, digits and edges of markers, one after another: what is not in here stands nowhere in the text."""
    return flat.encode("ascii", "ignore").translate(None, _BETWEEN)


def _is_word(flat: str, word: str) -> bool:
    """Whether it stands there as a whole word, with a genitive -s or without."""
    at = flat.find(word)
    while at >= 0:
        end = at + len(word)
        if not flat[at - 1 : at].isalnum():
            after = flat[end : end + 2]
            if not after[:1].isalnum() or (after[0] == "s" and not after[1:].isalnum()):
                return True
        at = flat.find(word, at + 1)
    return False


def _whole(item: Known, parts: list[str]) -> list[str]:
    """The forms of a value that may not be read with anything between their letters or digits."""
    value = "".join(parts)
    if item.type in (*_NAMES, "ADDR", "ORG"):
        return [form for form in {value, "".join(reversed(parts))} if len(form) >= _LONG]
    if item.type in _UNPROVED:
        return []
    forms = [value]
    if item.type in _DATES and re.fullmatch(r"[0-9]{8}", value):
        forms += [value[6:] + value[4:6] + value[:4], value[6:].lstrip("0") + value[4:6].lstrip("0") + value[:4]]
    if item.type == "PHONE":
        forms.append(re.sub(r"^(?:0031|31|0)", "", value))
    return [form for form in forms if len(form) >= _SHORTEST]


@lru_cache(maxsize=64)
def _markers(roles: frozenset[str]) -> re.Pattern[str]:
    """What counts as a marker: a role only when the case file has it. Roles say nothing of a person, so these are kept."""
    own = "".join(f"|{re.escape(role)}(?: [0-9]{{1,3}})?" for role in sorted(roles))
    return re.compile(rf"\[(?:{_MARKER}{own})\]")


class _Flat(dict[int, str]):
    """What each character is to a reader: a letter or digit without accent, nothing, or itself."""

    def __missing__(self, code: int) -> str:
        """Work it out once."""
        character, kind = chr(code), unicodedata.category(chr(code))
        if kind == "Nd":
            character = str(unicodedata.decimal(character))
        elif kind in ("Mn", "Me", "Cf"):
            character = ""
        elif kind == "Pd":
            character = "-"
        if len(self) < _REMEMBERED:
            self[code] = character
        return character


_REMEMBERED = 5000
_FLAT = _Flat()


def _flatten(text: str) -> str:
    """Lower-case letters and digits without accents or invisible characters, everything else a separator of its own."""
    flat = text.lower()
    if flat.isascii():
        return flat
    strange = set(flat.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass"))
    if len(strange) > _FEW:
        return _STRANGE.sub(_simple, flat)
    for character in strange:
        flat = flat.replace(character, _ALONE[character])
    return flat


_ASCII = bytes(range(128))
_FEW = 24


_STRANGE = re.compile(r"[^\x00-\x7f]+")


def _simple(match: re.Match[str]) -> str:
    run = match.group()
    return _ALONE[run] if len(run) == 1 else _plain(run)


def _plain(run: str) -> str:
    return unicodedata.normalize("NFKD", run).casefold().translate(_TWINS).translate(_FLAT)


class _Alone(dict[str, str]):
    """What one character between plain ones is to a reader."""

    def __missing__(self, character: str) -> str:
        """Work it out once."""
        result = _plain(character)
        if len(self) < _REMEMBERED:
            self[character] = result
        return result


_ALONE = _Alone()


def _stands_alone(flat: str, value: str) -> bool:
    """Whether the letters and digits of `value` stand in the text one after another, whatever separates them, as whole words."""
    places = [n for n, character in enumerate(flat) if character.isalnum() or character == "\x00"]
    squeezed = "".join(flat[n] for n in places)
    at = squeezed.find(value)
    while at >= 0:
        first, last = places[at], places[at + len(value) - 1]
        if not (first and flat[first - 1].isalnum()) and not flat[last + 1 : last + 2].isalnum():
            return True
        at = squeezed.find(value, at + 1)
    return False


def _valid(flat: str) -> Iterator[str]:
    """Identifiers that validate, whoever they belong to; where the shape of the text has room for none, nothing is read."""
    shape = flat.encode("latin-1", "replace").replace(b"\n\x00\n", b"\na\n").translate(_SHAPES)
    if _EIGHT in shape.translate(None, b"- ."):
        for match in _DIGITS.finditer(flat):
            yield from _number("".join(_DIGIT.findall(match.group())))
    if any(_mod97(flat, at) for at in _accounts(shape)):
        yield "IBAN"
    if "@" in flat and _MAIL.search(flat):
        yield "EMAIL"
    if any(_PLATE.search(flat, start, end) for start, end in _hyphens(shape)):
        yield "PLATE"


_DIGIT = re.compile("[0-9]")
_EIGHT = b"0" * 8
_SHAPES = bytes(
    ord("0" if chr(c) in "0123456789" else "a" if chr(c) in "abcdefghijklmnopqrstuvwxyz_" else chr(c) if chr(c) in "- " else ".")
    for c in range(256)
)


def _hyphens(shape: bytes) -> Iterator[tuple[int, int]]:
    """Around two hyphens with as much between them as a plate has: the middle of every plate is two or three long."""
    at = shape.find(b"-")
    while at >= 0:
        other = shape.find(b"-", at + 1)
        if 3 <= other - at <= 4:  # noqa: PLR2004 - two or three between
            yield max(0, at - 3), other + 5
        at = other


def _number(digits: str) -> Iterator[str]:
    """What a row of digits is."""
    if len(digits) in (8, 9) and _eleven(digits.zfill(9)):
        yield "BSN"
    if (len(digits) == 10 and digits[0] == "0" and digits[1] != "0") or re.fullmatch(r"(?:00)?31[1-9][0-9]{8}", digits):  # noqa: PLR2004 - a Dutch number
        yield "PHONE"


def _accounts(shape: bytes) -> Iterator[int]:
    """Where an IBAN may begin: two letters, a space perhaps, two digits."""
    for start in (b"aa00", b"aa 00"):
        at = shape.find(start)
        while at >= 0:
            yield at
            at = shape.find(start, at + 1)


def _eleven(digits: str) -> bool:
    return digits != "000000000" and sum(int(d) * w for d, w in zip(digits, _ELEVEN, strict=True)) % 11 == 0


def _mod97(flat: str, at: int) -> bool:
    """Whether an account number with the length of its country begins here and passes the check."""
    length = _LENGTHS.get(flat[at : at + 2], 0)
    match = _ACCOUNT.match(flat, at) if length else None
    account = "".join(_RUN.findall(match.group())) if match else ""
    turned = account[4:length] + account[:4]
    return len(account) >= length > 0 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _lengths(listed: str) -> dict[str, int]:
    return {word[:2]: int(word[2:]) for word in listed.split()}


# The registry of the IBAN (SWIFT), and the countries that use one without being in it; each has one length.
_LENGTHS = _lengths(
    "ad24 ae23 al28 ao25 at20 az28 ba20 be16 bf28 bg22 bh22 bi27 bj28 br29 by28 ch21 ci28 cm27 cr22 cv25 cy28 cz24 de22 dj27 "
    "dk18 do28 dz26 ee20 eg29 es24 fi18 fk18 fo18 fr27 gb22 ge22 gi23 gl18 gr27 gt28 hn28 hr21 hu28 ie22 il23 iq23 ir26 is26 "
    "it27 jo30 kw30 kz20 lb28 lc32 li21 lt20 lu20 lv21 ly25 ma28 mc27 md24 me22 mg27 mk19 ml28 mn20 mr27 mt31 mu30 mz25 ni28 "
    "nl18 no15 om23 pk24 pl28 ps29 pt25 qa29 ro24 rs22 ru33 sa24 sc31 sd18 se24 si19 sk24 sm27 sn28 so23 st25 sv28 tl23 tn24 "
    "tr26 ua29 va22 vg24 xk20 ye30"
)
