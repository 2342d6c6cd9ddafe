"""A small broker for the tests of identity: ports in memory that behave, a clock one can move, and partners with keys."""

from __future__ import annotations

import base64
import json
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Lock

import httpx2
from fastapi import FastAPI
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from sluis.client.keys import ASSERTION_TYPE, PartnerKey
from sluis.core.partner import Partner, Profile
from sluis.identity.addresses import Addresses
from sluis.identity.assertions import Assertions
from sluis.identity.certificates import CertificateRule
from sluis.identity.encoding import fingerprint
from sluis.identity.front import Front, FrontRules
from sluis.identity.gate import Gate, TokenRefused
from sluis.identity.profiles import TOKEN_LIFE
from sluis.identity.proofs import Nonces, Proofs
from sluis.identity.rates import Rates
from sluis.identity.routes import identity_router
from sluis.identity.signing_keys import SigningKey, SigningKeys, read_keys, write_key
from sluis.identity.tokens import Issuing, TokenServer
from sluis.identity.verifying import TokenReader, TokenRules
from sluis.ports import Session

ISSUER = "https://sluis.example"
AUDIENCE = "https://sluis.example/v1"
TOKEN_URL = f"{ISSUER}/oauth2/token"
API = f"{ISSUER}/v1/ik"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CERTIFICATE, OTHER_CERTIFICATE = secrets.token_bytes(300), secrets.token_bytes(300)


class MovingClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)

    @property
    def seconds(self) -> int:
        return int(self.at.timestamp())


class RealClock(MovingClock):
    """The clock of this machine: the other program has no other."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - see above


class MemoryDirectory:
    """Partners in a dict."""

    def __init__(self, *partners: Partner) -> None:
        self.partners = {partner.id: partner for partner in partners}

    def by_client(self, client_id: str) -> Partner | None:
        return next((partner for partner in self.partners.values() if partner.client_id == client_id), None)

    def by_id(self, partner_id: str) -> Partner | None:
        return self.partners.get(partner_id)

    def all(self) -> Sequence[Partner]:
        return [self.partners[name] for name in sorted(self.partners)]

    def save(self, partner: Partner) -> None:
        self.partners[partner.id] = partner


class MemoryReplay:
    """One table for all replicas; two that ask at once get one True."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, str]] = set()
        self._lock = Lock()

    def first_use(self, kind: str, owner: str, identifier: str, until: datetime) -> bool:
        assert until.tzinfo is not None
        with self._lock:
            new = (kind, owner, identifier) not in self._seen
            self._seen.add((kind, owner, identifier))
            return new


class MemoryIssuances:
    """Issues by token id, and which of them were revoked."""

    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, datetime, str]] = {}
        self._revoked: set[str] = set()

    def record(self, *, token_id: str, partner: str, expires: datetime, binding: str) -> None:
        self.rows[token_id] = (partner, expires, binding)

    def revoke(self, token_id: str, partner: str) -> None:
        if token_id in self.rows and self.rows[token_id][0] == partner:
            self._revoked.add(token_id)

    def revoked(self, token_id: str) -> bool:
        return token_id in self._revoked


class MemorySessions:
    """Sessions by the hash of their id."""

    def __init__(self) -> None:
        self.rows: dict[str, Session] = {}

    def open(self, session: Session) -> str:
        session_id = secrets.token_urlsafe(24)
        self.rows[fingerprint(session_id.encode())] = session
        return session_id

    def find(self, session_id: str) -> Session | None:
        return self.rows.get(fingerprint(session_id.encode()))

    def touch(self, session_id: str, at: datetime) -> None:
        name = fingerprint(session_id.encode())
        if name in self.rows:
            self.rows[name] = replace(self.rows[name], last_seen=at)

    def close(self, session_id: str) -> None:
        self.rows.pop(fingerprint(session_id.encode()), None)

    def close_all(self, officer: str) -> int:
        gone = [name for name, row in self.rows.items() if row.officer.subject == officer]
        for name in gone:
            del self.rows[name]
        return len(gone)


@cache
def rsa_key() -> RSAKey:
    """One RSA key for all partners of a test run: making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": "c"})


@cache
def other_rsa_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "c"})


@cache
def ec_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "c"})


@cache
def signing_directory() -> Path:
    """A directory with one signing key that signs from the start of the test clock."""
    directory = Path(tempfile.mkdtemp(prefix="sluis-keys-"))
    write_key(directory, signs_from=START, bits=2048)
    return directory


@cache
def signing_keys() -> Sequence[SigningKey]:
    """The keys in that directory, read once."""
    return read_keys(signing_directory())


def partner(name: str, key: RSAKey | ECKey, *, profile: Profile = Profile.FAPI2, oin: str = "00000001234567890000") -> Partner:
    """An active partner with one key, one certificate and two doors."""
    return Partner(
        id=name,
        oin=oin,
        kind=name,
        name=name,
        client_id=name,
        profile=profile,
        keys={"keys": [key.as_dict(private=False)]},
        certificates=frozenset({fingerprint(CERTIFICATE)}),
        scopes=frozenset({"verzoeken", "log"}),
        active_from=START - timedelta(days=1),
    )


def region() -> MemoryDirectory:
    """Three partners: PS256, ES256, and RS256 in the NL GOV profile."""
    return MemoryDirectory(
        partner("politie", rsa_key()),
        partner("ggz", ec_key()),
        partner("college", rsa_key(), profile=Profile.NLGOV),
    )


@dataclass(kw_only=True)
class World:
    """What all replicas of a broker share."""

    issuer: str = ISSUER
    keys_in: Path = field(default_factory=signing_directory)
    oin_counts: bool = False
    nonce_secret: bytes | None = None
    tokens_a_minute: int = 1000
    calls_a_minute: int = 1000
    token_life: timedelta = TOKEN_LIFE
    clock: MovingClock = field(default_factory=MovingClock)
    directory: MemoryDirectory = field(default_factory=region)
    replay: MemoryReplay = field(default_factory=MemoryReplay)
    issuances: MemoryIssuances = field(default_factory=MemoryIssuances)

    def replica(self) -> Replica:
        """One broker process."""
        return Replica(self)

    def addresses(self) -> Addresses:
        return Addresses(issuer=self.issuer, audience=f"{self.issuer}/v1")


class Replica:
    """One broker process: its application, and clients that reach it through a listed proxy, or not."""

    def __init__(self, world: World) -> None:
        self.world = world
        keys = SigningKeys(world.keys_in, world.clock, signing_keys())
        nonces = Nonces(secret=world.nonce_secret, clock=world.clock) if world.nonce_secret else None
        proofs = Proofs(addresses=world.addresses(), replay=world.replay, clock=world.clock, nonces=nonces)
        rule = CertificateRule(oin_counts=world.oin_counts)
        self.issuing = Issuing(
            addresses=world.addresses(),
            directory=world.directory,
            keys=keys,
            assertions=Assertions(
                directory=world.directory,
                addresses=world.addresses(),
                replay=world.replay,
                clock=world.clock,
            ),
            proofs=proofs,
            certificates=rule,
            issuances=world.issuances,
            clock=world.clock,
            token_life=world.token_life,
            rates=Rates(limit=world.tokens_a_minute, per=timedelta(minutes=1), clock=world.clock),
        )
        self.reader = TokenReader(TokenRules(issuer=world.issuer, audience=f"{world.issuer}/v1"), keys, world.clock)
        self.gate = Gate(
            reader=self.reader,
            proofs=proofs,
            certificates=rule,
            directory=world.directory,
            issuances=world.issuances,
            clock=world.clock,
            rates=Rates(limit=world.calls_a_minute, per=timedelta(minutes=1), clock=world.clock),
        )
        self.app = _application(self)
        self.web = self.client(frozenset({"testclient"}))
        self.stranger = self.client(frozenset({"192.0.2.1"}))

    def client(self, proxies: frozenset[str]) -> TestClient:
        return TestClient(self.fronted(proxies), base_url=self.world.issuer, raise_server_exceptions=False)

    def fronted(self, proxies: frozenset[str]) -> ASGIApp:
        return Front(self.app, FrontRules(proxies=proxies, version="1.0.0", body_limit=50_000, token_body_limit=8_000))


def _application(replica: Replica) -> FastAPI:
    app = FastAPI(redirect_slashes=False)
    app.include_router(identity_router(TokenServer(replica.issuing), replica.reader))

    def route(path: str, *scopes: str) -> None:
        async def answer(http: Request) -> JSONResponse:
            caller = await run_in_threadpool(replica.gate.caller, http, *scopes)
            return JSONResponse({"wie": caller.partner.id, "scopes": sorted(caller.scopes)})

        app.add_api_route(path, answer, methods=["GET"], response_model=None)

    route("/v1/ik", "verzoeken")
    route("/v1/beide", "verzoeken", "log")
    route("/v1/beheer", "beheer")

    @app.get("/boem")
    def boom() -> None:
        raise RuntimeError("CANARY-9999")

    @app.post("/echo")
    async def echo(http: Request) -> JSONResponse:
        return JSONResponse({"bytes": len(await http.body())})

    @app.exception_handler(TokenRefused)
    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, TokenRefused)
        body = {"status": error.status, "title": error.error, "detail": error.description}
        return JSONResponse(body, error.status, dict(error.headers), "application/problem+json")

    return app


def cert(der: bytes) -> dict[str, str]:
    """The header of a proxy that saw that certificate."""
    return {"client-cert": ":" + base64.b64encode(der).decode() + ":"}


@dataclass(kw_only=True)
class Asks:
    """Makes assertions and asks a replica for tokens."""

    replica: Replica

    def assertion(
        self,
        name: str = "politie",
        algorithm: str = "PS256",
        *,
        key: RSAKey | ECKey | None = None,
        claims: Mapping[str, object] | None = None,
        without: str = "",
        kid: str = "c",
    ) -> str:
        """A client assertion that is right, save for what is given."""
        now = self.replica.world.clock.seconds
        said: dict[str, object] = {"iss": name, "sub": name, "aud": self.replica.world.issuer, "iat": now, "exp": now + 60}
        said |= {"jti": secrets.token_urlsafe(24)} | dict(claims or {})
        signer = key or (ec_key() if algorithm == "ES256" else rsa_key())
        said.pop(without, None)
        header = {"alg": algorithm, "kid": kid}
        return jws.serialize_compact(header, json.dumps(said), signer, algorithms=[algorithm])

    def ask(
        self, assertion: str, headers: Mapping[str, str] | None = None, *, by: TestClient | None = None, **more: str
    ) -> httpx2.Response:
        form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": assertion}
        return (by or self.replica.web).post("/oauth2/token", headers=dict(headers or {}), data=form | more)

    def bearer(self, name: str = "politie", scope: str = "verzoeken log") -> dict[str, str]:
        """The headers of a call with a fresh certificate-bound token."""
        answer = self.ask(self.assertion(name), cert(CERTIFICATE), scope=scope)
        assert answer.status_code == 200, answer.text
        return {"authorization": f"Bearer {answer.json()['access_token']}"}

    def dpop_token(self, key: PartnerKey, name: str = "ggz") -> str:
        """A fresh token bound to that key."""
        proof = key.proof("POST", TOKEN_URL, self.replica.world.clock.now())
        answer = self.ask(self.assertion(name, "ES256"), {"dpop": proof})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])


def asks(world: World | None = None) -> Asks:
    """A broker of one process, ready to be asked."""
    return Asks(replica=(world or World()).replica())


def refused(answer: httpx2.Response, error: str = "invalid_client") -> bool:
    """Whether a token request was refused with that error."""
    return answer.status_code == 400 and answer.json()["error"] == error
