"""Reads from many threads at once: each gets a connection, whoever rests or is let go meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sluis.store import Database, StoredPersonKeys, upgrade


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads change as often as they can: whatever happens between two lines happens here."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_many_threads_read_at_once(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'sluis.sqlite'}")
    upgrade(database)
    keys = StoredPersonKeys(database)
    with ThreadPoolExecutor(24) as pool:
        found = list(pool.map(lambda _: keys.epoch(), range(3000)))
    assert set(found) == {0}
    database.close()
