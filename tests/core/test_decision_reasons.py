"""Every reason given is true: a reading of the questions apart from the engine, over random questions."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from questions_near_rules import BOOK, WORDS, questions

from sluis.core.decision import decide
from sluis.core.question import Question, Truth, truth
from sluis.core.rules import Rule
from sluis.core.terms import Motivation, Route
from sluis.core.verdict import Permit, Reason

PARTY = ("vrager-betrokken", "verstrekker-betrokken", "derde-uitgenodigd", "geheimhouding-getekend")
OBJECTIONS = ("zwaarwegende-redenen", "verstrekker-sluit-uit", "bezwaar-huurder", "deelnemer-bezwaar", "opsporingsbelang-verzet")
AGREEMENTS = ("oorspronkelijke-verstrekker-akkoord", "professional-besluit")
OPENERS = [
    "feiten-getoetst",
    "meldcriteria-onderbouwd",
    "lijstcriteria-gepubliceerd",
    "treffer",
    "bekend-in-beide",
    "rac-advies",
    "wettelijke-taak-ontvanger",
    "ernstig-nadeel",
    "acuut-gevaar",
    "minderjarig",
    "rvdk-onderzoek",
    "vermoeden-geweld",
    "vt-doorzetbesluit",
    "risico-verwijsindex",
    "wpg19-besluit",
    "wpg20-besluit",
    "inspanningen-gedaan",
    "herinnering-gestuurd",
    "in-detentie",
    "ernstig-delict",
    "reclasseringsopdracht",
    "behandelvoorwaarde",
    "zwaarwegend-algemeen-belang",
    "aanwijzing-wjsg",
]
SECRET_KINDS = WORDS.kinds_of(["medisch-geheim", "jeugd-geheim", "gemengd-geheim"])


def flows(question: Question) -> list[Rule]:
    """The rules between these two parties for this purpose."""
    if question.requester in WORDS.groups["nooit-ontvanger"].members:
        return []
    purpose, provider, requester = question.purpose, question.provider, question.requester
    return [r for r in BOOK.rules if r.purpose == purpose and provider in r.providers and requester in r.requesters]


def some(question: Question, category: str, names: tuple[str, ...] | list[str], *, but: Truth) -> bool:
    """Whether some of these facts is anything else than it should be."""
    return any(truth(question.facts, name, category) is not but for name in names)


def user(q: Question, _: str) -> bool:
    return q.facts.get("gebruiker-bevoegd") is not Truth.WAAR


def purpose(q: Question, _: str) -> bool:
    return WORDS.purposes[q.purpose].route is Route.GEEN or all(rule.purpose != q.purpose for rule in BOOK.rules)


def state(q: Question, _: str) -> bool:
    states = WORDS.purposes[q.purpose].case_states
    return (bool(states) and q.case_state not in states) or (q.purpose == "zvh-melding" and q.direction == "opvraag")


def term(q: Question, c: str) -> bool:
    over = q.case_state == "verlopen" and truth(q.facts, "casus-verlengd", c) is not Truth.WAAR
    return over or q.case_state == "afgesloten" or truth(q.facts, "binnen-termijn-wjsg", c) is not Truth.WAAR


def party(q: Question, c: str) -> bool:
    return not flows(q) or some(q, c, PARTY, but=Truth.WAAR)


def person(q: Question, _: str) -> bool:
    own = {"mensenhandel": "slachtoffer", "slachtoffer-steun": "slachtoffer"}.get(q.purpose, "betrokkene")
    return q.person != own


def category(q: Question, c: str) -> bool:
    given = any(c in rule.gives for rule in flows(q))
    number = c == "identiteit.bsn" and not WORDS.kinds[q.requester].bsn
    named = c == "identiteit.nationaliteit" and truth(q.facts, "identificatie-onvermijdelijk", c) is not Truth.WAAR
    return not given or number or named


def others(q: Question, c: str) -> bool:
    exposing = c in ("huiselijk-geweld.melder", "derden.gegevens", "slachtoffer.gegevens")
    return exposing or truth(q.facts, "niet-herleidbaar", c) is not Truth.WAAR


def opener(q: Question, c: str) -> bool:
    return q.direction == "opvraag" or some(q, c, OPENERS, but=Truth.WAAR)


def secret(q: Question, c: str) -> bool:
    bound = q.provider in SECRET_KINDS or truth(q.facts, "beroepsgeheim-rust-erop", c) is not Truth.ONWAAR
    dispute = Truth.WAAR in (truth(q.facts, "gezag-weigert", c), truth(q.facts, "bezwaar-betrokkene", c))
    lifted = truth(q.facts, "toestemming", c) is Truth.WAAR and not dispute
    statute = some(q, c, ("ots-van-kracht", "niet-aanspreekbaar", "conflict-van-plichten"), but=Truth.WAAR)
    return (bound and not lifted) or not lifted or statute


def provider(q: Question, c: str) -> bool:
    return some(q, c, OBJECTIONS, but=Truth.ONWAAR) or some(q, c, AGREEMENTS, but=Truth.WAAR)


def motivation(q: Question, c: str) -> bool:
    written = truth(q.facts, "motivering", c) is Truth.WAAR
    return WORDS.purposes[q.purpose].motivation is Motivation.VOORAF and not written


TRUE: dict[Reason, Callable[[Question, str], bool]] = {
    Reason.GEBRUIKER: user,
    Reason.DOEL: purpose,
    Reason.CASUSSTATUS: state,
    Reason.BEWAARTERMIJN: term,
    Reason.PARTIJ: party,
    Reason.PERSOON: person,
    Reason.GEGEVEN: category,
    Reason.DERDEN: others,
    Reason.ROUTE: opener,
    Reason.GEHEIM: secret,
    Reason.VERSTREKKER: provider,
    Reason.MOTIVERING: motivation,
}
EXACT = (Reason.GEBRUIKER, Reason.DOEL, Reason.MOTIVERING)
"""What holds for every flow alike: when it is so, nothing later may be the reason."""


@settings(max_examples=200, deadline=None)
@given(questions())
def test_every_reason_given_is_true_and_none_before_it_was(question: Question) -> None:
    order = list(Reason)
    for name, verdict in decide(question, BOOK).verdicts.items():
        never = BOOK.common.never.get(name)
        if name in decide(question, BOOK).refused:
            reason = decide(question, BOOK).refused[name].reason
            assert reason is never or TRUE[reason](question, name), (name, reason)
            assert not any(TRUE[first](question, name) for first in EXACT if order.index(first) < order.index(reason))
        if isinstance(verdict, Permit):
            assert never is None
            assert not any(TRUE[first](question, name) for first in EXACT)


@settings(max_examples=100, deadline=None)
@given(questions())
def test_a_refusal_says_why_in_words_and_by_which_rules(question: Question) -> None:
    known = (
        {rule.id for rule in BOOK.rules}
        | {part.id for part in BOOK.common.shared}
        | {"altijd", "nooit", "personen", "casus", "alleen-aanbod"}
    )
    for deny in decide(question, BOOK).refused.values():
        assert deny.explanation.startswith(WORDS.reasons[deny.reason].nl)
        assert set(deny.rules) <= known


@settings(max_examples=100, deadline=None)
@given(questions())
def test_a_provider_bound_by_secrecy_answers_neutrally_when_anything_is_held_back(question: Question) -> None:
    decision = decide(question, BOOK)
    held = len(decision.permitted) < len(question.categories)
    silent = question.provider in SECRET_KINDS and question.direction == "opvraag"
    assert ("neutraal-antwoord" in decision.duties) == (held and silent)
