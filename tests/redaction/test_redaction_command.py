"""`sluis redact`: the JSON Lines contract, and the view for a person."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from sluis.cli.redact import redact

APP = typer.Typer()
APP.command()(redact)
ASKED = {"id": "n1", "text": "Dhr Appel (06 12 34 56 78) is opgenomen.", "known": [["PER", "Hans Appel"], ["BSN", "999900006"]]}


def test_one_line_is_answered_with_plain_offsets_and_categories() -> None:
    done = CliRunner().invoke(APP, ["--jsonl"], input=json.dumps(ASKED) + "\n\n")
    assert done.exit_code == 0
    answer = json.loads(done.stdout)
    assert answer["id"] == "n1"
    assert [ASKED["text"][start:end] for start, end, _ in answer["spans"]] == ["Appel", "06 12 34 56 78"]
    assert [0, 40, "H"] in answer["cats"]


def test_offsets_are_code_points_of_the_text_as_given() -> None:
    asked = {"id": "n2", "text": "👍 met Jo\u0308rg e\u0301n Şahin", "known": []}
    done = CliRunner().invoke(APP, ["--jsonl", "--mode", "strict"], input=json.dumps(asked, ensure_ascii=False) + "\n")
    spans = json.loads(done.stdout)["spans"]
    assert [asked["text"][start:end] for start, end, _ in spans] == ["Jo\u0308rg", "Şahin"]


def test_a_person_sees_what_goes_struck_out_and_what_leaves(tmp_path: Path) -> None:
    file = tmp_path / "notitie.txt"
    file.write_text("Buurman Rinus belde.\n", encoding="utf-8")
    done = CliRunner().invoke(APP, [str(file)])
    assert done.stdout == "Buurman \x1b[9;31mRinus\x1b[0m belde.\n\nBuurman \x1b[1;32m[PERSOON-1]\x1b[0m belde.\n"


def test_a_mode_that_releases_nothing_is_refused() -> None:
    assert CliRunner().invoke(APP, ["--jsonl", "--mode", "review"], input="").exit_code == 2


def test_neither_a_file_nor_lines_is_an_error() -> None:
    assert CliRunner().invoke(APP, []).exit_code == 2
