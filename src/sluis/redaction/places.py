"""Addresses and postcodes: a name or a street with a number behind it, house-number additions, roads, `nr 9`."""

from __future__ import annotations

import re

from sluis.redaction.clusters import Cluster, before
from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

_HOUSE = re.compile(
    r"\d{1,5}(?:[ -]?(?:bis|hs|huis|rd|zw|rood|zwart|boven|beneden|hoog|ii?i?|iv|[a-wyz](?![a-z'/])|"
    r"\d{1,3}(?:[ -]?(?:hoog|e etage))?)(?!\w))?"
    r"(?:[ -]?(?:\d ?-? ?hoog|hoog|bis|[a-z]\b(?!')))?(?![\d:%]|[.,/-]\d)",
)
_UNIT = re.compile(
    r",? ?(?:x|keer|maal|uur|u|dagen?|weken?|wkn?|maanden?|mnd|jaar|jr|minuten|min|mg|ml|gram|gr|g|kg|km|euro|"
    r"eur|stuks|personen|man|mensen|kinderen|jongens|"
    r"meiden|januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|feb|"
    r"mrt|apr|jun|jul|aug|sep|sept|okt|nov|dec|"
    r"procent|graden|tabletten|bier\w*|glazen)\b",
)
_POSTCODE = re.compile(r"[1-9]\d{3}[ \n]?(?!S[ADS]\b)[A-Z]{2}(?!\w)")
_POSTCODE_SMALL = re.compile(r"[1-9]\d{3}(?P<gap>[ \n]?)(?P<letters>[a-z]{2})(?![\w'])")
_ROAD = re.compile(r"[an]\d{1,3}$")
_ADDITION = re.compile(r"\d{1,4}(?:[ -]?[a-z](?![a-z']))?(?![\w:%]|[.,/]\d)")
_NOT_LETTERS = words("places.not_letters")
_AT_NUMBER = words("places.at_number")
_FRONTS = words("names.fronts")
_NEIGHBOURS = ("buur", "buren", "buurman", "buurvrouw", "bewoner", "bewoonster", "huurder", "huurster")
_CALLED = re.compile(r"0[1-8]0$")
_LETTERED = re.compile(r"\d{1,4}-?[a-h]$")
_OLDEST, _YEAR, _BACK = 115, 4, 4
_FROM = words("names.place") | {"kom", "hele", "heel", "door"}
_BOXES = words("places.boxes")
_NUMBER = words("places.number")
_NEXT = words("places.next")
_STREETS = ("straat", "laan", "plein", "gracht", "kade", "singel", "steeg", "dreef", "plantsoen", "weg", "dijk")
_NO_STREETS = words("careless.no_streets")
_CLOSES = re.compile(r"$|[.,;)\n]| te | in | hoog| bis| ?\d{4} ?[a-z]{2}\b")


def at(page: Page, cluster: Cluster) -> Span | None:
    """The address or road that this cluster ends or is."""
    last = before(page, cluster)
    if _CALLED.match(cluster.text) and last in _FROM:
        return Span(cluster.start, cluster.end, "CITY")
    if last in _BOXES:
        return Span(page.at[cluster.first - 2], cluster.end, "ADDR")
    if _ROAD.match(cluster.text) and (page.careless or page.parts[cluster.first][0].isupper()):
        return Span(cluster.start, cluster.end, "ADDR")
    beside = before(page, cluster, 2)
    if (
        last in _NUMBER
        and (_before_number(beside) or beside.endswith(_NEIGHBOURS) or _named(page, cluster))
        and not _UNIT.match(page.folded, cluster.end)
    ):
        match = _ADDITION.match(page.folded, cluster.start)
        return Span(cluster.start, match.end(), "ADDR") if match else None
    lettered = _LETTERED.match(cluster.text) and last in _AT_NUMBER
    if lettered or (last in ("van", "op") and beside in _NEXT and _is_house(page, cluster)):
        return Span(cluster.start, cluster.end, "ADDR")
    return _numbered(page, cluster)


def _is_house(page: Page, cluster: Cluster) -> bool:
    """Whether a number after `die jongen van` can only be a house, no age and no year."""
    digits = cluster.text.rstrip("abcdefgh")
    old = digits.isdigit() and int(digits) < _OLDEST and digits == cluster.text
    fits = digits.isdigit() and len(digits) < _YEAR and not _UNIT.match(page.folded, cluster.end)
    return fits and (not old or before(page, cluster, 2) in _AT_NUMBER)


def _named(page: Page, cluster: Cluster) -> bool:
    """Whether a name stands before `nr 9`."""
    return cluster.first > _BACK and page.classes[cluster.first - _BACK] in "uvNXG"


def _before_number(word: str) -> bool:
    return word in _AT_NUMBER or word.isdigit()


def postcode(page: Page, cluster: Cluster) -> Span | None:
    """The postcode that begins at this cluster."""
    if match := _POSTCODE.match(page.clean, cluster.start):
        return Span(cluster.start, match.end(), "POSTCODE")
    match = _POSTCODE_SMALL.match(page.clean, cluster.start)
    if match and match["letters"] not in _NOT_LETTERS and not (match["gap"] and page.lexicon.harmless(match["letters"])):
        return Span(cluster.start, match.end(), "POSTCODE")
    return None


def _numbered(page: Page, cluster: Cluster) -> Span | None:
    """A street or any other name with a house number behind it: `Heikant 5`, `rubensstraat 91`, `Hoofdweg, nr. 330-2`."""
    index, gap = cluster.first - 2, page.classes[cluster.first - 1]
    if index > 1 and page.low[index // 2] in _NUMBER and page.classes[index - 1] in "sc":
        index -= 2
    house = _HOUSE.match(page.folded, cluster.start)
    apart = index < 1 or gap not in "snDZc" or page.parts[cluster.first - 1] == ". "
    if apart or house is None or _UNIT.match(page.folded, house.end()):
        return None
    kind, word = page.classes[index], page.low[index // 2]
    street = is_street(page, word) or (kind in "gW" and word in page.lexicon.endings)
    if kind in "NXYgGWvP" and (street or (gap != "c" and not (kind in "gWYG" and page.starts_sentence(index)))):
        return Span(page.at[_leftwards(page, index)], house.end(), "ADDR")
    named = word.endswith(_STREETS) and word not in _NO_STREETS
    certain = kind == "u" or named or word not in page.lexicon.ordinary or _CLOSES.match(page.folded, house.end())
    return Span(page.at[index], house.end(), "ADDR") if street and kind in "uw" and certain else None


def is_street(page: Page, word: str) -> bool:
    """Whether a word ends as streets do, and is more than the ending."""
    return any(len(word) > size and word[-size:] in page.lexicon.endings for size in (3, 4, 5, 6, 7, 8, 9))


def _leftwards(page: Page, index: int) -> int:
    """Over the capitals and particles that stand before a street."""
    classes = page.classes
    while index > 1 and classes[index - 1] in "sh" and classes[index - 2] in "NGgWXPIp":
        if page.starts_sentence(index - 2) and classes[index - 2] != "p" and page.low[index // 2 - 1] not in _FRONTS:
            break
        index -= 2
    while classes[index] == "p" and not page.starts_sentence(index):
        index += 2
    return index
