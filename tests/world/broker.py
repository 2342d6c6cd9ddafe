"""A real broker: real keepers on SQLite, real tokens. In this process for the API, as one of its own for the journeys."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import httpx2
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from sluis.app import broker
from sluis.client import SluisClient
from sluis.client.calls import Access
from sluis.demo.notes import NOTIFICATION
from sluis.demo.region import NOBODY, ORGANISATIONS, SEM, key_of
from sluis.demo.running import Region, environment, free_port, prepare
from sluis.wiring import Keepers, open_keepers
from world.people import ROOT

POLICE, OM, TOWN, GGZ, CLINIC, PROBATION, SAFE_HOME, HOUSING, AMBULANCE = (one.id for one in ORGANISATIONS)
STAFF: Mapping[str, dict[str, str]] = {one.id: {"id": one.user, "rol": one.role} for one in ORGANISATIONS}
KNOWN, UNKNOWN = {"bsn": SEM.bsn}, {"bsn": NOBODY.bsn}
Json = dict[str, object]


class Caller:
    """One organisation as a client, with every header and body in the test's hands."""

    def __init__(self, client: SluisClient, name: str) -> None:
        self.client, self.name = client, name

    def post(self, path: str, body: Mapping[str, object]) -> httpx2.Response:
        """A POST with the employee of the organisation named."""
        return self.client.post(path, {**body, "medewerker": STAFF[self.name]})

    def get(self, path: str, **params: str) -> httpx2.Response:
        """A GET."""
        return self.client.get(path, **params)

    def credentials(self, method: str, url: str) -> dict[str, str]:
        """The headers that let one call in: the token, and a proof for this method and address."""
        token, dpop = self.client.token(), self.client.access.dpop
        assert dpop is not None
        proof = dpop.proof(method, url.partition("?")[0], self.client.clock(), token=token)
        return {"Authorization": f"DPoP {token}", "DPoP": proof}

    def raw(self, method: str, path: str, *, content: bytes = b"", headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """One call with a token and a proof, and otherwise exactly these bytes and headers."""
        url = self.client.address + path
        sent = {**self.credentials(method, url), **(headers or {})}
        return self.client.http.request(method, url, content=content, headers=sent)


class Broker:
    """A broker in this process, behind its real front, with a client for each organisation of the demo's region."""

    def __init__(self, folder: Path) -> None:
        self.region: Region = prepare(folder, ROOT / "policies", free_port())
        self.keepers: Keepers = open_keepers(self.region.settings)
        self.app: ASGIApp = broker(self.keepers)
        self.url = self.region.settings.public_url
        self.http = TestClient(self.app, base_url=self.url, raise_server_exceptions=False)
        self._callers: dict[str, Caller] = {}

    def __enter__(self) -> Self:
        self.http.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.__exit__(None, None, None)

    def as_(self, name: str, *, scope: str | None = None) -> Caller:
        """The client of that organisation, with all its scopes or with one."""
        if f"{name} {scope}" not in self._callers:
            access = replace(Access.with_dpop(self.url, name, key_of(name, self.region.partner_keys)), scope=scope)
            client = SluisClient(self.url, access, http=self.http)
            self._callers[f"{name} {scope}"] = Caller(client, name)
        return self._callers[f"{name} {scope}"]

    def paths(self) -> Mapping[str, Mapping[str, Json]]:
        """The paths of the served document, with their operations, as they are called."""
        found: Mapping[str, Mapping[str, Json]] = self.http.get("/v1/openapi.json").json()["paths"]
        return {f"/v1{path}": item for path, item in found.items()}


class Process:
    """A broker as a process of its own, which can be killed and started again. Its lines go to `log`."""

    def __init__(self, folder: Path, **extra: str) -> None:
        self.folder = folder
        self.region = prepare(folder, ROOT / "policies", free_port())
        self.url = self.region.settings.public_url
        self.log = folder / "makelaar.log"
        self.extra = extra
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self) -> subprocess.Popen[bytes]:
        """Start it without waiting."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("SLUIS_")}
        with self.log.open("ab") as lines:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "sluis", "serve"],
                env={**environ, **environment(self.region.settings), **self.extra},
                stdout=lines,
                stderr=lines,
            )
        return self._process

    def start(self) -> None:
        """Start it and wait until it answers; an error when it stops instead."""
        process = self.launch()
        for _ in range(1200):
            if process.poll() is not None:
                raise AssertionError(f"the broker stopped while starting: {self.lines()[-800:]}")
            try:
                # No HTTP client here: on a busy machine making one costs more than the broker's start.
                socket.create_connection(("127.0.0.1", self.region.settings.port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the broker did not start in a minute")

    @property
    def pid(self) -> int | None:
        """The id of the running process."""
        return None if self._process is None else self._process.pid

    def kill(self) -> None:
        """SIGKILL: no last words."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=20)

    def stop(self) -> None:
        """SIGTERM, if it still runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=20)

    def client(self, name: str) -> Caller:
        """A client of that organisation, with connections of its own."""
        client = SluisClient.with_dpop(self.url, name, key_of(name, self.region.partner_keys), http=httpx2.Client(timeout=30))
        return Caller(client, name)

    def lines(self) -> str:
        """Everything it wrote to its log."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""


@contextmanager
def running(folder: Path, **extra: str) -> Iterator[Process]:
    """A broker process for as long as the block lasts."""
    process = Process(folder, **extra)
    try:
        process.start()
        yield process
    finally:
        process.stop()


# ---- what the stories need to have happened ------------------------------------------------------

FUNCTIONAL: Json = {"bejegening": {"advies": "Spreek rustig en kom met niet meer dan twee mensen."}}


def opened(call: Mapping[str, Caller]) -> str:
    """A running case about Sem, with police, town, GGZ and probation in it; its id."""
    notification: Json = {
        "betrokkene": KNOWN,
        "contactpunt": POLICE,
        "gegevens": NOTIFICATION,
        "criteria": ["a", "b", "c", "d"],
        "motivering": "Oplopende overlast en zorgmijding tegelijk.",
        "eigenVisie": "Hij wil rust aan de deur.",
        "feitenGetoetst": True,
    }
    given = call[TOWN].post("/v1/casussen", notification)
    assert given.status_code == 201, given.text
    case = str(given.json()["casus"]["id"])
    _done(call[POLICE].post(f"/v1/casussen/{case}/opnamebesluiten", {"besluit": "opnemen", "motivering": "Voldoet."}))
    for name in (GGZ, PROBATION):
        _done(call[TOWN].post(f"/v1/casussen/{case}/deelnemers", {"organisatie": name}))
    _done(call[GGZ].post(f"/v1/casussen/{case}/bijdragen", {"gegeven": "gezondheid.functioneel", "velden": FUNCTIONAL}))
    return case


def consented(call: Mapping[str, Caller], case: str) -> str:
    """Sem consents to the GGZ telling the police how to approach him; the id of the consent."""
    consent: Json = {
        "casus": case,
        "betrokkene": KNOWN,
        "ontvangers": [POLICE],
        "doelen": ["zvh-casus"],
        "gegevens": ["gezondheid.functioneel"],
        "uitleg": "In gewone taal uitgelegd.",
    }
    given = call[GGZ].post("/v1/toestemmingen", consent)
    _done(given)
    return str(given.json()["id"])


@dataclass(frozen=True, slots=True)
class Told:
    """What stands in a broker: a case, a consent, a release, a request that waits, a contribution; by their ids."""

    case: str
    consent: str
    release: str
    request: str
    contribution: str


def told_stories(call: Mapping[str, Caller]) -> Told:
    """A case with a release, a waiting request and a contribution of the GGZ in it."""
    case = opened(call)
    consent = consented(call, case)
    released = call[POLICE].post("/v1/verzoeken", question(case))
    waits = call[PROBATION].post("/v1/verzoeken", question(case))
    left = call[GGZ].post(f"/v1/casussen/{case}/bijdragen", {"gegeven": "gezondheid.lvb", "velden": {"testscore": "63"}})
    assert [given.status_code for given in (released, waits, left)] == [201, 202, 201]
    return Told(
        case=case,
        consent=consent,
        release=released.json()["logboek"]["registratie"],
        request=waits.json()["id"],
        contribution=left.json()["id"],
    )


def question(case: str, *categories: str) -> Json:
    """A request to the GGZ in the case conference, without the employee."""
    asked = list(categories or ("gezondheid.functioneel",))
    return {
        "doel": "zvh-casus",
        "verstrekker": GGZ,
        "casus": case,
        "gegevens": asked,
        "motivering": dict.fromkeys(asked, "Wij komen bij hem aan de deur."),
    }


def _done(given: httpx2.Response) -> None:
    assert given.status_code == 201, given.text
