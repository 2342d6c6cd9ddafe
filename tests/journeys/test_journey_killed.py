"""A broker killed at any moment: no release that was acknowledged is lost, and nothing left that is not in the log."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Event

import httpx2
import pytest
import rfc8785

from sluis.client.calls import CallFailed
from sluis.core.entry import Kind, LoggedEntry
from sluis.ports import LogQuery
from sluis.wiring import open_keepers
from world.broker import GGZ, POLICE, PROBATION, STAFF, TOWN, Process, consented, opened, question, running

CLIENTS = 3


@dataclass
class Got:
    """What the clients have in hands: of each release its entry, its position and the hash of its bundle."""

    released: dict[str, tuple[int, str]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    failed: int = 0

    def take(self, answer: httpx2.Response) -> None:
        """Keep what came in whole."""
        said = answer.json()
        if answer.status_code == 201:
            assert "sha256:" + sha256(rfc8785.dumps(said["bundel"])).hexdigest() == said["bundelHash"]
            self.released[said["logboek"]["registratie"]] = (said["logboek"]["positie"], said["bundelHash"])
        elif answer.status_code == 403:
            self.refused.add(said["logboek"]["registratie"])
        else:
            assert answer.status_code == 503, answer.text
            self.failed += 1


def load(process: Process, case: str, got: Got, stop: Event) -> None:
    """One client that asks without end: now what is permitted, now what is refused; every answer straight into `got`."""
    caller = process.client(POLICE)
    permitted = {**question(case), "medewerker": STAFF[POLICE]}
    refused = {**question(case, "gezondheid.diagnose"), "medewerker": STAFF[POLICE]}
    while not stop.is_set():
        for body in (permitted, permitted, refused):
            try:
                got.take(
                    caller.client.http.post(
                        f"{process.url}/v1/verzoeken",
                        json=body,
                        headers=caller.credentials("POST", f"{process.url}/v1/verzoeken"),
                    )
                )  # fmt: skip - one call
            except (httpx2.TransportError, CallFailed):
                got.failed += 1
                stop.wait(0.05)


def killed_under_load(process: Process, case: str, chance: random.Random) -> list[Got]:
    """Load, and SIGKILL at a moment that nobody chose."""
    stop, got = Event(), [Got() for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        working = [pool.submit(load, process, case, one, stop) for one in got]
        while not all(one.released for one in got) and not any(one.done() for one in working):
            stop.wait(0.02)
        stop.wait(chance.uniform(0.0, 0.6))
        process.kill()
        stop.set()
        for one in working:
            one.result(timeout=60)
    return got


def check(process: Process, got: list[Got]) -> int:
    """What was acknowledged is in the verified log, as acknowledged; how many releases the log holds."""
    keepers = open_keepers(process.region.settings)
    try:
        size = keepers.ledger.verify().size
        entries: dict[str, LoggedEntry] = {}
        before = None
        while page := keepers.ledger.entries(
            LogQuery(kinds=(Kind.RELEASE_AUTHORISED, Kind.RELEASE_REFUSED), before=before, limit=1000)
        ):
            entries |= {entry.entry_id: entry for entry in page}
            before = page[-1].index
        for one in got:
            for ident, (position, digest) in one.released.items():
                assert entries[ident].kind is Kind.RELEASE_AUTHORISED
                assert (entries[ident].index, entries[ident].core["bundle"]) == (position, digest)
                assert position < size
                assert keepers.ledger.receipt(ident).leaf
            assert one.refused <= {ident for ident, entry in entries.items() if entry.kind is Kind.RELEASE_REFUSED}
        return sum(entry.kind is Kind.RELEASE_AUTHORISED for entry in entries.values())
    finally:
        keepers.close()


def rounds(folder: Path, number: int) -> None:
    chance = random.Random(number)  # noqa: S311 - a moment, no secret
    with running(folder / "regio") as process:
        call = {name: process.client(name) for name in (POLICE, TOWN, GGZ, PROBATION)}
        case = opened(call)
        consented(call, case)
        got: list[Got] = []
        for _ in range(number):
            got += killed_under_load(process, case, chance)
            process.start()
            again = process.client(POLICE).post("/v1/verzoeken", question(case))
            assert again.status_code == 201, "after the restart it works as before"
        process.kill()
        acknowledged = {ident for one in got for ident in one.released}
        assert check(process, got) >= len(acknowledged) + number, "the log may over-report, never under-report"
        assert len({position for one in got for position, _ in one.released.values()}) == len(acknowledged)


def test_a_broker_killed_under_load_loses_nothing_it_acknowledged_and_released_nothing_unlogged(tmp_path: Path) -> None:
    rounds(tmp_path, 5)


@pytest.mark.slow
def test_twenty_kills_later_still_nothing_is_lost(tmp_path: Path) -> None:
    rounds(tmp_path, 20)
