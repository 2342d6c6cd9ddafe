"""The proof pass: reads a redacted text as an adversary would, and says what identifiers it still holds.

Laws of this file: it shares no code with the redactor, neither folding nor patterns nor lists; it reads the output, never the
input; a hit withholds the text. One word too many is better than one too few.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from importlib import resources

from sluis.core.record import Known

_MARKER = re.compile(
    r"\[(?:PERSOON-[0-9]{1,4}|ADRES|PLAATS|INSTELLING|DATUM|LEEFTIJD|TELEFOON|E-MAIL|LINK|ACCOUNT|REKENING|"
    r"KENTEKEN|NUMMER|PASSAGE WEERGEHOUDEN)\]",
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
        self._roles = tuple({item.role.lower() for item in known if item.role})
        self._words: dict[str, str] = {}
        self._values: dict[str, str] = {}
        for item in known:
            parts = re.findall(r"[^\W_]+", _flatten(item.value))
            if item.type in _NAMES:
                self._words.update({p: item.type for p in parts if len(p) > 1 and not p.isdigit() and p not in _NOTHING_ALONE})
            for value in _whole(item, parts):
                self._values[value] = item.type

    def residues(self, text: str) -> list[str]:
        """The types of what can still be read in this output; empty when nothing can. Never a value."""
        flat = _flatten(_without_markers(text, self._roles))
        found = set(_valid(flat))
        for word in set(re.findall(r"[^\W_]+", flat)):
            kind = self._words.get(word) or (word[-1] == "s" and self._words.get(word[:-1]))
            if kind:
                found.add(kind)
        squeezed = "".join(re.findall(r"[^\W_]+|\x00", flat))
        found.update(kind for value, kind in self._values.items() if value in squeezed and _stands_alone(flat, value))
        return sorted(found)


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


def _without_markers(text: str, roles: Sequence[str]) -> str:
    """The text without its markers: a role counts as a marker only when the case file has it."""
    text = _MARKER.sub("\n\x00\n", text)
    for role in roles:
        text = re.sub(rf"\[{re.escape(role)}(?: [0-9]{{1,3}})?\]", "\n\x00\n", text)
    return text


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
    if text.isascii():
        return text.lower()
    return _STRANGE.sub(_simple, text.lower())


_STRANGE = re.compile(r"[^\x00-\x7f]+")


def _simple(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKD", match.group()).casefold().translate(_TWINS).translate(_FLAT)


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
    """Identifiers that validate, whoever they belong to."""
    for match in _DIGITS.finditer(flat):
        digits = re.sub(r"[^0-9]", "", match.group())
        if len(digits) in (8, 9) and _eleven(digits.zfill(9)):
            yield "BSN"
        if (len(digits) == 10 and digits[0] == "0" and digits[1] != "0") or re.fullmatch(r"(?:00)?31[1-9][0-9]{8}", digits):  # noqa: PLR2004 - a Dutch number
            yield "PHONE"
    for match in _ACCOUNT.finditer(flat):
        if _mod97(re.sub(r"[^a-z0-9]", "", match.group())):
            yield "IBAN"
    if "@" in flat and _MAIL.search(flat):
        yield "EMAIL"
    if _PLATE.search(flat):
        yield "PLATE"


def _eleven(digits: str) -> bool:
    return digits != "000000000" and sum(int(d) * w for d, w in zip(digits, _ELEVEN, strict=True)) % 11 == 0


def _mod97(account: str) -> bool:
    """Whether a prefix of these letters and digits, of the length of an account, passes the check."""
    for length in range(15, min(len(account), 34) + 1):
        turned = account[4:length] + account[:4]
        if int("".join(str(int(c, 36)) for c in turned)) % 97 == 1:
            return True
    return False
