"""Numbers that identify: context beats validity, shape beats nothing, and any run of seven digits or more goes.

BSN, IBAN, telephone numbers, number plates, case and client numbers, documents. No check digit can save a number here; check digits
are the proof pass's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sluis.redaction.page import Page, Span

_RUN = re.compile(r"(?:\+ ?|\(\+?|(?<![\d])00 ?)?\d(?:(?:[ \t\n/()'-]{1,3}|\.\n?)?\d)*+")
_AMOUNT_BEFORE = re.compile(r"(?:€|eur|euro|bedrag(?: van)?|schuld(?: van)?|\$|usd) ?$")
_AMOUNT_AFTER = re.compile(r" ?(?:€|euro|eur\b|miljoen|mg\b|ml\b|kg\b|gram\b|kilo\b|stuks\b)")
_LEAST = 7
_SURE = 8
_LEFT = re.compile(r"[a-z]{1,6}[-/.]?$")
_RIGHT = re.compile(r"[-/]?[a-z0-9]{1,10}\b(?:[-/][a-z0-9]{1,10}\b)*+")
_IBAN = re.compile(r"(?<![\w])[A-Za-z]{2} ?[0-9]{2}[ .-]?(?:[A-Za-z]{4}[ .-]?)?(?:[A-Z0-9]{1,4}[ .-]?){2,7}(?<=[0-9A-Z])(?![\w])")
_IBAN_NL = re.compile(r"(?<!\w)[a-z]{2}[ .]?\d\d[ .\n-]?[a-z]{4}[ .\n-]?\d(?:[ .\n-]?\d){5,11}(?!\d)")
_COURT = re.compile(r"(?<!\w)c ?/ ?\d{1,2} ?/ ?\d{4,7}(?: ?/ ?[a-z]{2,4} ?[a-z]{2,3} ?\d{2} ?- ?\d{1,6})?|(?<!\w)(?:[a-z]{2,4} ){1,2}\d{2}[-/]\d{3,6}\b|ecli:[a-z0-9:]{5,40}|\b[a-z]{2,4} \d{2}[/-]\d{3,6}\b")
_PARKET = re.compile(r"(?<![\d/.-])\d\d ?[/.-] ?\d{6} ?[/.-] ?\d\d(?!\d)")
_MIXED = re.compile(r"(?<![\w])(?=[a-z0-9]*[a-z])(?=[a-z0-9]*\d)[a-z0-9]{1,24}(?:[-/.][a-z0-9]{1,24}){0,6}(?![\w])")
_NET = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|(?<![\w:])(?:[0-9a-f]{1,4}:{1,2}){2,7}[0-9a-f]{0,4}(?![\w:])|(?<![\w:-])(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}(?![\w:-])")
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?$")
_KEYWORDS = (
    "bsn|b\\.s\\.n|burgerservicenummer|burgerservicenr|sofi|sofinummer|sofinr|sofi-nummer|patientnr|patientnummer|patnr|ptnr|ptnnr|patient|pat|clientnr|clientnummer|client|"
    "dossier|dossiernr|dossiernummer|zaak|zaaknr|zaaknummer|casusnr|casusnummer|casus|melding|meldingsnr|meldingsnummer|meldnr|meldnummer|mut|mutatie|mutatienr|mutatienummer|mutnr|"
    "pv|pvnr|pv-nr|pv-nummer|proces-verbaal|procesverbaal|proces-verbaalnummer|bvh|bvhnr|bvh-nr|bvh-nummer|registratie|registratienr|registratienummer|reg|regnr|incident|incidentnr|incidentnummer|"
    "parket|parketnr|parketnummer|parketnrs|rekest|rekestnr|rekestnummer|rolnr|rolnummer|zaaksnummer|strafzaak|uitspraak|vonnis|beschikking|beschikkingsnr|polis|polisnr|polisnummer|"
    "leerlingnr|leerlingnummer|leerling|studentnr|studentnummer|inschrijfnr|inschrijfnummer|inschrijving|lidnr|lidnummer|lidmaatschapsnr|klantnr|klantnummer|debiteur|debiteurnr|debiteurnummer|"
    "huurdersnr|huurdernummer|huurnummer|contract|contractnr|contractnummer|factuur|factuurnr|factuurnummer|kenmerk|ons kenmerk|uw kenmerk|referentie|ref|refnr|referentienummer|nummer|nr|"
    "rek|rekening|rekeningnr|rekeningnummer|reknr|iban|bankrekening|agb|agb-code|agbcode|big|big-nummer|bignr|big-nr|uzovi|kvk|kvk-nr|kvk-nummer|kvknr|btw|"
    "paspoort|paspoortnr|paspoortnummer|pp|rijbewijs|rijbewijsnr|rijbewijsnummer|rbw|id-kaart|id-bewijs|id-kaartnr|id|idnr|id-nr|identiteitskaart|identiteitsbewijs|legitimatie|document|documentnr|documentnummer|docnr|doc|"
    "verblijfsdocument|verblijfsvergunning|vreemdelingendocument|w-document|v|vnr|v-nr|v-nummer|vnummer|vreemdelingennummer|vreemdelingennr|coa-nummer|zorgnr|zorgnummer|verzekerdenummer|verzekerdenr|verzekeringsnummer|verzekeringsnr|"
    "pas|pasnr|pasnummer|kaartnr|kaartnummer|ov-kaart|serienr|serienummer|framenr|framenummer|frame|chassis|chassisnr|chassisnummer|vin|imei|imeinr|imei-nr|imei-nummer|sim|simkaart|mac|ip|ip-adres|"
    "personeelsnr|personeelsnummer|dienstnr|dienstnummer|stamnr|stamnummer|celnr|celnummer|registratiekaartnr|kamer|wsnp|insolventie|insolventienr|toevoeging|toevoegingsnr|toevoegingsnummer|beslagnr|goednr|goednummer|sin|sin-nr|skn|skn-nr|"
    "aanvraag|aanvraagnr|aanvraagnummer|besluit|besluitnr|volgnr|volgnummer|code|pin|pincode|barcode|voucher|ticket|order|ordernr|ordernummer|bestelnr|track"
)
_KEYED = re.compile(
    rf"\b(?:{_KEYWORDS})(?:[ -]?(?:nr|nrs|nummer|no|code|id|zaak))?\b[ .:#=(]{{0,4}}(?:(?:is|met|van|onder|bekend|nr|no|nummer|kenmerk|nl|luidt|betreft)[ .:]{{1,2}}){{0,2}}"
    r"(?P<v>(?=[a-z/-]{0,10} ?\d)[a-z0-9]{1,20}(?:(?:[-/.]| ?/ ?| (?=\d{2,}|[a-z]{1,2} ?\d|[a-z]{2} [a-z]{2} ))[a-z0-9]{1,20}){0,8})",
)
_NOT_ID = re.compile(
    r"(?:\d{1,3}|\d{1,3}[a-z]|(?:19|20)\d\d|\d{1,2}e|\d+(?:mg|ml|kg|km|cm|uur|u|jaar|x|gr|g|euro|min)|dsm\d?|art\.?\d+.*|\d{1,2}[-/]\d{1,2})$",
)
_UNITED = re.compile(r"\d+(?:[.,-]\d+)?(?:mg|mcg|ml|kg|km|cm|mm|m|uur|u|jr|jaar|x|gr|g|euro|eur|min|e|ste|de|dd|w|wk|mnd|d|l|gb|tb|mb|cc|pk|v|bar|hz|kwh|kmh|km/u|er|ers|jarige|jarigen|k|m2|m3|plus|tal)$|[a-z]{1,4}\d{1,3}$|\d{1,3}[a-z]{1,3}$|[a-z]{1,6}-\d{1,2}$")
_PLATE = re.compile(r"(?<![\w-])(?:[a-z]{2}-\d\d-\d\d|\d\d-\d\d-[a-z]{2}|\d\d-[a-z]{2}-\d\d|[a-z]{2}-\d\d-[a-z]{2}|[a-z]{2}-[a-z]{2}-\d\d|\d\d-[a-z]{2}-[a-z]{2}|\d\d-[a-z]{3}-\d|\d-[a-z]{3}-\d\d|[a-z]{2}-\d{3}-[a-z]|"
                    r"[a-z]-\d{3}-[a-z]{2}|[a-z]{3}-\d\d-[a-z]|[a-z]-\d\d-[a-z]{3}|\d-[a-z]{2}-\d{3}|\d{3}-[a-z]{2}-\d|[a-z]{3}-\d{2}-\d{1,2}|[a-z]{1,3}-\d{2,4}-[a-z]{1,3})(?![\w-])")  # fmt: skip
_PLATE_TIGHT = re.compile(r"(?<![\w-])(?:[A-Z]{2}\d{4}|\d{4}[A-Z]{2}|\d\d[A-Z]{2}\d\d|[A-Z]{2}\d\d[A-Z]{2}|[A-Z]{4}\d\d|\d\d[A-Z]{4}|\d\d[A-Z]{3}\d|\d[A-Z]{3}\d\d|[A-Z]{2}\d{3}[A-Z]|[A-Z]\d{3}[A-Z]{2}|[A-Z]{3}\d\d[A-Z]|"
                          r"[A-Z]\d\d[A-Z]{3}|\d[A-Z]{2}\d{3}|\d{3}[A-Z]{2}\d)(?![\w-])|(?<![\w-])[A-Z]{1,3} \d{2,4} [A-Z]{2,3}(?![\w-])")  # fmt: skip
_PLATE_KEYED = re.compile(r"\b(?:kent|kenteken|kentekens|kenteken nr|kentekenplaat|ktkn|kntk|plaat|gekentekend|voorzien van)[ .:]{1,3}(?:(?:met|is|van|nl|d|b|pl|bg|ro|ua|nr)[ .:]{1,2})?(?P<p>[a-z0-9]{1,7}(?:[ -][a-z0-9]{1,4}){0,3})")
_SHAPE = re.compile(r"[a-z0-9]{1,4}(?:[ -](?=[a-z0-9]*\d|[a-z]{1,3}\b)[a-z0-9]{1,4}){0,3}")


def find(page: Page, taken: list[Span]) -> Iterator[Span]:
    """Every number of the text that identifies; `taken` are dates, which are no part of a longer run."""
    text = page.folded
    if not _ANY.search(text):
        return
    yield from (Span(m.start(), m.end(), "IBAN") for m in _IBAN_NL.finditer(text))
    yield from (Span(m.start(), m.end(), "PARKET") for m in _PARKET.finditer(text))
    yield from (Span(m.start(), m.end(), "CASE") for m in _COURT.finditer(text))
    yield from (Span(m.start(), m.end(), "ID") for m in _NET.finditer(text) if not _TIME.match(m.group()))
    yield from (Span(m.start(), m.end(), "PLATE") for m in _PLATE.finditer(text) if _UPPER_PLATE.search(page.clean, m.start(), m.end()) or page.clean.islower())
    yield from (Span(m.start(), m.end(), "PLATE") for m in _PLATE_TIGHT.finditer(page.clean))
    yield from (Span(*m.span("p"), "PLATE") for m in _PLATE_KEYED.finditer(text) if _ANY.search(m.group("p")))
    yield from _keyed(text)
    yield from _mixed(text)
    yield from _runs(text, taken)


_ANY = re.compile(r"\d")
_UPPER_PLATE = re.compile("[A-Za-z]")


def _keyed(text: str) -> Iterator[Span]:
    for match in _KEYED.finditer(text):
        value = match.group("v")
        if not _NOT_ID.match(value):
            yield Span(*match.span("v"), "ID")


def _mixed(text: str) -> Iterator[Span]:
    """Letters and digits together, with five digits or more, or four digits behind letters."""
    for match in _MIXED.finditer(text):
        value = match.group()
        digits = sum(c.isdigit() for c in value)
        if digits >= 4 and not _UNITED.match(value):  # noqa: PLR2004 - a year and more
            yield Span(match.start(), match.end(), "ID")


def _runs(text: str, taken: list[Span]) -> Iterator[Span]:
    blank = text
    for span in sorted(taken):
        if span.type in ("DATE", "DOB"):
            blank = blank[: span.start] + "\x00" * (span.end - span.start) + blank[span.end :]
    for match in _RUN.finditer(blank):
        digits = sum(c.isdigit() for c in match.group())
        if digits < _LEAST:
            continue
        start, end = match.span()
        amount = _AMOUNT_BEFORE.search(text[max(0, start - 14) : start]) or _AMOUNT_AFTER.match(text, end)
        if amount and digits <= _SURE and " " not in match.group() and "-" not in match.group():
            continue
        left = _LEFT.search(text[max(0, start - 8) : start])
        right = _RIGHT.match(text, end) if end < len(text) and (text[end].isalpha() or text[end] in "-/") else None
        yield Span(start - len(left.group()) if left else start, right.end() if right else end, _kind(match.group(), digits))


def _kind(run: str, digits: int) -> str:
    if digits == 9:  # noqa: PLR2004 - as many as a BSN has
        return "BSN"
    return "PHONE" if run.lstrip("( ").startswith(("0", "+")) and digits >= _SURE else "ID"
