"""`sluis redact`: what the redactor takes out of a text, for a program (`--jsonl`) or a person (a file, before and after)."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from sluis.core.record import Known
from sluis.core.verdict import TextMode
from sluis.redaction import LexiconRedactor, categories, load

_RED, _GREEN, _PLAIN = "\x1b[9;31m", "\x1b[1;32m", "\x1b[0m"


def redact(
    file: Annotated[Path | None, typer.Argument(help="A text file (UTF-8); `-` reads standard input.")] = None,
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="JSON Lines in, spans and categories out.")] = False,
    mode: Annotated[TextMode, typer.Option("--mode", help="mask or strict.")] = TextMode.MASK,
    known: Annotated[list[str] | None, typer.Option("--known", help="TYPE=value that the case file knows; repeatable.")] = None,
) -> None:
    """Show what Sluis takes out of Dutch free text."""
    if mode not in (TextMode.MASK, TextMode.STRICT):
        raise typer.BadParameter("only `mask` and `strict` release a text", param_hint="--mode")
    redactor = load()
    if jsonl:
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]  # a text stream at the command line
        for line in sys.stdin:
            if line.strip():
                sys.stdout.write(answer(redactor, line, mode) + "\n")
        return
    if file is None:
        raise typer.BadParameter("give a file, or --jsonl")
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8", errors="replace")
    values = [Known(type=kind, value=value) for kind, _, value in (item.partition("=") for item in known or [])]
    sys.stdout.write(before_and_after(redactor, text, values, mode))


def answer(redactor: LexiconRedactor, line: str, mode: TextMode) -> str:
    """The answer to one line of the JSON Lines contract."""
    asked = json.loads(line)
    values = [Known(type=kind, value=value) for kind, value in asked.get("known", ())]
    spans = redactor.spans([asked["text"]], values, strict=mode is TextMode.STRICT)[0]
    return json.dumps({"id": asked["id"], "spans": [[s.start, s.end, s.type] for s in spans], "cats": categories(asked["text"])})


def before_and_after(redactor: LexiconRedactor, text: str, known: list[Known], mode: TextMode) -> str:
    """The text with what goes struck out, then the text as it would leave."""
    spans = redactor.spans([text], known, strict=mode is TextMode.STRICT)[0]
    after = redactor.redact([text], known, mode, os.urandom(16))[0]
    before = _coloured(text, [(s.start, s.end) for s in spans], _RED)
    return before + "\n\n" + _coloured(after.text, [(start, end) for start, end, _ in after.marks], _GREEN) + "\n"


def _coloured(text: str, pieces: list[tuple[int, int]], colour: str) -> str:
    out, at = [], 0
    for start, end in pieces:
        out += [text[at:start], colour, text[start:end], _PLAIN]
        at = end
    return "".join([*out, text[at:]]).rstrip("\n")
