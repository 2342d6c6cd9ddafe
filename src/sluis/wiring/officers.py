"""The officers' login, as the settings say: the organisation's identity provider, or the demo's own, clearly marked."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import httpx2
from fastapi import APIRouter

from sluis import events
from sluis.core.errors import BadInput, Flaw
from sluis.core.partner import Officer
from sluis.identity.addresses import Addresses
from sluis.identity.demo_login import DemoLogin, demo_router
from sluis.identity.officer_routes import OfficerDoors, officer_router
from sluis.identity.officers import OfficerLogin
from sluis.identity.provider import Provider, ProviderRules
from sluis.identity.roles import RoleMapping, role_mapping
from sluis.identity.sessions import OfficerSessions
from sluis.identity.signing_keys import SigningKeys
from sluis.identity.tickets import Tickets
from sluis.ports.ambient import Clock
from sluis.ports.identity import Replay, Sessions
from sluis.settings import Mode, Settings

PORTAL = "/portaal"
ROLES = frozenset({"fg", "coordinerend-fg", "auditor", "beheerder"})
"""The roles of the portal; no mapping, no access."""
DEMO_OFFICERS = {
    "fg-ggz": Officer(subject="demo|fg-ggz", name="Ilse de Groot (FG GGZ)", roles=frozenset({"fg"}), organisation="ggz-de-linde"),
    "fg-regio": Officer(subject="demo|fg-regio", name="Noor Aksoy (coördinerend FG)", roles=frozenset({"coordinerend-fg"})),
    "auditor": Officer(subject="demo|auditor", name="Bas Tol (auditor)", roles=frozenset({"auditor"})),
    "beheer": Officer(subject="demo|beheer", name="Kim Vos (beheerder)", roles=frozenset({"beheerder"})),
}
"""Invented officers of the demo region."""


def officer_sessions(settings: Settings, sessions: Sessions, clock: Clock) -> OfficerSessions:
    """Who is signed in to the portal."""
    return OfficerSessions(sessions=sessions, addresses=_addresses(settings), clock=clock)


def officer_doors(settings: Settings, signed_in: OfficerSessions, replay: Replay, secret: bytes) -> APIRouter | None:
    """The routes by which officers come in and go out; None when production names no identity provider: no portal then.

    `secret` seals what a browser brings back from a login; all replicas share it.
    """
    clock = signed_in.clock
    doors = OfficerDoors(sessions=signed_in, base=PORTAL, report=_refused)
    if settings.officer_issuer:
        return officer_router(_login(settings, replay, clock), Tickets(secret=secret, clock=clock), doors)
    if settings.mode is Mode.DEMO:
        login = DemoLogin(DEMO_OFFICERS, clock, demo=True)
        _keep_passwords(settings.data / "demo-aanmelding.json", login)
        return demo_router(login, doors)
    return None


def _addresses(settings: Settings) -> Addresses:
    return Addresses(issuer=settings.public_url, audience=f"{settings.public_url}/v1")


def _refused(reason: str) -> None:
    events.emit(events.LOGIN_REFUSED, error=reason)


def _login(settings: Settings, replay: Replay, clock: Clock) -> OfficerLogin:
    keys = SigningKeys(settings.keys / "officers", clock)
    if not keys.jwks()["keys"]:
        keys.rotate()
    rules = ProviderRules(
        issuer=settings.officer_issuer,
        client_id=settings.officer_client,
        redirect_uri=f"{settings.public_url}{PORTAL}/terug",
        minimum_acr=settings.officer_acr,
    )
    http = httpx2.Client(timeout=timedelta(seconds=10).total_seconds(), follow_redirects=False)
    return OfficerLogin(provider=Provider(rules, keys, http, clock), mapping=_mapping(settings.officer_roles), replay=replay)


def _mapping(path: Path | None) -> RoleMapping:
    where = "SLUIS_OFFICER_ROLES"
    if path is None:
        raise BadInput(Flaw(where=where, what="is missing", mend="give a JSON file that maps claims to roles"))
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as cause:
        raise BadInput(Flaw(where=where, what="is no readable JSON file", mend="see docs/operations.md")) from cause
    return role_mapping(document, ROLES)


def _keep_passwords(path: Path, login: DemoLogin) -> None:
    """Write the demo's passwords where whoever started it can read them, and nobody else."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(login.passwords, file)
