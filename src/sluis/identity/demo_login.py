"""The login of the demonstration: no identity provider, passwords made at the start. Not for anything else, and it says so."""

from __future__ import annotations

import hmac
import html
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from authlib.oauth2 import OAuth2Error
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from sluis.core.errors import NotAllowed
from sluis.core.partner import Officer
from sluis.identity.officer_routes import LogoutRoute, OfficerDoors, page
from sluis.identity.rates import Rates
from sluis.identity.routes import form_of
from sluis.identity.sessions import Forged
from sluis.ports import Clock

WARNING = "<p><strong>Demonstratie: dit is geen echte aanmelding, en alle personen zijn verzonnen.</strong></p>"
FORM = """<form method="post" action="{base}/aanmelden">
<p><label for="gebruiker">Gebruiker</label> <select id="gebruiker" name="gebruiker">{options}</select></p>
<p><label for="wachtwoord">Wachtwoord</label>
<input id="wachtwoord" name="wachtwoord" type="password" autocomplete="current-password"></p>
<p><button type="submit">Aanmelden</button></p></form>
"""
TRIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An invented officer, and his salt and hash."""

    officer: Officer
    salt: bytes = field(repr=False)
    hash: bytes = field(repr=False)


class DemoLogin:
    """Invented officers by user name. `passwords` is for the program that starts the demonstration, to print once."""

    def __init__(self, officers: Mapping[str, Officer], clock: Clock, *, demo: bool) -> None:
        if not demo:
            raise NotAllowed("the demo login exists in the demonstration only")
        self.passwords = {name: secrets.token_urlsafe(9) for name in officers}
        self._accounts = {name: _account(officer, self.passwords[name]) for name, officer in officers.items()}
        self._nobody = _account(Officer(subject="", name="", roles=frozenset()), secrets.token_urlsafe(9))
        self._tries = Rates(limit=TRIES, per=timedelta(minutes=1), clock=clock)

    @property
    def users(self) -> Sequence[str]:
        """The user names, in order."""
        return sorted(self._accounts)

    def officer(self, user: str, password: str) -> Officer | None:
        """The officer with that name and password; None for anybody else, and for everybody after ten tries in a minute."""
        if not self._tries.take(user if user in self._accounts else "").allowed:
            return None
        account = self._accounts.get(user, self._nobody)
        same = hmac.compare_digest(_hash(password, account.salt), account.hash)
        return account.officer if same and user in self._accounts else None


def demo_router(login: DemoLogin, doors: OfficerDoors) -> APIRouter:
    """`aanmelden` and `afmelden`, as `officer_router` has them."""
    routes = _DemoRoutes(login, doors)
    router = APIRouter(include_in_schema=False, prefix=doors.base)
    router.add_api_route("/aanmelden", routes.form, methods=["GET"], response_model=None)
    router.add_api_route("/aanmelden", routes.enter, methods=["POST"], response_model=None)
    router.add_api_route("/afmelden", LogoutRoute(doors).leave, methods=["POST"], response_model=None)
    return router


class _DemoRoutes:
    """A form, and what it does."""

    def __init__(self, login: DemoLogin, doors: OfficerDoors) -> None:
        self.login = login
        self.doors = doors

    def form(self) -> Response:
        """The form, under its warning."""
        return self._form(200, "")

    async def enter(self, http: Request) -> Response:
        """A session for the right password."""
        try:
            self.doors.sessions.check_origin(http)
            fields = await form_of(http)
        except (Forged, OAuth2Error):
            return self._form(403, "<p>Dit verzoek kwam niet van deze pagina.</p>")
        return await run_in_threadpool(self._entered, http, fields)

    def _entered(self, http: Request, fields: Mapping[str, str]) -> Response:
        officer = self.login.officer(fields.get("gebruiker", ""), fields.get("wachtwoord", ""))
        if officer is None:
            self.doors.report("demo-password")
            return self._form(403, "<p>Deze gebruiker en dit wachtwoord horen niet bij elkaar.</p>")
        answer = RedirectResponse(f"{self.doors.base}/", 303)
        self.doors.sessions.open(officer, http, answer)
        return answer

    def _form(self, status: int, message: str) -> Response:
        options = "".join(f"<option>{html.escape(user)}</option>" for user in self.login.users)
        answer = page(
            status,
            "Aanmelden (demonstratie)",
            WARNING + message + FORM.format(base=html.escape(self.doors.base), options=options),
        )
        answer.headers["Referrer-Policy"] = "same-origin"  # under `no-referrer` a browser hides the origin of a form of ours
        return answer


def _account(officer: Officer, password: str) -> DemoAccount:
    salt = os.urandom(16)
    return DemoAccount(officer=officer, salt=salt, hash=_hash(password, salt))


def _hash(password: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(password.encode())
