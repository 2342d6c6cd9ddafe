"""Folders that are named to a command: made for us alone, refused in words, and never emptied of what is somebody else's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def sluis(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sluis", *words]
    return subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    """A file where a folder is asked for."""
    path = tmp_path / "taken"
    path.write_text("a letter", encoding="utf-8")
    return path


def test_a_demo_removes_no_folder_that_no_demo_made(tmp_path: Path) -> None:
    letter = tmp_path / "letters" / "first.txt"
    letter.parent.mkdir()
    letter.write_text("dear", encoding="utf-8")
    (tmp_path / "letters" / "data").mkdir()
    ended = sluis("demo", "--folder", str(letter.parent))
    assert ended.returncode == 2
    assert "no demo made it" in ended.stderr
    assert letter.read_text(encoding="utf-8") == "dear"


@pytest.mark.parametrize(
    ("words", "settings"),
    [
        (("demo", "--folder", "{taken}/region"), {}),
        (("demo", "--folder", "{taken}", "--keep"), {}),
        (("witness", "init", "--name", "fg.example/witness", "--data", "{taken}/witness"), {}),
        (("serve",), {"SLUIS_DATA": "{taken}/data", "SLUIS_MODE": "demo"}),
        (("partner", "list"), {"SLUIS_DATA": "{taken}/data", "SLUIS_MODE": "demo"}),
    ],
)
def test_a_folder_that_cannot_be_made_is_told_without_a_trace(
    taken: Path, words: tuple[str, ...], settings: dict[str, str]
) -> None:
    where = {name: value.format(taken=taken) for name, value in settings.items()}
    ended = sluis(*(word.format(taken=taken) for word in words), **where)
    assert ended.returncode == 2
    assert "the folder cannot be made" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert taken.read_text(encoding="utf-8") == "a letter"
