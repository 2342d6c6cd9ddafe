"""The person asks for rectification, erasure or restriction, or objects (AVG 16 to 18 and 21); a human answers within a month.

Laws of this file: what he asks is on record, with the day on which he must be answered, before anything else happens; an
objection or a restriction holds his data from then on until a named human has weighed; he who weighs writes down why; that
something no longer holds is on record before it leaves again. The acts can be repeated: one that died halfway is completed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sluis.core.claims import ARTICLES, CLAIMS, Claim, Right, answer_by, claims_of
from sluis.core.entry import Json, Kind
from sluis.core.errors import BadInput, Flaw, NotAllowed, NotFound, WrongState
from sluis.core.evidence import Evidence
from sluis.core.partner import Officer
from sluis.core.question import CONTESTED
from sluis.flows.every import every
from sluis.flows.export import reach_of
from sluis.flows.rights import ANSWERS, act_of, speaks_for
from sluis.ports.log import LogQuery
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """What the person asks of one participant (its id): which right, when he asked, who will weigh it, in his own words.

    `categories` empty stands for everything that the participant has of him.
    """

    right: Right
    participant: str
    received: date
    owner: str
    said: str = field(repr=False)
    categories: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What the human decided, and why; the person reads the reasons."""

    granted: bool
    reasons: str = field(repr=False)


def invoke(subject: str, given: Invocation, officer: Officer, services: Services) -> Claim:
    """Put on record what the person asks; from then on an objection or a restriction holds.

    The same once more, while it waits for its answer, is the same claim. Raises `BadInput`, and `NotAllowed` for an officer
    who does not answer for that participant.
    """
    at = services.clock.now()
    partner = services.partners.by_id(given.participant)
    flaws = _flaws(given, at, services)
    if partner is None:
        flaws.append(Flaw(where="deelnemer", what="deze organisatie neemt niet deel"))
    if flaws or partner is None:
        raise BadInput(*flaws)
    speaks_for(officer, partner.oin, services)
    claim = next((one for one in claims_about(subject, services) if _same(one, given, partner.oin)), None)
    if claim is None:
        core: dict[str, Json] = {
            "provider": partner.oin,
            "right": given.right.value,
            "article": ARTICLES[given.right],
            "received": given.received.isoformat(),
            "due": answer_by(given.received).isoformat(),
        }
        said: dict[str, Json] = {"subject": subject, "categories": sorted(given.categories), "said": given.said.strip()}
        services.ledger.append(
            act_of(Kind.RIGHT_INVOKED, at, who=(officer, {"owner": given.owner}), subject=(subject, said), core=core)
        )
        claim = next(one for one in reversed(claims_about(subject, services)) if _same(one, given, partner.oin))
    # If we die here the claim is on record and holds nothing yet: the officer, who got no answer, records it again.
    return _in_effect(claim, given.participant, officer, services)


def answer(claim_id: str, given: Weighing, officer: Officer, services: Services) -> Claim:
    """Put the answer to the person on record, with its reasons; a rejected objection or restriction holds no longer.

    Raises `NotFound`, `NotAllowed`, `BadInput` without reasons, `WrongState` when it was answered otherwise before.
    """
    claim, participant = _claim_for(claim_id, officer, services)
    if not given.reasons.strip():
        raise BadInput(Flaw(where="motivering", what="ontbreekt", mend="schrijf op waarom; de betrokkene leest het"))
    if claim.answered is not None and claim.granted is not given.granted:
        raise WrongState("this claim was answered otherwise before")
    if claim.answered is None:
        core: dict[str, Json] = {"provider": claim.participant, "about": claim.id, "granted": given.granted}
        _append(Kind.RIGHT_ANSWERED, claim, (officer, core, given.reasons), services)
    # If we die here what was rejected still holds: the officer answers again, which completes it.
    return _in_effect(_again(claim, services), participant, officer, services)


def end(claim_id: str, reasons: str, officer: Officer, services: Services) -> Claim:
    """End an objection or a restriction that was granted; the person has been told before (AVG 18(3)).

    Raises `WrongState` unless it was granted, and as `answer` does.
    """
    claim, participant = _claim_for(claim_id, officer, services)
    if not reasons.strip():
        raise BadInput(Flaw(where="motivering", what="ontbreekt", mend="schrijf op waarom, en wanneer de betrokkene het hoorde"))
    if claim.granted is not True:
        raise WrongState("only what was granted is ended")
    if claim.ended is None:
        core: dict[str, Json] = {"provider": claim.participant, "about": claim.id}
        _append(Kind.RIGHT_ENDED, claim, (officer, core, reasons), services)
    return _in_effect(_again(claim, services), participant, officer, services)


def open_claims(officer: Officer, services: Services) -> Sequence[Claim]:
    """What waits for an answer within the officer's reach, the first due first; no cell is opened, so nobody is in it."""
    own = reach_of(officer, services)
    if not officer.roles & ANSWERS:
        raise NotAllowed("a privacy officer answers a data subject")
    party = None if "coordinerend-fg" in officer.roles else own
    found = claims_of(every(LogQuery(kinds=CLAIMS, party=party, bare=True), services.ledger))
    return sorted((one for one in found if one.answered is None), key=lambda one: (one.due, one.recorded))


def claims_about(subject: str, services: Services) -> tuple[Claim, ...]:
    """Every claim of that person, oldest first."""
    return claims_of(every(LogQuery(kinds=CLAIMS, subject=subject), services.ledger))


def _claim_for(claim_id: str, officer: Officer, services: Services) -> tuple[Claim, str]:
    """The claim with the id of its participant. Raises `NotFound` for what is no claim, or one whose person was erased."""
    (claim,) = claims_of([services.ledger.entry(claim_id), *services.ledger.entries(LogQuery(about=claim_id))]) or (None,)
    partner = next((one for one in services.partners.all() if claim is not None and one.oin == claim.participant), None)
    if claim is None or partner is None or not claim.subject:
        raise NotFound("no such claim")
    speaks_for(officer, claim.participant, services)
    return claim, partner.id


def _again(claim: Claim, services: Services) -> Claim:
    return next(one for one in claims_about(claim.subject, services) if one.id == claim.id)


def _append(kind: Kind, claim: Claim, what: tuple[Officer, dict[str, Json], str], services: Services) -> None:
    officer, core, reasons = what
    said: dict[str, Json] = {"subject": claim.subject, "right": claim.right.value, "reasons": reasons.strip()}
    at = services.clock.now()
    services.ledger.append(act_of(kind, at, who=(officer, {}), subject=(claim.subject, said), core=core))


def _in_effect(claim: Claim, participant: str, officer: Officer, services: Services) -> Claim:
    """Let the data be held exactly when the claim says so. Can be repeated."""
    kept, at = services.evidence.find(claim.id), services.clock.now()
    if claim.holds and kept is None:
        services.evidence.record(
            Evidence(
                id=claim.id,
                fact=CONTESTED,
                value=True,
                subject=claim.subject,
                provider=participant,
                recipients=frozenset(),
                purposes=frozenset(),
                categories=claim.categories or None,
                case=None,
                recorded_by=participant,
                user=officer.subject,
                recorded=at,
                valid_from=at,
                valid_until=None,
                ground={"recht": claim.right.value},
            )  # fmt: skip - one value
        )
    if not claim.holds and kept is not None and kept.valid(at):
        services.evidence.withdraw(claim.id, at)
    return claim


def _same(claim: Claim, given: Invocation, oin: str) -> bool:
    told = replace(claim, right=given.right, participant=oin, received=given.received, categories=given.categories)
    return claim == told and claim.answered is None


def _flaws(given: Invocation, at: datetime, services: Services) -> list[Flaw]:
    known = services.rules.current().vocabulary.categories
    flaws = [
        Flaw(where="gegevens", what=f"onbekend gegeven op plaats {i}", mend="zie /v1/beleid voor de gegevens")
        for i, category in enumerate(sorted(given.categories), 1)
        if category not in known
    ]
    if given.received > at.date():
        flaws.append(Flaw(where="ontvangen", what="ligt in de toekomst", mend="de dag waarop de betrokkene het vroeg"))
    if not given.owner.strip():
        flaws.append(Flaw(where="eigenaar", what="ontbreekt", mend="noem wie dit weegt"))
    if not given.said.strip():
        flaws.append(Flaw(where="toelichting", what="ontbreekt", mend="wat de betrokkene vraagt, in zijn eigen woorden"))
    return flaws
