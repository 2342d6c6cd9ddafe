"""What the pages say exists: every file that they point to, and every command that they show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sluis.cli import TOPICS

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md"), *ROOT.glob("policies/*.md")])
_FILE = re.compile(r"`((?:src/sluis/|tests/|docs/|policies/|deploy/)?[a-z_]+(?:/[a-z_0-9.-]+)+\.(?:py|md|yaml|sql|toml|txt))`")
_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
_READERS_OWN = ("nieuw/", "deploy/beleid/")
"""What the reader makes while following a page: not ours, so not here."""
_COMMAND = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?sluis ([a-z]+)", re.MULTILINE)


def exists(named: str, page: Path) -> bool:
    """Whether that file is there: from the root, from the package, from the tests, or from the page itself."""
    return any((base / named).exists() for base in (ROOT, ROOT / "src" / "sluis", ROOT / "tests", page.parent))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = {*_FILE.findall(text), *_LINK.findall(text)}
    assert [one for one in sorted(named) if not one.startswith(_READERS_OWN) and not exists(one, page)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_a_page_shows_exists(page: Path) -> None:
    shown = set(_COMMAND.findall(page.read_text(encoding="utf-8")))
    assert shown <= {*TOPICS, "partner"}
