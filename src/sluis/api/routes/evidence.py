"""`/v1/toestemmingen` and `/v1/afwegingen`: what is put on record so that it can count."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from sluis.api import answers
from sluis.api.body import body
from sluis.api.deps import Evidencing, Wired, actor, subject
from sluis.api.document import reads, tells
from sluis.api.once import OnceOnly
from sluis.api.shapes.cases import ConsentGiven, WeighingGiven, WithdrawalGiven
from sluis.api.shapes.telling import RecordedTold
from sluis.api.shapes.wire import Handle
from sluis.flows import evidence
from sluis.flows.acting import Actor
from sluis.flows.evidence import Covering
from sluis.ports.services import Services

router = APIRouter(tags=["bewijzen"])


@router.post("/toestemmingen", **reads(ConsentGiven), **tells({201: RecordedTold}))
def record_consent(
    caller: Evidencing, once: OnceOnly, given: Annotated[ConsentGiven, Depends(body(ConsentGiven))], services: Wired
) -> Response:
    """Leg een toestemming vast: voor deze ontvangers, doelen en gegevens, en niets anders."""
    covering = Covering(
        fact="toestemming",
        value=given.verleend,
        subject=subject(given.betrokkene, services),
        provider=caller.partner.id,
        recipients=frozenset(given.ontvangers),
        purposes=frozenset(given.doelen),
        categories=frozenset(given.gegevens),
        case=given.casus,
        valid_until=given.geldig_tot_tijdstip,
        ground={"uitleg": given.uitleg},
    )
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _recorded(covering, who, services))


@router.post("/afwegingen", **reads(WeighingGiven), **tells({201: RecordedTold}))
def record_weighing(
    caller: Evidencing, once: OnceOnly, given: Annotated[WeighingGiven, Depends(body(WeighingGiven))], services: Wired
) -> Response:
    """Leg een afweging, besluit of toezegging vast, met de gronden."""
    covering = Covering(
        fact=given.feit,
        value=given.waarde,
        subject=subject(given.betrokkene, services),
        provider=given.verstrekker or caller.partner.id,
        recipients=frozenset(given.ontvangers),
        purposes=frozenset(given.doelen),
        categories=None if given.gegevens is None else frozenset(given.gegevens),
        case=given.casus,
        valid_until=given.geldig_tot_tijdstip,
        ground=given.gronden,
    )
    who = actor(caller, given.medewerker)
    return once(caller, lambda: _recorded(covering, who, services))


@router.post("/toestemmingen/{id}/intrekkingen", **reads(WithdrawalGiven), **tells({201: RecordedTold}))
def withdraw_consent(
    id: Handle,  # noqa: A002 - the name in the path
    caller: Evidencing,
    once: OnceOnly,
    given: Annotated[WithdrawalGiven, Depends(body(WithdrawalGiven))],
    services: Wired,
) -> Response:
    """Trek een toestemming in. Vanaf nu wordt er niets meer op verstrekt."""
    who = actor(caller, given.medewerker)
    return once(caller, lambda: answers.of_withdrawn(id, evidence.withdraw(id, who, services)))


@router.post("/afwegingen/{id}/intrekkingen", **reads(WithdrawalGiven), **tells({201: RecordedTold}))
def withdraw_weighing(
    id: Handle,  # noqa: A002 - the name in the path
    caller: Evidencing,
    once: OnceOnly,
    given: Annotated[WithdrawalGiven, Depends(body(WithdrawalGiven))],
    services: Wired,
) -> Response:
    """Trek een afweging, besluit of toezegging in."""
    who = actor(caller, given.medewerker)
    return once(caller, lambda: answers.of_withdrawn(id, evidence.withdraw(id, who, services)))


def _recorded(covering: Covering, who: Actor, services: Services) -> tuple[str, Response]:
    kept, receipt = evidence.record(covering, who, services)
    return kept.subject, answers.told(answers.of_recorded(kept.id, receipt), 201)
