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
from sluis.redaction import LexiconRedactor, load

_RED, _GREEN, _PLAIN = "\x1b[9;31m", "\x1b[1;32m", "\x1b[0m"


def redact(
    file: Annotated[Path | None, typer.Argument(help="A text file (UTF-8); `-` reads standard input.")] = None,
    *,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="JSON Lines in, spans and categories out.")] = False,
    mode: Annotated[TextMode, typer.Option("--mode", help="mask or strict.")] = TextMode.MASK,
    known: Annotated[list[str] | None, typer.Option("--known", help="TYPE=value that the case file knows; repeatable.")] = None,
) -> None:
    """Show what Sluis takes out of Dutch free text."""
    redactor = load()
    if jsonl:
        for line in sys.stdin:
            if line.strip():
                sys.stdout.write(answer(redactor, line, mode) + "\n")
        return
    if file is None:
        raise typer.BadParameter("give a file, or --jsonl")
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8", errors="surrogateescape")
    values = [Known(type=kind, value=value) for kind, _, value in (item.partition("=") for item in known or [])]
    sys.stdout.write(before_and_after(redactor, text, values, mode))


def answer(redactor: LexiconRedactor, line: str, mode: TextMode) -> str:
    """The answer to one line of the JSON Lines contract."""
    asked = json.loads(line)
    values = [Known(type=kind, value=value) for kind, value in asked.get("known", ())]
    spans = redactor.spans([asked["text"]], values, strict=mode is not TextMode.MASK)[0]
    return json.dumps({"id": asked["id"], "spans": [[s.start, s.end, s.type] for s in spans]})


def before_and_after(redactor: LexiconRedactor, text: str, known: list[Known], mode: TextMode) -> str:
    """The text with what goes struck out, then the text as it would leave."""
    spans = redactor.spans([text], known, strict=mode is not TextMode.MASK)[0]
    shown, at = [], 0
    for span in spans:
        shown += [text[at : span.start], _RED, text[span.start : span.end], _PLAIN]
        at = span.end
    shown.append(text[at:])
    after = redactor.propose([text], known, os.urandom(16), strict=mode is not TextMode.MASK)[0]
    marked, at = [], 0
    for start, end, _ in after.marks:
        marked += [after.text[at:start], _GREEN, after.text[start:end], _PLAIN]
        at = end
    marked.append(after.text[at:])
    return "".join(shown).rstrip("\n") + "\n\n" + "".join(marked).rstrip("\n") + "\n"
