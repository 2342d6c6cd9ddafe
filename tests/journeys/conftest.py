"""One broker process for the stories, over real HTTP on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from world.broker import Process, running


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A broker that runs for all stories."""
    with running(tmp_path_factory.mktemp("proces")) as made:
        yield made
