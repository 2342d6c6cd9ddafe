"""Late actions through the real stores: on record once, told to the operator as a number, seen again by the command."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import structlog
from structlog.testing import capture_logs
from typer.testing import CliRunner

from sluis.cli import tasks
from sluis.client import asks, casework
from sluis.core.entry import Kind
from sluis.demo.running import environment
from sluis.ports import LogQuery
from world.broker import GGZ, POLICE, PROBATION, STAFF, TOWN, Broker, told_stories

HALF_A_MINUTE = timedelta(seconds=30)
WORDS = "Bel Sem over zijn afspraak bij de tandarts."


def late(running: Broker) -> str:
    """A case in which the GGZ did not do what was agreed."""
    case = told_stories({name: running.as_(name) for name in (POLICE, TOWN, GGZ, PROBATION)}).case
    town = running.as_(TOWN).client
    town.do(asks.appoint(case, {"trekker": TOWN, "medewerker": STAFF[TOWN]}))
    given = {"wat": WORDS, "eigenaar": GGZ, "uiterlijkDatum": "2099-01-31", "medewerker": STAFF[TOWN]}
    town.do(casework.agree(case, given))
    services = running.keepers.services
    kept = services.cases.find(case)
    assert kept is not None
    yesterday = (services.clock.now() - timedelta(days=1)).date()
    services.cases.save(replace(kept, actions=tuple(replace(one, due=yesterday) for one in kept.actions)))
    return case


def test_a_late_action_is_on_record_once_its_owner_is_told_by_a_number_and_the_mark_stays(tmp_path: Path) -> None:
    with Broker(tmp_path) as running:
        case = late(running)
        env = {**environment(running.region.settings), "SLUIS_JSON_LOG": "true"}
        with capture_logs() as lines:
            for _ in range(3):
                running.keepers.escalate(HALF_A_MINUTE)
        told = [(one["partner"], one["what"], one["count"]) for one in lines if one["id"] == "clock-02"]
        assert told == [(GGZ, "afspraak", 1)]
        assert "tandarts" not in str(lines)
        (entry,) = running.keepers.ledger.entries(LogQuery(kinds=(Kind.CASEWORK_OVERDUE,)))
        assert case not in str(entry.core)
        kept = running.keepers.services.cases.find(case)
        assert kept is not None
        assert [one.overdue is not None for one in kept.actions] == [True]
        running.keepers.ledger.verify()
    try:
        assert "0 late" in CliRunner().invoke(tasks.app, ["escalate"], env=env).output
    finally:
        structlog.reset_defaults()


def test_the_command_puts_a_late_action_on_record_too(tmp_path: Path) -> None:
    with Broker(tmp_path) as running:
        late(running)
        env = {**environment(running.region.settings), "SLUIS_JSON_LOG": "true"}
    try:
        assert "1 late; nothing was changed" in CliRunner().invoke(tasks.app, ["escalate", "--dry-run"], env=env).output
        told = CliRunner().invoke(tasks.app, ["escalate", "--json"], env=env).output
        assert ('"afspraak"' in told, GGZ in told, "tandarts" in told) == (True, True, False)
        assert "0 late" in CliRunner().invoke(tasks.app, ["escalate"], env=env).output
    finally:
        structlog.reset_defaults()
