"""Sentences of the law that no single flow shows, each with its question and answer."""

from __future__ import annotations

from typing import Any

import pytest

from sluis.core.decision import decide
from sluis.core.rules import Rulebook
from sluis.core.terms import unknown_words
from sluis.core.verdict import Decision
from sluis.policy_files.coverage import best
from sluis.policy_files.questions import read_question

Changes = dict[str, Any]


def ask(book: Rulebook, rule: str, **changes: Any) -> Decision:
    """The question that this rule releases, with words and facts changed (`_` for `-` in a fact)."""
    (found,) = [one for one in book.rules if one.id == rule]
    base = best(book, found)
    content: dict[object, Any] = {
        "doel": base.purpose,
        "richting": base.direction,
        "vrager": base.requester,
        "verstrekker": base.provider,
        "gegevens": list(base.categories),
        "persoon": base.person,
        "casus": base.case_state,
    }
    facts: Changes = {name: str(value) for name, value in base.facts.items()}
    for key, value in changes.items():
        name = key.replace("_", "-")
        (content if name in content else facts)[name] = value
    flaws: list[Any] = []
    question = read_question({**content, "feiten": facts}, flaws)
    assert question is not None, flaws
    assert not unknown_words(question, book.vocabulary)
    return decide(question, book)


def outcomes(decision: Decision) -> set[str]:
    """What happened to the categories: reasons, `voorleggen`, `verstrekken`."""
    said = {str(deny.reason) for deny in decision.refused.values()}
    return said | ({"voorleggen"} if decision.referred else set()) | ({"verstrekken"} if decision.permitted else set())


SENTENCES: list[tuple[str, str, Changes, set[str]]] = [
    # steps and their order
    ("the user comes before everything", "ggz-zvh-casus", {"gebruiker_bevoegd": "onbekend", "casus": "geen"}, {"gebruiker"}),
    ("a purpose without a route opens nothing", "ggz-zvh-casus", {"doel": "opsporing"}, {"doel"}),
    ("statistics open nothing", "politie-zvh-casus", {"doel": "onderzoek-statistiek", "vrager": "onderzoeker"}, {"doel"}),
    ("law that is not in force opens nothing", "college-zvh-casus", {"doel": "meervoudige-problematiek"}, {"doel"}),
    ("radicalisation has no route here", "politie-zvh-casus", {"doel": "radicalisering"}, {"doel"}),
    ("a house ban has no flows yet", "politie-veilig-thuis", {"doel": "huisverbod"}, {"doel"}),
    ("a Wvggz report is disputed", "ggz-zvh-casus", {"doel": "ggz-melding", "casus": "geen"}, {"doel"}),
    ("the case state comes before the parties", "ggz-zvh-casus", {"casus": "geen", "vrager": "pers"}, {"casusstatus"}),
    ("the parties come before the person", "ggz-zvh-casus", {"vrager_betrokken": "onwaar", "persoon": "ander"}, {"partij"}),
    (
        "the person comes before the category",
        "ggz-zvh-casus",
        {"persoon": "ander", "gegevens": ["politie.artikel-9"]},
        {"persoon"},
    ),
    (
        "the category comes before secrecy",
        "ggz-zvh-casus",
        {"toestemming": "onwaar", "gegevens": ["politie.artikel-8"]},
        {"gegeven"},
    ),
    (
        "secrecy comes before the objection",
        "ggz-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onwaar", "zwaarwegende_redenen": "waar"},
        {"geheim"},
    ),
    (
        "the objection comes before necessity",
        "politie-zvh-casus",
        {"zwaarwegende_redenen": "waar", "motivering": "onwaar"},
        {"verstrekker"},
    ),
    # the case
    ("a running case", "politie-zvh-casus", {}, {"verstrekken"}),
    ("a notified case gives nothing yet", "politie-zvh-casus", {"casus": "aangemeld"}, {"casusstatus"}),
    (
        "a closed case is shielded, also with an extension",
        "politie-zvh-casus",
        {"casus": "afgesloten", "casus_verlengd": "waar"},
        {"bewaartermijn"},
    ),
    ("an expired case without extension", "politie-zvh-casus", {"casus": "verlopen"}, {"bewaartermijn"}),
    (
        "an extension covers what it names",
        "politie-zvh-casus",
        {"casus": "verlopen", "casus_verlengd": ["politie.artikel-8"]},
        {"bewaartermijn", "verstrekken"},
    ),
    (
        "an extended case counts for the priority list",
        "politie-zvh-casus@zvh-lijst",
        {"casus": "verlopen", "casus_verlengd": "waar"},
        {"verstrekken"},
    ),
    (
        "an extension does not make a notification",
        "deelnemers-zvh-melding",
        {"casus": "verlopen", "casus_verlengd": "waar"},
        {"casusstatus"},
    ),
    ("the list also works on a notified case", "politie-zvh-casus@zvh-lijst", {"casus": "aangemeld"}, {"verstrekken"}),
    ("in the sector route the case plays no role", "politie-burgemeester", {"casus": "afgesloten"}, {"verstrekken"}),
    ("before admission nobody is asked", "deelnemers-zvh-melding", {"richting": "opvraag"}, {"casusstatus"}),
    # parties
    ("the mayor is not the executive", "dji-nazorg", {"vrager": "burgemeester"}, {"partij"}),
    ("the executive is not the mayor", "dji-justid-burgemeester", {"vrager": "college"}, {"partij"}),
    ("the prison medical service is not the prison", "dji-zvh-casus", {"verstrekker": "dji-medisch"}, {"gegeven"}),
    ("a unit is not the participant that decides", "zvh-bekend", {"vrager": "college-wmo"}, {"partij"}),
    ("private participants do not ask another house", "zvh-bekend", {"vrager": "ggz"}, {"partij"}),
    (
        "a third party gets nothing from another participant",
        "politie-zvh-casus",
        {"vrager": "woningcorporatie", "derde_uitgenodigd": "waar", "geheimhouding_getekend": "waar"},
        {"partij"},
    ),
    ("an uninvited third party", "zvh-incidentele-derde", {"derde_uitgenodigd": "onbekend"}, {"partij"}),
    ("a private landlord never receives", "politie-woningcorporatie", {"vrager": "particuliere-verhuurder"}, {"partij"}),
    ("the police are not on the list of Wmo 5.2.1", "college-wmo-aanbieder", {"vrager": "politie"}, {"partij"}),
    ("the executive is not in the circle of Wvggz 8:29", "wvggz-crisis", {"vrager": "college"}, {"partij"}),
    ("probation is not in the circle of Wvggz 8:29", "wvggz-crisis", {"vrager": "reclassering"}, {"partij"}),
    (
        "a supervision order works towards the GI only",
        "professional-gi",
        {"vrager": "jeugdhulp", "verstrekker": "gi"},
        {"partij"},
    ),
    ("a participant is no third party", "zvh-resultaat-derde", {"vrager": "politie"}, {"partij"}),
    # persons
    (
        "a family member for the household",
        "college-zvh-casus",
        {"persoon": "gezinslid", "gegevens": ["gezin.samenstelling", "wonen.situatie"]},
        {"verstrekken"},
    ),
    (
        "a family member's debts are out of scope",
        "college-zvh-casus",
        {"persoon": "gezinslid", "gegevens": ["financien.schulden"]},
        {"persoon"},
    ),
    (
        "a direct contact for the address",
        "deelnemers-zvh-casus",
        {"persoon": "direct-contact", "gegevens": ["contact.gegevens"]},
        {"verstrekken"},
    ),
    ("a contact of a contact never", "deelnemers-zvh-casus", {"persoon": "ander"}, {"persoon"}),
    ("a victim is not in scope of a case", "deelnemers-zvh-casus", {"persoon": "slachtoffer"}, {"persoon"}),
    (
        "a professional's work contact",
        "deelnemers-zvh-casus",
        {"persoon": "professional", "gegevens": ["contact.professional"]},
        {"verstrekken"},
    ),
    (
        "nothing else about a professional",
        "deelnemers-zvh-casus",
        {"persoon": "professional", "gegevens": ["identiteit.basis"]},
        {"persoon"},
    ),
    ("a family member in a report", "professional-veilig-thuis", {"persoon": "gezinslid"}, {"verstrekken"}),
    ("a family member in another sector flow", "politie-burgemeester", {"persoon": "gezinslid"}, {"persoon"}),
    ("the victim's own flow is not about the suspect", "politie-slachtofferhulp", {"persoon": "betrokkene"}, {"persoon"}),
    # categories
    (
        "urgency opens nothing",
        "ggz-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onwaar", "spoed": "waar"},
        {"geheim"},
    ),
    ("school and work are not on the list of 2.30", "college-zvh-casus", {"gegevens": ["dagbesteding.school-werk"]}, {"gegeven"}),
    ("a Wvggz file stays out of the house", "burgemeester-zvh-casus", {"gegevens": ["gezondheid.wvggz"]}, {"gegeven"}),
    ("police data art. 10 has no flow", "politie-zvh-casus", {"gegevens": ["politie.artikel-10"]}, {"gegeven"}),
    (
        "a unit without the right gets no citizen service number",
        "deelnemers-zvh-casus",
        {"vrager": "boa", "gegevens": ["identiteit.bsn"]},
        {"gegeven"},
    ),
    (
        "a secret address is never given, not even in danger",
        "acuut-zonder-geheim",
        {"gegevens": ["contact.geheim-adres"]},
        {"gegeven"},
    ),
    ("witnesses are never exposed", "om-bestuurlijk-besluit", {"gegevens": ["derden.gegevens"]}, {"derden"}),
    ("what leads to others stays", "om-bestuurlijk-besluit", {"niet_herleidbaar": "onbekend"}, {"derden"}),
    ("nationality for the picture", "deelnemers-zvh-nationaliteit", {"identificatie_onvermijdelijk": "onbekend"}, {"gegeven"}),
    # secrecy
    (
        "a conflict of duties never opens the diagnosis",
        "ggz-zvh-klinisch",
        {"toestemming": "onwaar", "conflict_van_plichten": "waar"},
        {"geheim"},
    ),
    (
        "good caregiving alone opens nothing",
        "ggz-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onwaar", "goed_hulpverlenerschap": "waar"},
        {"geheim"},
    ),
    (
        "a conflict of duties opens no priority list",
        "ggz-zvh-casus@zvh-lijst",
        {"toestemming": "onwaar", "conflict_van_plichten": "waar"},
        {"geheim"},
    ),
    (
        "a conflict of duties opens no confused behaviour",
        "zorg-onbegrepen-gedrag",
        {"toestemming": "onwaar", "conflict_van_plichten": "waar"},
        {"geheim"},
    ),
    (
        "a right to speak elsewhere opens no case",
        "ggz-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onwaar", "professional_besluit": "waar"},
        {"geheim"},
    ),
    (
        "in a mixed organisation unknown is secret",
        "veilig-thuis-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onwaar", "beroepsgeheim_rust_erop": "onbekend"},
        {"geheim"},
    ),
    (
        "in a mixed organisation per item",
        "veilig-thuis-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onwaar", "beroepsgeheim_rust_erop": ["risico.signaal"]},
        {"geheim", "verstrekken"},
    ),
    (
        "care is always secret, whatever is said of the item",
        "ggz-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onwaar", "beroepsgeheim_rust_erop": "onwaar"},
        {"geheim"},
    ),
    (
        "an order in force opens no case",
        "jeugd-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onwaar", "ots_van_kracht": "waar"},
        {"geheim"},
    ),
    ("without an order secrecy holds", "professional-gi", {"ots_van_kracht": "onbekend"}, {"geheim"}),
    (
        "a disputed consent does not count",
        "jeugdhulp-toegang",
        {"toestemming": "waar", "toestemming_jongere": "waar", "gezag_weigert": "waar"},
        {"geheim"},
    ),
    ("a child that objects", "jeugdhulp-toegang", {"toestemming": "waar", "bezwaar_betrokkene": "waar"}, {"geheim"}),
    (
        "the young person's own yes is not yet the consent",
        "jeugdhulp-toegang",
        {"toestemming": "onbekend", "toestemming_jongere": "waar"},
        {"geheim"},
    ),
    (
        "what carries a professional secrecy goes to no other partnership",
        "zvh-riec",
        {"beroepsgeheim_rust_erop": "waar"},
        {"geheim"},
    ),
    # objections and agreements
    ("weighty reasons beat consent", "ggz-zvh-casus", {"zwaarwegende_redenen": "waar"}, {"verstrekker"}),
    (
        "an exclusion covers what it names",
        "politie-zvh-casus",
        {"verstrekker_sluit_uit": ["politie.artikel-13"]},
        {"verstrekker", "verstrekken"},
    ),
    (
        "objections of the house do not count in the sector",
        "politie-burgemeester",
        {"zwaarwegende_redenen": "waar"},
        {"verstrekken"},
    ),
    ("a professional who declines", "professional-veilig-thuis", {"professional_besluit": "onwaar"}, {"verstrekker"}),
    ("a professional who has not weighed", "professional-raad", {"professional_besluit": "onbekend"}, {"voorleggen"}),
    ("a tenant who was not asked", "wonen-vroegsignaal", {"bezwaar_huurder": "onbekend"}, {"verstrekker"}),
    (
        "an investigation that opposes",
        "om-zorgmachtiging",
        {"opsporingsbelang_verzet": ["justitie.strafvorderlijk"]},
        {"verstrekker", "verstrekken"},
    ),
    # judgements
    (
        "a judgement is asked only when all else holds",
        "professional-raad",
        {"professional_besluit": "onbekend", "rvdk_onderzoek": "onwaar"},
        {"route"},
    ),
    (
        "a judgement is not asked without necessity",
        "ggz-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onbekend", "motivering": "onwaar"},
        {"geheim"},
    ),
    (
        "the prosecutor judges the public interest",
        "om-bestuurlijk-besluit",
        {"zwaarwegend_algemeen_belang": "onbekend"},
        {"voorleggen"},
    ),
    ("Veilig Thuis judges whether to pass on", "veilig-thuis-vervolg", {"vt_doorzetbesluit": "onbekend"}, {"voorleggen"}),
    ("the reporter judges the risk", "verwijsindex-melden", {"risico_verwijsindex": "onbekend"}, {"voorleggen"}),
    # directions
    ("Veilig Thuis is not asked by the police", "veilig-thuis-vervolg", {"richting": "opvraag"}, {"route"}),
    ("the index is not filled on request", "verwijsindex-melden", {"richting": "opvraag"}, {"route"}),
    ("a landlord is not asked for arrears", "wonen-vroegsignaal", {"richting": "opvraag"}, {"route"}),
    ("probation may also be told unasked", "politie-reclassering", {"richting": "aanbod"}, {"verstrekken"}),
    # necessity
    ("in a crisis necessity may come later", "wvggz-crisis", {"motivering": "onwaar"}, {"verstrekken"}),
    ("the statute supplies the necessity", "dji-nazorg", {"motivering": "onwaar"}, {"verstrekken"}),
    ("the professional supplies the necessity", "professional-veilig-thuis", {"motivering": "onwaar"}, {"verstrekken"}),
    ("necessity per category", "college-zvh-casus", {"motivering": ["wonen.situatie"]}, {"motivering", "verstrekken"}),
]


@pytest.mark.parametrize(("rule", "changes", "expected"), [one[1:] for one in SENTENCES], ids=[one[0] for one in SENTENCES])
def test_the_sentence_holds(rule: str, changes: Changes, expected: set[str], book: Rulebook) -> None:
    assert outcomes(ask(book, rule, **changes)) == expected


DUTIES: list[tuple[str, str, Changes, set[str], set[str]]] = [
    ("every release", "politie-burgemeester", {}, {"vastleggen", "bewaartermijn", "niet-doorgeven"}, {"neutraal-antwoord"}),
    ("plans are reported back", "deelnemers-zvh-casus", {}, {"terugkoppelen"}, set()),
    (
        "a reporter records the code when he offers",
        "professional-veilig-thuis",
        {"richting": "aanbod"},
        {"meldcode-vastleggen", "betrokkene-informeren"},
        set(),
    ),
    ("who is asked records no code", "professional-veilig-thuis", {}, {"betrokkene-informeren"}, {"meldcode-vastleggen"}),
    (
        "through a conflict of duties the subject is told",
        "ggz-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "waar"},
        {"betrokkene-informeren"},
        {"neutraal-antwoord"},
    ),
    ("through consent he is not told again", "ggz-zvh-casus", {}, set(), {"betrokkene-informeren"}),
    (
        "next to an exclusion the conditions bind",
        "politie-zvh-casus",
        {"verstrekker_sluit_uit": ["politie.artikel-8"]},
        {"voorwaarden-verstrekker"},
        set(),
    ),
    ("without an exclusion there are none", "politie-zvh-casus", {}, set(), {"voorwaarden-verstrekker"}),
    (
        "without consent the clinician is told",
        "wvggz-crisis",
        {},
        {"zorgverantwoordelijke-informeren", "motivering-achteraf"},
        set(),
    ),
    ("with consent he need not be", "wvggz-crisis", {"toestemming": "waar"}, set(), {"zorgverantwoordelijke-informeren"}),
    ("asked and held back: neutral", "ggz-zvh-casus", {"gebruiker_bevoegd": "onwaar"}, {"neutraal-antwoord"}, {"vastleggen"}),
    (
        "offered and held back: no neutral answer needed",
        "ggz-zvh-casus",
        {"richting": "aanbod", "gebruiker_bevoegd": "onwaar"},
        set(),
        {"neutraal-antwoord"},
    ),
    (
        "put before a human: neutral",
        "jeugd-zvh-casus",
        {"toestemming": "onwaar", "conflict_van_plichten": "onbekend"},
        {"neutraal-antwoord"},
        set(),
    ),
    (
        "a third party sees its own actions only",
        "zvh-incidentele-derde",
        {},
        {"alleen-eigen-acties", "geen-systeemtoegang"},
        set(),
    ),
    ("nuisance is cleaned of free text", "woningcorporatie-woonoverlast", {}, {"vrije-tekst-lakken"}, set()),
]


@pytest.mark.parametrize(("rule", "changes", "there", "absent"), [one[1:] for one in DUTIES], ids=[one[0] for one in DUTIES])
def test_the_duty_comes_with_it(rule: str, changes: Changes, there: set[str], absent: set[str], book: Rulebook) -> None:
    duties = set(ask(book, rule, **changes).duties)
    assert there <= duties
    assert not absent & duties
