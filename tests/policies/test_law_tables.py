"""A second reading of the law: every flow of the two lanes, written as a table, against every question that can be put.

The table is typed from the law and knows nothing of the policy files: kinds, categories with the highest precision, and the
facts without which nothing goes. What is not in it must be refused, for every purpose, provider, recipient and category.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import pytest

from sluis.core.decision import decide
from sluis.core.question import FactValue, Question, Truth
from sluis.core.rules import Rulebook

PUBLIC = ["rvdk", "dji", "politie", "om", "burgemeester", "college", "ggd"]
PRIVATE = [
    "reclassering",
    "veilig-thuis",
    "gi",
    "ggz",
    "verslavingszorg",
    "geneesheer-directeur",
    "zorgverantwoordelijke",
    "jeugdhulp",
    "wijkteam-stichting",
    "wmo-aanbieder",
    "maatschappelijke-opvang",
]
UNITS = [
    "ggd-medisch",
    "dji-medisch",
    "college-wmo",
    "college-jeugd",
    "college-inkomen",
    "schuldhulp",
    "leerplicht",
    "wijkteam",
    "boa",
]
PARTICIPANTS = PUBLIC + PRIVATE + UNITS
INCIDENTAL = [
    "huisarts",
    "ziekenhuis",
    "ambulance",
    "brandweer",
    "wzd-aanbieder",
    "school",
    "halt",
    "slachtofferhulp",
    "comensha",
    "woningcorporatie",
    "vrijwilligersorganisatie",
]
CARERS = [
    "ggz",
    "verslavingszorg",
    "ggd-medisch",
    "dji-medisch",
    "geneesheer-directeur",
    "zorgverantwoordelijke",
    "huisarts",
    "ziekenhuis",
    "ambulance",
    "wzd-aanbieder",
]
SECRET = [*CARERS, "jeugdhulp", "gi"]
MIXED = ["veilig-thuis", "wijkteam-stichting"]
MUNICIPALITY = ["college", "college-wmo", "college-jeugd", "college-inkomen", "schuldhulp", "leerplicht", "wijkteam"]
RESCUERS = ["politie", "ambulance", "brandweer"]
CIRCLE = ["geneesheer-directeur", "zorgverantwoordelijke", "burgemeester", "politie", "om"]
NEVER = [
    "verzekeraar",
    "zorgverzekeraar",
    "werkgever",
    "pers",
    "burger",
    "onderzoeker",
    "particuliere-verhuurder",
    "energieleverancier",
    "drinkwaterbedrijf",
]
INDEX_REPORTERS = [
    "politie",
    "rvdk",
    "gi",
    "jeugdhulp",
    "ggz",
    "ggd",
    "ggd-medisch",
    "school",
    "leerplicht",
    "college-jeugd",
    "wijkteam",
    "veilig-thuis",
    "reclassering",
    "halt",
    "maatschappelijke-opvang",
]
ARREARS = ["woningcorporatie", "particuliere-verhuurder", "energieleverancier", "drinkwaterbedrijf", "zorgverzekeraar"]
NO_PROFESSIONAL = ["politie", "om", "zvh", "verwijsindex", "justid", "betrokkene-zelf", "vertegenwoordiger", *NEVER]

PLAIN = {"identiteit.basis": "exact", "contact.gegevens": "exact"}
GENERAL = {
    **PLAIN,
    "identiteit.bsn": "exact",
    "contact.professional": "exact",
    "plan.afspraken": "exact",
    "casus.betrokken-deelnemers": "grof",
    "relaties.contacten": "grof",
}
POLICE = {"politie.artikel-8": "functioneel", "politie.artikel-13": "functioneel"}
POLICE_COARSE = {"politie.artikel-8": "grof", "politie.artikel-13": "grof"}
CLINICAL = {"gezondheid.diagnose": "exact", "gezondheid.medicatie": "exact", "gezondheid.behandeling": "exact"}
CARE = {
    "gezondheid.bestaat": "bestaat",
    "gezondheid.functioneel": "functioneel",
    "gezondheid.verslaving": "functioneel",
    "gezondheid.lvb": "functioneel",
    "zorg.betrokken-instanties": "functioneel",
    "risico.signaal": "functioneel",
}
CASE_ROWS = {
    "politie": {**POLICE_COARSE, "risico.signaal": "functioneel", "maatregelen.beperkingen": "exact"},
    "om": {
        "justitie.veroordelingen": "grof",
        "justitie.strafvorderlijk": "functioneel",
        "justitie.tenuitvoerlegging": "exact",
        "maatregelen.beperkingen": "exact",
    },
    "dji": {"justitie.tenuitvoerlegging": "exact"},
    "burgemeester": {"maatregelen.beperkingen": "exact"},
    "rvdk": {"jeugd.maatregel": "exact", "risico.signaal": "functioneel"},
    "reclassering": {"reclassering.toezicht": "functioneel", "risico.signaal": "functioneel"},
    "veilig-thuis": {"huiselijk-geweld.melding": "functioneel", "risico.signaal": "functioneel"},
}
TOWN = {
    "wonen.situatie": "functioneel",
    "zorg.betrokken-instanties": "functioneel",
    "financien.inkomen": "grof",
    "financien.schulden": "grof",
    "voorziening.toegekend": "grof",
    "gezin.samenstelling": "grof",
    "jeugd.maatregel": "exact",
}
YOUTH = {"jeugd.dossier": "functioneel", "risico.signaal": "functioneel", "jeugd.maatregel": "exact"}
CASE_ROWS |= dict.fromkeys(MUNICIPALITY, TOWN) | dict.fromkeys(("gi", "jeugdhulp"), YOUTH)
CASE_ROWS |= {kind: {**CARE, **CLINICAL} for kind in ("ggz", "verslavingszorg", "ggd-medisch", "dji-medisch")}
TO_PARTICIPANT = {
    **PLAIN,
    "plan.afspraken": "exact",
    "contact.professional": "exact",
    "risico.signaal": "functioneel",
    "casus.resultaat": "functioneel",
    "casus.betrokken-deelnemers": "grof",
}
TO_THIRD = {**PLAIN, "contact.professional": "exact", "plan.afspraken": "exact", "risico.signaal": "functioneel"}
MOVED = {
    category: precision
    for row in (GENERAL, TO_PARTICIPANT, *CASE_ROWS.values(), {"casus.aanmelding": "functioneel"})
    for category, precision in row.items()
}
TO_VT = {
    **PLAIN,
    "gezin.samenstelling": "functioneel",
    "huiselijk-geweld.melding": "functioneel",
    "gezondheid.functioneel": "functioneel",
    "risico.signaal": "functioneel",
    "jeugd.dossier": "functioneel",
    "gezondheid.bestaat": "bestaat",
}
TO_GI = {name: TO_VT[name] for name in TO_VT if name not in ("gezin.samenstelling", "huiselijk-geweld.melding")}
RESCUE = {**PLAIN, "contact.verblijfplaats": "exact", "risico.signaal": "functioneel"}
RESCUE_SECRET = {
    **RESCUE,
    "contact.professional": "exact",
    "gezondheid.functioneel": "functioneel",
    "gezondheid.bestaat": "bestaat",
}
CARE_TO_CARE = {
    "identiteit.basis": "exact",
    "gezondheid.medicatie": "exact",
    "gezondheid.diagnose": "exact",
    "gezondheid.verslaving": "exact",
    "gezondheid.functioneel": "functioneel",
    "gezondheid.bestaat": "bestaat",
}
INVOLVED = "vrager-betrokken verstrekker-betrokken"
LIST = f"{INVOLVED} lijstcriteria-gepubliceerd meldcriteria-onderbouwd"


@dataclass(frozen=True, kw_only=True)
class Flow:
    """One row: who, to whom, what at most, and the facts (a `-` before one that must be known to be false)."""

    purpose: str
    providers: list[str]
    requesters: list[str]
    gives: dict[str, str]
    facts: str = ""
    push: bool = False


def in_the_house(kinds: list[str]) -> Iterator[Flow]:
    """Route wgs between participants; the fact that lifts secrecy is named where it is needed."""
    for provider in PARTICIPANTS:
        lifted = "toestemming " if provider in SECRET + MIXED else ""
        row = {**GENERAL, **CASE_ROWS.get(provider, {})}
        notify = {**PLAIN, "identiteit.bsn": "exact", "casus.aanmelding": "functioneel"}
        tested = "feiten-getoetst meldcriteria-onderbouwd"
        yield Flow(purpose="zvh-melding", providers=[provider], requesters=PUBLIC, gives=notify, facts=lifted + tested, push=True)
        for purpose, requesters, facts in (("zvh-casus", PARTICIPANTS, INVOLVED), ("zvh-lijst", PUBLIC, LIST)):
            numbered = [kind for kind in requesters if kind in kinds]
            yield Flow(purpose=purpose, providers=[provider], requesters=numbered, gives=row, facts=lifted + facts)
            unavoidable = f"{lifted}{facts} identificatie-onvermijdelijk"
            nationality = {"identiteit.nationaliteit": "exact"}
            yield Flow(purpose=purpose, providers=[provider], requesters=numbered, gives=nationality, facts=unavoidable)
            rest = [kind for kind in requesters if kind not in kinds]
            short = {name: value for name, value in row.items() if name != "identiteit.bsn"}
            yield Flow(purpose=purpose, providers=[provider], requesters=rest, gives=short, facts=lifted + facts)
            yield Flow(purpose=purpose, providers=[provider], requesters=rest, gives=nationality, facts=unavoidable)


def flow(purpose: str, parties: str, gives: dict[str, str], facts: str = "", *, push: bool = False) -> Flow:
    """A row of the sector table: `provider provider > recipient recipient`."""
    providers, _, requesters = parties.partition(" > ")
    return Flow(purpose=purpose, providers=providers.split(), requesters=requesters.split(), gives=gives, facts=facts, push=push)


def elsewhere(kinds: list[str]) -> Iterator[Flow]:
    """The joint case itself, and route sector."""
    words = " ".join
    house, everyone = words(PARTICIPANTS), words(k for k in kinds if k not in NO_PROFESSIONAL)
    yield flow("zvh-casus", f"zvh > {house}", TO_PARTICIPANT, "vrager-betrokken")
    yield flow("zvh-casus", f"zvh > {words(INCIDENTAL)}", TO_THIRD, "derde-uitgenodigd geheimhouding-getekend")
    yield flow("zvh-verhuizing", f"zvh > {words(PUBLIC)}", {"casus.bekend": "bestaat"}, "vrager-betrokken")
    agreed = "vrager-betrokken treffer oorspronkelijke-verstrekker-akkoord toestemming"
    yield flow("zvh-verhuizing", f"zvh > {words(PUBLIC)}", MOVED, agreed)
    aligned = {"casus.betrokken-deelnemers": "grof", "plan.afspraken": "functioneel"}
    yield flow("zvh-riec", "zvh > riec", aligned, "bekend-in-beide oorspronkelijke-verstrekker-akkoord")
    third = "rac-advies wettelijke-taak-ontvanger -deelnemer-bezwaar"
    yield flow("zvh-derde", f"zvh > {words(INCIDENTAL)} aangewezen-orgaan", {"casus.resultaat": "functioneel"}, third)
    yield flow("vt-melding", f"{everyone} > veilig-thuis", TO_VT, "vermoeden-geweld professional-besluit")
    incident = {**POLICE, **PLAIN, "gezin.samenstelling": "functioneel"}
    yield flow("vt-melding", "politie > veilig-thuis", incident, "vermoeden-geweld")
    passed = {**PLAIN, "huiselijk-geweld.melding": "functioneel", "risico.signaal": "functioneel"}
    yield flow("vt-vervolg", "veilig-thuis > politie rvdk", passed, "vt-doorzetbesluit", push=True)
    yield flow("ots-uitvoering", f"{everyone} > gi", TO_GI, "ots-van-kracht")
    yield flow("rvdk-onderzoek", f"{everyone} > rvdk", TO_GI, "rvdk-onderzoek professional-besluit")
    yield flow("jeugd-toegang", "politie > college college-jeugd wijkteam gi rvdk", POLICE, "minderjarig")
    yield flow("jeugd-toegang", "jeugdhulp > wijkteam college-jeugd", {"jeugd.dossier": "functioneel"}, "toestemming")
    yield flow("jeugd-straf", "politie > halt", {"politie.artikel-8": "functioneel", **PLAIN}, "minderjarig")
    flag = {"identiteit.bsn": "exact", "contact.professional": "exact", "verwijsindex.registratie": "exact"}
    yield flow("verwijsindex", f"{words(INDEX_REPORTERS)} > verwijsindex", flag, "risico-verwijsindex", push=True)
    match = {"contact.professional": "exact"}
    yield flow("verwijsindex", f"verwijsindex > {words(INDEX_REPORTERS)}", match, "treffer")


def town_and_justice() -> Iterator[Flow]:
    """Route sector: municipality, arrears, housing, public order, justice, probation."""
    words = " ".join
    departments = dict.fromkeys(
        ("voorziening.toegekend", "jeugd.dossier", "financien.inkomen", "financien.schulden"), "functioneel"
    )
    inside = "college-jeugd college-inkomen schuldhulp leerplicht > college-wmo wijkteam"
    yield flow("wmo-ondersteuning", inside, departments, "toestemming")
    awarded = {"voorziening.toegekend": "functioneel"}
    yield flow("wmo-ondersteuning", "wmo-aanbieder > college-wmo", awarded)
    yield flow("wmo-ondersteuning", "college-wmo > wmo-aanbieder", {**PLAIN, **awarded})
    advice = {"gezondheid.functioneel": "functioneel"}
    yield flow("wmo-ondersteuning", f"{words(CARERS)} > college-wmo", advice, "toestemming")
    signal = {"contact.gegevens": "exact", "financien.achterstand": "exact"}
    efforts = "inspanningen-gedaan herinnering-gestuurd -bezwaar-huurder"
    yield flow("schuld-vroegsignaal", f"{words(ARREARS)} > schuldhulp", signal, efforts, push=True)
    yield flow("woonoverlast", "politie > woningcorporatie", POLICE_COARSE, "wpg20-besluit")
    yield flow("woonoverlast", "politie > woningcorporatie", POLICE_COARSE, "wpg19-besluit")
    nuisance = {"contact.gegevens": "exact", "wonen.situatie": "functioneel"}
    yield flow("woonoverlast", "woningcorporatie > wijkteam college", nuisance, push=True)
    yield flow("openbare-orde", "politie > burgemeester", {**POLICE, "identiteit.basis": "exact"})
    pending = {"justitie.strafvorderlijk": "functioneel", "justitie.veroordelingen": "grof"}
    yield flow("bestuurlijk-besluit", "om > burgemeester", pending, "zwaarwegend-algemeen-belang niet-herleidbaar")
    back = {"justitie.tenuitvoerlegging": "exact", "identiteit.basis": "exact"}
    back |= dict.fromkeys(("wonen.situatie", "financien.inkomen", "financien.schulden"), "functioneel")
    yield flow("nazorg-detentie", "dji > college", back, "in-detentie")
    notice = {"justitie.bij-melding": "functioneel", "identiteit.basis": "exact"}
    yield flow("detentie-risico", "dji justid > burgemeester", notice, "ernstig-delict")
    yield flow("reclassering-taak", "politie > reclassering", POLICE, "reclasseringsopdracht")
    yield flow("reclassering-taak", "reclassering > om", {"reclassering.toezicht": "functioneel"}, "reclasseringsopdracht")
    shown = "reclasseringsopdracht behandelvoorwaarde toestemming"
    yield flow("reclassering-taak", f"{words(CARERS)} > reclassering", {"gezondheid.aanwezigheid": "grof"}, shown)
    records = "aanwijzing-wjsg binnen-termijn-wjsg"
    yield flow("justitiele-documentatie", "justid > aangewezen-orgaan", {"justitie.veroordelingen": "grof"}, records)


def victims_and_crisis(kinds: list[str]) -> Iterator[Flow]:
    """Route sector: victims, compulsory care, confused behaviour, acute danger."""
    words = " ".join
    yield flow("mensenhandel", "politie > comensha", {**PLAIN, "contact.professional": "exact"})
    yield flow("slachtoffer-steun", "politie > slachtofferhulp", PLAIN)
    crisis = {**RESCUE, "gezondheid.functioneel": "functioneel", "gezondheid.bestaat": "bestaat"}
    yield flow("ggz-crisis", f"{words(CIRCLE)} > {words(CIRCLE)}", crisis, "ernstig-nadeel")
    prepared = {**POLICE, "justitie.veroordelingen": "functioneel", "justitie.strafvorderlijk": "functioneel"}
    yield flow("zorgmachtiging", "om > geneesheer-directeur", prepared, "-opsporingsbelang-verzet", push=True)
    confused = {"gezondheid.functioneel": "functioneel", "gezondheid.bestaat": "bestaat"}
    yield flow("onbegrepen-gedrag", f"{words(CARERS)} > wijkteam ggd ggd-medisch ggz", confused, "toestemming")
    rescue = words(dict.fromkeys(RESCUERS + CARERS))
    open_kinds = words(k for k in kinds if k not in (*SECRET, *MIXED, "betrokkene-zelf", "vertegenwoordiger"))
    yield flow("vitaal-belang", f"{open_kinds} > {rescue}", RESCUE, "acuut-gevaar")
    yield flow("vitaal-belang", f"{words(CARERS)} > {words(CARERS)}", CARE_TO_CARE, "acuut-gevaar niet-aanspreekbaar")
    secret = words([*SECRET, *MIXED])
    decided = "acuut-gevaar niet-aanspreekbaar professional-besluit"
    yield flow("vitaal-belang", f"{secret} > {rescue}", RESCUE_SECRET, decided)
    yield flow("vitaal-belang", f"{secret} > {rescue}", RESCUE_SECRET, "acuut-gevaar conflict-van-plichten")


VICTIM = ("mensenhandel", "slachtoffer-steun")


def question(book: Rulebook, purpose: str, provider: str, requester: str, categories: tuple[str, ...]) -> Question:
    """The most favourable question between two kinds: right state, right person, nothing established yet."""
    states = book.vocabulary.purposes[purpose].case_states
    return Question(
        purpose=purpose,
        direction="aanbod",
        requester=requester,
        provider=provider,
        categories=categories,
        person="slachtoffer" if purpose in VICTIM else "betrokkene",
        case_state="opgenomen" if "opgenomen" in states else next(iter(states), "geen"),
        facts={"gebruiker-bevoegd": Truth.WAAR, "motivering": Truth.WAAR},
    )


def established(facts: str) -> dict[str, FactValue]:
    """The facts of a row."""
    return {fact.lstrip("-"): Truth.ONWAAR if fact.startswith("-") else Truth.WAAR for fact in facts.split()}


def released(question: Question, book: Rulebook) -> dict[str, str]:
    """What goes, at which precision."""
    return {name: permit.precision.word for name, permit in decide(question, book).permitted.items()}


@pytest.fixture(scope="module")
def table(book: Rulebook) -> list[Flow]:
    kinds = list(book.vocabulary.kinds)
    with_number = [kind for kind in kinds if book.vocabulary.kinds[kind].bsn]
    return [*in_the_house(with_number), *elsewhere(kinds), *town_and_justice(), *victims_and_crisis(kinds)]


def test_every_row_of_the_law_releases_exactly_what_it_says(table: list[Flow], book: Rulebook) -> None:
    for row in table:
        for provider in row.providers:
            for requester in row.requesters:
                base = question(book, row.purpose, provider, requester, tuple(row.gives))
                got = released(replace(base, facts={**base.facts, **established(row.facts)}), book)
                assert got == row.gives, (row.purpose, provider, requester)


def test_what_no_row_of_the_law_gives_is_refused_whatever_is_established(table: list[Flow], book: Rulebook) -> None:
    allowed: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in table:
        for provider in row.providers:
            for requester in row.requesters:
                allowed.setdefault((row.purpose, provider, requester), {}).update(row.gives)
    everything, words = tuple(book.vocabulary.categories), book.vocabulary
    negative = {"deelnemer-bezwaar", "opsporingsbelang-verzet", "bezwaar-huurder", "beroepsgeheim-rust-erop"}
    objections = {"zwaarwegende-redenen", "verstrekker-sluit-uit", "gezag-weigert", "bezwaar-betrokkene"}
    facts: dict[str, FactValue] = {name: Truth.ONWAAR if name in negative else Truth.WAAR for name in words.facts}
    facts |= dict.fromkeys(objections, Truth.ONWAAR)
    for number, flow in enumerate(product(words.purposes, words.kinds, words.kinds)):
        never = flow[2] in book.common.never_requesters
        assert (flow in allowed) == bool(not never and book.rules_for(*flow)), flow
        if number % 11 == 0:
            asked = everything if flow in allowed else everything[:2]
            base = replace(question(book, *flow, asked), facts=facts)
            assert released(base, book) == allowed.get(flow, {}), flow


def test_each_fact_of_a_row_is_needed(table: list[Flow], book: Rulebook) -> None:
    for row in table:
        provider, requester = row.providers[-1], (row.requesters or [""])[-1]
        if not requester:
            continue
        base = question(book, row.purpose, provider, requester, tuple(row.gives))
        facts = {**base.facts, **established(row.facts)}
        for missing in established(row.facts):
            less = {name: value for name, value in facts.items() if name != missing}
            got = released(replace(base, facts=less), book)
            stays = set(row.gives) - set(got)
            assert stays, (row.purpose, provider, requester, missing)


def test_what_is_only_offered_cannot_be_asked(table: list[Flow], book: Rulebook) -> None:
    for row in table:
        for requester in row.requesters if row.push else ():
            base = question(book, row.purpose, row.providers[0], requester, tuple(row.gives))
            asked = replace(base, direction="opvraag", facts={**base.facts, **established(row.facts)})
            assert not released(asked, book)
