"""Dates in all Dutch forms. A date of birth is a date after `geb`, there a year alone too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction.clusters import Cluster, before
from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

MONTHS = words("dates.months")
WEEKDAYS = words("dates.weekdays")
_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b(?:\.(?= ?'?\d))?"
_YEAR = r"'? ?(?:\d{4}|\d{2})(?![\d:]|[.,]\d| ?(?:u|uur|mg|jaar|keer|x)\b)"
_FULL = re.compile(
    r"[0-3]?\d ?[-/.] ?[01]?\d ?[-/.] ?(?:\d{4}|'?\d\d)(?!\d)"
    r"|(?:19|20)\d\d ?[-/.] ?[01]?\d ?[-/.] ?[0-3]?\d(?!\d)(?:t\d\d:\d\d(?::\d\d)?z?)?"
    rf"|[0-3]?\d(?:e|ste|de)?[ \n-]?{_MONTH}(?:[ \n-]?{_YEAR})?",
)
_SHORT = re.compile(r"(?P<d>[0-3]?\d)[-/](?P<m>[01]?\d)(?![\w/-]|[.,]\d)")
_DOTTED = re.compile(r"(?P<d>[0-3]?\d)\.(?P<m>[01]?\d)(?![\w/-]|[.,]\d)")
_LEADS = words("dates.leads")
_SURE = words("dates.sure")
_UNITS = re.compile(
    r" ?(?:x|keer|maal|dagen|dag|d|uur|u|min|minuten|weken|wkn|mnd|maanden|jaar|mg|ml|g|%|tabletten|tabl|stuks|"
    r"per|km|keren|glazen|bier|biertjes)\b",
)
_BIRTH = words("dates.birth")
_BIRTH_VALUE = re.compile(r"'?\d[\d ./'-]{0,14}(?<=\d)")
_MONTH_YEAR = re.compile(r"(?:0?[1-9]|1[0-2])[-/](?:19|20)\d\d$")
_TIMED = re.compile(r",? (?:om |te |rond )?\d{1,2}(?:[.:]\d\d| ?u(?:ur)?\b)")
_FIRST_MONTHS = 12
_CLOSES = re.compile(r" ?(?:[.,;)](?!\d)|$|\n)")
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d(?![\d-])")
_YEAR_SHORT = re.compile(r"\d\d(?!\d)")
_SPELLED = words("dates.spelled")


def at(page: Page, cluster: Cluster) -> Span | None:
    """The date that begins at this cluster."""
    text, last = page.folded, before(page, cluster)
    if not cluster.text[0].isdigit():
        return None
    if last in _BIRTH or before(page, cluster, 2) in _BIRTH:
        match = _BIRTH_VALUE.match(text, cluster.start)
        full = _FULL.match(text, cluster.start)
        return Span(cluster.start, max(m.end() for m in (match, full) if m), "DOB") if match or full else None
    if full := _FULL.match(text, cluster.start):
        return Span(_with_weekday(page, cluster), full.end(), "DATE")
    if last in MONTHS and page.classes[cluster.first - 1] in "sDZQ":
        quoted = page.parts[cluster.first - 1].endswith("'")
        if (_YEAR_SHORT if quoted else _YEAR_ALONE).match(text, cluster.start):
            return Span(page.at[cluster.first - 2], cluster.end, "DATE")
    if _MONTH_YEAR.match(cluster.text):
        return Span(cluster.start, cluster.end, "DATE")
    return _short(page, cluster, last)


def _short(page: Page, cluster: Cluster, last: str) -> Span | None:
    """Day and month only: where a word before says that it is a date."""
    match = _SHORT.match(page.folded, cluster.start) or _DOTTED.match(page.folded, cluster.start)
    if match is None or not (1 <= int(match["d"]) <= 31 and 1 <= int(match["m"]) <= 12):  # noqa: PLR2004 - a calendar
        return None
    if _UNITS.match(page.folded, match.end()):
        return None
    dotted = "." in match.group()
    led = (
        (
            not dotted
            and (int(match["d"]) > _FIRST_MONTHS or _turned(match) or _CLOSES.match(page.folded, match.end()) is not None)
        )
        or _TIMED.match(page.folded, match.end()) is not None
        or last in WEEKDAYS
        or last in (_SURE if dotted else _LEADS)
        or (last == "" and not dotted)
        or (page.classes[cluster.first - 1] == "b" and not dotted)
    )
    return Span(_with_weekday(page, cluster), match.end(), "DATE") if led else None


def _turned(match: re.Match[str]) -> bool:
    """Whether `12/9` is no fraction and no score: the first number is the larger one."""
    return "/" in match.group() and int(match["d"]) > int(match["m"])


def _with_weekday(page: Page, cluster: Cluster) -> int:
    """Where the date begins: at a weekday right before it."""
    if cluster.first > 1 and page.low[cluster.first // 2 - 1] in WEEKDAYS and page.classes[cluster.first - 1] in "sDZc":
        return page.at[cluster.first - 2]
    return cluster.start


def spelled(page: Page) -> Iterator[Span]:
    """Dates whose day is a word: `twaalf april`, `eerste mei 2023`."""
    if MONTHS.isdisjoint(page.low):
        return
    for place, word in enumerate(page.low):
        if word in MONTHS and place and page.low[place - 1] in _SPELLED and page.classes[2 * place] == "s":
            yield Span(page.at[2 * place - 1], page.at[2 * place + 2], "DATE")
