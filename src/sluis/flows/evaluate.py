"""AuthZEN's door to the same decision: one record in the log per decision, no data and no receipt.

Laws of this file: the same `decide` as every other door; the record holds the question, the facts and the answer (ADL level 3),
the policy set by its hash and the version of the engine; a denial is a normal outcome, not an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sluis.core.entry import EntryDraft, Kind
from sluis.core.partner import Partner
from sluis.core.verdict import Decision
from sluis.flows.ask import Supposition, ask
from sluis.flows.recording import ENGINE, recorded_question
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who asks through AuthZEN, in which trace."""

    partner: Partner
    trace: str = field(repr=False)


def evaluate(supposed: Supposition, door: Door, services: Services) -> Decision:
    """Decide, and record the decision before it is told. Raises `BadInput` and `LedgerUnavailable`."""
    at = services.clock.now()
    question, decision = ask(supposed, services)
    _, trace, span, _ = door.trace.split("-")
    services.ledger.append(
        EntryDraft(
            kind=Kind.DECISION_EVALUATED,
            at=at,
            core={
                "recipient": door.partner.oin,
                "purpose": question.purpose,
                "decision": decision.outcome.value,
                "policy": decision.policy,
                "rules": list(decision.rules),
                "adl": {
                    "trace_id": trace,
                    "parent_span_id": span,
                    "event_name": "evaluation",
                    "timestamp": int(at.timestamp() * 1000),
                    "status": "Ok",
                    "adl.core.request": recorded_question(question),
                    "adl.core.response": {
                        "released": {name: permit.precision.word for name, permit in decision.permitted.items()},
                        "refused": {name: deny.reason.value for name, deny in decision.refused.items()},
                        "referred": {name: refer.role for name, refer in decision.referred.items()},
                    },
                    "adl.core.policies": decision.policy,
                    "adl.core.configuration": ENGINE,
                },
            },
        )
    )
    return decision
