"""The facts of a question, established at one moment from what Sluis holds and what the caller may state.

Laws of this file: every fact has its own witness, and nobody else's word counts; a judgement is never stated in a request,
it is recorded with its ground by a named human; what nobody established stays unknown; the newest record of a witness
replaces his older one, category by category, also when it has ended or was withdrawn since: an older consent does not come
back to life, an older objection does; urgency becomes a fact that no rule uses.
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
OBJECTIONS = frozenset(
    {
        "zwaarwegende-redenen",
        "verstrekker-sluit-uit",
        "gezag-weigert",
        "bezwaar-betrokkene",
        "bezwaar-huurder",
        "beroepsgeheim-rust-erop",
        "opsporingsbelang-verzet",
        "deelnemer-bezwaar",
    }
)
"""The facts that stand in the way when they are true; all others open something. A test holds it equal to the rules."""


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
    begun = [e for e in around.evidence if e.valid_from <= at and _covers(e, request)]
    for fact in sorted({e.fact for e in begun}):
        records = sorted((e for e in begun if e.fact == fact), key=lambda e: e.recorded)
        who = WITNESSES.get(fact, frozenset())
        if Witness.ORIGINAL in who:
            yield fact, _agreed_by_all_contributors(request, around, _Records(records, at))
        elif Witness.ALL_INVOLVED in who:
            yield fact, _objection_of_any(request, around, _Records(records, at))
        else:
            yield fact, _newest(request, _Records(records, at))


@dataclass(frozen=True, slots=True)
class _Records:
    """What was recorded of one fact, oldest first, ended and withdrawn records included, as it counts at one moment."""

    begun: Sequence[Evidence]
    at: datetime

    def word_of(self, recorder: str, category: str) -> Evidence | None:
        """The record of that organisation that counts for the category; None when it says nothing (any more)."""
        said = [e for e in self.begun if e.recorded_by == recorder and (e.categories is None or category in e.categories)]
        if not said:
            return None
        if said[-1].valid(self.at):
            return said[-1]
        # Its last word has ended or was taken back. An objection that it had replaced stands again; nothing else does.
        standing = [e for e in said if e.value and e.fact in OBJECTIONS and e.valid(self.at)]
        return standing[-1] if standing else None

    def newest(self, category: str) -> Evidence | None:
        """The newest of the records that count, whoever recorded them."""
        words = [word for one in {e.recorded_by for e in self.begun} if (word := self.word_of(one, category))]
        return max(words, key=lambda e: e.recorded, default=None)


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


def _newest(request: Request, records: _Records) -> FactValue:
    """Per category the newest record that covers it. A category that no record covers stays unknown."""
    found = {category: record for category in request.categories if (record := records.newest(category))}
    if found and all(e.categories is None for e in records.begun):
        return _truth(next(iter(found.values())))
    return MappingProxyType({category: _truth(record) for category, record in found.items()})


def _agreed_by_all_contributors(request: Request, around: Circumstances, records: _Records) -> FactValue:
    """An agreement counts from the organisation that brought the category in, and from each of them (WGS 2.28(4))."""
    agreed: dict[str, Truth] = {}
    for category in request.categories:
        owners = around.contributors.get(category, frozenset())
        words = [_truth(records.word_of(owner, category)) for owner in owners]
        if words and all(word is Truth.WAAR for word in words):
            agreed[category] = Truth.WAAR
        elif Truth.ONWAAR in words:
            agreed[category] = Truth.ONWAAR
    return MappingProxyType(agreed)


def _objection_of_any(request: Request, around: Circumstances, records: _Records) -> FactValue:
    """One objection suffices; none is known only when every involved participant has said so (WGS 1.7(2))."""
    involved = [p.partner for p in around.case.participants if not p.third] if around.case else []
    objection: dict[str, Truth] = {}
    for category in request.categories:
        words = [_truth(records.word_of(partner, category)) for partner in involved]
        if Truth.WAAR in words:
            objection[category] = Truth.WAAR
        elif words and all(word is Truth.ONWAAR for word in words):
            objection[category] = Truth.ONWAAR
    return MappingProxyType(objection)


def _truth(record: Evidence | None) -> Truth:
    if record is None:
        return Truth.ONBEKEND
    return Truth.WAAR if record.value else Truth.ONWAAR
