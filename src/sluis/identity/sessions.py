"""Officers' sessions: the limits, the cookie, and the two checks against forged requests."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from sluis.core.partner import Officer
from sluis.identity.addresses import Addresses
from sluis.ports import Clock, Session, Sessions

SESSION = "sluis-sessie"
IDLE = timedelta(minutes=15)
ABSOLUTE = timedelta(hours=8)
TOUCH_AFTER = timedelta(minutes=1)  # a page view within this writes nothing


class NotSignedIn(Exception):
    """There is no session, or it ended."""


class Forged(Exception):
    """A request that changes something did not come from a page of ours."""


class HasCsrf(Protocol):
    """A session, as far as its forms are concerned."""

    @property
    def csrf(self) -> str:
        """The token of its forms."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """An officer at work. `csrf` goes into each form."""

    officer: Officer
    csrf: str = field(repr=False)
    session_id: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerSessions:
    """Opens, finds and ends sessions. Reads the store: call it from a thread."""

    sessions: Sessions
    addresses: Addresses
    clock: Clock

    @property
    def secure(self) -> bool:
        """Whether the portal is on https; plain http is the demo on loopback."""
        return self.addresses.issuer.startswith("https://")

    def cookie(self, name: str) -> str:
        """The name of a cookie; `__Host-` binds it to this host, and only https can do that."""
        return f"__Host-{name}" if self.secure else name

    def open(self, officer: Officer, http: Request, answer: Response) -> None:
        """Start a session under a new id; one that this browser still had ends."""
        self._end(http)
        now = self.clock.now()
        session = Session(officer=officer, csrf=secrets.token_urlsafe(24), started=now, last_seen=now)
        self.set_cookie(answer, SESSION, self.sessions.open(session), ABSOLUTE)

    def current(self, http: Request) -> SignedIn:
        """Who is signed in. Raises `NotSignedIn`; a session past a limit is ended."""
        session_id = http.cookies.get(self.cookie(SESSION), "")
        session = self.sessions.find(session_id) if session_id else None
        if session is None:
            raise NotSignedIn
        now = self.clock.now()
        if now - session.last_seen > IDLE or now - session.started > ABSOLUTE:
            self.sessions.close(session_id)
            raise NotSignedIn
        if now - session.last_seen > TOUCH_AFTER:
            self.sessions.touch(session_id, now)
        return SignedIn(officer=session.officer, csrf=session.csrf, session_id=session_id)

    def session(self, http: Request) -> SignedIn | None:
        """Who is signed in; None when nobody is. For the portal, as `genuine` is."""
        try:
            return self.current(http)
        except NotSignedIn:
            return None

    def genuine(self, http: Request, session: HasCsrf, token: str) -> bool:
        """Whether a form came from a page of ours in that session."""
        try:
            self.check_form(http, session, token)
        except Forged:
            return False
        return True

    def close(self, http: Request, answer: Response) -> None:
        """End the session of this browser, if there is one."""
        self._end(http)
        self.drop_cookie(answer, SESSION)

    def _end(self, http: Request) -> None:
        session_id = http.cookies.get(self.cookie(SESSION), "")
        if session_id:
            self.sessions.close(session_id)

    def check_form(self, http: Request, signed_in: HasCsrf, token: str) -> None:
        """A form that changes something: from our own page, with the token of this session. Raises `Forged`."""
        self.check_origin(http)
        if not hmac.compare_digest(token.encode(), signed_in.csrf.encode()):
            raise Forged

    def check_origin(self, http: Request) -> None:
        """A request that came from a page of ours. Raises `Forged`.

        Browsers send `Origin: null` from a page with `Referrer-Policy: no-referrer`; then `Sec-Fetch-Site` must say that the
        page was ours.
        """
        origin = http.headers.get("origin")
        if origin == self.addresses.issuer:
            return
        if origin not in {None, "null"} or http.headers.get("sec-fetch-site") != "same-origin":
            raise Forged

    def set_cookie(self, answer: Response, name: str, value: str, life: timedelta) -> None:
        """A cookie that no script reads and no other site's form brings along."""
        answer.set_cookie(
            self.cookie(name),
            value,
            max_age=int(life.total_seconds()),
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def drop_cookie(self, answer: Response, name: str) -> None:
        """Take a cookie back."""
        answer.delete_cookie(self.cookie(name), path="/", secure=self.secure, httponly=True, samesite="lax")
