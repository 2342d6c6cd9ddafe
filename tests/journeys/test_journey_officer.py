"""An officer's morning on the real broker: figures, a sample, a search that is kept sealed, reviews one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest

from sluis.core.entry import Kind
from sluis.core.partner import Officer
from sluis.ports import LogQuery
from sluis.ports.identity import Session
from world.broker import AMBULANCE, CLINIC, GGZ, KNOWN, POLICE, PROBATION, STAFF, TOWN, Broker, told_stories

OFFICER = Officer(subject="demo|fg-regio", name="Noor Aksoy", roles=frozenset({"coordinerend-fg"}))
NAME = "De weigeringen van Kanariestein"
TOKEN = "a-token-of-this-session"


class Desk:
    """The officer's browser, without scripts."""

    def __init__(self, broker: Broker) -> None:
        now = broker.keepers.services.clock.now()
        session = Session(officer=OFFICER, csrf=TOKEN, started=now, last_seen=now)
        self.broker, self.cookie = broker, f"sluis-sessie={broker.keepers.sessions.open(session)}"

    def get(self, path: str) -> str:
        """A page, which must be there."""
        answer = self.broker.http.get(f"/portaal{path}", headers={"cookie": self.cookie})
        assert answer.status_code == 200, path
        return answer.text

    def post(self, path: str, **fields: str) -> str:
        """Send a form; where it leads."""
        headers = {"cookie": self.cookie, "origin": self.broker.url}
        answer: httpx2.Response = self.broker.http.post(
            f"/portaal{path}", data={"csrf": TOKEN, **fields}, headers=headers, follow_redirects=False
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].removeprefix("/portaal")


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker where partners asked, and an ambulance did in need, twice."""
    with Broker(tmp_path_factory.mktemp("functionaris")) as made:
        told_stories({name: made.as_(name) for name in (POLICE, TOWN, GGZ, PROBATION)})
        request = {
            "doel": "vitaal-belang",
            "verstrekker": CLINIC,
            "betrokkene": KNOWN,
            "gegevens": ["gezondheid.medicatie"],
            "verklaringen": {"acuut-gevaar": True, "niet-aanspreekbaar": True},
            "medewerker": STAFF[AMBULANCE],
        }  # fmt: skip - one body
        for _ in range(2):
            asked = made.as_(AMBULANCE).client.post(
                "/v1/noodinzagen", {"grond": "Ligt bewusteloos op straat", "verzoek": request}
            )
            assert asked.status_code < 300, asked.text
        yield made


@pytest.fixture(scope="module")
def desk(broker: Broker) -> Desk:
    """The officer, signed in."""
    return Desk(broker)


def recorded(broker: Broker, *kinds: Kind) -> int:
    return len(broker.keepers.ledger.entries(LogQuery(kinds=kinds, limit=1000)))


def test_the_figures_are_those_of_the_log(broker: Broker, desk: Desk) -> None:
    kinds = (Kind.RELEASE_AUTHORISED, Kind.RELEASE_REFUSED, Kind.RELEASE_REFERRED)
    text = desk.get("/cijfers")

    foot = re.search(r"<tfoot>.*?</tfoot>", text, re.DOTALL)
    assert foot is not None
    numbers = [int(number) for number in re.findall(r'<td class="number">(\d+)</td>', foot[0])]
    assert numbers[:4] == [*(recorded(broker, kind) for kind in kinds), recorded(broker, *kinds)]
    assert numbers[3] > 2


def test_a_search_is_kept_and_no_file_tells_its_name(broker: Broker, desk: Desk) -> None:
    desk.post("/zoekvragen", naam=NAME, termijn="30", soort="release.refused")

    assert NAME in desk.get("/logboek")
    folder = broker.region.settings.data
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"Kanariestein" in path.read_bytes() or NAME.encode() in path.read_bytes()]


def test_the_queue_is_worked_off_step_by_step(broker: Broker, desk: Desk) -> None:
    first = re.search(r'href="/portaal(/logboek/[0-9a-f]{32})#inhoud"', desk.get("/beoordelen"))
    assert first is not None

    at, judged = first[1], 0
    while at.startswith("/logboek/"):
        page = at.partition("?")[0]
        assert "Leg vast en ga naar de volgende" in desk.get(at.partition("#")[0])
        at = desk.post(f"{page}/oordeel", oordeel="gerechtvaardigd", grond="er was acuut gevaar", verder="volgende")
        judged += 1

    assert judged == recorded(broker, Kind.REVIEW_VERDICT) >= 2
    assert "Er wacht niets op een beoordeling." in desk.get("/beoordelen")


def test_a_sample_of_a_week_without_releases_is_drawn_and_on_record(broker: Broker, desk: Desk) -> None:
    today = broker.keepers.services.clock.now().date()
    week = (today - timedelta(days=today.weekday() + 7)).strftime("%G-W%V")

    assert desk.post("/steekproef", periode=week, omvang="10", eenheid="procent") == "/steekproef?gedaan=getrokken"

    assert "<td>0 van 0</td>" in desk.get("/steekproef")
    assert recorded(broker, Kind.SAMPLE_DRAWN) == 1
    assert broker.keepers.ledger.verify().size
