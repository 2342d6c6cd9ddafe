"""What the tests of the portal share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from portal_world import Region


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    """A region with a log of its own."""
    made = Region(tmp_path)
    yield made
    made.close()
