"""A region with a real log, seen through the portal: true flows write the entries, officers of several organisations read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, digest
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount
from starlette.testclient import TestClient

from sluis.core.entry import EntryDraft, Kind, LoggedEntry, Receipt
from sluis.core.errors import KeyUnavailable
from sluis.core.partner import Officer
from sluis.core.sampling import Size, Unit, parse_period
from sluis.flows.audit import Aim
from sluis.flows.emergency import declare
from sluis.flows.evidence import Covering, record
from sluis.flows.sampling import Lots, draw
from sluis.flows.share import Answer, share
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.model import LogParts
from sluis.portal.app import build
from sluis.portal.door import SignedIn
from sluis.portal.visit import Desk
from sluis.ports.log import Ledger, LogHealth, LogQuery, LogState
from sluis.ports.services import Services
from world.people import AMBULANCE, CLINIC, GGZ, POLICE, SEM, TOWN, World, asks

ORIGIN = "sluis.test/log/veen/2026"
BASE = "http://testserver"
NAMES = {
    POLICE: "Politie Veen",
    TOWN: "Gemeente Veen",
    GGZ: "GGZ De Linde",
    CLINIC: "Verslavingszorg Kompas",
    AMBULANCE: "Ambulancedienst Veen",
}
HOSTILE = "<script>alert('x')</script> & \"quoted\" {{ 7 * 7 }}"


@dataclass
class Vault:
    """`CellVault` in memory, with real encryption, so that erasing a person is real."""

    keys: dict[tuple[bytes, str], bytes] = field(default_factory=dict)

    def tag(self, role: str, identifier: str) -> bytes:
        return digest(b"index key", f"{role}|{identifier}".encode(), "sha256")[:16]

    def seal(self, tag: bytes, bucket: str, plain: bytes, aad: bytes) -> bytes:
        key, nonce = self.keys.setdefault((tag, bucket), os.urandom(32)), os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, plain, aad)

    def open(self, tag: bytes, bucket: str, sealed: bytes, aad: bytes) -> bytes:
        key = self.keys.get((tag, bucket))
        if key is None:
            raise KeyUnavailable("no such key")
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], aad)

    def erase(self, tag: bytes, bucket: str | None) -> int:
        doomed = [key for key in self.keys if key[0] == tag and bucket in (None, key[1])]
        for key in doomed:
            del self.keys[key]
        return len(doomed)


class CheckpointKey:
    """The Ed25519 key of the log."""

    name = ORIGIN

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(sha256(b"portal").digest())

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()


@dataclass(frozen=True)
class Badge:
    """An officer's session."""

    officer: Officer
    csrf: str


@dataclass
class MemoryDoor:
    """`Door`: sessions by a cookie, forms by origin and token."""

    origin: str = BASE
    badges: dict[str, Badge] = field(default_factory=dict)

    def admit(self, officer: Officer) -> str:
        """Sign an officer in; return what his cookie says."""
        name = f"sessie-{len(self.badges) + 1}"
        self.badges[name] = Badge(officer=officer, csrf=f"token-of-{name}")
        return name

    def session(self, http: Request) -> Badge | None:
        return self.badges.get(http.cookies.get("sessie", ""))

    def genuine(self, http: Request, session: SignedIn, token: str) -> bool:
        return http.headers.get("origin") == self.origin and compare_digest(token, session.csrf)


class Region:
    """The world of the flow tests with a real log, and the portal before it."""

    def __init__(self, folder: Path) -> None:
        self.world = World()
        for partner in self.world.partners.all():
            self.world.partners.save(replace(partner, name=NAMES.get(partner.id, partner.id)))
        self.path = folder / "audit.db"
        self.vault = Vault()
        self.ledger: TransparencyLog = open_sqlite_log(
            self.path,
            LogParts(origin=ORIGIN, clock=self.world.clock, signer=CheckpointKey(), vault=self.vault, chance=os.urandom),
        )
        self.door = MemoryDoor()
        self.case = self.world.admitted(POLICE, TOWN, GGZ)
        self.world.holds(GGZ, "gezondheid.functioneel", case=self.case.id, bejegening="Spreek rustig, kom met zijn tweeën.")

    @property
    def services(self) -> Services:
        """What the portal gets."""
        return replace(self.world.services, ledger=self.ledger)

    def app(self, *, demo: bool = True, services: Services | None = None) -> Starlette:
        """The portal where it is mounted."""
        portal = build(services=services or self.services, door=self.door, desk=Desk(demo=demo, region="Regio Veen"))
        return Starlette(routes=[Mount("/portaal", portal)])

    def officer(self, organisation: str | None, *roles: str, name: str = "") -> Officer:
        """An officer of that organisation, `fg` unless told otherwise."""
        kept = frozenset(roles or ("fg",))
        called = name or f"Officer of {organisation or 'all'} {'-'.join(sorted(kept))}"
        return Officer(subject=f"https://idp.test|{called}", name=called, roles=kept, organisation=organisation)

    def browser(self, officer: Officer | None, *, app: Starlette | None = None) -> Browser:
        """A browser, signed in as that officer or not at all."""
        return Browser(self, app or self.app(), officer)

    # ---- what partners do

    def consent(self, *categories: str) -> None:
        """The GGZ records that the person consents to these categories."""
        covering = Covering(
            fact="toestemming",
            value=True,
            subject=self.world.person(SEM),
            provider=GGZ,
            recipients=frozenset({POLICE, TOWN}),
            purposes=frozenset({"zvh-casus"}),
            categories=frozenset(categories),
            case=self.case.id,
            valid_until=None,
            ground={"formulier": "ondertekend op 1 maart"},
        )
        record(covering, self.world.actor(GGZ), self.services)

    def release(self, motivation: str = "Om veilig aan te bellen", *, urgent: bool = False) -> LoggedEntry:
        """The police get handling advice, under consent, and no diagnosis."""
        self.consent("gezondheid.functioneel")
        categories = ("gezondheid.functioneel", "gezondheid.diagnose")
        self.ask(POLICE, GGZ, *categories, motivation=dict.fromkeys(categories, motivation), urgent=urgent)
        return self.newest(Kind.RELEASE_AUTHORISED)

    def refusal(self, who: str = TOWN) -> LoggedEntry:
        """Somebody asks a diagnosis without consent."""
        self.ask(who, GGZ, "gezondheid.diagnose")
        return self.newest(Kind.RELEASE_REFUSED)

    def referral(self) -> LoggedEntry:
        """The police ask for a risk signal; the professional has not weighed it yet."""
        self.ask(POLICE, GGZ, "risico.signaal")
        return self.newest(Kind.RELEASE_REFERRED)

    def emergency(self, ground: str = "Man ligt bewusteloos op straat, mogelijk GHB") -> LoggedEntry:
        """The ambulance asks the clinic for medication of somebody who cannot answer; the declaration's entry."""
        request = replace(
            asks(self.world, AMBULANCE, CLINIC, "gezondheid.medicatie", "gezondheid.bestaat"),
            purpose="vitaal-belang",
            motivation={},
            statements={"acuut-gevaar": True, "niet-aanspreekbaar": True},
            emergency=ground,
            urgent=True,
        )
        declare(request, self.world.actor(AMBULANCE), self.services)
        return self.newest(Kind.EMERGENCY_DECLARED)

    def ask(self, who: str, provider: str, *categories: str, **given: object) -> Answer:
        """A request in the case, through the real flow."""
        return share(asks(self.world, who, provider, *categories, case=self.case.id, **given), self.services)

    def erase(self, who: Mapping[str, str] = SEM) -> None:
        """Destroy the keys of a person."""
        self.vault.erase(self.vault.tag("subject", self.world.person(who)), None)

    # ---- looking at the log

    def newest(self, kind: Kind) -> LoggedEntry:
        """The newest entry of that kind."""
        return self.ledger.entries(LogQuery(kinds=(kind,), limit=1))[0]

    def all_of(self, kind: Kind) -> list[LoggedEntry]:
        """The entries of that kind, newest first."""
        return list(self.ledger.entries(LogQuery(kinds=(kind,), limit=1000)))

    @property
    def everything(self) -> LogQuery:
        """A query that finds every entry."""
        return LogQuery(limit=1000)

    def busy(self, days: int = 4) -> None:
        """A few days of work."""
        for _ in range(days):
            self.release()
            self.refusal()
            self.referral()
            self.world.clock.move(timedelta(hours=5))
            self.release(urgent=True)
            self.refusal(POLICE)
            self.emergency()
            self.world.clock.move(timedelta(hours=19))

    def sample(self, number: int = 3) -> LoggedEntry:
        """It is the week after that in which the world began, and somebody drew a sample of that one; the last lot."""
        since = datetime(2026, 3, 1, 23, tzinfo=UTC)
        self.world.clock.at = since + timedelta(days=7, hours=10)
        self.refusal()
        size = Size(number=number, unit=Unit.COUNT)
        lots = Lots(period=parse_period("2026-W10"), since=since, until=since + timedelta(days=7), size=size)
        draw(self.officer(None, "coordinerend-fg", name="Loes Prins"), lots, Aim.LAWFULNESS, self.services)
        return self.newest(Kind.REVIEW_SAMPLED)

    def close(self) -> None:
        """Let go of the log."""
        self.ledger.close()


class Relay:
    """A log that passes everything on, for who changes one thing of it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def append(self, draft: EntryDraft) -> Receipt:
        return self.ledger.append(draft)

    def receipt(self, entry_id: str) -> Receipt:
        return self.ledger.receipt(entry_id)

    def entry(self, entry_id: str) -> LoggedEntry:
        return self.ledger.entry(entry_id)

    def entries(self, query: LogQuery) -> Sequence[LoggedEntry]:
        return self.ledger.entries(query)

    def state(self) -> LogState:
        return self.ledger.state()

    def state_since(self, at: datetime) -> LogState | None:
        return self.ledger.state_since(at)

    def health(self) -> LogHealth:
        return self.ledger.health()

    def verify(self) -> LogState:
        return self.ledger.verify()


class Browser:
    """A browser without scripts: follows no redirect by itself, sends forms as browsers do."""

    def __init__(self, region: Region, app: Starlette, officer: Officer | None) -> None:
        self.region = region
        self.client = TestClient(app, base_url=BASE, follow_redirects=False)
        self.name = region.door.admit(officer) if officer else ""
        if self.name:
            self.client.cookies.set("sessie", self.name)

    def get(self, path: str) -> Page:
        """The page at that path of the portal."""
        answer = self.client.get(f"/portaal{path}")
        return Page(status=answer.status_code, text=answer.text, headers=dict(answer.headers))

    def post(self, path: str, *, origin: str | None = BASE, csrf: str | None = None, **fields: str) -> Page:
        """Send a form with the session's token, unless told otherwise."""
        badge = self.region.door.badges.get(self.name)
        token = csrf if csrf is not None else badge.csrf if badge else ""
        headers = {"origin": origin} if origin else {}
        answer = self.client.post(f"/portaal{path}", data={"csrf": token, **fields}, headers=headers)
        return Page(status=answer.status_code, text=answer.text, headers=dict(answer.headers))


@dataclass(frozen=True)
class Page:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def location(self) -> str:
        """Where it sends the browser."""
        return self.headers.get("location", "")
