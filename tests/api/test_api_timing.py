"""Time and people through real HTTP: an organisation's own timeliness, and nobody else's (stories S5 and S8)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs
from typer.testing import CliRunner

from sluis.api.routes.timing import duration
from sluis.cli import tasks
from sluis.demo.running import environment
from world.broker import GGZ, HOUSING, PROBATION, STAFF, Broker, Told, told_stories


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of its own: other tests ask so much that small numbers are none any more."""
    with Broker(tmp_path_factory.mktemp("tijd")) as made:
        yield made


@pytest.fixture(scope="module")
def told(broker: Broker) -> Told:
    """A case with a request that waits."""
    return told_stories({name: broker.as_(name) for name in STAFF})


@pytest.mark.parametrize(
    ("name", "mine", "other"), [(GGZ, "alsVerstrekker", "alsVrager"), (PROBATION, "alsVrager", "alsVerstrekker")]
)
def test_each_side_gets_the_figures_of_its_own_side(broker: Broker, told: Told, name: str, mine: str, other: str) -> None:
    assert told.request
    given = broker.as_(name).get("/v1/tijdigheid").json()
    rows = [row for row in given[mine] if (row["verstrekker"], row["doel"]) == (GGZ, "zvh-casus")]
    assert [(row["beoordeeld"], row["antwoordBinnen"]) for row in rows] == [(0, "binnen drie dagen")]
    assert [row for row in given[other] if row["verstrekker"] == GGZ and row["doel"] == "zvh-casus"] == []


def test_a_small_number_is_not_told(broker: Broker, told: Told) -> None:
    assert told.request
    (row,) = [row for row in broker.as_(GGZ).get("/v1/tijdigheid").json()["alsVerstrekker"] if row["doel"] == "zvh-casus"]
    assert (row["wacht"], row["teLaat"], row["mediaan"], row["p90"]) == (None, None, None, None)


def test_who_had_no_part_gets_nothing(broker: Broker, told: Told) -> None:
    assert told.request
    given = broker.as_(HOUSING).get("/v1/tijdigheid", kwartaal="2026-K4").json()
    assert (given["alsVerstrekker"], given["alsVrager"]) == ([], [])
    assert (given["vanDatum"], given["totEnMetDatum"]) == ("2026-10-01", "2026-12-31")


def test_what_is_no_quarter_is_refused_without_its_value(broker: Broker) -> None:
    given = broker.as_(GGZ).get("/v1/tijdigheid", kwartaal="vorige week")
    assert given.status_code == 400
    assert given.json()["invalidParams"][0]["name"] == "kwartaal"
    assert "vorige week" not in given.text


@pytest.mark.parametrize(("minutes", "written"), [(None, None), (0, "PT0H0M"), (125, "PT2H5M"), (3 * 1440, "PT72H0M")])
def test_a_length_of_time_is_written_as_iso_8601(minutes: int | None, written: str | None) -> None:
    assert duration(None if minutes is None else timedelta(minutes=minutes)) == written


def test_a_partner_is_told_which_of_its_roles_will_be_empty_and_nobody_elses(tmp_path: Path) -> None:
    with Broker(tmp_path) as running:
        books, at = running.keepers.services, running.keepers.services.clock.now()
        kept = books.employees.find(GGZ, STAFF[GGZ]["id"])
        assert kept is not None
        books.employees.save(replace(kept, deputises={"geneesheer-directeur": at + timedelta(days=9)}))
        given = running.as_(GGZ).get("/v1/bezetting").json()
        assert [(one["rol"], one["nuLeeg"]) for one in given["legeRollen"]] == [("geneesheer-directeur", False)]
        assert given["wacht"] == 0
        assert STAFF[GGZ]["id"] not in str(given)
        assert running.as_(PROBATION).get("/v1/bezetting").json()["legeRollen"] == []
        with capture_logs() as lines:
            running.keepers.vacancies()
        assert [(one["id"], one["partners"], one["vacant"], one["soon"]) for one in lines] == [("staff-01", 1, 0, 1)]
        env = {**environment(running.region.settings), "SLUIS_JSON_LOG": "true"}
    try:
        quiet = CliRunner().invoke(tasks.app, ["vacancies", PROBATION], env=env)
        assert (quiet.exit_code, quiet.output.strip()) == (0, "0 roles empty or soon empty")
        (line,) = CliRunner().invoke(tasks.app, ["vacancies", "--json"], env=env).output.splitlines()
        assert (json.loads(line)["partner"], json.loads(line)["role"], json.loads(line)["now"]) == (
            GGZ,
            "geneesheer-directeur",
            False,
        )
    finally:
        structlog.reset_defaults()
