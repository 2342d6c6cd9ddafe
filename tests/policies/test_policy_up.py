"""`sluis policy opschalen` says to whom, for what and what it takes, from the policy files alone (seed S5)."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from sluis.cli.policy import app


def asked(policies: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["opschalen", *words, "--policies", str(policies)])


def test_a_neighbourhood_team_reads_where_it_can_go_and_by_which_criteria(policies: Path) -> None:
    told = asked(policies, "wijkteam", "--doel", "zvh-melding")
    assert told.exit_code == 0
    for words in ("naar    Politie", "feiten-getoetst", "  a       De persoon", "  d       Een domein alleen"):
        assert words in told.output


def test_as_lines_of_json_for_a_programme(policies: Path) -> None:
    lines = [json.loads(line) for line in asked(policies, "wijkteam", "--json").output.splitlines()]
    assert {"zvh-melding", "vt-melding"} <= {line["doel"] for line in lines}
    assert all(line["soorten"] and line["gegevens"] for line in lines)


def test_an_unknown_kind_is_a_flaw_and_no_way_is_said(policies: Path) -> None:
    assert asked(policies, "buurtvereniging").exit_code == 2
    assert "Geen weg" in asked(policies, "wijkteam", "--doel", "zvh-casus").output
