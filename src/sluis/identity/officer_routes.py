"""The doors of the portal: to the identity provider and back, out again, and out on the provider's word."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass

from authlib.oauth2 import OAuth2Error
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from sluis.identity.officers import OfficerLogin
from sluis.identity.provider import LoginRefused
from sluis.identity.routes import CACHEABLE, form_of
from sluis.identity.sessions import Forged, NotSignedIn, OfficerSessions
from sluis.identity.tickets import LIFE, Tickets

TICKET = "sluis-aanmelding"
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
PAGE = """<!doctype html>
<html lang="nl"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} - Sluis</title><link rel="stylesheet" href="static/portal.css"></head>
<body><main><h1>{title}</h1>{body}</main></body></html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerDoors:
    """What the routes of the portal's doors need. `base` is the portal's path, `report` hears why somebody was refused."""

    sessions: OfficerSessions
    base: str
    report: Callable[[str], None]


def officer_router(login: OfficerLogin, tickets: Tickets, doors: OfficerDoors) -> APIRouter:
    """Login at the organisation's provider: `aanmelden`, `terug`, `afmelden`; for it `sleutels` and `afmelden/aanbieder`."""
    routes = _ProviderRoutes(login, tickets, doors)
    router = APIRouter(include_in_schema=False, prefix=doors.base)
    router.add_api_route("/aanmelden", routes.begin, methods=["GET"], response_model=None)
    router.add_api_route("/terug", routes.finish, methods=["GET"], response_model=None)
    router.add_api_route("/sleutels", routes.keys, methods=["GET"], response_model=None)
    router.add_api_route("/afmelden/aanbieder", routes.provider_logout, methods=["POST"], response_model=None)
    router.add_api_route("/afmelden", LogoutRoute(doors).leave, methods=["POST"], response_model=None)
    return router


class LogoutRoute:
    """Out, by a button in a form of ours."""

    def __init__(self, doors: OfficerDoors) -> None:
        self.doors = doors

    async def leave(self, http: Request) -> Response:
        """End the session of this browser."""
        try:
            fields = await form_of(http)
            await run_in_threadpool(self._checked, http, fields.get("csrf", ""))
        except (Forged, OAuth2Error):
            return page(403, "Niet afgemeld", "<p>Dit verzoek kwam niet van een pagina van Sluis.</p>")
        except NotSignedIn:
            pass  # out already
        answer = page(200, "Afgemeld", "<p>U bent afgemeld.</p>")
        await run_in_threadpool(self.doors.sessions.close, http, answer)
        return answer

    def _checked(self, http: Request, token: str) -> None:
        self.doors.sessions.check_form(http, self.doors.sessions.current(http), token)


class _ProviderRoutes:
    """What happens at each door."""

    def __init__(self, login: OfficerLogin, tickets: Tickets, doors: OfficerDoors) -> None:
        self.login = login
        self.tickets = tickets
        self.doors = doors

    def begin(self) -> Response:
        """Send the browser to the provider, with a sealed ticket to bring back."""
        try:
            start = self.login.begin()
        except LoginRefused as refusal:
            return self._refused(refusal)
        answer = RedirectResponse(start.url, 303)
        self.doors.sessions.set_cookie(answer, TICKET, self.tickets.seal(start.ticket), LIFE)
        return answer

    def finish(self, http: Request) -> Response:
        """Back from the provider: a session, or a page that says no without saying why to whom it does not concern."""
        sessions = self.doors.sessions
        pairs = http.query_params.multi_items()
        ticket = self.tickets.open(http.cookies.get(sessions.cookie(TICKET), ""))
        try:
            officer = self.login.finish(dict(pairs) if len(dict(pairs)) == len(pairs) else {}, ticket)
        except LoginRefused as refusal:
            return self._refused(refusal)
        answer = RedirectResponse(f"{self.doors.base}/", 303)
        sessions.open(officer, http, answer)
        sessions.drop_cookie(answer, TICKET)
        return answer

    def keys(self) -> Response:
        """Our public keys at the provider: register this address as `jwks_uri`, and a rotation needs nobody's help."""
        return JSONResponse(self.login.provider.own_keys.jwks(), headers=CACHEABLE)

    async def provider_logout(self, http: Request) -> Response:
        """OIDC back-channel logout: every session of that officer ends."""
        try:
            fields = await form_of(http)
            subject = await run_in_threadpool(self.login.logged_out, fields.get("logout_token"))
        except (LoginRefused, OAuth2Error) as refusal:
            self.doors.report(refusal.reason if isinstance(refusal, LoginRefused) else "logout-form")
            return JSONResponse({"error": "invalid_request"}, 400)
        await run_in_threadpool(self.doors.sessions.sessions.close_all, subject)
        return Response(status_code=200)

    def _refused(self, refusal: LoginRefused) -> Response:
        self.doors.report(refusal.reason)
        again = f'<p><a href="{html.escape(self.doors.base)}/aanmelden">Opnieuw aanmelden</a></p>'
        text = "<p>Het aanmelden is niet gelukt. Vraag uw beheerder of u toegang hebt.</p>"
        answer = page(403, "Niet aangemeld", text + again)
        self.doors.sessions.drop_cookie(answer, TICKET)
        return answer


def page(status: int, title: str, body: str) -> HTMLResponse:
    """A page in the portal's own style, without script; `body` is HTML of ours."""
    return HTMLResponse(PAGE.format(title=html.escape(title), body=body), status, {"Content-Security-Policy": POLICY})
