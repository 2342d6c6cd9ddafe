"""Every shared acceptance case comes out as expected, through the core and through the command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from sluis.cli.policy import answer
from sluis.core.decision import decide
from sluis.core.rules import Rulebook
from sluis.core.verdict import Precision
from sluis.policy_files.questions import read_items

FILE = Path(__file__).with_name("besluiten.yaml")
Case = dict[str, Any]
CASES: list[Case] = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def check(case: Case, got: Case) -> None:
    expected = case["verwacht"]
    assert got["besluit"] in expected.get("een_van", [expected["besluit"]])
    assert set(got["gegevens"]) == set(expected["gegevens"])
    for category, precision in got["gegevens"].items():
        assert Precision.of(precision) <= Precision.of(expected["gegevens"][category])
    if expected["redenen"]:
        assert {refused["reden"] for refused in got["geweigerd"].values()} <= set(expected["redenen"])
    assert set(expected["plichten"]) <= set(got["plichten"])
    asked = set(case["vraag"]["gegevens"])
    assert asked == set(got["gegevens"]) | set(got["geweigerd"]) | set(got["voorleggen"])
    assert all(refused["uitleg"] for refused in got["geweigerd"].values())


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_case_is_decided_as_the_law_says(case: Case, book: Rulebook) -> None:
    (item,) = read_items(yaml.safe_dump([case]), book.vocabulary)
    check(case, answer(item.id, decide(item.question, book)))


def test_the_command_decides_every_case_one_json_object_per_line(policies: Path) -> None:
    program = "from sluis.cli.policy import app; app()"
    command = [sys.executable, "-c", program, "decide", str(FILE), "--policies", str(policies), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == [case["id"] for case in CASES]
    for case, got in zip(CASES, answers, strict=True):
        assert set(got) == {"id", "besluit", "gegevens", "geweigerd", "voorleggen", "plichten", "regels", "beleid"}
        check(case, got)
