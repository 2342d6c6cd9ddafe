"""The log under a killed process, a failing sync and a full disk: what was confirmed is there, what was not is not confirmed."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ledger_world import make_parts, plain

from sluis.ledger.log import open_sqlite_log

CHILD = Path(__file__).with_name("child_appender.py")
ENV = {**os.environ, "PYTHONPATH": str(CHILD.parent)}


def start(path: Path, *args: object, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    command = [*before, sys.executable, str(CHILD), str(path), *map(str, args)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENV)


def check_acknowledged(path: Path, said: str) -> int:
    """Everything that was confirmed is in a log that verifies; how many that was. A line cut off by the kill counts not."""
    log = open_sqlite_log(path, make_parts())
    acks = re.findall(r"^ack (\d+) ([0-9a-f]{32})\n", said, re.MULTILINE)
    for index, entry_id in acks:
        assert log.entry(entry_id).index == int(index)
    assert log.verify().size >= len(acks)
    assert log.append(plain()).index == log.state().size - 1
    log.close()
    return len(acks)


def kill_and_check(path: Path, runs: int, seed: int) -> int:
    chance = random.Random(seed)  # noqa: S311 - the moment of a kill is no secret
    confirmed = 0
    for _ in range(runs):
        child = start(path, chance.choice([1, 4, 16]), 100_000)
        assert child.stdout is not None
        assert child.stdout.readline() == "open\n"
        time.sleep(chance.uniform(0.0, 0.5))
        child.send_signal(signal.SIGKILL)
        said, _ = child.communicate()
        confirmed += check_acknowledged(path, said)
    return confirmed


def test_a_killed_writer_loses_nothing_that_it_confirmed(path: Path) -> None:
    assert kill_and_check(path, 5, seed=1) > 0


@pytest.mark.slow
def test_a_writer_killed_twenty_times_loses_nothing_that_it_confirmed(path: Path) -> None:
    assert kill_and_check(path, 20, seed=2) > 0


def strace() -> str:
    found = shutil.which("strace")
    if found is None:
        if os.environ.get("SLUIS_REQUIRE_ALL") == "1":
            pytest.fail("strace is required and not installed")
        pytest.skip("strace is not installed")
    return found


def failing(when: str) -> tuple[str, ...]:
    """A run in which those syncs of the process fail."""
    inject = f"inject=fdatasync,fsync:error=EIO:when={when}"
    return (strace(), "-f", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", inject)


def test_every_confirmation_follows_a_sync(path: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    tool = (strace(), "-f", "-o", str(trace), "-e", "trace=fdatasync,fsync,write")
    said, _ = start(path, 1, 30, before=tool).communicate(timeout=120)
    assert said.count("ack ") == 30
    synced, confirmed = False, 0
    for line in trace.read_text().splitlines():
        if re.search(r"\b(fdatasync|fsync)(\(|\s+resumed).*= 0$", line):
            synced = True
        elif 'write(1, "ack' in line:
            assert synced, f"confirmation {confirmed} came before its sync"
            synced, confirmed = False, confirmed + 1
    assert confirmed == 30


def test_nothing_is_confirmed_when_the_sync_fails(path: Path) -> None:
    """From some sync on, the disk of this process fails. What was confirmed before is there; after it, nothing is."""
    tool = failing("20+")
    said, _ = start(path, 1, 30, before=tool).communicate(timeout=120)
    assert said.count("refused") > 0
    assert "ack" not in said[said.index("refused") :]
    check_acknowledged(path, said)


def test_the_log_goes_on_once_the_disk_syncs_again(path: Path) -> None:
    tool = (
        strace(),
        "-f",
        "-o",
        "/dev/null",
        "-e",
        "trace=fdatasync,fsync",
        "-e",
        "inject=fdatasync,fsync:error=EIO:when=20..23",
    )
    said, _ = start(path, 1, 30, before=tool).communicate(timeout=120)
    words = [line.split()[0] for line in said.splitlines()]
    assert "refused" in words
    assert words[-1] == "ack"
    check_acknowledged(path, said)


def test_nothing_is_confirmed_when_the_disk_is_full(path: Path) -> None:
    said, _ = start(path, 1, 400, 400_000).communicate(timeout=120)
    assert said.count("refused") > 0
    assert check_acknowledged(path, said) > 0
