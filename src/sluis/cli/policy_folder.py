"""What the commands of `sluis policy` share: where the set is, reading it, and how to stop when something is wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from sluis.core.errors import PolicyFileError
from sluis.policy_files import PolicySet, open_set

BAD_INPUT = 2
WIDER = 3
"""The exit status that says: something becomes wider for somebody."""

Policies = Annotated[Path | None, typer.Option("--policies", help="Map met het beleid (anders ./policies of die van Sluis).")]
AsJson = Annotated[bool, typer.Option("--json", help="Als JSON.")]


def policies_directory(given: Path | None) -> Path:
    """The folder of the set: as given, else `./policies`, else the one that came with Sluis."""
    here = Path(__file__).resolve()
    shipped = (Path("policies"), here.parents[1] / "policies", here.parents[3] / "policies")
    for candidate in shipped if given is None else (given,):
        if (candidate / "algemeen.yaml").is_file():
            return candidate
    return fail([f"geen beleid gevonden in {given or './policies'}: wijs met --policies de map aan waarin algemeen.yaml staat"])


def fail(lines: list[str]) -> NoReturn:
    """Say what is wrong on the error stream and stop with the code for bad input."""
    for line in lines:
        print(line, file=sys.stderr)
    raise typer.Exit(BAD_INPUT)


def opened(given: Path | None) -> PolicySet:
    """The set in that folder; says every flaw and stops when it cannot be read."""
    try:
        return open_set(policies_directory(given))
    except PolicyFileError as error:
        fail([*map(str, error.flaws), f"{len(error.flaws)} fouten; het beleid is niet geladen"])


def plain_console() -> Console:
    """A console that keeps lines whole when they go to a file or a pipe."""
    return Console(soft_wrap=True, highlight=False)


def written(path: Path, text: str) -> None:
    """Write a text to a file and say so."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError:
        fail([f"{path}: hier kan niet worden geschreven"])
    plain_console().print(f"geschreven: {path}", markup=False)
