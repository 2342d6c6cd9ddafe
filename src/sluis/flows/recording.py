"""What goes on record of a decision, and the bundle that leaves.

Laws of this file: the core of an entry names organisations, purpose, policy, rules and counts, never a person, a category
or a case; those go into cells, one per person, under that person's key. The log holds the hash of what left, not what left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sluis import __version__
from sluis.core.disclosure import Disclosure
from sluis.core.duties import AFTERWARDS
from sluis.core.entry import CellDraft, EntryDraft, Json, Kind
from sluis.core.leaf import canonical
from sluis.core.question import FactValue, Question, Truth
from sluis.core.request import Request
from sluis.core.verdict import Decision
from sluis.flows.establishing import Parties

ENGINE = f"sluis {__version__}"
"""The engine that decided: with the policy hash and the recorded facts a decision can be made again (ADL level 4's part)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A request with its decision: what every entry about it is made from."""

    request: Request
    parties: Parties
    question: Question
    decision: Decision
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What leaves: the content as JSON, its canonical bytes (RFC 8785) and their SHA-256.

    The bytes hold a random value, so that the hash in the log says nothing of the content.
    """

    content: Mapping[str, Json] = field(repr=False)
    canonical: bytes = field(repr=False)
    digest: str


def bundle_of(request: Request, decision: Decision, disclosure: Disclosure, *, salt: str, pseudonym: str) -> Bundle:
    """The bundle of a disclosure, for its one recipient and purpose."""
    content: dict[str, Json] = {
        "verzoek": request.id,
        "betrokkene": pseudonym,
        "doel": request.purpose,
        "beleid": decision.policy,
        "zout": salt,
        "gegevens": {
            category: {
                "precisie": released.precision.word,
                "bekend": released.exists,
                "records": [{"vastgelegdDatum": item.recorded, "velden": dict(item.fields)} for item in released.items],
            }
            for category, released in disclosure.categories.items()
        },
    }
    written = canonical(content, "bundel")
    return Bundle(content=content, canonical=written, digest="sha256:" + hashlib.sha256(written).hexdigest())


def release_entry(weighed: Weighed, disclosure: Disclosure, bundle: Bundle, *, redactor: str) -> EntryDraft:
    """The entry without which nothing leaves."""
    return _entry(
        Kind.RELEASE_AUTHORISED,
        weighed,
        bundle=bundle.digest,
        bundle_size=len(bundle.canonical),
        texts_released=disclosure.texts_released,
        texts_withheld=disclosure.texts_withheld,
        redactor=redactor,
    )


def refusal_entry(weighed: Weighed) -> EntryDraft:
    """The entry of a refusal: what was asked and why not; never what the source holds."""
    return _entry(Kind.RELEASE_REFUSED, weighed)


def referral_entry(weighed: Weighed) -> EntryDraft:
    """The entry of a question that waits for a human."""
    return _entry(Kind.RELEASE_REFERRED, weighed)


def offer_entry(weighed: Weighed) -> EntryDraft:
    """The entry of an offer that is ready to be collected: nothing was released yet."""
    return _entry(Kind.RELEASE_OFFERED, weighed)


def known_entry(weighed: Weighed, *, hit: bool) -> EntryDraft:
    """The entry of a question whether somebody is known: its core is the same for yes and no, the answer is in his cell."""
    draft = _entry(Kind.KNOWN_ASKED, weighed)
    subject, *others = draft.cells
    return replace(draft, cells=(replace(subject, data={**subject.data, "hit": hit}), *others))


def _entry(kind: Kind, weighed: Weighed, **more: Json) -> EntryDraft:
    request, decision = weighed.request, weighed.decision
    core: dict[str, Json] = {
        "decision": decision.outcome.value,
        "purpose": request.purpose,
        "direction": request.direction,
        "processing": f"doel/{request.purpose}@{decision.policy}",
        "provider": weighed.parties.provider.oin,
        "recipient": weighed.parties.requester.oin,
        "policy": decision.policy,
        "engine": ENGINE,
        "rules": list(decision.rules),
        "duties": list(decision.duties),
        "counts": {
            "asked": len(request.categories),
            "released": len(decision.permitted),
            "referred": len(decision.referred),
            "refused": len(decision.refused),
        },
        "urgent": request.urgent,
        "emergency": request.emergency is not None,
        **more,
    }
    if _owes_a_motivation(weighed):
        core["review"] = AFTERWARDS
    return EntryDraft(kind=kind, at=weighed.at, core=core, cells=(_subject_cell(weighed), _actor_cell(weighed)))


def _owes_a_motivation(weighed: Weighed) -> bool:
    """Whether the necessity is still to be written down (acceptance U02); a declared emergency is in the queue already."""
    owed = AFTERWARDS in weighed.decision.duties and weighed.request.emergency is None
    return owed and not all(weighed.request.motivation.get(name, "").strip() for name in weighed.decision.permitted)


def _subject_cell(weighed: Weighed) -> CellDraft:
    request, decision = weighed.request, weighed.decision
    return CellDraft(
        role="subject",
        identifier=request.subject,
        bucket=str(weighed.at.year),
        data={
            "request": request.id,
            # Encrypted under this very person's key, for whoever may read again what left: a sector release has no case.
            "subject": request.subject,
            "case": request.case,
            "person": request.person,
            "question": recorded_question(weighed.question),
            "released": {name: p.precision.word for name, p in decision.permitted.items()},
            "texts": {name: p.text.value for name, p in decision.permitted.items()},
            "refused": {name: d.reason.value for name, d in decision.refused.items()},
            "referred": {name: r.role for name, r in decision.referred.items()},
            "rules": {name: list(v.rules) for name, v in decision.verdicts.items()},
            "grounds": {name: list(p.grounds) for name, p in decision.permitted.items()},
            "retention": {name: p.retention for name, p in decision.permitted.items()},
            "motivation": dict(request.motivation),
            "emergency": request.emergency,
        },
    )


def _actor_cell(weighed: Weighed) -> CellDraft:
    request = weighed.request
    return CellDraft(
        role="actor",
        identifier=f"{request.caller}/{request.user}",
        bucket=str(weighed.at.year),
        data={
            "user": request.user,
            "role": request.role,
            "organisation": weighed.parties.caller.oin,
            "trace": request.trace,
            **({"transaction": request.transaction} if request.transaction else {}),
        },
    )


def recorded_question(question: Question) -> Mapping[str, Json]:
    """The question in the words of the vocabulary, as `sluis policy decide` reads it: so that it can be decided again."""
    return {
        "doel": question.purpose,
        "richting": question.direction,
        "vrager": question.requester,
        "verstrekker": question.provider,
        "gegevens": list(question.categories),
        "persoon": question.person,
        "casus": str(question.case_state),
        "feiten": {name: _recorded_fact(value) for name, value in sorted(question.facts.items())},
    }


def _recorded_fact(value: FactValue) -> Json:
    if isinstance(value, Truth):
        return value.value
    if isinstance(value, frozenset):
        return sorted(value)
    return {name: truth.value for name, truth in sorted(value.items())}
