"""The facts of a question, established at one moment from what Sluis holds and what the caller may state.

Laws of this file: every fact has its own witness, and nobody else's word counts; a judgement is never stated in a request,
it is recorded with its ground by a named human; what nobody established stays unknown; the newest record of a witness
replaces his older one, category by category; urgency becomes a fact that no rule uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sluis.core.case import Case, Participant
from sluis.core.errors import BadInput, Flaw
from sluis.core.evidence import Evidence
from sluis.core.question import Facts, FactValue, Truth
from sluis.core.request import Request

ADMISSION_CRITERIA = frozenset({"a", "b", "c", "d"})
"""The four criteria of BGS 2.20(1), each of which a notification substantiates."""


class Witness(StrEnum):
    """Who establishes a fact (`wie` in the vocabulary). A kind of partner is a witness too: see `WITNESSES`."""

    SLUIS = "sluis"
    CALLER = "aanvrager"
    PROVIDER = "verstrekker"
    RECIPIENT = "vrager"
    PUBLIC = "publieke deelnemers"
    ORIGINAL = "oorspronkelijke verstrekkers"
    ALL_INVOLVED = "alle betrokken deelnemers"


_WHO: Mapping[str, Sequence[str]] = {
    "gebruiker-bevoegd": [Witness.SLUIS],
    "motivering": [Witness.SLUIS],
    "spoed": [Witness.SLUIS],
    "vrager-betrokken": [Witness.SLUIS],
    "verstrekker-betrokken": [Witness.SLUIS],
    "meldcriteria-onderbouwd": [Witness.SLUIS],
    "casus-verlengd": [Witness.SLUIS],
    "derde-uitgenodigd": [Witness.SLUIS],
    "geheimhouding-getekend": [Witness.SLUIS],
    "feiten-getoetst": [Witness.CALLER],
    "identificatie-onvermijdelijk": [Witness.RECIPIENT],
    "ernstig-nadeel": [Witness.CALLER],
    "acuut-gevaar": [Witness.CALLER],
    "niet-aanspreekbaar": [Witness.CALLER],
    "vermoeden-geweld": [Witness.CALLER],
    "zwaarwegende-redenen": [Witness.PROVIDER],
    "verstrekker-sluit-uit": [Witness.PROVIDER],
    "toestemming": [Witness.PROVIDER],
    "toestemming-jongere": [Witness.PROVIDER],
    "gezag-weigert": [Witness.PROVIDER],
    "bezwaar-betrokkene": [Witness.PROVIDER],
    "beroepsgeheim-rust-erop": [Witness.PROVIDER],
    "conflict-van-plichten": [Witness.PROVIDER],
    "goed-hulpverlenerschap": [Witness.PROVIDER],
    "professional-besluit": [Witness.PROVIDER],
    "treffer": [Witness.PROVIDER],
    "minderjarig": [Witness.PROVIDER],
    "vt-doorzetbesluit": [Witness.PROVIDER],
    "risico-verwijsindex": [Witness.PROVIDER],
    "wpg19-besluit": [Witness.PROVIDER],
    "wpg20-besluit": [Witness.PROVIDER],
    "inspanningen-gedaan": [Witness.PROVIDER],
    "herinnering-gestuurd": [Witness.PROVIDER],
    "bezwaar-huurder": [Witness.PROVIDER],
    "in-detentie": [Witness.PROVIDER],
    "ernstig-delict": [Witness.PROVIDER],
    "binnen-termijn-wjsg": [Witness.PROVIDER],
    "niet-herleidbaar": [Witness.PROVIDER],
    "zwaarwegend-algemeen-belang": [Witness.PROVIDER],
    "opsporingsbelang-verzet": [Witness.PROVIDER],
    "wettelijke-taak-ontvanger": [Witness.RECIPIENT],
    "aanwijzing-wjsg": [Witness.RECIPIENT],
    "lijstcriteria-gepubliceerd": [Witness.PUBLIC],
    "bekend-in-beide": [Witness.PUBLIC],
    "rac-advies": [Witness.PUBLIC],
    "oorspronkelijke-verstrekker-akkoord": [Witness.ORIGINAL],
    "deelnemer-bezwaar": [Witness.ALL_INVOLVED],
    "ots-van-kracht": ["gi"],
    "rvdk-onderzoek": ["rvdk"],
    "reclasseringsopdracht": ["om", "dji", "reclassering"],
    "behandelvoorwaarde": ["om", "reclassering"],
}
WITNESSES: Mapping[str, frozenset[str]] = MappingProxyType({fact: frozenset(who) for fact, who in _WHO.items()})
"""Per fact of the vocabulary, who may establish it. A test holds this table complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where an organisation stands towards a question: its id and kind, and whether it is a public participant."""

    partner: str
    kind: str
    public: bool = False

    def is_witness(self, fact: str, *, caller: str, provider: str, requester: str) -> bool:
        """Whether this organisation may establish `fact` in a question between those parties."""
        who = WITNESSES.get(fact, frozenset())
        return (
            self.kind in who
            or (Witness.CALLER in who and self.partner == caller)
            or (Witness.PROVIDER in who and self.partner == provider)
            or (Witness.RECIPIENT in who and self.partner == requester)
            or (Witness.PUBLIC in who and self.public)
            or Witness.ORIGINAL in who
            or Witness.ALL_INVOLVED in who
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What is known around a request, read before anything is decided. Reading it costs the same for every person.

    `contributors` says per category which organisations brought it into the case; `judgements` which facts only a human's
    recorded act establishes; `scoped` which facts are judged per category.
    """

    authorised: bool | None
    caller: Position
    case: Case | None
    evidence: Sequence[Evidence] = field(default=(), repr=False)
    contributors: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    judgements: frozenset[str] = frozenset()


def facts_for(request: Request, around: Circumstances, at: datetime) -> Facts:
    """The facts of the question at that moment, three-valued.

    Raises `BadInput` for a statement that the caller is no witness of, or that only a recorded judgement can make.
    """
    facts: dict[str, FactValue] = dict(_of_the_request(request, around))
    facts.update(_of_the_case(request, around.case, at))
    facts.update(_of_the_evidence(request, around, at))
    return MappingProxyType(facts)


def _of_the_request(request: Request, around: Circumstances) -> Iterable[tuple[str, FactValue]]:
    _refuse_foreign_statements(request, around)
    if around.authorised is not None:
        yield "gebruiker-bevoegd", Truth.WAAR if around.authorised else Truth.ONWAAR
    yield "motivering", frozenset(name for name, why in request.motivation.items() if why.strip())
    yield "spoed", Truth.WAAR if request.urgent else Truth.ONWAAR
    for fact, holds in request.statements.items():
        yield fact, Truth.WAAR if holds else Truth.ONWAAR


def _refuse_foreign_statements(request: Request, around: Circumstances) -> None:
    parties = {"caller": request.caller, "provider": request.provider, "requester": request.requester}
    flaws = [
        # A word that does not exist may hold anything, also a name: it is pointed at, not repeated.
        Flaw(
            where=f"verklaringen.{fact}" if fact in WITNESSES else f"verklaringen[{i}]",
            what=what,
            mend="laat dit feit weg; wie het vaststelt legt het vast in Sluis",
        )
        for i, fact in enumerate(request.statements)
        for what in [_why_not_stated(fact, around, parties)]
        if what
    ]
    if flaws:
        raise BadInput(*flaws)


def _why_not_stated(fact: str, around: Circumstances, parties: Mapping[str, str]) -> str | None:
    if fact not in WITNESSES:
        return "dit feit bestaat niet"
    if fact in around.judgements:
        return "dit is een oordeel van een mens en wordt apart vastgelegd, met de gronden"
    shared = WITNESSES[fact] & {Witness.SLUIS, Witness.ORIGINAL, Witness.ALL_INVOLVED}
    if shared or not around.caller.is_witness(fact, **parties):
        return "dit feit stelt een ander vast"
    return None


def _of_the_case(request: Request, case: Case | None, at: datetime) -> Iterable[tuple[str, FactValue]]:
    if case is None:
        return
    requester, provider = case.participant(request.requester), case.participant(request.provider)
    yield "vrager-betrokken", _involved(requester)
    yield "verstrekker-betrokken", _involved(provider)
    yield "meldcriteria-onderbouwd", Truth.WAAR if case.criteria >= ADMISSION_CRITERIA else Truth.ONWAAR
    yield "casus-verlengd", frozenset(name for name, until in case.renewed.items() if at < until)
    yield "derde-uitgenodigd", Truth.WAAR if requester and requester.third else Truth.ONWAAR
    yield "geheimhouding-getekend", Truth.WAAR if requester and requester.signed else Truth.ONWAAR


def _involved(participant: Participant | None) -> Truth:
    return Truth.WAAR if participant is not None and not participant.third else Truth.ONWAAR


def _of_the_evidence(request: Request, around: Circumstances, at: datetime) -> Iterable[tuple[str, FactValue]]:
    counting = [e for e in around.evidence if e.valid(at) and _covers(e, request)]
    for fact in sorted({e.fact for e in counting}):
        records = sorted((e for e in counting if e.fact == fact), key=lambda e: e.recorded)
        who = WITNESSES.get(fact, frozenset())
        if Witness.ORIGINAL in who:
            yield fact, _agreed_by_all_contributors(request, around, records)
        elif Witness.ALL_INVOLVED in who:
            yield fact, _objection_of_any(request, around, records)
        else:
            yield fact, _newest(request, records)


def _covers(evidence: Evidence, request: Request) -> bool:
    who = WITNESSES.get(evidence.fact, frozenset())
    own_word = (Witness.PROVIDER in who and evidence.recorded_by != request.provider) or (
        Witness.RECIPIENT in who and evidence.recorded_by != request.requester
    )
    return (
        not own_word
        and evidence.provider in {None, request.provider}
        and request.requester in evidence.recipients
        and request.purpose in evidence.purposes
        and evidence.case in {None, request.case}
    )


def _newest(request: Request, records: Sequence[Evidence]) -> FactValue:
    """Per category the newest record that covers it. A category that no record covers stays unknown."""
    if all(e.categories is None for e in records):
        return Truth.WAAR if records[-1].value else Truth.ONWAAR
    known: dict[str, Truth] = {}
    for evidence in records:
        for category in evidence.categories if evidence.categories is not None else request.categories:
            known[category] = Truth.WAAR if evidence.value else Truth.ONWAAR
    return MappingProxyType(known)


def _agreed_by_all_contributors(request: Request, around: Circumstances, records: Sequence[Evidence]) -> FactValue:
    """An agreement counts from the organisation that brought the category in, and from each of them (WGS 2.28(4))."""
    agreed: dict[str, Truth] = {}
    for category in request.categories:
        owners = around.contributors.get(category, frozenset())
        words = [_word_of(owner, category, records) for owner in owners]
        if words and all(word is Truth.WAAR for word in words):
            agreed[category] = Truth.WAAR
        elif Truth.ONWAAR in words:
            agreed[category] = Truth.ONWAAR
    return MappingProxyType(agreed)


def _objection_of_any(request: Request, around: Circumstances, records: Sequence[Evidence]) -> FactValue:
    """One objection suffices; none is known only when every involved participant has said so (WGS 1.7(2))."""
    involved = [p.partner for p in around.case.participants if not p.third] if around.case else []
    objection: dict[str, Truth] = {}
    for category in request.categories:
        words = [_word_of(partner, category, records) for partner in involved]
        if Truth.WAAR in words:
            objection[category] = Truth.WAAR
        elif words and all(word is Truth.ONWAAR for word in words):
            objection[category] = Truth.ONWAAR
    return MappingProxyType(objection)


def _word_of(partner: str, category: str, records: Sequence[Evidence]) -> Truth:
    said = [e for e in records if e.recorded_by == partner and (e.categories is None or category in e.categories)]
    if not said:
        return Truth.ONBEKEND
    return Truth.WAAR if said[-1].value else Truth.ONWAAR
