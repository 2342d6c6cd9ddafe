"""Depositing and withdrawing contributions: records that a provider leaves for one case, still its own.

Laws of this file: only a participant deposits for a case, only the depositor withdraws; what cannot be released by any rule
(`verboden.*` and the never-list) is not even kept; the fields are those of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sluis.core.case import CaseState
from sluis.core.entry import EntryDraft, Kind, Receipt
from sluis.core.errors import BadInput, Flaw, NotFound, WrongState
from sluis.core.record import Contribution, FieldValue, Record, texts_of
from sluis.core.rules import Rulebook
from sluis.flows.acting import Actor, act_entry, authorised
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """What a provider leaves. `case` None: from its own file, for flows between two parties."""

    subject: str = field(repr=False)
    case: str | None
    category: str
    fields: Mapping[str, FieldValue] = field(repr=False)


def deposit(given: Deposit, actor: Actor, services: Services) -> tuple[Contribution, Receipt]:
    """Keep a record. Raises `BadInput` for unknown words, `NotFound` for a case that is not the actor's."""
    at = services.clock.now()
    authorised(actor, services, at)
    _may_be_kept(given, services.rules.current())
    of_case = _subject_of_the_case(given, actor, services) if given.case is not None or not given.subject else ""
    subject = given.subject or of_case
    contribution = Contribution(
        id=services.ids.public(),
        provider=actor.partner.id,
        subject=subject,
        case=given.case,
        deposited=at,
        record=Record(
            category=given.category,
            provider=actor.partner.id,
            recorded=at,
            fields=given.fields,
            prepared=prepared_for(given.fields, services),
        ),
    )  # fmt: skip - one value
    receipt = services.ledger.append(_entry("neergelegd", contribution, actor, at))
    # If we die here the log says that something was deposited which is not there: the provider deposits it again.
    services.contributions.deposit(contribution)
    return contribution, receipt


def prepared_for(fields: Mapping[str, FieldValue], services: Services) -> tuple[str, ...]:
    """What the redactor finds in the texts of these fields, once, so that no release has to read them from the start."""
    return tuple(services.redactor.prepare(text) for text in texts_of(fields))


def withdraw(contribution_id: str, actor: Actor, services: Services) -> Receipt:
    """Take a contribution back: it is never released again. Raises `NotFound` unless it is the actor's."""
    at = services.clock.now()
    kept = services.contributions.find(contribution_id)
    if kept is None or kept.provider != actor.partner.id:
        raise NotFound("no such contribution")
    authorised(actor, services, at)
    # The effect comes first: what was taken back must not leave, also when the log cannot be written just now.
    services.contributions.withdraw(contribution_id, at)
    return services.ledger.append(_entry("teruggenomen", kept, actor, at))


def _subject_of_the_case(given: Deposit, actor: Actor, services: Services) -> str:
    case = services.cases.find(given.case) if given.case else None
    if case is None or case.participant(actor.partner.id) is None:
        raise NotFound("no such case")
    if case.state is not CaseState.OPGENOMEN:
        raise WrongState(f"a case that is {case.state} takes no contributions")
    return case.subject


def _may_be_kept(given: Deposit, rulebook: Rulebook) -> None:
    category = rulebook.vocabulary.categories.get(given.category)
    if category is None:
        raise BadInput(Flaw(where="gegeven", what="dit gegeven bestaat niet", mend="zie /v1/beleid voor de gegevens"))
    if given.category in rulebook.common.never:
        raise BadInput(
            Flaw(
                where="gegeven",
                what="wordt nooit verstrekt, aan niemand",
                mend="leg het niet neer: houd het in het eigen dossier",
            )
        )
    flaws = [
        Flaw(where="velden", what=f"veld {i} hoort niet bij {given.category}", mend="velden: " + ", ".join(category.fields))
        for i, name in enumerate(given.fields, 1)
        if name not in category.fields
    ]
    if not given.fields:
        flaws.append(Flaw(where="velden", what="ontbreekt", mend="velden: " + ", ".join(category.fields)))
    if flaws:
        raise BadInput(*flaws)


def _entry(change: str, contribution: Contribution, actor: Actor, at: datetime) -> EntryDraft:
    return act_entry(
        Kind.CONTRIBUTION_CHANGED,
        actor,
        at,
        subject=contribution.subject,
        core={"provider": actor.partner.oin, "change": change},
        data={"contribution": contribution.id, "case": contribution.case, "category": contribution.record.category},
    )
