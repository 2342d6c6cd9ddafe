"""Addresses and postcodes: streets by their endings, a name with a number behind it, house-number additions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction.page import Page, Span

_ENDINGS = (
    "straat|laan|weg|plein|dijk|kade|singel|gracht|hof|park|pad|dreef|steeg|plantsoen|markt|baan|kamp|veld|burg|dam|haven|kanaal|"
    "burgwal|brink|erf|wal|vest|veste|oever|hage|horst|donk|akker|berg|heuvel|driehoek|boulevard|allee|gang|poort|werf|hoeve|rade|straatje|laantje|"
    "hoek|plaats|zijde|meent|kamer|kwartier|wijk|buurt|passage|promenade|meer|zoom|bosch|bos|heide|ring|schans|straat|str"
)
_STREET = re.compile(rf"(?:{_ENDINGS})\b")
_HOUSE = re.compile(
    r"(?:,? |\n| nr\.? ?| no\.? ?| huisnr\.? ?)(?P<n>\d{1,5}(?:[ -]?(?:bis|hs|huis|rd|zw|rood|zwart|boven|beneden|hoog|ii?i?|iv|[a-z](?![a-z'])|\d{1,3}(?:[ -]?(?:hoog|e etage))?)(?![\w]))?"
    r"(?:[ -]?(?:\d ?-? ?hoog|hoog|bis|[a-z]\b(?!')))?)(?![\d:%]|[.,/-]\d)",
)
_UNIT = re.compile(
    r",? ?(?:x|keer|maal|uur|u|dagen?|weken?|wkn?|maanden?|mnd|jaar|jr|minuten|min|mg|ml|gram|gr|g|kg|km|euro|eur|stuks|personen|man|mensen|kinderen|jongens|meiden|"
    r"januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|feb|mrt|apr|jun|jul|aug|sep|sept|okt|nov|dec|procent|graden|tabletten|bier\w*|glazen)\b",
)
_POSTCODE = re.compile(r"(?<![\w-])[1-9]\d{3}[ \n]?(?!S[ADS]\b)[A-Z]{2}(?![\w])")
_POSTCODE_SMALL = re.compile(r"(?<![\w-])[1-9]\d{3}(?P<gap>[ \n]?)(?P<letters>[a-z]{2})(?![\w'])")
_NUMBER = re.compile(r"\b(?:op|van|nr|nummer|naar|bij|tegenover|naast|buren|buur|huis|perceel|flat|huisnummer|huisnr|nrs|nummers|no)[ .:]{1,2}(?:(?:nr|nummer|nrs|no|huisnr)[. ]{1,2})?(?P<n>\d{1,4}(?:[ -]?[a-z](?![a-z]))?)(?![\w:%]|[.,/-]\d)")
_ROAD = re.compile(r"(?<![\w-])[AN] ?\d{1,3}(?![\w-])")
_BOX = re.compile(r"\bpostbus \d{1,6}\b|\bantwoordnummer \d{1,6}\b")
_NOT_LETTERS = frozenset("mg ml kg km cm mm en in op is te de om na zo we ze ik je of al ad eu gr st nr jr aa er bv pp wk ca as ma di wo do vr za zo".split())
_GENERIC = frozenset(_ENDINGS.split("|"))


def find(page: Page) -> Iterator[Span]:
    """Every address, house number, road and postcode of the text."""
    yield from _streets(page)
    yield from _numbered_names(page)
    yield from (Span(m.start(), m.end(), "ADDR") for m in _ROAD.finditer(page.clean))
    yield from (Span(m.start(), m.end(), "ADDR") for m in _BOX.finditer(page.folded))
    for match in _NUMBER.finditer(page.folded):
        if ("nr" in match.group() or "nummer" in match.group()) and not _UNIT.match(page.folded, match.end()):
            yield Span(*match.span("n"), "ADDR")
    yield from _postcodes(page)


def _postcodes(page: Page) -> Iterator[Span]:
    yield from (Span(m.start(), m.end(), "POSTCODE") for m in _POSTCODE.finditer(page.clean))
    for match in _POSTCODE_SMALL.finditer(page.clean):
        letters = match.group("letters")
        if letters not in _NOT_LETTERS and not (match.group("gap") and page.lexicon.harmless(letters)):
            yield Span(match.start(), match.end(), "POSTCODE")


def _streets(page: Page) -> Iterator[Span]:
    """Streets by their ending: with a number always, without one when a capital shows that it is a name."""
    for match in _STREET.finditer(page.folded):
        index = page.index_at(match.start())
        start = page.at[index]
        kind, bare = page.classes[index], page.word(index) in _GENERIC
        house = _HOUSE.match(page.folded, match.end())
        if house and (_UNIT.match(page.folded, house.end()) or (bare and kind not in "WYgNGXR")):
            house = None
        capital = kind in "NGgWXY"
        if house is None and not (capital and kind in "NXW" and not bare and not page.starts_sentence(index)):
            continue
        if house is not None and not capital and page.lexicon.ordinary.__contains__(page.word(index)) and not _closes(page, house.end()):
            continue
        yield Span(page.at[_leftwards(page, index)] if capital else start, house.end() if house else match.end(), "ADDR")


def _closes(page: Page, offset: int) -> bool:
    """Whether what follows a house number shows that it was one."""
    rest = page.folded[offset : offset + 12]
    return not rest or rest[0] in ".,;)\n" or rest.startswith((" te ", " in ", " hoog", " bis")) or bool(re.match(r" ?\d{4} ?[a-z]{2}\b", rest))


def _leftwards(page: Page, index: int) -> int:
    """Over the capitals and particles that stand before a street."""
    while index >= 3 and page.classes[index - 1] in "sh" and (page.classes[index - 2] in "NGgWXPI") and not page.starts_sentence(index - 2):  # noqa: PLR2004 - a word before
        index -= 2
    return index


def _numbered_names(page: Page) -> Iterator[Span]:
    """A capitalised word that is no ordinary start of a sentence, with a house number behind it: `Heikant 5`."""
    for match in re.finditer("[NGgWXYv]s[0m]", page.classes):
        index = match.start()
        if not index % 2 or (page.classes[index] in "gWYG" and page.starts_sentence(index)):
            continue
        house = _HOUSE.match(page.folded, page.at[index + 1])
        if house and not _UNIT.match(page.folded, house.end()):
            yield Span(page.at[index], house.end(), "ADDR")
