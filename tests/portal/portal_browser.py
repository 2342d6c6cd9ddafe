"""A real Chromium before the portal, and axe-core to judge its pages. What is absent skips, unless `SLUIS_REQUIRE_ALL=1`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
import uvicorn
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright
from portal_world import Region

from sluis.core.partner import Officer

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run"]
AXE = "4.14.1"
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sluis-node" / "axe"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def absent(reason: str) -> NoReturn:
    """Skip for that reason, or fail where everything is required."""
    if os.environ.get("SLUIS_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def axe_source() -> str:
    """The source of axe-core, installed when it is not there yet."""
    if not shutil.which("npm"):
        absent("npm is not installed")
    package = FOLDER / "node_modules" / "axe-core"
    document = package / "package.json"
    if not document.is_file() or f'"version": "{AXE}"' not in document.read_text(encoding="utf-8"):
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(FOLDER), f"axe-core@{AXE}"]
        if subprocess.run(command, capture_output=True, check=False, timeout=300).returncode:
            absent(f"npm could not install axe-core@{AXE}")
    return (package / "axe.min.js").read_text(encoding="utf-8")


@contextmanager
def chromium() -> Iterator[Chromium]:
    """Debian's Chromium, without a window."""
    if not CHROMIUM.exists():
        absent("Debian's Chromium is not installed: apt-get install chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=SWITCHES)
        yield browser
        browser.close()


@contextmanager
def serving(region: Region) -> Iterator[None]:
    """The portal on a port of its own, whose address the region's door then knows."""
    listening = socket.create_server(("127.0.0.1", 0))
    region.door.origin = f"http://127.0.0.1:{listening.getsockname()[1]}"
    server = uvicorn.Server(uvicorn.Config(region.app(), log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listening.close()


@dataclass
class Desktop:
    """An officer at his desk. `complaints` holds what the browser had to say: blocked content, errors."""

    tab: Tab
    base: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open a page of the portal."""
        self.tab.goto(f"{self.base}/portaal{path}")

    def findings(self, axe: str) -> list[str]:
        """What axe-core finds wrong with the page that is open, a line for each element."""
        self.tab.wait_for_load_state()  # a click returns before the next page is there
        self.tab.evaluate(axe)
        found = self.tab.evaluate("levels => axe.run(document, {runOnly: {type: 'tag', values: levels}})", LEVELS)
        return [f"{rule['id']}: {node['html']}" for rule in found["violations"] for node in rule["nodes"]]


@contextmanager
def desk(chromium: Chromium, region: Region, officer: Officer, **settings: object) -> Iterator[Desktop]:
    """A fresh browser profile, signed in as that officer; `settings` are those of a browser context."""
    base = region.door.origin
    wide: Mapping[str, object] = {"viewport": {"width": 1280, "height": 900}, "locale": "nl-NL", **settings}
    context = chromium.new_context(**wide)  # type: ignore[arg-type] # the keys are settings of a context
    context.add_cookies([{"name": "sessie", "value": region.door.admit(officer), "url": base}])
    made = Desktop(tab=context.new_page(), base=base)
    made.tab.on("console", lambda line: made.complaints.append(line.text))
    made.tab.on("pageerror", lambda error: made.complaints.append(str(error)))
    yield made
    context.close()
