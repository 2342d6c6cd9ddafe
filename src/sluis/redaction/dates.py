"""Dates in all Dutch forms, and ages. A date of birth is a date after `geb`, or with a year."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction.page import Page, Span

_MONTH = (r"(?:januari|jan|februari|febr|feb|maart|mrt|april|apr|mei|juni|jun|juli|jul|augustus|aug|september|sept|sep|oktober|okt|"
          r"november|nov|december|dec)\b\.?")  # fmt: skip
_DAY = r"(?:(?:maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|ma|di|wo|do|vr|za|zo)\b\.?,? ?)?"
_YEAR = r"(?:'? ?\d{4}|'? ?\d{2})(?![\d:,.]\d|\d| ?(?:u|uur|mg|jaar|keer|x)\b)"
_NUMBER_WORD = (r"(?:een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien|"
                r"twintig|dertig|eenendertig|[a-z]{3,6}entwintig|eerste|tweede|derde|vierde|vijfde)")  # fmt: skip
_FULL = re.compile(
    rf"(?<![\w]){_DAY}(?:(?:[0-3]?\d) ?[-/.] ?[01]?\d ?[-/.] ?(?:\d{{4}}|'?\d\d)(?!\d)"
    rf"|(?:19|20)\d\d ?[-/.] ?[01]?\d ?[-/.] ?[0-3]?\d(?!\d)(?:t\d\d:\d\d(?::\d\d)?z?)?"
    rf"|[0-3]?\d(?:e|ste|de)?[ \n-]?{_MONTH}(?:[ \n-]?{_YEAR})?"
    rf"|\b{_NUMBER_WORD} {_MONTH}(?: {_YEAR})?)",
)
_MONTH_YEAR = re.compile(rf"\b{_MONTH} (?:19|20)\d\d(?!\d)|\b{_MONTH} ?'\d\d(?!\d)|\b(?:0?[1-9]|1[0-2])[-/](?:19|20)\d\d(?![\d-])")
_SHORT = re.compile(rf"(?<![\w/.,-]){_DAY}[0-3]?\d[-/][01]?\d(?![\w/-]|[.,]\d)")
_SHORT_DOT = re.compile(r"\b(?:op|dd|d\.d|per|sinds|vanaf|tot|datum|d\.d\.|dd\.) [0-3]?\d\.[01]?\d(?![\w/-]|[.,]\d)")
_LEADS = re.compile(
    r"(?:\b(?:op|sinds|vanaf|tot|t/m|tm|d\.?d\.?|dd|datum|per|voor|na|rond|om|van|en|uiterlijk|afspraak|zitting|vervolg|gesprek|contact|huisbezoek|mdo|"
    r"overleg|intake|opname|ontslag|vandaag|gisteren|morgen|d d|den|medio|begin|eind|ma|di|wo|do|vr|za|zo|maandag|dinsdag|woensdag|donderdag|vrijdag|"
    r"zaterdag|zondag|terugkoppeling|evaluatie|controle|verlopen|geldig|ingaande|start|einde|notitie|verslag|rapportage|dienst|incident|melding)"
    r"[ :.,(]{1,3}|^|\n|[(] ?)$",
)
_UNITS = re.compile(r" ?(?:x|keer|maal|dagen|dag|d|uur|u|min|minuten|weken|wkn|mnd|maanden|jaar|mg|ml|g|%|tabletten|tabl|stuks|per|km|keren|glazen|bier|biertjes)\b")
_WEEKDAY = re.compile(r"(?:ma|di|wo|do|vr|za|zo)[a-z]*\b")
_BORN = re.compile(r"\b(?:geb|geboren|geb\.?datum|geboortedatum|gebdat|geb\.?dat|geboortejaar|geboorte|bouwjaar|dob|g\.d)\b[ .:]{0,3}(?:(?:op|in|te|is|[a-z.]{0,3}) )?(?P<d>'?\d[\d ./'-]{1,14})")
_AGES = (
    re.compile(r"(?<![\w.,/-])(?P<a>\d{1,3}(?:[.,]5)?)(?: ?- ?| )?(?:jarige?n?|jaar|jr|j|jrs|jarig)\b(?!/)"),
    re.compile(r"(?<![\w.,/-])(?P<a>\d{1,2})[ -]?(?:maanden?|mnd|weken|wk|wkn|dagen) (?:oud|jong)\w*"),
    re.compile(r"(?<=[(])(?P<a>\d{1,3})(?= ?[),]| ?jr| ?j\b| ?jaar)"),
    re.compile(r"\b(?:leeftijd|lft|lftd|oud)\b[ :.]{1,3}(?P<a>\d{1,3})\b"),
    re.compile(r"\b(?:wordt|werd|is|was|pas|net|nu|van|ik ben|al) (?P<a>\d{1,2})(?= ?[.,;)!?](?!\d)|$| en | is | heeft | maar | geworden| was )"),
    re.compile(r"(?<![\w.,:/-])(?P<a>\d{1,2})(?= ?[.,;)] )"),
    re.compile(r"\bvan (?P<a>\d{1,2})(?= [a-z])(?! ?(?:mg|ml|x|keer|uur|km|kg|g|euro|%|stuks|personen|man|procent|leden|kinderen))"),
    re.compile(r"(?:\b[mv]|\bman|\bvrouw|\bjongen|\bmeisje),? ?\(?(?P<a>\d{1,3})(?= ?[).,;]|$| jr| j\b)"),
    re.compile(r"\b(?:baby|peuter|kleuter|kind|zoon|dochter|zoontje|dochtertje|broertje|zusje|jongen|meisje|man|vrouw|kinderen) (?:van )?(?P<a>\d{1,2})(?! ?(?:mg|ml|x|keer|dagen|uur|weken|maanden|mnd|%)|[\d:./-])(?: (?:en|tot) (?P<b>\d{1,2})\b)?"),
)
_DURATION = re.compile(
    r"\b(?:al|sinds|na|over|voor|afgelopen|laatste|komende|gedurende|ruim|bijna|circa|ongeveer|minstens|minimaal|maximaal|tot|binnen|om de|elke|per|ca|"
    r"eis|geeist|straf|cel|celstraf|gevangenisstraf|van totaal|reeds|meer dan|zeker|zo'n|duur|proeftijd|looptijd|vorige|volgende|eerste|een half|half) $",
)
_AFTER_DURATION = re.compile(
    r" ?(?:geleden|lang|cel|celstraf|gevangenis\w*|voorwaardelijk|onvoorwaardelijk|proeftijd|tbs|isd|samen|getrouwd|ervaring|huur\w*|gedetineerd|vast\b|jeugddetentie|"
    r"ontzegging|rijontzegging|garantie|terug|later|clean|nuchter|schuld\w*|relatie|in zorg|bij ons|dakloos|werk\w*|gewoond|verslaafd|schimmel)",
)
_OLDEST = 115


def find(page: Page) -> Iterator[Span]:
    """Every date and every age of the text."""
    if not _DIGIT.search(page.folded) and not _MONTHS.search(page.folded):
        return
    text = page.folded
    yield from (Span(m.start(), m.end(), "DATE") for m in _FULL.finditer(text))
    yield from (Span(m.start(), m.end(), "DATE") for m in _MONTH_YEAR.finditer(text))
    yield from (Span(m.start("d"), m.start("d") + len(m.group("d").rstrip(" .-/")), "DOB") for m in _BORN.finditer(text))
    yield from _short(text)
    yield from _ages(page)


_DIGIT = re.compile(r"\d")
_MONTHS = re.compile(_MONTH)


def _short(text: str) -> Iterator[Span]:
    for match in _SHORT.finditer(text):
        day, month = (int(n) for n in re.split("[-/]", re.sub(r"[^\d/-]", "", match.group())))
        if not (1 <= day <= 31 and 1 <= month <= 12) or _UNITS.match(text, match.end()):  # noqa: PLR2004 - a calendar
            continue
        if _WEEKDAY.match(match.group()) or _LEADS.search(text[max(0, match.start() - 16) : match.start()]):
            yield Span(match.start(), match.end(), "DATE")
    yield from (Span(m.start(), m.end(), "DATE") for m in _SHORT_DOT.finditer(text) if not _UNITS.match(text, m.end()))


def _ages(page: Page) -> Iterator[Span]:
    text = page.folded
    for number, pattern in enumerate(_AGES):
        for match in pattern.finditer(text):
            start, end = match.span("a")
            value = match.group("a").replace(",", ".")
            if not 0 < float(value) < _OLDEST or (number in _NEEDS_NAME and not _after_name(page, start)):
                continue
            if number == 0 and (_DURATION.search(text[max(0, start - 18) : start]) or _AFTER_DURATION.match(text, match.end())):
                continue
            yield Span(start, end, "AGE")
            if "b" in match.groupdict() and match.group("b"):
                yield Span(*match.span("b"), "AGE")


_NEEDS_NAME = {4, 5, 6}


def _after_name(page: Page, offset: int) -> bool:
    """Whether the words just before are a name or a person: `Jaylano van 3`, `mw Toprak, 39,`, `baby van 5`."""
    index = page.index_at(offset)
    for back in (2, 4):
        if index - back > 0 and page.classes[index - back] in "NXGgWrRvu" and page.classes[index - back + 1] in "scb":
            return page.classes[index - back] in "NXGgvu" or page.classes[index - 1] == "c" or page.word(index - 2) == "van"
    return False
