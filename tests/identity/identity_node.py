"""Node programs that check us: found or installed, and run. Absent ones skip, unless `SLUIS_REQUIRE_ALL=1`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
import uvicorn

PACKAGES = ("openid-client@6.8.9", "undici@7.30.2", "jose@6.2.17", "oidc-provider@9.13.3")
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sluis-node"
SCRIPTS = Path(__file__).parent / "node"


def node_modules() -> Path:
    """The folder that holds `node_modules`; skips the test with the reason when there can be none."""
    if not shutil.which("node") or not shutil.which("npm"):
        absent("node and npm are not installed")
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not all(installed(package) for package in PACKAGES):
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(FOLDER), *PACKAGES]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            absent(f"npm could not install {', '.join(PACKAGES)}")
    return FOLDER


def installed(package: str) -> bool:
    name, _, version = package.rpartition("@")
    document = FOLDER / "node_modules" / name / "package.json"
    return document.is_file() and f'"version": "{version}"' in document.read_text(encoding="utf-8")


def absent(reason: str) -> NoReturn:
    if os.environ.get("SLUIS_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running(config: uvicorn.Config, listening: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def wait_for(host: str, port: int) -> None:
    """Return once somebody listens there."""
    for _ in range(100):
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"nobody listens on {port}")


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(Path.home()), "SLUIS_NODE": str(FOLDER), "NODE_NO_WARNINGS": "1"} | more
