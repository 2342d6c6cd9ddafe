"""Screening on a broker's own files: one of several brokers makes each round; by hand with `sluis audit screen`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs
from typer.testing import CliRunner, Result

from sluis.cli.audit_screen import screening
from sluis.core.entry import Kind
from sluis.core.errors import PolicyFileError
from sluis.demo.running import environment
from sluis.policy_files.screening import FILE
from sluis.ports import LogQuery
from world.broker import STAFF, TOWN, Broker, opened, question

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path) as running:
        yield running


def probe(broker: Broker) -> None:
    """One employee asks twelve times for what nobody gives."""
    case = opened({one: broker.as_(one) for one in STAFF})
    for _ in range(12):
        assert broker.as_(TOWN).post("/v1/verzoeken", question(case, "gezondheid.diagnose")).status_code == 403


def flags(broker: Broker) -> list[str]:
    found = broker.keepers.services.ledger.entries(LogQuery(kinds=(Kind.REVIEW_FLAGGED,), limit=100, bare=True))
    return [str(one.core["rule"]) for one in found]


def test_of_several_brokers_one_makes_each_round_and_tells_the_operator_rule_and_count(broker: Broker) -> None:
    probe(broker)
    with capture_logs() as lines:
        rounds = [broker.keepers.screen(HALF_AN_HOUR) for _ in range(3)]
    assert [done is not None for done in rounds] == [True, False, False]
    assert flags(broker).count("zoekgedrag") == 1
    assert ("review-01", "zoekgedrag", 1) in [(one["id"], one.get("rule"), one.get("count")) for one in lines]
    broker.keepers.ledger.verify()


def test_numbers_that_cannot_be_read_stop_the_round(broker: Broker, tmp_path: Path) -> None:
    probe(broker)
    folder = tmp_path / "elsewhere"
    (folder / FILE).parent.mkdir(parents=True)
    (folder / FILE).write_text("zoekgedrag: {vragen: nul}\n")
    other = broker.keepers.settings.model_copy(update={"policies": folder})
    with pytest.raises(PolicyFileError):
        replace(broker.keepers, settings=other).screen(HALF_AN_HOUR)
    assert flags(broker) == []


def run(broker: Broker, *words: str) -> Result:
    """The command, as an operator runs it beside the broker."""
    try:
        return CliRunner().invoke(screening, list(words), env={**environment(broker.region.settings), "SLUIS_JSON_LOG": "true"})
    finally:
        structlog.reset_defaults()


def test_by_hand_it_says_what_would_hit_and_then_puts_it_on_record(broker: Broker) -> None:
    probe(broker)
    dry = run(broker, "--dry-run", "--json")
    assert dry.exit_code == 0, dry.output
    told = [json.loads(line) for line in dry.output.splitlines()]
    assert ("zoekgedrag", 10) in [(one["rule"], one["count"]) for one in told]
    assert flags(broker) == []
    assert "nothing was changed" in run(broker, "--dry-run").output
    done = run(broker)
    assert f"12 questions screened, {len(told)} hits; {len(told)} now in the review queue" in done.output
    assert len(flags(broker)) == len(told)
    assert "0 questions screened, 0 hits" in run(broker).output
