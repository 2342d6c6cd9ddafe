"""The same POST twice is done once."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from starlette.testclient import TestClient

from fakes.keeping import MemoryAnswers
from sluis.api.application import build
from sluis.core.entry import Kind
from sluis.core.record import Known, Record, Wanted
from world.broker import POLICE as REAL_POLICE
from world.broker import STAFF, Broker, Told, question
from world.doors import OpenGate
from world.people import GGZ, POLICE, PROBATION, World, user_of

ADVICE = "Spreek rustig en kom met twee mensen"


class Desk:
    """The API over a region in memory."""

    def __init__(self) -> None:
        self.world = World()
        case = self.world.admitted(POLICE, PROBATION, GGZ)
        self.world.consent(GGZ, POLICE, "gezondheid.functioneel", case=case.id)
        self.world.holds(GGZ, "gezondheid.functioneel", case=case.id, bejegening={"advies": ADVICE})
        self.body = {
            "doel": "zvh-casus",
            "verstrekker": GGZ,
            "casus": case.id,
            "gegevens": ["gezondheid.functioneel"],
            "motivering": {"gezondheid.functioneel": "Wij komen aan de deur."},
            "medewerker": {"id": user_of(POLICE), "rol": "medewerker"},
        }
        self.http = self.client()

    def client(self) -> TestClient:
        app = build(self.world.services, OpenGate(self.world, POLICE), self.world.answers)
        return TestClient(app, raise_server_exceptions=False)

    def ask(self, key: str | None, who: str = POLICE, **changed: object) -> tuple[int, dict[str, object]]:
        body = {**self.body, "medewerker": {"id": user_of(who), "rol": "medewerker"}, **changed}
        headers = {"x-als": who, **({"Idempotency-Key": key} if key is not None else {})}
        given = self.http.post("/v1/verzoeken", json=body, headers=headers)
        assert given.headers.get("location", "/v1/").startswith("/v1/")
        return given.status_code, given.json()

    def releases(self) -> int:
        return len(self.world.ledger.of(Kind.RELEASE_AUTHORISED))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_repeat_gets_the_answer_that_was_given_and_releases_nothing_again(desk: Desk) -> None:
    first, second = desk.ask("sleutel-1"), desk.ask("sleutel-1")
    assert first == second
    assert first[0] == 201
    assert desk.releases() == 1
    assert len(desk.world.ledger.of(Kind.RELEASE_DELIVERED)) == 1, "the repeat is no second delivery"


def test_a_repeat_of_a_refusal_is_the_same_refusal_and_one_entry(desk: Desk) -> None:
    first, second = (desk.ask("sleutel-1", gegevens=["gezondheid.diagnose"], motivering={}) for _ in range(2))
    assert first == second
    assert first[0] == 403
    assert len(desk.world.ledger.of(Kind.RELEASE_REFUSED)) == 1


def test_a_repeat_of_what_waits_for_a_human_puts_one_task_in_the_books(desk: Desk) -> None:
    first, second = desk.ask("sleutel-1", PROBATION), desk.ask("sleutel-1", PROBATION)
    assert first == second
    assert first[0] == 202
    assert len(desk.world.tasks.kept) == 1


def test_without_a_key_the_same_question_is_answered_twice(desk: Desk) -> None:
    assert desk.ask(None)[1]["id"] != desk.ask(None)[1]["id"]
    assert desk.releases() == 2


def test_the_same_key_with_another_body_is_refused_and_releases_nothing(desk: Desk) -> None:
    desk.ask("sleutel-1")
    status, said = desk.ask("sleutel-1", spoed=True)
    assert (status, said["type"]) == (422, "/problemen/sleutel-al-gebruikt")
    assert desk.releases() == 1


def test_the_same_key_at_another_door_is_another_question(desk: Desk) -> None:
    desk.ask("sleutel-1")
    given = desk.http.post("/v1/casussen", json=desk.body, headers={"Idempotency-Key": "sleutel-1"})
    assert given.status_code == 400, "the body is no notification, and that is said first"
    given = desk.http.post(
        "/v1/verzoeken",
        content=json.dumps(desk.body, indent=1),
        headers={"Idempotency-Key": "sleutel-1", "Content-Type": "application/json"},
    )  # fmt: skip - one call
    assert given.status_code == 422, "other bytes, another question: nothing is guessed to be the same"


def test_a_key_belongs_to_one_partner(desk: Desk) -> None:
    mine = desk.ask("sleutel-1")
    theirs = desk.ask("sleutel-1", PROBATION)
    assert mine[0] == 201
    assert theirs[0] == 202, "the answer of another partner never comes back"


@pytest.mark.parametrize("key", ["", " ", "é", "a" * 256, "twee woorden"])
def test_a_key_is_a_word_of_at_most_255_characters(desk: Desk, key: str) -> None:
    given = desk.http.post("/v1/verzoeken", json=desk.body, headers=[(b"Idempotency-Key", key.encode())])
    assert given.status_code == 400
    assert given.json()["invalidParams"][0]["name"] == "header.Idempotency-Key"
    assert desk.releases() == 0


@pytest.mark.parametrize("fails", ["before-commit", "after-commit", "read"])
def test_when_the_key_cannot_be_claimed_nothing_is_done(desk: Desk, fails: str) -> None:
    desk.world.answers.fails = fails  # type: ignore[assignment] # one of the words of the fake
    status, said = desk.ask("sleutel-1")
    assert (status, said["type"]) == (503, "/problemen/opslag-niet-bereikbaar")
    assert desk.world.ledger.kept == []


class ForgetfulAnswers(MemoryAnswers):
    """Answers that cannot be kept, although the key was claimed."""

    def finish(self, partner: str, key: str, answer: bytes, *, about: str = "") -> None:
        self.fails = "before-commit"
        super().finish(partner, key, answer, about=about)


def test_an_answer_that_cannot_be_kept_does_not_leave(desk: Desk) -> None:
    desk.world.answers = ForgetfulAnswers(desk.world.clock)
    desk.http = desk.client()
    status, said = desk.ask("sleutel-1")
    assert status == 503
    assert ADVICE not in json.dumps(said)
    assert desk.releases() == 1, "on record, and not left: the log may over-report"


@pytest.mark.parametrize("fails", ["before-commit", "after-commit"])
def test_a_first_that_failed_can_be_tried_again_with_the_same_key(desk: Desk, fails: str) -> None:
    desk.world.ledger.fails = fails  # type: ignore[assignment] # one of the two words of the fake
    assert desk.ask("sleutel-1")[0] == 503
    desk.world.ledger.fails = None
    assert desk.ask("sleutel-1")[0] == 201


def test_a_mistake_in_the_body_does_not_use_up_the_key(desk: Desk) -> None:
    assert desk.ask("sleutel-1", verstrekker="niemand")[0] == 400
    assert desk.ask("sleutel-1")[0] == 201


class SlowSource:
    """A source that waits until the test lets it answer."""

    def __init__(self, world: World) -> None:
        self.world, self.asked, self.go = world, Event(), Event()

    def fetch(self, wanted: Wanted) -> list[Record]:
        self.asked.set()
        assert self.go.wait(20)
        return list(self.world.source.fetch(wanted))

    def known_values(self, wanted: Wanted) -> list[Known]:
        return list(self.world.source.known_values(wanted))

    def gathered(self, wanted: Wanted) -> tuple[list[Record], list[Known]]:
        return self.fetch(wanted), self.known_values(wanted)


def test_a_repeat_while_the_first_is_under_way_is_told_to_wait() -> None:
    desk = Desk()
    source = SlowSource(desk.world)
    services = replace(desk.world.services, source=source)
    app = build(services, OpenGate(desk.world, POLICE), desk.world.answers)
    with TestClient(app, raise_server_exceptions=False) as http, ThreadPoolExecutor(1) as pool:
        desk.http = http
        first = pool.submit(desk.ask, "sleutel-1")
        assert source.asked.wait(20)
        waiting = desk.ask("sleutel-1")
        source.go.set()
        assert first.result(20)[0] == 201
    assert (waiting[0], waiting[1]["type"]) == (409, "/problemen/verkeerde-status")
    assert desk.releases() == 1


def test_the_kept_answer_is_sealed_in_the_database(broker: Broker, told: Told) -> None:
    body = json.dumps({**question(told.case), "medewerker": STAFF[REAL_POLICE]}).encode()
    headers = {"Content-Type": "application/json", "Idempotency-Key": "een-sleutel-van-de-politie"}
    first, second = (broker.as_(REAL_POLICE).raw("POST", "/v1/verzoeken", content=body, headers=headers) for _ in range(2))
    assert (first.status_code, first.content, first.headers["location"]) == (201, second.content, second.headers["location"])
    assert first.headers["api-version"] == second.headers["api-version"]
    stored = b"".join(path.read_bytes() for path in databases(broker))
    assert b"Spreek rustig" not in stored
    assert b"een-sleutel-van-de-politie" not in stored


def databases(broker: Broker) -> list[Path]:
    return sorted(broker.region.settings.data.glob("*.sqlite*"))
