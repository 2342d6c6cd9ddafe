"""An emergency disclosure (`noodinzage`): a purpose with its own rules, never a switch that widens the data.

Laws of this file: only purposes that the law made for acute danger; the ground in words is declared and on record before
anything is decided; every declaration stands in the review queue, also when nothing was released.
"""

from __future__ import annotations

from dataclasses import replace

from sluis.core.entry import Kind, Receipt
from sluis.core.errors import BadInput, Flaw
from sluis.core.request import Request
from sluis.flows.acting import Actor, act_entry
from sluis.flows.share import Answer, share
from sluis.ports.services import Services

EMERGENCY_PURPOSES = frozenset({"vitaal-belang", "ggz-crisis"})
"""The purposes that change what may be released in acute danger (`law.md` 0.1, 10)."""


def declare(request: Request, actor: Actor, services: Services) -> tuple[Answer, Receipt]:
    """Declare an emergency and answer its request; the receipt is that of the declaration.

    Raises `BadInput` for another purpose or a missing ground, and what `share` raises.
    """
    flaws = []
    if request.purpose not in EMERGENCY_PURPOSES:
        flaws.append(Flaw(where="doel", what="geen doel voor een noodinzage", mend="vitaal-belang of ggz-crisis"))
    if not (request.emergency or "").strip():
        flaws.append(Flaw(where="grond", what="ontbreekt", mend="schrijf op welk gevaar er nu is"))
    if flaws:
        raise BadInput(*flaws)
    at = services.clock.now()
    provider = services.partners.by_id(request.provider)
    declared = services.ledger.append(
        act_entry(
            Kind.EMERGENCY_DECLARED,
            actor,
            at,
            subject=request.subject,
            core={"purpose": request.purpose, "provider": provider.oin if provider else "", "review": "noodinzage"},
            data={"request": request.id, "ground": request.emergency, "asked": list(request.categories)},
        )  # fmt: skip - one value
    )
    return share(replace(request, at=at), services), declared
