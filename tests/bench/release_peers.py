"""What the release is measured against: the bare framework, and the naive broker in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2
from release_load import Call
from release_world import ASKED, POLICE, RECORDS, TOWN, Kept, await_port

from sluis.core.record import FieldValue
from sluis.demo.running import free_port

HERE = Path(__file__).parent
HOME = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "sluis-bench" / "naive"
NEEDED = ("fastapi", "sqlmodel", "uvicorn", "pyjwt[crypto]", "deduce==3.0.6")


def naive_python() -> Path | None:
    """The interpreter of an environment with what the naive broker needs; None when it cannot be made.

    It is made outside the project when there is none (minutes: deduce builds its lists once), and may be thrown away.
    """
    python = HOME / "bin" / "python"
    try:
        if not python.exists():
            venv.create(HOME, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "-q", *NEEDED], check=True, capture_output=True, timeout=240)
        ready = "import jwt, sqlmodel, uvicorn, deduce; deduce.Deduce()"
        subprocess.run([python, "-c", ready], check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError):
        return None
    return python


@contextmanager
def _served(command: Sequence[str | Path], call: Call) -> Iterator[Call]:
    """That program on a port of its own, and the call as it goes there."""
    port = free_port()
    process = subprocess.Popen([str(part) if part != "PORT" else str(port) for part in command])
    try:
        await_port(process, port)
        mine = replace(call, url=f"http://127.0.0.1:{port}/v1/verzoeken")
        given = httpx2.post(mine.url, content=mine.bodies[0], headers=mine.headers, timeout=30)
        if not given.is_success:
            raise RuntimeError(f"the peer answers {given.status_code}: {given.text[:300]}")
        yield mine
    finally:
        process.terminate()
        process.wait(timeout=20)


@contextmanager
def echo(folder: Path, call: Call, answer: bytes) -> Iterator[Call]:
    """The bare framework, with an answer of that size, under the same call: the headers that it does not look at included."""
    (folder / "answer.json").write_bytes(answer)
    with _served([sys.executable, HERE / "release_echo.py", "PORT", folder / "answer.json"], call) as mine:
        yield mine


@contextmanager
def naive(python: Path, world: Path, call: Call, *, texted: bool) -> Iterator[Call]:
    """The naive broker, with or without redaction of text."""
    with _served([python, HERE / "release_naive.py", "PORT", world, *(["deduce"] if texted else [])], call) as mine:
        yield mine


def naive_world(folder: Path, kept: Kept, broker: str) -> Path:
    """The file with what the naive broker serves: the same case, records and token keys."""
    records: dict[str, dict[str, FieldValue]] = {name: dict(fields) for name, fields in RECORDS.items()}
    world = {
        "jwks": httpx2.get(f"{broker}/oauth2/jwks").json(),
        "partners": {POLICE: "politie", TOWN: "college"},
        "case": kept.cases[0],
        "provider": TOWN,
        "records": records,
        "given": ASKED[:-1],
    }
    path = folder / "naive.json"
    path.write_text(json.dumps(world), encoding="utf-8")
    return path
