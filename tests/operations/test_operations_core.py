"""A broker that is told so stays on one core, with all its threads; a core that is not there stops the start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from world.broker import running

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux can keep a process on a core")


def test_every_thread_of_a_broker_stays_on_the_core_it_is_given(tmp_path: Path) -> None:
    core = min(os.sched_getaffinity(0))
    with running(tmp_path, SLUIS_CORE=str(core)) as process:
        tasks = [int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()]
        assert len(tasks) > 1
        assert {frozenset(os.sched_getaffinity(task)) for task in tasks} == {frozenset({core})}


def test_a_core_that_is_not_there_stops_the_start_with_a_word_about_the_setting(tmp_path: Path) -> None:
    environ = {**os.environ, "SLUIS_MODE": "demo", "SLUIS_CORE": "4095", "SLUIS_DATA": str(tmp_path)}
    ended = subprocess.run([sys.executable, "-m", "sluis", "serve"], env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "SLUIS_CORE" in ended.stderr
    assert "Traceback" not in ended.stderr
