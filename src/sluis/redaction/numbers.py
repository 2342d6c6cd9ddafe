"""Numbers that identify: context beats validity, and any run of seven digits or more goes, whatever it is.

No check digit can save a number here: check digits are the proof pass's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from sluis.redaction.clusters import Cluster, before
from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

_LEAST, _ACCOUNT_LEAST, _AMOUNT_MOST = 7, 9, 8
_APART = re.compile(r"[ \t\n/()'-]{1,3}|\.\n|\n\.|")
_UP_FRONT = re.compile(r"(?:\bpl ?|\+ ?|\(\+?|\(0\)|00 ?)$")
_AMOUNT_BEFORE = re.compile(r"(?:€|eur|euro|bedrag(?: van)?|schuld(?: van)?|\$|usd) ?$")
_AMOUNT_AFTER = re.compile(r" ?(?:€|euro|eur\b|miljoen|mg\b|ml\b|kg\b|gram\b|kilo\b|stuks\b)")
_PARKET = re.compile(r"\d\d ?[/.-] ?\d{6} ?[/.-] ?\d\d(?!\d)|\d\d \d{6} \d\d(?!\d)")
_COURT = re.compile(r"c ?/ ?\d{1,2} ?/ ?\d{4,7}(?: ?/ ?[a-z]{2,4} ?[a-z]{2,3} ?\d{2} ?- ?\d{1,6})?")
_ROLL = re.compile(r"\d{2}[-/]\d{3,6}$")
_ACCOUNT = re.compile(r"[a-z]{2}\d\d[a-z0-9]{11,30}(?!\w)|[a-z]{2} ?\d\d(?:[ .\n-]?(?:[a-z]{4}(?=[ .-]?\d)|\d{1,4})){3,8}(?!\w)")
_CARD = re.compile(r"[a-z]{2} ?\d\d[ .\n-]?[a-z]{4}(?:[ .\n-]?\d){8,12}(?!\d)")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
_HEX = re.compile(
    r"(?<![\w:])(?:[0-9a-f]{1,4}:{1,2}){2,7}[0-9a-f]{0,4}(?![\w:])|(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])"
)
_SIGNS = re.compile(r"[-/.]")
_YEAR, _PREFIX = 3, 3
_GROUPS = 5
_HOUR = re.compile(r"\d{1,2}[.:]\d\d ?(?:u|uur|h|hrs)\b")
_UNITED = re.compile(
    r"\d+(?:[.,-]\d+)?(?:mg|mcg|ml|kg|km|cm|mm|m|uur|u|jr|jaar|x|gr|g|euro|eur|min|e|ste|de|dd|w|wk|mnd|d|l|gb|"
    r"tb|mb|cc|pk|v|bar|hz|er|ers|jarige|jarigen|k|m2|m3|plus|tal)$"
    r"|[a-z]{1,4}\d{1,3}$|\d{1,3}[a-z]{1,3}$|[a-z]{1,6}-\d{1,2}$|\d{4}\.[a-z]{4,}$|(?:19|20)\d\d-(?:19|20)\d\d$",
)
_PLAIN = re.compile(
    r"\d{1,3}$|\d{1,3}[a-z]$|(?:19|20)\d\d$|\d{1,2}e$|dsm-?\d?$|\d{1,2}[-/]\d{1,2}$|\d+(?:mg|ml|kg|km|cm|uur|u|"
    r"jaar|x|gr|g|euro|min)$"
)
_TAIL = re.compile(
    r"(?: ?/ ?[a-z]{2,4} ?[a-z]{2,3} ?\d{2} ?- ?\d{1,6}|(?: ?[/.-] ?| )(?:\d[\w/.-]{1,20}|[a-z]{1,3}\d[\w-]{1,20}))"
)
_BRIDGES = words("numbers.bridges")


def at(page: Page, run: Sequence[Cluster]) -> Span | None:
    """The number that begins with the first cluster of this run; a run is clusters with hardly anything between them."""
    cluster = run[0]
    shaped = _shaped(page, cluster) or _account(page, cluster) or _long(page, run) or _keyed(page, cluster)
    if shaped or cluster.text.isdigit():
        return shaped
    letters = not _SIGNS.sub("", cluster.text).isdigit()
    if cluster.digits > _YEAR and (_ADDRESS.match(cluster.text) or (letters and not _UNITED.match(cluster.text))):
        return Span(cluster.start, cluster.end, "ID")
    if cluster.first > 1 and _ROLL.match(cluster.text) and page.classes[cluster.first - 2] in "XYABI":
        return Span(page.at[cluster.first - 2], cluster.end, "CASE")
    return None


def _shaped(page: Page, cluster: Cluster) -> Span | None:
    """A case number of a court or a public prosecution number, by its shape."""
    if court := _COURT.match(page.folded, cluster.start):
        return Span(cluster.start, court.end(), "CASE")
    parket = _PARKET.match(page.folded, cluster.start)
    return Span(cluster.start, parket.end(), "PARKET") if parket else None


def _account(page: Page, cluster: Cluster) -> Span | None:
    """An IBAN, in groups or not: two letters and two digits, or its country code in a word before."""
    apart = cluster.first > 1 and len(page.parts[cluster.first - 2]) == 2 and cluster.text.isdigit()  # noqa: PLR2004 - a country
    start = page.at[cluster.first - 2] if apart else cluster.start
    plain = _ACCOUNT.match(page.folded, start) if start == cluster.start or page.parts[cluster.first - 2].isupper() else None
    match = _CARD.match(page.folded, start) or plain
    if match and sum(map(str.isdigit, match.group())) >= _ACCOUNT_LEAST:
        return Span(start, match.end(), "IBAN")
    return None


def _long(page: Page, run: Sequence[Cluster]) -> Span | None:
    """Seven digits or more, whatever separates them."""
    text, digits, last = page.folded, run[0].digits, run[0]
    if not run[0].text[-1].isdigit() and digits < _LEAST:
        return None
    for cluster in run[1:]:
        if not cluster.text[0].isdigit() or not last.text[-1].isdigit():
            break
        digits, last = digits + cluster.digits, cluster
    if digits < _LEAST:
        return None
    first = run[0]
    if digits <= _AMOUNT_MOST and first is last and "-" not in first.text:
        amount = _AMOUNT_BEFORE.search(text[max(0, first.start - 14) : first.start]) or _AMOUNT_AFTER.match(text, first.end)
        if amount and first.text.replace(".", "").isdigit():
            return None
    front = _UP_FRONT.search(text[max(0, first.start - 4) : first.start])
    start = first.start - len(front.group()) if front else first.start
    if text[start] == "(" and ")" not in text[start : last.end]:
        start += 1
    kind = "BSN" if digits == 9 and first.text[0].isdigit() else "PHONE" if text[start : start + 1] in ("0", "+", "(") else "ID"  # noqa: PLR2004 - as a BSN
    return Span(start, last.end, kind)


def _keyed(page: Page, cluster: Cluster) -> Span | None:
    """A number after its word: `polis 771200`, `paspoort met nummer AB12345`, `V-nr 269.881`."""
    last, back, start = before(page, cluster), 1, cluster.start
    if last and len(last) <= _PREFIX and page.parts[cluster.first - 2].isupper() and cluster.digits > _YEAR:
        start = page.at[cluster.first - 2]
        if page.classes[cluster.first - 2] == "X" or (cluster.text.isdigit() and cluster.digits > _PREFIX + 1):
            return Span(start, cluster.end, "ID")
        last, back = before(page, cluster, 2), 2
    while last in _BRIDGES and back < 4 and last not in page.lexicon.number_words:  # noqa: PLR2004 - three bridges
        back += 1
        last = before(page, cluster, back)
    if last not in page.lexicon.number_words or page.classes[cluster.first - 1] in "Ec":
        return None
    if _HOUR.match(page.folded, cluster.start):
        return None
    match, end = _TAIL.match(page.folded, cluster.end), cluster.end
    while match and end - cluster.start < 60:  # noqa: PLR2004 - no number is longer
        end = match.end()
        match = _TAIL.match(page.folded, end)
    if _PLAIN.match(cluster.text) and end == cluster.end:
        return None
    return Span(start, end, "ID")


def addresses(page: Page) -> list[Span]:
    """IPv6 and MAC addresses: searched only where enough colons or hyphens are."""
    if "::" not in page.folded and page.folded.count(":") < 5 and page.folded.count("-") < 5:  # noqa: PLR2004 - as many as they have
        return []
    return [Span(m.start(), m.end(), "ID") for m in _HEX.finditer(page.folded) if _machine(m.group())]


def _machine(found: str) -> bool:
    """Whether groups with colons or hyphens are the address of a machine, and no times in a row."""
    signs = found.count(":") + found.count("-")
    return "::" in found or signs >= _GROUPS or (signs >= _YEAR and not found.replace(":", "").isdigit())


def hangs_together(page: Page, one: Cluster, other: Cluster) -> bool:
    """Whether two clusters may be groups of one number."""
    return other.first == one.last + 2 and _APART.fullmatch(page.parts[one.last + 1]) is not None
