"""What anybody may read without logging in: what a problem means, what changed, whom to tell of a weakness."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from sluis.api.deps import Wired
from sluis.api.document import API_VERSION
from sluis.api.problems import BY_STATUS, PROBLEMS, answer

router = APIRouter(include_in_schema=False)
_KNOWN = {problem.slug: problem for problem in (*PROBLEMS.values(), *BY_STATUS.values())}
_CHANGES = f"""# Wijzigingen van de API

{API_VERSION}  eerste versie

Een versie verdwijnt niet zonder aankondiging: ten hoogste twee hoofdversies naast elkaar, de oude ten minste een jaar
na de nieuwe, met de headers `Deprecation` en `Sunset` op elk antwoord zolang zij nog werkt.
"""


@router.get("/problemen/{slug}")
def problem(slug: str) -> Response:
    """What a problem means and what to do, in Dutch: the page that `type` points to."""
    known = _KNOWN.get(slug)
    if known is None:
        return answer(BY_STATUS[404])
    return Response(f"{known.title}\n\n{known.detail}.\n\nHTTP-status {known.status}\n", media_type="text/plain")


@router.get("/wijzigingen")
def changes() -> Response:
    """What changed in the API, and how long a version stays."""
    return Response(_CHANGES, media_type="text/markdown")


@router.get("/.well-known/security.txt")
def security(services: Wired) -> Response:
    """Whom to tell of a weakness (RFC 9116). It expires within a year and is made anew at each request."""
    expires = (services.clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = ("Contact: mailto:security@sluis.example", f"Expires: {expires}", "Preferred-Languages: nl, en")
    return Response("\n".join(lines) + "\n", media_type="text/plain")
