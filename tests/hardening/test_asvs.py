"""The checklist of the ASVS is complete, and what it names is there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from world.people import ROOT

PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([\d., -]+) \| (held|partly|not held|n/a) \| (.+) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE)

SECTIONS = (
    "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4 "
    "5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:11 6.3:3 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 "
    "8.1:4 8.2:4 8.3:3 8.4:2 9.1:3 9.2:4 10.1:2 10.2:3 10.3:5 10.4:16 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 "
    "11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 "
    "16.1:1 16.2:5 16.3:4 16.4:3 16.5:4"
)
"""Section and how many of its requirements are of our levels: within a section the standard numbers by level."""


def wanted() -> Iterator[str]:
    for section, count in (one.split(":") for one in SECTIONS.split()):
        yield from (f"{section}.{number}" for number in range(1, int(count) + 1))


def named(numbers: str) -> Iterator[str]:
    """The numbers of a row, ranges written out."""
    for one in numbers.split(", "):
        first, _, last = one.partition("-")
        section, _, start = first.rpartition(".")
        end = last.rpartition(".")[2] or start
        yield from (f"{section}.{number}" for number in range(int(start), int(end) + 1))


def test_every_requirement_has_its_row_once() -> None:
    found = Counter(number for numbers, _, _ in ROWS for number in named(numbers))
    assert sorted(set(wanted()) - set(found)) == []
    assert sorted(set(found) - set(wanted())) == []
    assert [number for number, count in found.items() if count > 1] == []


def test_every_line_of_the_tables_is_a_row_that_is_understood() -> None:
    lines = [line for line in PAGE.splitlines() if re.match(r"\| \d", line)]
    assert len(lines) == len(ROWS)


@pytest.fixture(scope="module")
def tests() -> set[str]:
    """Every test of the project, by name."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def test_every_test_that_is_named_exists(tests: set[str]) -> None:
    assert sorted(set(re.findall(r"`(test_\w+)`", PAGE)) - tests) == []


def test_every_page_that_is_named_exists() -> None:
    for name in re.findall(r"`([\w/-]+\.(?:md|yaml))`", PAGE):
        assert any((ROOT / folder / name).exists() for folder in (".", "docs")), name


def test_what_is_held_says_by_what() -> None:
    for numbers, state, words in ROWS:
        if state == "held":
            assert re.search(r"`test_|\.md`|the lint", words), numbers
