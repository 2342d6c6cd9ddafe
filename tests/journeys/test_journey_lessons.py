"""The lessons of a pilot on a broker's own files: releases under a rule on trial, counted after the fact (story S4)."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from typer.testing import CliRunner

from sluis.cli.audit import app
from sluis.demo.running import environment
from world.broker import STAFF, Broker, told_stories
from world.people import ROOT


def on_trial(folder: Path) -> Path:
    """A copy of the set in which what the GGZ gives in a case is on trial since yesterday."""
    target = folder / "proef"
    shutil.copytree(ROOT / "policies", target)
    today = datetime.now(UTC).date()  # noqa: TID251 - a real broker, whose clock is that of the machine
    trial = f'{{van: "{today - timedelta(days=1)}", tot: "{today + timedelta(days=30)}", leervraag: "Gaat het rustiger?"}}'
    path = target / "ggz.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("  - id: ggz-zvh-casus\n", f"  - id: ggz-zvh-casus\n    proef: {trial}\n"), encoding="utf-8")
    return target


def test_lessons_tell_the_question_and_no_small_number(tmp_path: Path) -> None:
    with Broker(tmp_path / "regio") as running:
        told = told_stories({one: running.as_(one) for one in STAFF})
        env = {**environment(running.region.settings), "SLUIS_JSON_LOG": "true"}
    env["SLUIS_POLICIES"] = str(on_trial(tmp_path))
    try:
        done = CliRunner().invoke(app, ["lessons", "--officer", "coordinerend-fg/noor", "--json"], env=env)
        lines = {(said := json.loads(line))["regel"]: said for line in done.output.splitlines()}
        said = lines["ggz-zvh-casus"]
        assert {one["leervraag"] for one in lines.values()} == {"Gaat het rustiger?"}
        assert said["verstrekt"] == "minder dan tien"
        assert said["aangeboden"] == 0
        assert told.case not in done.output
        refused = CliRunner().invoke(app, ["lessons", "--officer", "beheerder/kim"], env=env)
        assert "sees no content" in str(refused.exception)
    finally:
        structlog.reset_defaults()
