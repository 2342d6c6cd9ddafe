"""An identity provider in memory that behaves, a portal in front of it, and a browser."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import httpx2
from fastapi import FastAPI
from identity_world import (
    ISSUER,
    MemoryReplay,
    MemorySessions,
    MovingClock,
    RealClock,
    other_rsa_key,
    signing_directory,
    signing_keys,
)
from joserfc import jws
from joserfc.jwk import RSAKey
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient

from sluis.identity.addresses import Addresses
from sluis.identity.encoding import fingerprint
from sluis.identity.front import Front, FrontRules
from sluis.identity.id_tokens import LOGOUT_EVENT
from sluis.identity.officer_routes import OfficerDoors, officer_router
from sluis.identity.officers import OfficerLogin
from sluis.identity.provider import EIDAS, Provider, ProviderRules
from sluis.identity.roles import role_mapping
from sluis.identity.sessions import OfficerSessions
from sluis.identity.signing_keys import SigningKeys
from sluis.identity.tickets import Tickets

PROVIDER = "https://idp.example"
ROLES = frozenset({"privacy-officer", "coordinerend-fg", "auditor", "beheerder"})
MAPPING: dict[str, object] = {"claim": "groepen", "roles": {"sluis-po": ["privacy-officer"], "sluis-audit": ["auditor"]}}


@dataclass(kw_only=True)
class MemoryProvider:
    """Answers discovery, keys, PAR and token requests. `claims`, `header` and `metadata` change what it says."""

    clock: MovingClock
    key: RSAKey = field(default_factory=other_rsa_key)
    claims: dict[str, object] = field(default_factory=dict)
    without: str = ""
    header: dict[str, object] = field(default_factory=dict)
    metadata: dict[str, object] = field(default_factory=dict)
    down: bool = False
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    pushed: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def handle(self, request: httpx2.Request) -> httpx2.Response:
        if self.down:
            raise httpx2.ConnectError("down")
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.asked.append((request.url.path, form))
        return {
            "/.well-known/openid-configuration": self.discovery,
            "/jwks": self.jwks,
            "/par": self.par,
            "/token": self.token,
        }[request.url.path](form)

    def discovery(self, _: Mapping[str, str]) -> httpx2.Response:
        said = {"issuer": PROVIDER, "authorization_endpoint": f"{PROVIDER}/auth", "token_endpoint": f"{PROVIDER}/token"}
        return httpx2.Response(200, json=said | {"jwks_uri": f"{PROVIDER}/jwks"} | self.metadata)

    def jwks(self, _: Mapping[str, str]) -> httpx2.Response:
        encryption = {"kty": "RSA", "use": "enc", "n": "AQAB", "e": "AQAB"}
        return httpx2.Response(200, json={"keys": [{**self.key.as_dict(private=False), "use": "sig"}, encryption]})

    def par(self, form: Mapping[str, str]) -> httpx2.Response:
        name = f"urn:{secrets.token_urlsafe(8)}"
        self.pushed[name] = form
        return httpx2.Response(201, json={"request_uri": name, "expires_in": 60})

    def authorize(self, url: str) -> dict[str, str]:
        """What the browser brings back when the officer says yes."""
        asked: Mapping[str, str] = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        asked = self.pushed.get(asked.get("request_uri", ""), asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "iss": PROVIDER}

    def token(self, form: Mapping[str, str]) -> httpx2.Response:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or fingerprint(form["code_verifier"].encode()) != asked["code_challenge"]:
            return httpx2.Response(400, json={"error": "invalid_grant"})
        return httpx2.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])})

    def id_token(self, nonce: str) -> str:
        now = self.clock.seconds
        said: dict[str, object] = {"iss": PROVIDER, "sub": "a1", "aud": "sluis", "iat": now, "exp": now + 300, "nonce": nonce}
        said |= {"acr": EIDAS[1], "auth_time": now - 5, "groepen": ["sluis-po"], "name": "Noor de Vries"} | self.claims
        said.pop(self.without, None)
        return self.sign(said)

    def logout_token(self, claims: Mapping[str, object] | None = None) -> str:
        now = self.clock.seconds
        said: dict[str, object] = {"iss": PROVIDER, "sub": "a1", "aud": "sluis", "iat": now, "exp": now + 120}
        said |= {"jti": secrets.token_urlsafe(12), "events": {LOGOUT_EVENT: {}}} | dict(claims or {})
        return self.sign(said, typ="logout+jwt")

    def sign(self, claims: Mapping[str, object], typ: str = "JWT") -> str:
        header = {"alg": "PS256", "kid": self.key.kid, "typ": typ} | self.header
        return jws.serialize_compact(header, json.dumps(claims), self.key, algorithms=["PS256", "RS256", "PS512"])


class Portal:
    """A portal with one page, behind the provider's login."""

    def __init__(
        self, rules: ProviderRules | None = None, *, mapping: Mapping[str, object] | None = None, real: bool = False
    ) -> None:
        self.clock = RealClock() if real else MovingClock()
        self.idp = MemoryProvider(clock=self.clock)
        self.sessions = MemorySessions()
        self.reports: list[str] = []
        own = rules or ProviderRules(issuer=PROVIDER, client_id="sluis", redirect_uri=f"{ISSUER}/portaal/terug")
        http = httpx2.Client() if real else httpx2.Client(transport=httpx2.MockTransport(self.idp.handle))
        self.own_keys = SigningKeys(signing_directory(), self.clock, signing_keys())
        self.login = OfficerLogin(
            provider=Provider(rules=own, own_keys=self.own_keys, http=http, clock=self.clock),
            mapping=role_mapping(mapping or MAPPING, ROLES),
            replay=MemoryReplay(),
        )
        self.keeper = OfficerSessions(sessions=self.sessions, addresses=Addresses(issuer=ISSUER, audience=""), clock=self.clock)
        self.doors = OfficerDoors(sessions=self.keeper, base="/portaal", report=self.reports.append)
        app = FastAPI()
        app.include_router(officer_router(self.login, Tickets(secret=b"t" * 32, clock=self.clock), self.doors))
        portal_page(app, self.keeper)
        self.app = Front(app, FrontRules(version="1.0.0", proxies=frozenset({"testclient"})))

    def browser(self) -> TestClient:
        return TestClient(self.app, base_url=ISSUER, follow_redirects=False)

    def come_back(self, browser: TestClient, **other: str) -> httpx2.Response:
        """Begin a login, say yes at the provider, and come back; `other` replaces what the answer says."""
        start = browser.get("/portaal/aanmelden")
        assert start.status_code == 303, start.text
        answer = self.idp.authorize(start.headers["location"]) | other
        return browser.get("/portaal/terug", params={name: value for name, value in answer.items() if value})

    def signed_in(self) -> TestClient:
        browser = self.browser()
        answer = self.come_back(browser)
        assert answer.status_code == 303, (answer.text, self.reports)
        return browser


def portal_page(app: FastAPI, keeper: OfficerSessions) -> None:
    """A page that shows who is signed in, and a form that changes something."""

    @app.get("/portaal")
    async def shown(http: Request) -> JSONResponse:
        found = await run_in_threadpool(keeper.session, http)
        if found is None:
            return JSONResponse({}, 401)
        roles, organisation = sorted(found.officer.roles), found.officer.organisation
        return JSONResponse({"rollen": roles, "csrf": found.csrf, "partner": organisation, "wie": found.officer.subject})

    @app.post("/portaal/besluit")
    async def changed(http: Request) -> JSONResponse:
        good = keeper.genuine(http, keeper.current(http), http.headers.get("x-test-csrf", ""))
        return JSONResponse({}, 200 if good else 403)
