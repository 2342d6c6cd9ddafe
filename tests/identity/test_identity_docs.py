"""The page on identity names tests and files; all of them exist."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = (ROOT / "docs" / "identity.md").read_text(encoding="utf-8")


def test_every_test_in_the_table_of_modules_exists() -> None:
    named = set(re.findall(r"`(test_[a-z0-9_]+)`", PAGE))
    source = "\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("test_*.py"))
    assert len(named) > 15
    assert [name for name in sorted(named) if f"def {name}(" not in source] == []


def test_every_file_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(?:identity/)?([a-z_]+\.py)`", PAGE))
    folders = (HERE, ROOT / "src" / "sluis" / "identity")
    assert [name for name in sorted(named) if not any((folder / name).is_file() for folder in folders)] == []
