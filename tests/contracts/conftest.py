"""Every keeper in three shapes: SQLite, PostgreSQL and memory. A contract test runs over all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fakes.ambient import SetClock
from fakes.databases import fresh_database
from fakes.keepers import KINDS, Keepers, memory_keepers
from fakes.store import Store


@pytest.fixture(scope="module", params=KINDS)
def keepers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keepers]:
    """The keepers of each shape in turn, with what the tests of this file have kept in them."""
    clock = SetClock()
    if request.param == "memory":
        yield memory_keepers(clock)
        return
    directory = tmp_path_factory.mktemp("keepers")
    database = fresh_database(request.param, directory)
    yield Store(database, directory, clock).keepers
    database.close()
