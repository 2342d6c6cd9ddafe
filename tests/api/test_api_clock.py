"""The clock through real HTTP: both sides see until when, that it is late, and that this went on record (story S4)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from sluis.cli import tasks
from sluis.core.entry import Kind
from sluis.demo.running import environment
from sluis.ports import LogQuery
from world.broker import GGZ, POLICE, PROBATION, STAFF, Broker, opened, question

HALF_A_MINUTE = timedelta(seconds=30)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path) as running:
        yield running


def waiting(broker: Broker) -> str:
    """A request of probation that waits for the GGZ; its id."""
    case = opened({one: broker.as_(one) for one in STAFF})
    given = broker.as_(PROBATION).post("/v1/verzoeken", {**question(case), "spoed": True})
    assert given.status_code == 202, given.text
    return str(given.json()["id"])


def make_late(broker: Broker, ident: str) -> None:
    """Let its time be over."""
    kept = broker.keepers.services.tasks.find(ident)
    assert kept is not None
    broker.keepers.services.tasks.update(replace(kept, due=datetime.now(UTC) - timedelta(hours=1)))  # noqa: TID251 - a real broker


def test_both_sides_see_the_time_in_the_words_of_the_provider_and_when_it_is_over(broker: Broker) -> None:
    ident = waiting(broker)
    for name in (PROBATION, GGZ):
        told = broker.as_(name).get(f"/v1/verzoeken/{ident}").json()
        assert (told["spoed"], told["antwoordBinnen"], told["teLaat"], told["geescaleerdOp"]) == (
            True,
            "binnen een dag",
            False,
            None,
        )
    make_late(broker, ident)
    assert len(broker.keepers.escalate(HALF_A_MINUTE)) == 1
    for name in (PROBATION, GGZ):
        told = broker.as_(name).get(f"/v1/verzoeken/{ident}").json()
        assert told["teLaat"] is True
        assert told["geescaleerdOp"] is not None
        assert told["status"] == "voorgelegd"
    assert broker.as_(POLICE).get(f"/v1/verzoeken/{ident}").status_code == 404


def test_of_several_brokers_one_makes_each_round_and_tells_the_operator_a_count(broker: Broker) -> None:
    make_late(broker, waiting(broker))
    with capture_logs() as lines:
        assert [len(broker.keepers.escalate(HALF_A_MINUTE)) for _ in range(3)] == [1, 0, 0]
    assert [(one["id"], one["provider"], one["count"]) for one in lines] == [("clock-01", GGZ, 1)]
    assert len(broker.keepers.services.ledger.entries(LogQuery(kinds=(Kind.JUDGEMENT_OVERDUE,)))) == 1
    broker.keepers.ledger.verify()


def test_the_provider_finds_what_is_late_on_top_of_its_list(broker: Broker) -> None:
    first, second = waiting(broker), waiting(broker)
    make_late(broker, second)
    listed = broker.as_(GGZ).get("/v1/verzoeken", rol="verstrekker").json()["verzoeken"]
    assert [one["id"] for one in listed] == [second, first]
    assert [one["teLaat"] for one in listed] == [True, False]


def test_the_command_tells_what_is_late_puts_it_on_record_and_finds_nothing_the_second_time(tmp_path: Path) -> None:
    with Broker(tmp_path) as running:
        make_late(running, waiting(running))
        env = {**environment(running.region.settings), "SLUIS_JSON_LOG": "true"}

    def run(*words: str) -> Result:
        return CliRunner().invoke(tasks.app, ["escalate", *words], env=env)

    try:
        assert "1 late; nothing was changed" in run("--dry-run").output
        (line,) = run("--json").output.splitlines()
        assert (json.loads(line)["provider"], json.loads(line)["requester"]) == (GGZ, PROBATION)
        assert "0 late" in run().output
    finally:
        structlog.reset_defaults()
