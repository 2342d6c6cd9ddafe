"""From a request to a question: who the parties are, in which state the case is, which facts hold at this moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sluis.core.case import JOINT_CASE, Case, CaseState
from sluis.core.claims import contested
from sluis.core.errors import BadInput, Flaw
from sluis.core.facts import Circumstances, Position, facts_for
from sluis.core.partner import Partner
from sluis.core.question import Question
from sluis.core.request import Request
from sluis.core.terms import FactKind, Vocabulary
from sluis.ports.services import Services

PUBLIC_PARTICIPANTS = "zvh-publiek"
"""The group of WGS 2.27(1): only they admit cases and decide who is involved."""

KNOWN = "casus.bekend"
"""Whether somebody is known in a house: a question of its own (`flows/known.py`)."""
MOVING = "zvh-verhuizing"
"""The purpose for which one house asks another about a person who is known in both (WGS 2.28)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """The organisations of a request, as they take part at this moment."""

    caller: Partner
    requester: Partner
    provider: Partner


def parties_of(request: Request, services: Services, at: datetime) -> Parties:
    """The organisations that the request names. Raises `BadInput` for one that takes no part at that moment."""
    named = {"vrager": request.requester, "verstrekker": request.provider, "aanvrager": request.caller}
    known = {name: services.partners.by_id(name) for name in set(named.values())}  # the caller is one of the other two
    found = {place: known[name] for place, name in named.items()}
    flaws = [
        Flaw(where=place, what="deze organisatie neemt niet deel", mend="zie /v1/deelnemers voor wie meedoet")
        for place, partner in found.items()
        if partner is None or not partner.active(at)
    ]
    requester, provider, caller = found["vrager"], found["verstrekker"], found["aanvrager"]
    if flaws or requester is None or provider is None or caller is None:
        raise BadInput(*flaws)
    return Parties(caller=caller, requester=requester, provider=provider)


def establish(request: Request, parties: Parties, services: Services, at: datetime) -> tuple[Request, Question]:
    """The question that the request puts now, and the request with its subject filled in from the case.

    Reads what Sluis itself holds around the person (involvement, evidence), never case data, and reads as much for an
    unknown person as for a known one.
    """
    case = _case_of(request, services)
    if case is not None and not request.subject:
        request = replace(request, subject=case.subject)
    return request, question_of(request, case, parties, services, at)


def question_of(request: Request, case: Case | None, parties: Parties, services: Services, at: datetime) -> Question:
    """The question that the request puts in that case. Raises `BadInput` for unknown words and foreign statements."""
    vocabulary = services.rules.current().vocabulary
    refuse_unknown_words(request, vocabulary)
    employee = services.employees.find(request.caller, request.user)
    purpose = vocabulary.purposes[request.purpose]
    owners = _contributors(request, looked_in(request, case, parties, services, at), parties, services)
    evidence = services.evidence.about(request.subject)
    around = Circumstances(
        authorised=employee is not None and employee.authorised(request.role, at),
        caller=position(parties.caller, vocabulary),
        case=case,
        evidence=evidence,
        contributors=owners,
        judgements=judgements(vocabulary),
    )
    return Question(
        purpose=request.purpose,
        direction=request.direction,
        requester=parties.requester.kind,
        provider=parties.provider.kind,
        categories=request.categories,
        person=request.person,
        case_state=case.state_at(at) if case else CaseState.GEEN,
        facts={**facts_for(request, around, at), **contested(evidence, request, purpose.gdpr, owners, at)},
    )


def refuse_unknown_words(request: Request, vocabulary: Vocabulary) -> None:
    """Return when every word of the request exists; raise `BadInput` with every one that does not, without repeating it."""
    flaws = [
        Flaw(where=where, what="onbekend woord", mend=f"zie {see} voor de woorden")
        for where, word, known, see in (
            ("doel", request.purpose, vocabulary.purposes, "/v1/doelen"),
            ("richting", request.direction, vocabulary.directions, "/v1/beleid"),
            ("persoon", request.person, vocabulary.persons, "/v1/beleid"),
        )
        if word not in known
    ]
    flaws += [
        Flaw(where=f"gegevens[{i}]", what="onbekend woord", mend="zie /v1/beleid voor de gegevens")
        for i, category in enumerate(request.categories)
        if category not in vocabulary.categories
    ]
    flaws += [
        Flaw(where=f"motivering[{i}]", what="motiveert een gegeven dat niet wordt gevraagd", mend="laat het weg")
        for i, category in enumerate(request.motivation)
        if category not in request.categories
    ]
    if not request.categories:
        flaws.append(Flaw(where="gegevens", what="er wordt niets gevraagd", mend="noem ten minste een gegeven"))
    if flaws:
        raise BadInput(*flaws)


def judgements(vocabulary: Vocabulary) -> frozenset[str]:
    """The facts that only a human's recorded act establishes."""
    return frozenset(fact.id for fact in vocabulary.facts.values() if fact.kind is FactKind.OORDEEL)


def position(partner: Partner, vocabulary: Vocabulary) -> Position:
    """Where that organisation stands as a witness of facts."""
    public = partner.kind in vocabulary.groups[PUBLIC_PARTICIPANTS].members
    return Position(partner=partner.id, kind=partner.kind, public=public)


def _case_of(request: Request, services: Services) -> Case | None:
    """The case that the request names, if it is about this person; a case of somebody else counts as no case."""
    case = services.cases.find(request.case) if request.case else None
    if case is None or not request.subject or request.subject == case.subject:
        return case
    return case if request.person != "betrokkene" else None


def looked_in(request: Request, case: Case | None, parties: Parties, services: Services, at: datetime) -> Case | None:
    """The case whose data are asked: the request's own, or, of a person who moved, the running one of the other house.

    It is looked up only for that purpose, whether or not there was a hit: without one the rules give nothing of it.
    """
    if request.purpose != MOVING or parties.provider.kind != JOINT_CASE:
        return case
    return running_in(parties.provider.id, services.cases.about(request.subject), at)


def running_in(house: str, about: Sequence[Case], at: datetime) -> Case | None:
    """The running case of that house among the cases of a person; None when it has none."""
    return next((one for one in about if one.house == house and one.state_at(at) is CaseState.OPGENOMEN), None)


def _contributors(request: Request, case: Case | None, parties: Parties, services: Services) -> Mapping[str, frozenset[str]]:
    """Per category, the organisations that brought it into the case: their agreement counts (WGS 2.28(4))."""
    if case is None or parties.provider.kind != JOINT_CASE:
        return {}
    brought = [c for c in services.contributions.about(request.subject) if c.case == case.id and c.withdrawn is None]
    return {
        category: frozenset(c.record.provider for c in brought if c.record.category == category)
        for category in request.categories
    }
