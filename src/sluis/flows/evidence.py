"""Recording and withdrawing evidence: a consent, a weighing, a decision, a promise.

Laws of this file: only a witness of the fact records it, only who recorded it withdraws it; a judgement names its grounds,
a conflict of duties answers all seven questions (`law.md` 4.5); the log is durable before the evidence counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sluis.core.entry import EntryDraft, Kind, Receipt
from sluis.core.errors import BadInput, Flaw, NotAllowed, NotFound
from sluis.core.evidence import Evidence
from sluis.core.facts import WITNESSES, Witness
from sluis.core.question import CONTESTED
from sluis.core.terms import Vocabulary
from sluis.flows.acting import Actor, act_entry, authorised
from sluis.flows.establishing import judgements, position
from sluis.ports.services import Services

CONFLICT_OF_DUTIES = "conflict-van-plichten"
SEVEN_QUESTIONS = (
    "toestemming-geprobeerd",
    "ernstige-schade",
    "gewetensnood",
    "geen-andere-weg",
    "voorkomt-schade",
    "minimum-aan-wie",
    "collega-geraadpleegd",
)
"""What a professional answers before speaking in a conflict of duties, in this order (`law.md` 4.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Covering:
    """What a new record of evidence is to cover; the words are those of `Evidence`."""

    fact: str
    value: bool
    subject: str = field(repr=False)
    provider: str | None
    recipients: frozenset[str]
    purposes: frozenset[str]
    categories: frozenset[str] | None
    case: str | None
    valid_until: datetime | None
    ground: Mapping[str, str] = field(repr=False)


def record(covering: Covering, actor: Actor, services: Services) -> tuple[Evidence, Receipt]:
    """Put evidence on record. Raises `BadInput` for words or grounds that are missing, `NotAllowed` for a non-witness."""
    at = services.clock.now()
    authorised(actor, services, at)
    check(covering, actor, services.rules.current().vocabulary, at)
    covering = replace(covering, subject=covering.subject or _subject_of_the_case(covering, actor, services))
    evidence = Evidence(
        id=services.ids.public(),
        fact=covering.fact,
        value=covering.value,
        subject=covering.subject,
        provider=covering.provider,
        recipients=covering.recipients,
        purposes=covering.purposes,
        categories=covering.categories,
        case=covering.case,
        recorded_by=actor.partner.id,
        user=actor.user,
        recorded=at,
        valid_from=at,
        valid_until=covering.valid_until,
        ground=covering.ground,
    )  # fmt: skip - one value
    receipt = services.ledger.append(_entry(evidence, actor, at))
    # If we die here the log says that evidence was recorded which does not count: the provider sees it and records it again.
    services.evidence.record(evidence)
    return evidence, receipt


def _subject_of_the_case(covering: Covering, actor: Actor, services: Services) -> str:
    case = services.cases.find(covering.case) if covering.case else None
    if covering.case is None:
        raise BadInput(Flaw(where="betrokkene", what="ontbreekt", mend="noem de betrokkene of de casus"))
    if case is None or case.participant(actor.partner.id) is None:
        raise NotFound("no such case")
    return case.subject


def check(covering: Covering, actor: Actor, vocabulary: Vocabulary, at: datetime) -> None:
    """Return when this can be put on record by that actor; raise `BadInput` or `NotAllowed` otherwise, as `record` does."""
    flaws = [*_unknown_words(covering, vocabulary), *_missing_grounds(covering, vocabulary)]
    if covering.valid_until is not None and covering.valid_until <= at:
        flaws.append(Flaw(where="geldigTotTijdstip", what="ligt in het verleden", mend="geef een moment in de toekomst"))
    if flaws:
        raise BadInput(*flaws)
    _only_a_witness(covering, actor, vocabulary)


def withdraw(evidence_id: str, actor: Actor, services: Services) -> Receipt:
    """Withdraw evidence: from now on it opens nothing. Raises `NotFound` unless the actor's organisation recorded it."""
    at = services.clock.now()
    evidence = services.evidence.find(evidence_id)
    # What its person contests is no provider's to take back: an officer answers him first (`flows/claims.py`).
    if evidence is None or evidence.recorded_by != actor.partner.id or evidence.fact == CONTESTED:
        raise NotFound("no such evidence")
    authorised(actor, services, at)
    # The effect comes first: a withdrawal that the log cannot record must still stop the next release. The caller then
    # gets 503 and tries again, and withdrawing twice is harmless.
    services.evidence.withdraw(evidence_id, at)
    return services.ledger.append(_entry(replace(evidence, withdrawn=at), actor, at))


def _entry(evidence: Evidence, actor: Actor, at: datetime) -> EntryDraft:
    return act_entry(
        Kind.EVIDENCE_RECORDED,
        actor,
        at,
        subject=evidence.subject,
        core={"withdrawn": evidence.withdrawn is not None},
        data={
            "evidence": evidence.id,
            "fact": evidence.fact,
            "value": evidence.value,
            "categories": None if evidence.categories is None else sorted(evidence.categories),
            "purposes": sorted(evidence.purposes),
            "recipients": sorted(evidence.recipients),
            "provider": evidence.provider,
            "case": evidence.case,
            "ground": dict(evidence.ground),
        },
    )  # fmt: skip - one value


def _unknown_words(covering: Covering, vocabulary: Vocabulary) -> Sequence[Flaw]:
    flaws = []
    if covering.fact not in vocabulary.facts:
        flaws.append(Flaw(where="feit", what="dit feit bestaat niet", mend="zie /v1/beleid voor de feiten"))
    flaws += [
        Flaw(where="doelen", what=f"onbekend doel op plaats {i}", mend="zie /v1/doelen")
        for i, purpose in enumerate(sorted(covering.purposes), 1)
        if purpose not in vocabulary.purposes
    ]
    flaws += [
        Flaw(where="gegevens", what=f"onbekend gegeven op plaats {i}", mend="zie /v1/beleid voor de gegevens")
        for i, category in enumerate(sorted(covering.categories or ()), 1)
        if category not in vocabulary.categories
    ]
    known = vocabulary.facts.get(covering.fact)
    if known is not None and known.scoped and not covering.categories:
        flaws.append(Flaw(where="gegevens", what="ontbreekt", mend="noem de gegevens waarop dit ziet; het dekt precies die"))
    if known is not None and not known.scoped and covering.categories is not None:
        # Kept per category it would count for none: an objection of the person would be lost without a sound.
        flaws.append(Flaw(where="gegevens", what="dit feit geldt niet per gegeven", mend="laat gegevens weg"))
    if not covering.recipients:
        flaws.append(Flaw(where="ontvangers", what="ontbreekt", mend="noem de organisaties die mogen ontvangen"))
    if not covering.purposes:
        flaws.append(Flaw(where="doelen", what="ontbreekt", mend="noem het doel"))
    return flaws


def _missing_grounds(covering: Covering, vocabulary: Vocabulary) -> Sequence[Flaw]:
    if covering.fact == CONFLICT_OF_DUTIES and covering.value:
        wanted: Sequence[str] = SEVEN_QUESTIONS
    elif covering.fact in judgements(vocabulary):
        wanted = ("overweging",)
    else:
        wanted = ()
    return [
        Flaw(where=f"gronden.{name}", what="ontbreekt", mend="schrijf de overweging op")
        for name in wanted
        if not covering.ground.get(name, "").strip()
    ]


def _only_a_witness(covering: Covering, actor: Actor, vocabulary: Vocabulary) -> None:
    who = WITNESSES[covering.fact]
    if Witness.SLUIS in who or Witness.CALLER in who:
        raise NotAllowed("this fact is not put on record: it is stated in the request or known to Sluis")
    alone = actor.partner.id if covering.recipients == {actor.partner.id} else ""
    stand = position(actor.partner, vocabulary)
    if not stand.is_witness(covering.fact, caller="", provider=covering.provider or "", requester=alone):
        raise NotAllowed("another organisation is the witness of this fact")
    if covering.provider is None and Witness.PROVIDER in who:
        raise NotAllowed("a provider records this for itself")
