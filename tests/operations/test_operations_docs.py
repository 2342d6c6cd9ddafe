"""The page for operators says everything there is: each setting, each event, each command it names exists."""

from __future__ import annotations

import re

import pytest
from operations_stack import ROOT
from typer.main import get_command

from sluis import events
from sluis.cli import TOPICS, program
from sluis.settings import Settings

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PAGES = {
    name: (ROOT / name).read_text(encoding="utf-8") for name in ("SECURITY.md", "docs/threat-model.md", "docs/trust-model.md")
}


def test_every_setting_has_its_row_and_no_row_is_about_anything_else() -> None:
    rows = re.findall(r"^\| `(SLUIS_[A-Z_]+)` \|", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(f"SLUIS_{name.upper()}" for name in Settings.model_fields)


def test_every_default_is_told_as_it_is() -> None:
    told = dict(re.findall(r"^\| `SLUIS_([A-Z_]+)` \|.*\| ([^|]+) \|$", PAGE, re.MULTILINE))
    words = {"": "empty", "None": "none", "()": "`[]`", "http://eidas.europa.eu/LoA/substantial": "eIDAS substantial"}
    for name, field in Settings.model_fields.items():
        value = field.default
        plain = str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")
        assert told[name.upper()] in {words.get(plain, f"`{plain}`"), words.get(str(value), "")}, name


def test_every_event_has_its_row_with_its_level() -> None:
    rows = dict(re.findall(r"^\| `([a-z]+-\d\d)` \| ([a-z]+) \|", PAGE, re.MULTILINE))
    assert rows == {name: event.level.value for name, event in events.CATALOGUE.items()}


@pytest.mark.parametrize("page", ["docs/operations.md", *PAGES])
def test_every_command_and_variable_that_a_page_names_exists(page: str) -> None:
    text = PAGES.get(page, PAGE)
    for topic, further in re.findall(r"(?:`sluis|broker sluis|ro\" broker|--rm broker) ([a-z]+)(?: ([a-z]+))?", text):
        assert topic in TOPICS, f"sluis {topic}"
        known = getattr(get_command(program([topic])), "commands", {}).get(topic)
        below = getattr(known, "commands", {})
        assert not further or not below or further in below, f"sluis {topic} {further}"
    assert set(re.findall(r"\bSLUIS_[A-Z_]+[A-Z]", text)) <= {f"SLUIS_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("page", ["docs/operations.md", *PAGES])
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    text = PAGES.get(page, PAGE)
    for name in re.findall(r"`((?:docs/|deploy/|runbooks/)?[A-Za-z/._-]+\.(?:md|toml|yml|sh|py|service|lock))`", text):
        assert (ROOT / name).exists() or (ROOT / "docs" / name).exists(), name
