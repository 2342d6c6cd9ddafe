"""A store over each real database, with its key ring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.ambient import SetClock
from fakes.databases import fresh_database
from fakes.store import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store in SQLite, then in PostgreSQL."""
    made = Store(fresh_database(request.param, tmp_path, busy=1.0), tmp_path, SetClock())
    yield made
    made.database.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Store]:
    """An empty store in SQLite."""
    made = Store(fresh_database("sqlite", tmp_path, busy=0.2), tmp_path, SetClock())
    yield made
    made.database.close()
