"""Ages: `(16)`, `17 jaar`, `Toprak, 39,`, `zoontje van 3`, `12-jarige`; durations are no ages."""

from __future__ import annotations

import re

from sluis.redaction.clusters import Cluster, before
from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

_OLDEST, _GROWN = 115, 11
_YEARS = re.compile(r"(?:[.,]5)?(?: ?- ?| )?(?:jarige?n?|jaar|jr|jrs|j)\b(?!/)")
_MONTHS = re.compile(r"[ -]?(?:maanden?|mnd|weken|wk|wkn|dagen) (?:oud|jong)\w*")
_INFANT = re.compile(r" (?:maanden?|mnd|weken|wkn|dagen)\b")
_CLOSED = re.compile(r" ?(?:[),]| jr| j\b| jaar)")
_STOPS = re.compile(r" ?(?:[.,;)!?](?!\d)|$|\n)| (?:en|is|heeft|maar|geworden|was|en)\b")
_OTHER = re.compile(
    r" ?(?:mg|ml|x|keer|dagen|uur|weken|maanden|mnd|%|euro|km|kg|g|stuks|personen|man|procent|leden|kinderen|"
    r"a4|pagina|minuten|min)\b|[\d:./%-]|,\d"
)
_PRONOUNS = words("ages.pronouns")
_WAS = re.compile(r" (?:was|is|werd|wordt)\b")
_COMMA = re.compile(r" ?[.,;)](?= |$)|$")
_SAID = words("ages.said")
_BECOMES = words("ages.becomes")
_PEOPLE = words("ages.people")
_DURATION = words("ages.duration")
_LASTS = re.compile(
    r" ?(?:geleden|lang|cel|celstraf|gevangenis\w*|voorwaardelijk|onvoorwaardelijk|proeftijd|tbs|isd|samen|"
    r"getrouwd|ervaring|huur\w*|gedetineerd|vast\b|"
    r"jeugddetentie|ontzegging|rijontzegging|garantie|terug|later|clean|nuchter|schuld\w*|relatie|in zorg|"
    r"bij ons|dakloos|werk\w*|gewoond|verslaafd|schimmel)",
)


def at(page: Page, cluster: Cluster) -> Span | None:
    """The age that stands at this cluster."""
    text, digits = page.folded, cluster.text
    if digits.isdigit():
        if len(digits) > 3 or not 0 < int(digits) < _OLDEST:  # noqa: PLR2004 - ages have three digits at most
            return None
        return Span(cluster.start, cluster.end, "AGE") if _is_age(page, cluster, text) else None
    match = re.match(r"(\d{1,3})(?:-?jarigen?|jr|j)$", digits)
    return Span(cluster.start, cluster.start + len(match[1]), "AGE") if match else None


def _is_age(page: Page, cluster: Cluster, text: str) -> bool:
    last, end = before(page, cluster), cluster.end
    if after := _YEARS.match(text, end):
        return last not in _DURATION and not _LASTS.match(text, after.end())
    person = before(page, cluster, 2) in _PEOPLE
    if _MONTHS.match(text, end) or last in _SAID or (_INFANT.match(text, end) and last == "van" and person):
        return True
    gap = page.parts[cluster.first - 1]
    closed = gap[-1:] == "(" and bool(_CLOSED.match(text, end))
    said = last in _BECOMES and bool(_STOPS.match(text, end)) and _after_name(page, cluster.first, 2)
    of_person = last in _PEOPLE or (last == "van" and (person or _after_name(page, cluster.first, 2)))
    own = last in ("ben", "pas") and int(cluster.text) > _GROWN and bool(_STOPS.match(text, end))
    was = own or (last in _PRONOUNS and bool(_WAS.match(text, end)))
    between = gap == ", " and bool(_COMMA.match(text, end)) and _after_name(page, cluster.first, 1)
    return closed or said or was or between or (gap[-1:] != "(" and of_person and not _OTHER.match(text, end))


def _after_name(page: Page, index: int, back: int) -> bool:
    """Whether the word so many places before is a name or a person."""
    place = index - 2 * back
    return place > 0 and page.classes[place] in "NXGgWvu"
