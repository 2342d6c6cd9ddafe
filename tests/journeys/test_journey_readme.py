"""The README shows what the demo prints, and its commands are commands that there are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHANGING = re.compile(r"[0-9a-f]{16,64}…?|127\.0\.0\.1:\d+|\b(?:logboek|regel|entry) \d+|✓ \d+ regels|PERSOON-\d")


def steady(text: str) -> list[str]:
    """The lines of a text without what differs from run to run."""
    return [CHANGING.sub("·", line.rstrip()) for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `sluis demo` prints."""
    folder = tmp_path_factory.mktemp("leesmij") / "regio"
    command = [sys.executable, "-m", "sluis", "demo", "--folder", str(folder)]
    environ = {**os.environ, "COLUMNS": "124", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    return done.stdout


def test_every_line_of_the_transcript_is_printed_by_the_demo(printed: str) -> None:
    transcript = README.split("<!-- transcript: sluis demo -->")[1].split("<!-- /transcript -->")[0]
    shown = [line for line in steady(transcript) if line not in {"```", "```text", "…"}]
    assert len(shown) > 25, "the transcript is there"
    said = set(steady(printed))
    assert [line for line in shown if line not in said] == []


def test_the_first_command_stands_within_25_lines() -> None:
    assert any("make demo" in line for line in README.splitlines()[:25])


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.MULTILINE)) <= targets


def test_every_page_that_the_readme_names_exists() -> None:
    assert [page for page in set(re.findall(r"`(docs/[a-z/.-]+)`", README)) if not (ROOT / page).exists()] == []
