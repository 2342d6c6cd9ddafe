"""One real broker for the tests of hardening."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from world.broker import Broker


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The broker in this process, over real stores."""
    with Broker(tmp_path_factory.mktemp("makelaar")) as made:
        yield made
