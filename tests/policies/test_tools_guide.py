"""The privacy officer's guide: every command in it, run as it stands, in order, in a folder of its own."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from sluis.cli import program

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "fg" / "beleid-wijzigen.md"
FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
RUN = CliRunner()


@dataclass(frozen=True)
class Block:
    """A fenced part of the guide."""

    kind: str
    note: str
    text: str


def blocks() -> Iterator[Block]:
    for kind, note, text in FENCE.findall(GUIDE.read_text(encoding="utf-8")):
        yield Block(kind, note.strip(), text)


def run(line: str, expected: int) -> str:
    words = shlex.split(line.removeprefix("$ "))
    if words[:2] == ["cp", "-r"]:
        shutil.copytree(words[2], words[3])
        return ""
    assert words[0] == "sluis"
    done = RUN.invoke(program(words[1:]), words[1:])
    assert done.exit_code == expected, f"{line}\n{done.output}"
    return done.output


def followed() -> str:
    """Everything that the guide prints, followed from top to bottom in this folder."""
    trusted: list[str] = []
    said: dict[str, str] = {}
    for block in blocks():
        if block.note.startswith("bestand="):
            Path(block.note.removeprefix("bestand=")).write_text(block.text, encoding="utf-8")
            continue
        assert block.kind == "console", f"a fence that is neither a file nor commands: {block.kind}"
        expected = int(block.note.removeprefix("status=") or 0)
        for line in block.text.splitlines():
            said[line] = run(line, expected)
            trusted += [found for found in said[line].splitlines() if found.startswith("  - {naam:")]
            # What the guide asks of the operator: the people who may sign, in a file outside the set.
            Path("ondertekenaars.yaml").write_text("\n".join(["ondertekenaars:", *trusted, ""]), encoding="utf-8")
    return "\n".join(said.values())


def test_every_command_of_the_guide_does_what_it_says(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "policies", tmp_path / "policies")
    with chdir(tmp_path):
        told = followed()
    for expected_text in (
        "verstrekker-betrokken",
        "ruimer contact.professional",
        "0 daarvan anders",
        "A. de Wit, B. Smit; geldt",
    ):
        assert expected_text in told, expected_text


def test_every_sluis_command_named_in_the_text_exists() -> None:
    named = set(re.findall(r"sluis policy ([a-z]+)", GUIDE.read_text(encoding="utf-8")))
    assert named >= {"who", "explain", "decide", "new", "check", "diff", "replay", "key", "sign", "verify", "register"}
    for command in named:
        assert RUN.invoke(program(["policy"]), ["policy", command, "--help"]).exit_code == 0
