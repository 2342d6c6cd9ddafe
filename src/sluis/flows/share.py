"""The sentence of the product: establish, decide, fetch, disclose, record, answer.

Laws of this file: the decision comes before any reading of case data, so a refused question reads nothing; what leaves was
recorded first, durably; a step that fails leaves nothing released; an answer is made from evidence that the steps before
it were done (`Decision`, `Disclosure`, `Receipt`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sluis.core.case import JOINT_CASE
from sluis.core.decision import decide
from sluis.core.disclosure import Disclosure, disclose
from sluis.core.duties import within_duties
from sluis.core.entry import Receipt
from sluis.core.errors import BadInput, Flaw
from sluis.core.precision import Ladder
from sluis.core.record import Known, Record, Wanted
from sluis.core.request import Request, RequestStatus, Task
from sluis.core.rules import Rulebook
from sluis.core.urgency import due
from sluis.core.verdict import Decision, Outcome
from sluis.flows.establishing import KNOWN, MOVING, establish, looked_in, parties_of
from sluis.flows.recording import Bundle, Weighed, bundle_of, referral_entry, refusal_entry, release_entry
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Something was released, and recorded before. `waits` says until when other categories wait for a human, if any."""

    request: Request
    decision: Decision
    bundle: Bundle
    receipt: Receipt
    waits: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """Nothing was released; a human at the provider decides first, within the time that `waits` says."""

    request: Request
    decision: Decision
    receipt: Receipt
    waits: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was released. The same words whether or not the person is known at the provider."""

    request: Request
    decision: Decision
    receipt: Receipt


Answer = Shared | Referred | Refused


def share(request: Request, services: Services) -> Answer:
    """Answer a request: release what the rules permit, refer what a human could release, refuse the rest.

    Raises `BadInput` for words that do not exist and statements the caller is no witness of, and `PolicyUnavailable`,
    `SourceUnavailable`, `StoreUnavailable`, `LedgerUnavailable`, `KeyUnavailable`: in each case nothing has left.
    """
    at = services.clock.now()
    rulebook = services.rules.current()
    if request.purpose == MOVING and KNOWN in request.categories:
        raise BadInput(Flaw(where="gegevens", what="dit is een vraag apart", mend="zie /v1/casussen/{id}/bekendheidsvragen"))
    parties = parties_of(request, services, at)

    # (1) establish the facts, three-valued, at one moment in time.
    request, question = establish(request, parties, services, at)

    # (2) decide, before anything is read: a refused question causes no fetch.
    decision = decide(question, rulebook)
    weighed = Weighed(request=request, parties=parties, question=question, decision=decision, at=at)
    if decision.outcome is Outcome.VERSTREKKEN:
        return _release(weighed, rulebook, services)
    if decision.outcome is Outcome.VOORLEGGEN:
        return _refer(weighed, rulebook, services)
    return _refuse(weighed, services)


def _release(weighed: Weighed, rulebook: Rulebook, services: Services) -> Shared:
    request, decision = weighed.request, weighed.decision

    # (3) fetch and (4) disclose: only what is permitted, cut to precision and redacted.
    disclosure = _disclosure(weighed, rulebook, services)
    pseudonym = services.subjects.pseudonym(request.subject, recipient=request.requester, purpose=request.purpose)
    bundle = bundle_of(request, decision, disclosure, salt=services.ids.public(), pseudonym=pseudonym)

    # (5) record. If this raises, nothing has left and nothing will. If we die right after it, the log holds a release
    #     that nobody received: it may over-report, never under-report.
    receipt = services.ledger.append(release_entry(weighed, disclosure, bundle, redactor=services.redactor.version))

    # What waits for a human goes into the books after the log. If we die between, the requester asks again.
    waits = _put_before_a_human(weighed, rulebook, receipt, services) if decision.referred else None

    # (6) answer, with the receipt.
    return Shared(request=request, decision=decision, bundle=bundle, receipt=receipt, waits=waits)


def _disclosure(weighed: Weighed, rulebook: Rulebook, services: Services) -> Disclosure:
    request, permitted = weighed.request, weighed.decision.permitted
    wanted = Wanted(
        subject=request.subject,
        provider=request.provider,
        case=request.case,
        categories=tuple(permitted),
        recipient=request.requester,
    )
    parties = weighed.parties
    own = frozenset({parties.requester.id, parties.requester.kind})
    found, known = _fetched(weighed, wanted, services)
    records = within_duties(found, weighed.decision, own)
    prepared = [line for record in records for line in record.prepared]
    seed, tables = services.seed(), services.tables()
    return disclose(
        records,
        weighed.decision,
        fields={name: rulebook.vocabulary.categories[name].fields for name in permitted},
        ladder=Ladder(today=weighed.at.date(), kinds=tables.kinds, inhabitants=tables.inhabitants),
        redact=lambda texts, mode: services.redactor.redact(texts, known, mode, seed, prepared=prepared),
    )


def _fetched(weighed: Weighed, wanted: Wanted, services: Services) -> tuple[Sequence[Record], Sequence[Known]]:
    """The records of the provider, with the known values; of a house, asked about somebody who moved, what its case holds."""
    request, parties = weighed.request, weighed.parties
    if request.purpose != MOVING or parties.provider.kind != JOINT_CASE:
        return services.source.gathered(wanted)
    known = services.source.known_values(wanted)
    there = looked_in(request, None, parties, services, weighed.at)
    if there is None:
        return (), known
    brought = {one.provider for one in services.contributions.about(request.subject) if one.case == there.id}
    asked = [replace(wanted, provider=name, case=there.id) for name in (request.provider, *sorted(brought - {request.provider}))]
    return [record for one in asked for record in services.source.fetch(one)], known


def _refer(weighed: Weighed, rulebook: Rulebook, services: Services) -> Referred:
    receipt = services.ledger.append(referral_entry(weighed))
    waits = _put_before_a_human(weighed, rulebook, receipt, services)
    return Referred(request=weighed.request, decision=weighed.decision, receipt=receipt, waits=waits)


def _refuse(weighed: Weighed, services: Services) -> Refused:
    # A refusal is durable before it is sent: a probe is neither faster nor unlogged.
    receipt = services.ledger.append(refusal_entry(weighed))
    return Refused(request=weighed.request, decision=weighed.decision, receipt=receipt)


def _put_before_a_human(weighed: Weighed, rulebook: Rulebook, receipt: Receipt, services: Services) -> str:
    """Put the request in the provider's books; return how long it may take, in the provider's words."""
    domain = rulebook.vocabulary.kinds[weighed.parties.provider.kind].domain
    until, words = due(domain, urgent=weighed.request.urgent, at=weighed.at)
    task = Task(
        request=weighed.request,
        status=RequestStatus.VOORGELEGD,
        entry_id=receipt.entry_id,
        waits_for={name: refer.facts for name, refer in weighed.decision.referred.items()},
        due=until,
    )
    kept = services.tasks.find(weighed.request.id)
    if kept is None:
        services.tasks.add(task)
    else:
        services.tasks.update(_asked_again(task, kept))
    return words


def _asked_again(task: Task, kept: Task) -> Task:
    """The task in the place of the one in the books. Whoever comes to collect while it waits does not move the clock."""
    if kept.status is not RequestStatus.VOORGELEGD:
        return replace(task, handover=kept.handover, version=kept.version)
    first = replace(task.request, at=kept.request.at)
    return replace(kept, request=first, entry_id=task.entry_id, waits_for=task.waits_for, due=kept.due or task.due)
