"""One real broker for the partner's side, with one case in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from world.broker import GGZ, POLICE, PROBATION, TOWN, Broker, Told, told_stories


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The broker in this process, over real stores."""
    with Broker(tmp_path_factory.mktemp("makelaar")) as made:
        yield made


@pytest.fixture(scope="session")
def told(broker: Broker) -> Told:
    """A case with a release, a waiting request and a contribution in it."""
    return told_stories({name: broker.as_(name) for name in (POLICE, TOWN, GGZ, PROBATION)})
