"""AuthZEN's door to the same decision: one record in the log per decision, no data and no receipt.

Laws of this file: the same `decide` as every other door; the record holds the question, the facts and the answer (ADL level 3),
the policy set by its hash and the version of the engine; a denial is a normal outcome, not an error.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sluis.core.entry import EntryDraft, Kind
from sluis.core.partner import Partner
from sluis.core.verdict import Decision
from sluis.flows.ask import Supposition, ask
from sluis.flows.recording import ENGINE, recorded_question
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Who asks through AuthZEN, in which trace (W3C), under which transaction (FSC, or nothing)."""

    partner: Partner
    trace: str = field(repr=False)
    transaction: str = field(default="", repr=False)


def evaluate(supposed: Supposition, door: Door, services: Services) -> Decision:
    """Decide, and record the decision before it is told. Raises `BadInput` and `LedgerUnavailable`."""
    at = services.clock.now()
    question, decision = ask(supposed, services)
    _, trace, parent, _ = door.trace.split("-")
    asked = {name: value for name, value in recorded_question(question).items() if name != "feiten"}
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
                    "span_id": hashlib.sha256(services.ids.public().encode()).hexdigest()[:16],
                    "parent_span_id": parent,
                    "event_name": "evaluation",
                    "timestamp": int(at.timestamp() * 1000),
                    "status": "Ok",
                    "adl.core.request": asked,
                    "adl.core.information": recorded_question(question)["feiten"],
                    "adl.core.response": {
                        "released": {name: permit.precision.word for name, permit in decision.permitted.items()},
                        "refused": {name: deny.reason.value for name, deny in decision.refused.items()},
                        "referred": {name: refer.role for name, refer in decision.referred.items()},
                    },
                    "adl.core.policies": decision.policy,
                    "adl.core.configuration": ENGINE,
                    **({"adl.fsc.transaction_id": door.transaction} if door.transaction else {}),
                },
            },
        )
    )
    return decision
