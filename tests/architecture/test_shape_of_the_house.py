"""The shape of the house: what may know what, and what is made where."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

FRAMEWORKS = {
    "fastapi",
    "starlette",
    "sqlmodel",
    "sqlalchemy",
    "pydantic",
    "pydantic_settings",
    "jinja2",
    "authlib",
    "joserfc",
    "cryptography",
    "httpx2",
    "httpx",
    "yaml",
    "typer",
    "uvicorn",
    "alembic",
    "psycopg",
    "rich",
}  # fmt: skip - a list
MAKERS = {
    "Decision": {"core/decision.py"},
    "Disclosure": {"core/disclosure.py"},
    "Receipt": {"ledger/sequencer.py", "ledger/reading.py"},  # after COMMIT, and again from what was committed
    "Bundle": {"flows/recording.py"},
}


@pytest.fixture(scope="session")
def source(checkout: Path) -> Path:
    return checkout / "src" / "sluis"


def trees(source: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(source.rglob("*.py")):
        yield path.relative_to(source).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def modules_after(statement: str) -> set[str]:
    """What a fresh interpreter has loaded after that import."""
    program = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", ["sluis.flows.share", "sluis.core.decision", "sluis.ports.services", "sluis.flows.review"])
def test_the_sentence_of_the_product_loads_no_framework(module: str) -> None:
    loaded = {name.partition(".")[0] for name in modules_after(f"import {module}")}
    assert loaded & FRAMEWORKS == set()


def test_the_core_loads_the_standard_library_and_nothing_else(source: Path) -> None:
    names = [path.stem for path in sorted((source / "core").glob("*.py"))]
    loaded = modules_after("\n".join(f"import sluis.core.{name}" for name in names if name != "__init__"))
    assert {"asyncio", "socket", "sqlite3", "subprocess", "secrets", "random", "logging"} & loaded == set()
    roots = {name.partition(".")[0] for name in loaded if not name.startswith("_")}
    # `-c` and the editable install load a few of their own before the first line runs.
    assert roots - set(sys.stdlib_module_names) - {"sluis", *(n.partition(".")[0] for n in modules_after("pass"))} == set()


@pytest.mark.parametrize("name", MAKERS)
def test_each_kind_of_evidence_is_made_in_one_place(source: Path, name: str) -> None:
    made = {
        path
        for path, tree in trees(source)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == name
    }
    assert made == MAKERS[name]


def test_imports_point_inwards(checkout: Path) -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=checkout, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout


def test_no_test_patches_what_it_tests(checkout: Path) -> None:
    words = re.compile(r"\bimport mo[c]k\b|unittest.mo[c]k|mo[c]ker|monkeypatc[h]")
    found = [path.name for path in (checkout / "tests").rglob("*.py") if words.search(path.read_text(encoding="utf-8"))]
    assert found == []
