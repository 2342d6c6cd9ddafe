"""What holds for every test: no network but loopback, no settings from outside, properties that can be told again."""

from __future__ import annotations

import os
import re
import socket
import sys
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sluis.core.rules import Rulebook
from world.people import ROOT, World, rulebook

LEFTOVER = ("SLUIS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")
_ADDRESS = re.compile(r"[0-9a-fA-F.:]+")
_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

settings.register_profile("here", max_examples=60, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("gate", parent=settings.get_profile("here"), max_examples=100, derandomize=True)


def pytest_configure() -> None:
    """Before anything is collected: the gate repeats the same examples every time, and nothing of the shell's leaks in."""
    settings.load_profile("gate" if os.environ.get("CI") else "here")
    for name in [name for name in os.environ if name.startswith(LEFTOVER) and name != "SLUIS_REQUIRE_ALL"]:
        del os.environ[name]
    sys.addaudithook(_only_loopback)


def _only_loopback(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse a connection that would leave this machine. An audit hook cannot be taken off again, so no test gets around it."""
    if event != "socket.connect":
        return
    connection, address = arguments
    if not isinstance(connection, socket.socket) or connection.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    host = address[0] if isinstance(address, tuple) else ""
    if host != "localhost" and not (_ADDRESS.fullmatch(host) and ip_address(host).is_loopback):
        raise PermissionError("a test reaches for a machine that is not this one")


@pytest.fixture(scope="session")
def shipped() -> Rulebook:
    """The shipped policy set, read once."""
    return rulebook()


@pytest.fixture
def world() -> World:
    """A region in memory: the partners, their people, every keeper a fake, the shipped rules."""
    return World()


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder of this project."""
    return ROOT
