"""Ages: `(16)`, `17 jaar`, `Toprak, 39,`, `zoontje van 3`, `12-jarige`; durations are no ages."""

from __future__ import annotations

import re

from sluis.redaction.clusters import Cluster, before
from sluis.redaction.page import Page, Span

_OLDEST = 115
_YEARS = re.compile(r"(?:[.,]5)?(?: ?- ?| )?(?:jarige?n?|jaar|jr|jrs|j)\b(?!/)")
_MONTHS = re.compile(r"[ -]?(?:maanden?|mnd|weken|wk|wkn|dagen) (?:oud|jong)\w*")
_INFANT = re.compile(r" (?:maanden?|mnd|weken|wkn|dagen)\b")
_CLOSED = re.compile(r" ?(?:[),]| jr| j\b| jaar)")
_STOPS = re.compile(r" ?(?:[.,;)!?](?!\d)|$|\n)| (?:en|is|heeft|maar|geworden|was|en)\b")
_OTHER = re.compile(r" ?(?:mg|ml|x|keer|dagen|uur|weken|maanden|mnd|%|euro|km|kg|g|stuks|personen|man|procent|leden|kinderen|a4|pagina|minuten|min)\b|[\d:./%-]")
_SAID = frozenset("leeftijd lft lftd oud".split())
_BECOMES = frozenset("wordt werd is was pas net nu ben al".split())
_PEOPLE = frozenset("baby peuter kleuter kind zoon dochter zoontje dochtertje broertje zusje jongen meisje man vrouw kinderen m v jongetje".split())
_DURATION = frozenset(
    "al sinds na over voor afgelopen laatste komende gedurende ruim bijna circa ongeveer minstens minimaal maximaal tot binnen om elke per ca eis geeist "
    "straf cel celstraf gevangenisstraf totaal reeds dan zeker duur proeftijd looptijd vorige volgende eerste half hele".split(),
)
_LASTS = re.compile(
    r" ?(?:geleden|lang|cel|celstraf|gevangenis\w*|voorwaardelijk|onvoorwaardelijk|proeftijd|tbs|isd|samen|getrouwd|ervaring|huur\w*|gedetineerd|vast\b|"
    r"jeugddetentie|ontzegging|rijontzegging|garantie|terug|later|clean|nuchter|schuld\w*|relatie|in zorg|bij ons|dakloos|werk\w*|gewoond|verslaafd|schimmel)",
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
    if _YEARS.match(text, end):
        after = _YEARS.match(text, end)
        return last not in _DURATION and not (after and _LASTS.match(text, after.end()))
    if _MONTHS.match(text, end) or last in _SAID or (_INFANT.match(text, end) and last == "van" and before(page, cluster, 2) in _PEOPLE):
        return True
    gap = page.parts[cluster.first - 1]
    if gap.endswith("("):
        return _CLOSED.match(text, end) is not None
    if last in _BECOMES:
        return bool(_STOPS.match(text, end)) and _after_name(page, cluster.first, 2)
    if last in _PEOPLE:
        return not _OTHER.match(text, end)
    if last == "van":
        return not _OTHER.match(text, end) and (_after_name(page, cluster.first, 2) or before(page, cluster, 2) in _PEOPLE)
    return gap == ", " and bool(re.match(r" ?[.,;)] ?|$", text[end : end + 2])) and _after_name(page, cluster.first, 1)


def _after_name(page: Page, index: int, back: int) -> bool:
    """Whether the word so many places before is a name or a person."""
    place = index - 2 * back
    return place > 0 and page.classes[place] in "NXGgWvu"
