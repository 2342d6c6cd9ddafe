"""A broker as it is served, with cases to release from: what the bench of the release loads, and with which call.

The region is the demo's. A case holds twelve records of the town, one of them a note of 2 kB; the police ask for fifteen
categories, of which fourteen are released and one is refused. Tokens come from the broker's own token endpoint, bound to a
certificate of which the trusted proxy (here: the load generator, on loopback) tells: a DPoP proof could be used only once.
"""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import httpx2
from release_load import Call

from sluis import events
from sluis.client import SluisClient
from sluis.client.calls import Access
from sluis.core.case import Case, CaseState, Participant
from sluis.core.record import Contribution, FieldValue, Record
from sluis.demo.region import ORIGIN, key_of, seed
from sluis.demo.running import environment, free_port
from sluis.flows.contribute import prepared_for
from sluis.identity.encoding import fingerprint
from sluis.ports.services import Services
from sluis.settings import Mode, Settings, read_settings
from sluis.wiring import open_keepers

ROOT = Path(__file__).resolve().parents[2]
POLICE, TOWN = "politie-veenstad", "gemeente-veenstad"
CERTIFICATE = bytes(range(256)) * 3
"""In place of a certificate in DER: behind the proxy only its hash is compared, and its size is that of one."""
PROXY = {"Client-Cert": f":{base64.b64encode(CERTIFICATE).decode()}:"}
NOTE = (ROOT / "tests" / "bench" / "release_note.txt").read_text(encoding="utf-8")
RECORDS: Mapping[str, dict[str, FieldValue]] = {
    "identiteit.basis": {"naam": "Sem Oldewarris", "geboortedatum": "1991-04-23", "geslacht": "man"},
    "identiteit.bsn": {"bsn": "999900018"},
    "contact.gegevens": {"aanspreeknaam": "Sem", "adres": "Groenhof 12, 3999 ZZ Veenstad", "telefoon": "0612345678"},
    "contact.professional": {"naam": "Marloes Terpstra", "functie": "casemanager", "telefoon-werk": "030-5550142"},
    "gezin.samenstelling": {"rollen": "zus", "leeftijden": "38", "namen": "Anouk Oldewarris"},
    "relaties.contacten": {"aard": "zus", "naam": "Anouk Oldewarris"},
    "wonen.situatie": {"woonvorm": "zelfstandig", "huurstatus": "huur", "overlast": {"advies": NOTE}},
    "financien.inkomen": {"bron": "uitkering", "bedrag": 1350},
    "financien.schulden": {"totaal": 8400, "traject": "stabilisatie", "schuldeisers": 6},
    "zorg.betrokken-instanties": {"instantie": "De Linde", "periode": "2024-2026"},
    "voorziening.toegekend": {"voorziening": "begeleiding", "periode": "2026-01-01"},
    "plan.afspraken": {"doel": "rust aan de deur", "eigenaar": "gemeente", "termijn": "2026-12-01"},
}
ASKED = (*RECORDS, "jeugd.maatregel", "casus.betrokken-deelnemers", "gezondheid.diagnose")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A prepared region: its settings, its partners' keys, and its cases."""

    settings: Settings
    partner_keys: Path
    cases: Sequence[str]


def prepare(folder: Path, *, cases: int = 1, analysed: bool = True, database: str = "") -> Kept:
    """A region in `folder` with so many cases. Without `analysed` the notes are kept as if no engine had read them."""
    settings = read_settings(
        mode=Mode.DEMO,
        data=folder / "data",
        keys=folder / "keys",
        policies=ROOT / "policies",
        origin=ORIGIN,
        region="Veenstad",
        database=database,
        proxies=("127.0.0.1",),
        token_minutes=15,
    )
    events.silence()
    keepers = open_keepers(settings)
    services, at = keepers.services, keepers.services.clock.now()
    try:
        seed(services, folder / "partners", at)
        police = services.partners.by_id(POLICE)
        assert police is not None
        services.partners.save(replace(police, certificates=frozenset({fingerprint(CERTIFICATE)})))
        kept = [_case(services, number, at, analysed=analysed) for number in range(cases)]
    finally:
        keepers.close()
    return Kept(settings=settings, partner_keys=folder / "partners", cases=kept)


def _case(services: Services, number: int, at: datetime, *, analysed: bool) -> str:
    """A running case with its records, put in the books; its id."""
    subject = services.subjects.subject({"naam": f"Sem Oldewarris {number}", "geboortedatum": "1991-04-23"})
    parties = tuple(Participant(partner=name, since=at) for name in (POLICE, TOWN))
    case = services.cases.save(
        Case(
            id=services.ids.public(),
            subject=subject,
            notifier=TOWN,
            state=CaseState.OPGENOMEN,
            first_processed=at,
            participants=parties,
        )
    )
    for category, fields in RECORDS.items():
        prepared = prepared_for(fields, services) if analysed else ()
        record = Record(category=category, provider=TOWN, recorded=at, fields=fields, prepared=prepared)
        ident = services.ids.public()
        services.contributions.deposit(
            Contribution(id=ident, provider=TOWN, subject=subject, case=case.id, record=record, deposited=at)
        )
    return case.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A broker process; `started` is how many seconds went by until it listened."""

    url: str
    pid: int
    started: float

    def spent(self) -> float:
        """How many seconds of CPU it has had."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """What it has in memory now, in MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


COLD = "import sluis.identity.verifying as v; v.CACHE_SIZE = 0"
"""Lets a broker forget each verified token at once."""
SLOW = """
import time
from sluis.ledger.sqlite import SqliteWriter
own = SqliteWriter.commit
def commit(self, batch):
    own(self, batch)
    time.sleep(0.002)
SqliteWriter.commit = commit
"""
"""Makes each sync of a broker's log 2 ms longer: a commit of the log is one sync, and a release has no other."""


@contextmanager
def running(kept: Kept, changed: str = "", *, core: int = 1) -> Iterator[Running]:
    """`sluis serve` over that region for as long as the block lasts, on that core (`SLUIS_CORE`).

    `changed` is Python that runs in its process before it.
    """
    settings = kept.settings.model_copy(update={"port": (port := free_port()), "public_url": f"http://127.0.0.1:{port}"})
    main = f"{changed}\nimport sys\nfrom sluis.cli import main\nsys.exit(main())"
    program = ["-c", main, "serve"] if changed else ["-m", "sluis", "serve"]
    more = {
        "SLUIS_PROXIES": json.dumps(settings.proxies),
        "SLUIS_TOKEN_MINUTES": str(settings.token_minutes),
        "SLUIS_REQUESTS_PER_MINUTE": "100000000",
        "SLUIS_DATABASE": settings.database,
        "SLUIS_CORE": str(core % (os.cpu_count() or 1)),
    }
    began = time.perf_counter()
    with (settings.data / f"{port}.log").open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, *program],
            env={**os.environ, **environment(settings), **more},
            stdout=lines,
            stderr=lines,
        )
        try:
            await_port(process, port)
            yield Running(url=settings.public_url, pid=process.pid, started=time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait(timeout=60)


def await_port(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when that process listens. Raises RuntimeError when it stops instead."""
    for _ in range(1200):
        if process.poll() is not None:
            raise RuntimeError("what is to be measured has stopped while starting")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("what is to be measured did not start")


def body(case: str) -> bytes:
    """The request, of some 0.7 kB."""
    return json.dumps(
        {
            "doel": "zvh-casus",
            "verstrekker": TOWN,
            "casus": case,
            "gegevens": ASKED,
            "motivering": dict.fromkeys(ASKED, "Huisbezoek."),
            "medewerker": {"id": "p-204", "rol": "wijkagent"},
        },
        separators=(",", ":"),
    ).encode()


def release(kept: Kept, url: str) -> Call:
    """The call of the police for each of the cases in turn, with a token of its own; tried once before it is given."""
    access = Access(client_id=POLICE, key=key_of(POLICE, kept.partner_keys), dpop=None, audience=url)
    with httpx2.Client(timeout=30, headers=PROXY) as http:
        token = SluisClient(url, access, http=http).token()
        headers = {**PROXY, "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        call = Call(url=f"{url}/v1/verzoeken", headers=headers, bodies=[body(case) for case in kept.cases])
        given = http.post(call.url, content=call.bodies[0], headers=headers)
    told = given.json()
    if given.status_code != 201 or len(told["bundel"]["gegevens"]) != len(ASKED) - 1 or len(told["geweigerd"]) != 1:
        raise RuntimeError(f"not the release that is to be measured: {given.status_code} {given.text[:300]}")
    return call
