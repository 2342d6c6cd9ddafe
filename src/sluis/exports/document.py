"""A document of headings, facts and tables, as Markdown or as one HTML page that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from jinja2 import Environment, PackageLoader, StrictUndefined


class Form(StrEnum):
    """How a document is written."""

    MARKDOWN = "md"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: every row has as many texts as the head."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part: what is said of what (`facts`), then tables."""

    id: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    grids: tuple[Grid, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The whole: `notes` stand above the parts."""

    title: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]


_HTML = Environment(
    loader=PackageLoader("sluis.exports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_MARKDOWN = str.maketrans({character: f"\\{character}" for character in "|*_<>[]`"} | {"\n": " "})


def rendered(document: Document, form: Form) -> str:
    """The document in that form."""
    return _HTML.get_template("document.html").render(document=document) if form is Form.HTML else _markdown(document)


def _markdown(document: Document) -> str:
    lines = [f"# {_escaped(document.title)}", ""]
    for note in document.notes:
        lines += [_escaped(note), ""]
    for section in document.sections:
        lines += [f"## {_escaped(section.title)}", ""]
        lines += [f"* **{_escaped(label)}**: {_escaped(text)}" for label, text in section.facts]
        for grid in section.grids:
            lines += ["", f"### {_escaped(grid.title)}", "", _row(grid.head), "|" + "---|" * len(grid.head)]
            lines += [_row(row) for row in grid.rows]
        lines.append("")
    return "\n".join(lines)


def _row(texts: tuple[str, ...]) -> str:
    return "| " + " | ".join(map(_escaped, texts)) + " |"


def _escaped(text: str) -> str:
    return text.translate(_MARKDOWN)
