"""`/v1/verstrekkingen`: own releases with their proofs; and the directory: who takes part, for what, by which rules."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from sluis.api import answers
from sluis.api.deps import Reading, ReadingText, Wired
from sluis.api.document import tells
from sluis.api.shapes.directory import PartnersTold, PolicyTold, PurposesTold
from sluis.api.shapes.telling import ReleasesTold, ReleaseTold
from sluis.api.shapes.wire import Handle
from sluis.core.receipt import receipt_text
from sluis.flows.own import own_release, own_releases

router = APIRouter(tags=["verstrekkingen"])
PAGE = 50


@router.get("/verstrekkingen", **tells({200: ReleasesTold}))
def list_releases(
    caller: Reading,
    services: Wired,
    voor: Annotated[int | None, Query(ge=0, lt=2**53, description="Positie: alleen oudere")] = None,
    aantal: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> Response:
    """De verstrekkingen waarin de eigen organisatie ontving of gaf, nieuwste eerst."""
    entries = own_releases(caller.partner, before=voor, limit=aantal, services=services)
    following = entries[-1].index if len(entries) == aantal else None
    return answers.told(ReleasesTold(verstrekkingen=[answers.of_entry(entry, services) for entry in entries], volgende=following))


@router.get("/verstrekkingen/{id}", **tells({200: ReleaseTold}))
def show_release(id: Handle, caller: Reading, services: Wired) -> Response:  # noqa: A002 - the name in the path
    """Een eigen verstrekking in het register."""
    entry, _ = own_release(id, caller.partner, services)
    return answers.told(answers.of_entry(entry, services))


@router.get("/verstrekkingen/{id}/bewijs", **tells({}, text="Het ontvangstbewijs (c2sp.org/tlog-proof)"))
def show_proof(id: Handle, caller: ReadingText, services: Wired) -> Response:  # noqa: A002 - the name in the path
    """Het ontvangstbewijs tegen het nieuwste ondertekende hoofd van het logboek."""
    _, receipt = own_release(id, caller.partner, services)
    return Response(receipt_text(receipt), media_type="text/plain")


@router.get("/deelnemers", tags=["wegwijzer"], **tells({200: PartnersTold}))
def list_partners(caller: Reading, services: Wired) -> Response:  # noqa: ARG001 - the caller is the permission
    """Wie er meedoen, en wat voor organisatie het is."""
    return answers.told(answers.of_partners(services))


@router.get("/doelen", tags=["wegwijzer"], **tells({200: PurposesTold}))
def list_purposes(caller: Reading, services: Wired) -> Response:  # noqa: ARG001 - the caller is the permission
    """De doelen waarvoor gegevens kunnen worden gevraagd, met hun wet."""
    return answers.told(answers.of_purposes(services))


@router.get("/beleid", tags=["wegwijzer"], **tells({200: PolicyTold}))
def show_policy(caller: Reading, services: Wired) -> Response:  # noqa: ARG001 - the caller is the permission
    """Het beleid dat nu geldt: de hash, en de woorden die in een verzoek mogen staan."""
    return answers.told(answers.of_policy(services))
