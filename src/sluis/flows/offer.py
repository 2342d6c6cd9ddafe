"""A provider offers unasked (`aanbod`): decided by the same rules, put ready for the recipient, who collects it.

Laws of this file: an offer releases nothing by itself; the release happens, and is recorded, when the recipient collects,
with the facts of that moment (`flows/judge.py:collect`).
"""

from __future__ import annotations

from dataclasses import dataclass

from sluis.core.decision import decide
from sluis.core.entry import Receipt
from sluis.core.handover import Handover
from sluis.core.request import Request, RequestStatus, Task
from sluis.core.urgency import due
from sluis.core.verdict import Decision, Outcome
from sluis.flows.establishing import establish, parties_of
from sluis.flows.recording import Weighed, offer_entry, referral_entry, refusal_entry
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What became of an offer: ready for the recipient, waiting for a judgement of the provider itself, or refused."""

    request: Request
    decision: Decision
    receipt: Receipt


def offer(request: Request, services: Services) -> Offered:
    """Decide on an offer and put it ready when the rules permit it. Raises what `share` raises."""
    weighed, receipt = decided(request, services)
    if weighed.decision.outcome is not Outcome.WEIGEREN:
        put_ready(weighed, receipt, services)
    return Offered(request=weighed.request, decision=weighed.decision, receipt=receipt)


def decided(request: Request, services: Services) -> tuple[Weighed, Receipt]:
    """Decide on an offer, and put the decision on record. Raises what `share` raises."""
    at = services.clock.now()
    parties = parties_of(request, services, at)
    request, question = establish(request, parties, services, at)
    decision = decide(question, services.rules.current())
    weighed = Weighed(request=request, parties=parties, question=question, decision=decision, at=at)
    return weighed, services.ledger.append(_ENTRIES[decision.outcome](weighed))


def put_ready(weighed: Weighed, receipt: Receipt, services: Services, *, handover: Handover | None = None) -> None:
    """Put an offer that was not refused in the books: for its recipient, or first for a judgement of the provider itself."""
    referred = weighed.decision.referred
    domain = services.rules.current().vocabulary.kinds[weighed.parties.provider.kind].domain
    # If we die here the log says that something was offered which nobody can collect: the provider offers it again.
    services.tasks.add(
        Task(
            request=weighed.request,
            status=RequestStatus.VOORGELEGD if referred else RequestStatus.BESLIST,
            entry_id=receipt.entry_id,
            waits_for={name: refer.facts for name, refer in referred.items()},
            due=due(domain, urgent=weighed.request.urgent, at=weighed.at)[0] if referred else None,
            handover=handover,
        )
    )


_ENTRIES = {
    Outcome.VERSTREKKEN: offer_entry,
    Outcome.VOORLEGGEN: referral_entry,
    Outcome.WEIGEREN: refusal_entry,
}
