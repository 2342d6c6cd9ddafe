"""Print the part of requirements.lock that one list of pyproject.toml needs, hashes and all: one lock, no second file to forget.

    python deploy/locked.py runtime    what a broker needs
    python deploy/locked.py build      what making the wheel needs

The lock's own `# via` lines say who needs what. Reads both files from the current folder; standard library only.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_ENTRY = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==", re.MULTILINE)


def entries(lock: str) -> dict[str, str]:
    """Each entry of the lock by the name of its package: version, hashes and the comment on who needs it."""
    starts = [found.start() for found in _ENTRY.finditer(lock)]
    texts = [lock[start:end] for start, end in zip(starts, [*starts[1:], len(lock)], strict=True)]
    return {normal(text): text for text in texts}


def normal(requirement: str) -> str:
    """The name of a requirement as PyPI compares names: `Foo.Bar[extra]>=1` is `foo-bar`."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^A-Za-z0-9._-]", requirement, maxsplit=1)[0]).lower()


def needed(lock: dict[str, str], roots: set[str]) -> list[str]:
    """The names of those roots and of all they need, in the order of the lock. Raises `SystemExit` for an unlocked root."""
    missing = roots - lock.keys()
    if missing:
        raise SystemExit(f"not in requirements.lock: {', '.join(sorted(missing))}")
    parents = {name: set(re.findall(r"#(?: via)? +([A-Za-z0-9._-]+)$", text, re.MULTILINE)) for name, text in lock.items()}
    found = set(roots)
    while grown := {name for name in lock.keys() - found if parents[name] & found}:
        found |= grown
    return [name for name in lock if name in found]


def main(asked: str) -> None:
    """Print the entries for `runtime` or `build`."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = {"runtime": project["dependencies"], "build": project["optional-dependencies"]["build"]}
    lock = entries(Path("requirements.lock").read_text(encoding="utf-8"))
    for name in needed(lock, {normal(one) for one in lists[asked]}):
        sys.stdout.write(lock[name])


if __name__ == "__main__":
    main(sys.argv[1])
