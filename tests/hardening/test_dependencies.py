"""What we are built on: locked to the byte, under licences that a public body can take, and no more than we say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from world.people import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ROWS = re.split(r"\n(?=\S)", "\n".join(line for line in LOCK.splitlines() if not line.lstrip().startswith("#")))
COPYLEFT = re.compile(r"(?<![LM])\b(A?GPL|AFFERO|SSPL|BUSL|COMMONS CLAUSE)", re.IGNORECASE)


def project() -> dict[str, list[str]]:
    found: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def runtime() -> Iterator[str]:
    """Every package that runs in production: those of pyproject.toml and all that they need, here."""
    left = [Requirement(text) for text in project()["dependencies"]]
    seen: set[tuple[str, frozenset[str]]] = set()
    while left:
        one = left.pop()
        key = (normal(one.name), frozenset(one.extras))
        if key in seen:
            continue
        seen.add(key)
        extras = [*one.extras, ""]
        for text in metadata.requires(one.name) or ():
            further = Requirement(text)
            if further.marker is None or any(further.marker.evaluate({"extra": extra}) for extra in extras):
                left.append(further)
    yield from sorted({name for name, _ in seen})


def test_every_line_of_the_lock_is_one_version_with_hashes() -> None:
    rows = [row for row in ROWS if row.strip() and not row.startswith("--")]
    assert len(rows) > 40
    for row in rows:
        assert re.match(r"[a-z0-9._\[\],-]+==[^\s;]+( ;[^\\]+)? \\", row), row.splitlines()[0]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", row), row.splitlines()[0]
        assert "://" not in row, "a package comes from an address"


def test_the_lock_holds_everything_that_runs_in_production() -> None:
    locked = {normal(re.split(r"[=\[ ]", row)[0]) for row in ROWS if row.strip()}
    assert set(runtime()) <= locked


def test_what_is_installed_here_is_what_is_locked() -> None:
    locked = dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", LOCK, re.MULTILINE))
    for name in runtime():
        assert metadata.version(name) == locked[name], name


@pytest.mark.parametrize("name", list(runtime()))
def test_no_package_in_production_is_under_a_licence_that_reaches_over(name: str) -> None:
    about = metadata.metadata(name)
    said = [text.partition("\n")[0] for field in ("License-Expression", "License") for text in about.get_all(field) or ()]
    said += [line for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    assert any(said), "it names no licence"
    # "MIT OR GPL" leaves the choice to us; what has no other choice is refused.
    assert not all(COPYLEFT.search(one) for one in " OR ".join(filter(None, said)).split(" OR ")), said


def test_every_package_that_we_import_is_one_that_we_name() -> None:
    named = {normal(Requirement(text).name) for text in project()["dependencies"]}
    ours = {
        word
        for path in (ROOT / "src").rglob("*.py")
        for word in re.findall(r"^(?:from|import) ([a-z_0-9]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    owners = metadata.packages_distributions()
    packages = {normal(owner) for word in ours for owner in owners.get(word, ())} - {"sluis"}
    assert packages - named <= {"starlette", "sqlalchemy"}, "these come with FastAPI and SQLModel, whose parts they are"
