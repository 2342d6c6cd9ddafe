"""Practice cases: they come out as they say, name nobody, and tell why; nothing is kept (story S12)."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sluis.cli.policy import app
from sluis.core.decision import decide
from sluis.core.errors import PolicyFileError
from sluis.core.rules import Rulebook
from sluis.core.verdict import Outcome
from sluis.policy_files import load
from sluis.policy_files.practice import FILE, exercises


def practised(policies: Path, *words: str, given: str = "") -> Result:
    return CliRunner().invoke(app, ["oefen", *words, "--policies", str(policies)], input=given)


def test_every_case_comes_out_as_it_says(policies: Path, book: Rulebook) -> None:
    found = exercises(policies, book.vocabulary)
    assert len(found) >= 8
    assert {one.id: decide(one.question, book).outcome for one in found} == {one.id: one.expected for one in found}
    assert {one.expected for one in found} == set(Outcome), "there is something to choose"


def test_a_case_has_a_story_a_lesson_and_no_name_or_number_of_anybody(policies: Path, book: Rulebook) -> None:
    for one in exercises(policies, book.vocabulary):
        assert one.story.startswith(("U ", "Uw ", "De", "Dezelfde"))
        assert one.lesson.endswith(".")
        assert not re.search(r"\d{4,}", one.story)
        inside = re.findall(r"(?<=[a-z,] )[A-Z][a-z]+", one.story)
        assert set(inside) <= {"Zorg", "Veiligheidshuis"}, inside


def test_urgency_changes_nothing_in_practice_either(policies: Path, book: Rulebook) -> None:
    cases = {one.id: one for one in exercises(policies, book.vocabulary)}
    calm, urgent = (decide(cases[name].question, book) for name in ("diagnose", "spoed"))
    assert calm == urgent


def test_one_answers_and_is_told_why_and_how_many_were_right(policies: Path) -> None:
    done = practised(policies, "diagnose", given="x\nw\n")
    assert done.exit_code == 0
    assert "Typ v, m of w." in done.output
    assert "Dat zeggen de regels ook." in done.output
    assert "Er rust een geheim op" in done.output
    assert "1 van de 1" in done.output
    assert "0 van de 1" in practised(policies, "diagnose", given="v\n").output


def test_with_the_answers_nothing_is_asked(policies: Path) -> None:
    done = practised(policies, "--antwoorden")
    assert (done.exit_code, done.output.count("Les: ")) == (0, 8)
    assert "Wat denkt u" not in done.output


def test_as_json_each_case_is_a_line(policies: Path) -> None:
    lines = [json.loads(line) for line in practised(policies, "--json").output.splitlines()]
    assert [set(line) for line in lines] == [{"id", "titel", "verhaal", "besluit", "uitleg", "les"}] * 8


def test_who_stops_halfway_ends_without_a_stack_trace(policies: Path) -> None:
    done = practised(policies, given="w\n")
    assert done.exit_code == 1
    assert "Traceback" not in done.output


def test_an_unknown_case_is_told(policies: Path) -> None:
    assert practised(policies, "niets").exit_code == 2


def test_practice_is_no_policy(policies: Path, tmp_path: Path) -> None:
    """The hash that two people signed does not depend on it, and a set without it works."""
    target = tmp_path / "set"
    shutil.copytree(policies, target)
    shutil.rmtree(target / "oefenen")
    assert load(target).policy == load(policies).policy
    assert practised(target).exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("verwacht: voorleggen", "verwacht: misschien", "onbekend besluit"),
        ("doel: vitaal-belang", "doel: vitaal", "onbekend woord|vitaal"),
        ("  - id: spoed", "  - id: diagnose", "staat er twee keer"),
        ('    titel: "Het heeft haast"\n', "", "ontbreekt"),
    ],
)
def test_a_spoilt_case_is_refused(policies: Path, book: Rulebook, tmp_path: Path, old: str, new: str, what: str) -> None:
    path = tmp_path / FILE
    path.parent.mkdir()
    text = (policies / FILE).read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PolicyFileError, match=what):
        exercises(tmp_path, book.vocabulary)
