"""How the demo looks on a terminal: a heading a story, a table an answer, colour where the terminal has it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import httpx2
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

Body = Mapping[str, object]


class Show:
    """Writes the story. `console` decides on width and colour."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def story(self, code: str, title: str) -> None:
        """A new story of `seeds`."""
        self.console.print()
        self.console.rule(f"[bold]{code}  {title}[/bold]", align="left")

    def say(self, text: str) -> None:
        """A line of narration."""
        self.console.print(textwrap.fill(text, 100), style="dim")

    def answer(self, who: str, question: str, given: httpx2.Response) -> Body:
        """An answer of the broker as a table: what was released, what was not and why, and its place in the log."""
        body: Body = given.json()
        colour = {201: "green", 200: "green", 202: "yellow", 403: "red"}.get(given.status_code, "red")
        self.console.print(
            Text.assemble((f"\n{who} ", "bold"), question, (f"  → {given.status_code} ", f"bold {colour}"), _outcome(body))
        )
        table = Table(show_edge=False, pad_edge=False, box=None, expand=False)
        for heading, width in (("gegeven", 28), ("wat er gebeurt", 18), ("inhoud of reden", 74)):
            table.add_column(heading, width=width, overflow="fold", style="" if width != 28 else "cyan")  # noqa: PLR2004 - the first
        for row in _rows(body):
            table.add_row(*row)
        if table.row_count:
            self.console.print(table)
        place = body.get("logboek")
        if isinstance(place, Mapping):
            self.console.print(f"[dim]logboek {place['positie']}  registratie {place['registratie']}[/dim]")
        return body

    def rows(self, title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
        """A table with those headings."""
        self.console.print(f"\n[bold]{escape(title)}[/bold]")
        table = Table(*headings, show_edge=False, pad_edge=False, box=None)
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        self.console.print(table)

    def note(self, title: str, text: str) -> None:
        """A text in a frame."""
        self.console.print(Panel(text, title=title, title_align="left", width=104))

    def done(self, text: str) -> None:
        """Something that holds."""
        self.console.print(f"[green]✓[/green] {text}")


def _outcome(body: Body) -> str:
    return str(body.get("besluit", body.get("title", "")))


def _rows(body: Body) -> list[tuple[str, str, str]]:
    rows: list[tuple[str, str, str]] = []
    bundle = body.get("bundel")
    released = bundle.get("gegevens", {}) if isinstance(bundle, Mapping) else body.get("gegevens", {})
    for category, one in _items(released):
        if isinstance(one, Mapping):
            rows.append((category, f"[green]{one['precisie']}[/green]", _content(one)))
        else:
            rows.append((category, f"[green]{one}[/green]", "mag"))
    rows += [
        (category, f"[yellow]{one['rol']}[/yellow]", "beslist eerst over: " + ", ".join(one["feiten"]))
        for category, one in _items(body.get("voorgelegd", {}))
        if isinstance(one, Mapping)
    ]
    for category, one in _items(body.get("geweigerd", {})):
        if isinstance(one, Mapping):
            helps = f" — wat helpt: {', '.join(one['watHelpt'])}" if one["watHelpt"] else ""
            rows.append((category, f"[red]{one['reden']}[/red]", escape(f"{one['uitleg']}{helps}")))
    return rows


def _items(value: object) -> list[tuple[str, object]]:
    return [(str(name), one) for name, one in value.items()] if isinstance(value, Mapping) else []


def _content(one: Mapping[str, object]) -> str:
    records = one.get("records")
    if not isinstance(records, list) or not records:
        return "bekend" if one.get("bekend") else "niets bekend"
    lines = [
        "; ".join(escape(f"{name}: {value}") for name, value in record["velden"].items())
        for record in records
        if isinstance(record, Mapping)
    ]
    return "\n".join(lines)
