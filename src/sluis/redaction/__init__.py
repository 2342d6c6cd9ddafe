"""The redactor of Dutch free text (`docs/redaction.md`).

`load()` gives the redactor of the port; `spans()` is the short way for a program that only asks what would be replaced.
"""

from __future__ import annotations

from collections.abc import Iterable

from sluis.core.record import Known
from sluis.redaction.categories import passages
from sluis.redaction.engine import LexiconRedactor, load

__all__ = ["LexiconRedactor", "load", "passages", "spans"]


def spans(text: str, known: Iterable[tuple[str, str]] = ()) -> list[tuple[int, int, str]]:
    """What `mask` would replace in one text: start, end, type."""
    values = [Known(type=kind, value=value) for kind, value in known]
    return [(s.start, s.end, s.type) for s in load().spans([text], values)[0]]


def strict_spans(text: str, known: Iterable[tuple[str, str]] = ()) -> list[tuple[int, int, str]]:
    """What `strict` would replace in one text."""
    values = [Known(type=kind, value=value) for kind, value in known]
    return [(s.start, s.end, s.type) for s in load().spans([text], values, strict=True)[0]]


def categories(text: str) -> list[tuple[int, int, str]]:
    """The passages of a text that hold a special category: start, end, code."""
    return [(p.start, p.end, p.code) for p in passages(text)]
