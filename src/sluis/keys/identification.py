"""Who is meant, in one written form: a citizen service number, or a name with a date of birth.

Flaws name the field and what is wrong with it, never what was given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Final

from sluis.core.errors import BadInput, Flaw

_BSN_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_BSN_MIN: Final = 8
_BSN_WIDTH: Final = 9
_LONGEST: Final = 200
_SEPARATORS: Final = re.compile(r"[\s.\-]+")
_DUTCH_DATE: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_ISO_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NO_LETTER: Final = re.compile(r"[^\w]+|_")
_FOLDS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ĳ": "ij"})
_APOSTROPHES: Final = re.compile("['`´‘’ʼʹ]")
_FORMS: Final = (frozenset({"bsn"}), frozenset({"naam", "geboortedatum"}))


def canonical(identification: Mapping[str, str]) -> str:
    """The one written form of that identification. Raises `BadInput` with every flaw found, and no value."""
    flaws: list[Flaw] = []
    if frozenset(identification) not in _FORMS:
        raise BadInput(
            Flaw(where="identificatie", what="is incomplete or says too much", mend="give bsn alone, or naam with geboortedatum")
        )
    if "bsn" in identification:
        form = "bsn|" + _bsn(identification["bsn"], flaws)
    else:
        form = f"naam|{_name(identification['naam'], flaws)}|{_date(identification['geboortedatum'], flaws)}"
    if flaws:
        raise BadInput(*flaws)
    return form


def _bsn(given: str, flaws: list[Flaw]) -> str:
    digits = _SEPARATORS.sub("", given)
    if not (digits.isascii() and digits.isdecimal() and _BSN_MIN <= len(digits) <= _BSN_WIDTH):
        flaws.append(Flaw(where="identificatie.bsn", what="is not a number of nine digits"))
        return ""
    digits = digits.rjust(_BSN_WIDTH, "0")
    total = sum(weight * int(digit) for weight, digit in zip(_BSN_WEIGHTS, digits, strict=True))
    if total % 11 or not int(digits):
        flaws.append(Flaw(where="identificatie.bsn", what="does not pass the eleven test", mend="check for a typing error"))
    return digits


def _name(given: str, flaws: list[Flaw]) -> str:
    """Lower case, without accents, apostrophes and punctuation; `Jansen, Piet` is `piet jansen`."""
    if len(given) > _LONGEST:
        flaws.append(Flaw(where="identificatie.naam", what=f"is longer than {_LONGEST} characters"))
        return ""
    last, comma, first = given.partition(",")
    ordered = f"{first} {last}" if comma else given
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", ordered).casefold().translate(_FOLDS))
    letters = "".join(c for c in plain if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    name = " ".join(_NO_LETTER.sub(" ", _APOSTROPHES.sub("", letters)).split())
    if not any(c.isalpha() for c in name):
        flaws.append(Flaw(where="identificatie.naam", what="holds no letter"))
    return name


def _date(given: str, flaws: list[Flaw]) -> str:
    text = given.strip()
    if found := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _DUTCH_DATE.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        flaws.append(Flaw(where="identificatie.geboortedatum", what="is no date", mend="write it as jjjj-mm-dd"))
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        flaws.append(Flaw(where="identificatie.geboortedatum", what="is a day that does not exist"))
        return ""
