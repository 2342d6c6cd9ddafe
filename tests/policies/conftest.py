"""The shipped policy set and the acceptance cases, read once for all tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from sluis.core.rules import Rulebook
from sluis.policy_files import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def policies() -> Path:
    """The folder of the shipped set."""
    return ROOT / "policies"


@pytest.fixture(scope="session")
def book(policies: Path) -> Rulebook:
    """The shipped set."""
    return load(policies)
