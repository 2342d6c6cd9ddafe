"""The demo's own broker: prepared in a folder, started as a process of its own, stopped again."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from sluis import events
from sluis.client import SluisClient
from sluis.core.errors import StoreUnavailable
from sluis.demo.region import ORGANISATIONS, ORIGIN, key_of, seed
from sluis.settings import Mode, Settings, read_settings
from sluis.wiring import open_keepers

PATIENCE = 300
"""How many tenths of a second the broker gets to start."""


@dataclass(frozen=True, slots=True)
class Region:
    """A prepared region: its settings, and where the partners' keys are."""

    settings: Settings
    partner_keys: Path


def prepare(folder: Path, policies: Path, port: int) -> Region:
    """A region in `folder`, with the organisations in its books. Safe to do twice."""
    settings = read_settings(
        mode=Mode.DEMO,
        data=folder / "data",
        keys=folder / "sleutels",
        policies=policies,
        origin=ORIGIN,
        region="Veenstad",
        public_url=f"http://127.0.0.1:{port}",
        port=port,
        json_log=False,
    )  # fmt: skip - one value
    events.silence()
    keepers = open_keepers(settings)
    try:
        seed(keepers.services, folder / "partners", keepers.services.clock.now())
    finally:
        keepers.close()
    return Region(settings=settings, partner_keys=folder / "partners")


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(region: Region, log: Path) -> Iterator[None]:
    """The broker of that region, as a process of its own, for as long as the block lasts. Its log lines go to `log`."""
    with log.open("wb") as lines:
        process = subprocess.Popen(
            [sys.executable, "-m", "sluis", "serve"],
            env={**os.environ, **environment(region.settings)},
            stdout=lines,
            stderr=lines,
        )
        try:
            _wait(process, region.settings.public_url, log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


def environment(settings: Settings) -> dict[str, str]:
    """The settings as the variables that the broker's own process reads."""
    return {
        "SLUIS_MODE": settings.mode.value,
        "SLUIS_DATA": str(settings.data),
        "SLUIS_KEYS": str(settings.keys),
        "SLUIS_POLICIES": str(settings.policies),
        "SLUIS_ORIGIN": settings.origin,
        "SLUIS_REGION": settings.region,
        "SLUIS_PUBLIC_URL": settings.public_url,
        "SLUIS_PORT": str(settings.port),
        "SLUIS_JSON_LOG": "true",
    }


def clients(region: Region) -> dict[str, SluisClient]:
    """A client for each organisation, with its own key."""
    return {
        one.id: SluisClient.with_dpop(region.settings.public_url, one.id, key_of(one.id, region.partner_keys))
        for one in ORGANISATIONS
    }


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(PATIENCE):
        if process.poll() is not None:
            raise StoreUnavailable(f"the broker stopped while starting: see {log}")
        try:
            if httpx2.get(f"{url}/gezond", timeout=1).status_code == httpx2.codes.OK:
                return
        except httpx2.TransportError:
            pass  # not listening yet
        time.sleep(0.1)
    raise StoreUnavailable(f"the broker did not start in time: see {log}")
