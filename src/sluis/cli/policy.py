"""`sluis policy`: decide questions, check a set of policy files, explain its rules."""

from __future__ import annotations

import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sluis.cli.policy_folder import Policies, fail, opened
from sluis.cli.policy_page import page
from sluis.cli.policy_papers import papers
from sluis.cli.policy_pilots import pilot_lines, today
from sluis.cli.policy_practice import practice
from sluis.cli.policy_release import release
from sluis.cli.policy_tools import tools
from sluis.cli.policy_up import scaling
from sluis.core.decision import decide
from sluis.core.errors import BadInput
from sluis.core.explain import pilot_sentence, sentence
from sluis.core.matrix import matrix
from sluis.core.plan import shared_with
from sluis.core.rules import Rulebook
from sluis.core.verdict import Decision
from sluis.policy_files.coverage import untried
from sluis.policy_files.examples import run
from sluis.policy_files.questions import Item, read_items

app = typer.Typer(help="Beleid: beslissen, controleren, uitleggen.", no_args_is_help=True)
app.add_typer(tools)
app.add_typer(papers)
app.add_typer(practice)
app.add_typer(scaling)
app.add_typer(release)


@app.callback()
def policy() -> None:
    """Beleid: beslissen, controleren, uitleggen."""


@app.command("decide")
def decide_command(
    file: Annotated[str, typer.Argument(help="YAML met een lijst van vragen (id, vraag); - leest de standaardinvoer.")],
    policies: Policies = None,
    as_json: Annotated[bool, typer.Option("--json", help="Een JSON-object per regel.")] = False,
) -> None:
    """Beslis over elke vraag in FILE, zoals het beleid vandaag is. Geeft 0 als over alles is beslist, 2 bij onjuiste invoer."""
    book = opened(policies).rulebook.on(today())
    for item in _items(file, book):
        decision = decide(item.question, book)
        if as_json:
            print(json.dumps(answer(item.id, decision), ensure_ascii=False))
        else:
            _show(item, decision)


def _items(file: str, book: Rulebook) -> tuple[Item, ...]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        return read_items(text, book.vocabulary)
    except (OSError, UnicodeDecodeError):
        fail([f"{file}: dit bestand is niet te lezen"])
    except BadInput as error:
        fail([f"{file}: {flaw}" for flaw in error.flaws])


def answer(name: str, decision: Decision) -> dict[str, object]:
    """The answer on one question, as the contract of `decide --json` has it."""
    return {
        "id": name,
        "besluit": decision.outcome.value,
        "gegevens": {category: permit.precision.word for category, permit in decision.permitted.items()},
        "geweigerd": {
            category: {"reden": deny.reason.value, "uitleg": deny.explanation, "wat_helpt": list(deny.helps)}
            for category, deny in decision.refused.items()
        },
        "voorleggen": {category: refer.role for category, refer in decision.referred.items()},
        "plichten": list(decision.duties),
        "regels": list(decision.rules),
        "beleid": decision.policy,
    }


def _show(item: Item, decision: Decision) -> None:
    asked = item.question
    title = f"{escape(item.id)}: {asked.requester} ontvangt van {asked.provider} voor {asked.purpose} → {decision.outcome.value}"
    table = Table(title=title, title_justify="left", show_lines=True)
    for column in ("gegeven", "besluit", "waarom", "wat helpt"):
        table.add_column(column)
    for category, permit in decision.permitted.items():
        table.add_row(category, f"[green]{permit.precision.word}[/]", f"regel {', '.join(permit.rules)}", "")
    for category, refer in decision.referred.items():
        table.add_row(category, "[yellow]voorleggen[/]", f"oordeel van: {refer.role}", ", ".join(refer.facts))
    for category, deny in decision.refused.items():
        table.add_row(category, f"[red]{deny.reason.value}[/]", escape(deny.explanation), "; ".join(deny.helps) or "niets")
    console = Console()
    console.print(table)
    console.print(f"plichten: {', '.join(decision.duties) or 'geen'}\n")


@app.command()
def check(
    policies: Policies = None,
    propose: Annotated[bool, typer.Option("--voorstel", help="Toon de voorbeelden die nog ontbreken.")] = False,
) -> None:
    """Controleer de beleidsbestanden. Geeft 0 als alles klopt, 2 als er fouten zijn."""
    found = opened(policies)
    book = found.rulebook
    shown = [example for several in found.examples.values() for example in several]
    tries = [one for example in shown for one in example.tries]
    wrong = [f"{one.where}: {what}" for one in tries for what in run(one, book)]
    if wrong:
        fail([*wrong, f"{len(wrong)} voorbeelden komen anders uit"])
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"{len(book.rules)} regels en {len(tries)} voorbeelden, geen fouten; {book.policy}")
    for line in pilot_lines(book, today()):
        console.print(line, markup=False)
    missing = untried(book, tuple(shown))
    for rule, rows in groupby(missing if propose else (), key=lambda probe: probe.rule):
        console.print(f"{rule}: voeg onder 'maar' toe", style="bold")
        for row in rows:
            console.print(row.line(), markup=False)
    if missing and not propose:
        console.print(f"{len(missing)} voorwaarden zijn nog met geen voorbeeld geprobeerd; --voorstel toont ze")


@app.command()
def explain(
    rule: Annotated[str, typer.Argument(help="Id van een regel; zonder id alle regels.")] = "",
    policies: Policies = None,
    purpose: Annotated[str, typer.Option("--doel", help="Alleen de regels van dit doel.")] = "",
    english: Annotated[bool, typer.Option("--en", help="In English.")] = False,
    as_matrix: Annotated[bool, typer.Option("--matrix", help="Toon bij --doel wie van wie wat kan krijgen.")] = False,
) -> None:
    """Zeg in een gewone zin wat een regel toestaat."""
    book = opened(policies).rulebook
    if as_matrix:
        _show_matrix(book, purpose)
        return
    found = [r for r in book.rules if rule in ("", r.id) and purpose in ("", r.purpose)]
    if not found:
        fail([f"geen regel gevonden voor '{rule or purpose}'"])
    console = Console()
    for one in found:
        console.print(one.id, style="bold")
        console.print(sentence(one, book.vocabulary, english=english), markup=False)
        if one.pilot is not None:
            console.print(f"  {pilot_sentence(one.id, one.pilot, english=english)}", markup=False)
        for part in shared_with(book, one):
            console.print(f"  + {part.title}", markup=False)
        asked = book.vocabulary.purposes[one.purpose]
        console.print(f"  {'; '.join(one.grounds)}", markup=False)
        ends = f"  Bewaren: {one.retention or asked.retention}. Doorgeven: {one.onward or asked.onward}.\n"
        console.print(ends, markup=False)


@app.command("page")
def page_command(
    policies: Policies = None,
    purposes: Annotated[list[str] | None, typer.Option("--doel", help="Alleen dit doel; mag vaker.")] = None,
) -> None:
    """Schrijf het beleid als HTML: per doel wie van wie wat kan krijgen, en elke regel in een zin."""
    book = opened(policies).rulebook
    if unknown := sorted(set(purposes or ()) - book.opened):
        fail([f"geen stromen voor het doel '{name}'" for name in unknown])
    print(page(book, purposes or ()), end="")


def _show_matrix(book: Rulebook, purpose: str) -> None:
    cells = matrix(book, purpose)
    if not cells:
        fail([f"geen stromen voor het doel '{purpose}'; noem er een met --doel"])
    table = Table(title=f"{purpose}: {book.vocabulary.purposes[purpose].title}", title_justify="left", show_lines=True)
    for column in ("van", "aan", "hoogstens", "onder de voorwaarden van"):
        table.add_column(column)
    for cell in cells:
        gives = "\n".join(f"{category}: {precision.word}" for category, precision in cell.gives.items())
        table.add_row(", ".join(cell.providers), ", ".join(cell.requesters), gives, "\n".join(cell.rules))
    Console().print(table)
