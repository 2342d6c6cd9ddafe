"""How far a name reaches, and of what kind it is: particles and heads of institutions before it, the word that leads to it."""

from __future__ import annotations

import re

from sluis.redaction.lexicon import SURE_PARTICLES
from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

_PLACE = words("names.place")
_AT, _NICKS, _FIRMS = words("names.at"), words("names.nicks"), words("names.firms")
_LEADS, _MEN = words("careless.leads"), frozenset(("met", "tegen", "ene", "genaamd"))


_HEAD = re.compile(
    r"(?:[a-z]*bedrijf|[a-z]*bakkerij|[a-z]*slagerij|[a-z]*praktijk|[a-z]*garage|cafe|[a-z]*restaurant|eetcafe|"
    r"kapsalon|[a-z]*school|stichting|[a-z]*winkel|hotel|sportschool|moskee|toko|snackbar|cafetaria|pizzeria|"
    r"rijschool|makelaardij|slotenmaker|drukkerij|"
    r"[a-z]*kerk|zorgboerderij|obs|cbs|rkbs|pcb|ibs|college|lyceum|scholengemeenschap|kinderdagverblijf|"
    r"peuterspeelzaal|uitzendbureau|[a-z]*kantoor|vereniging|voetbalclub|vof|firma|bv)$",
)


def _head(page: Page, first: int) -> int:
    """Take in the word that says what an institution is: `bakkerij Istanbul`, `TBS-kliniek Oldenkotte`."""
    if first < 3 or page.classes[first - 1] != "s":  # noqa: PLR2004 - a word before
        return first
    joined = page.classes[first - 3] == "h" and first > 4  # noqa: PLR2004 - two words before
    if _HEAD.match(page.word(first - 2)) or (joined and page.word(first - 2) in ("kliniek", "school", "centrum", "huis")):
        return first - 4 if joined else first - 2
    return first


def span(page: Page, piece: list[int]) -> Span:
    """The span of a name whose words stand at these places."""
    first, last = _with_particles(page, piece[0]), piece[-1]
    if page.classes[first - 1] == "s" and page.word(first - 2) in _NICKS and page.classes[first] in "NGgXvu":
        first -= 2
    if page.classes[last + 1] == "s" and page.word(last + 2) in _FIRMS:
        return Span(page.at[first], page.at[last + 3], "ORG")
    if page.classes[last + 1 : last + 3] == "cI" and page.classes[last + 3] in "dDZn":
        last += 2
    if (head := _head(page, first)) != first:
        return Span(page.at[head], page.at[last + 1], "ORG")
    return Span(page.at[first], page.at[last + 1], _type(page, first))


def _with_particles(page: Page, first: int) -> int:
    """Take in the particles before a name: always those that only names have, `van` and `de` after a name or a title."""
    classes, at = page.classes, first
    while at >= 3 and classes[at - 1] in "sqh" and classes[at - 2] in "pP":  # noqa: PLR2004 - a word before
        at -= 2
    if at == first:
        return _slashed(page, first)
    before = classes[at - 2] if at >= 3 and classes[at - 1] in "sDZd" else ""  # noqa: PLR2004 - a word before
    if before == "I":
        while at >= 3 and classes[at - 2] == "I" and classes[at - 1] in "sDZd":  # noqa: PLR2004 - a word before
            at -= 2
        return at
    words = {page.word(i) for i in range(at, first, 2)}
    led = page.word(at - 2) in _LEADS and (page.word(at) == "van" or (classes[first] == "N" and page.word(at - 2) in _MEN))
    if before in ("t", "T", "r", "R", "N") or classes[at] == "P" or led or words & (SURE_PARTICLES - {"van"}):
        return at
    return first - 2 if page.parts[first - 2][0] == "'" else first


def _slashed(page: Page, first: int) -> int:
    """Take in `v/d` before a name, and the initials before that."""
    at = first
    if page.classes[at - 1] in "sDZ" and page.word(at - 2) == "d" and page.word(at - 4) == "v":
        at -= 4
        while at > 2 and page.classes[at - 1] in "sDZ" and page.classes[at - 2] in "Ii":  # noqa: PLR2004 - a word before
            at -= 2
    return at


def _type(page: Page, first: int) -> str:
    before = page.word(first - 2) if first >= 3 and page.classes[first - 1] in "sDZo" else ""  # noqa: PLR2004 - a word before
    if before in _PLACE:
        return "CITY"
    return "ORG" if before in _AT else "PER"
