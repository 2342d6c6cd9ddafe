"""`sluis policy opschalen`: to whom a kind of organisation may pass a worry on, for what, and what that takes (seed S5)."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from sluis.cli.policy_folder import AsJson, Policies, fail, opened, plain_console
from sluis.cli.policy_pilots import today
from sluis.core.scaling import WayUp, ways_up
from sluis.core.terms import Vocabulary

scaling = typer.Typer()


@scaling.command("opschalen", epilog="Voorbeeld: sluis policy opschalen wijkteam   ·   ... --doel zvh-melding")
def scale_up(
    kind: Annotated[str, typer.Argument(help="Soort organisatie die een zorg heeft, bijvoorbeeld wijkteam.")],
    policies: Policies = None,
    purpose: Annotated[str, typer.Option("--doel", help="Alleen voor dit doel.")] = "",
    as_json: AsJson = False,
) -> None:
    """Zeg bij wie een soort organisatie een zorg kan neerleggen, waarvoor, en wat daarvoor nodig is."""
    book = opened(policies).rulebook.on(today())
    if kind not in book.vocabulary.kinds:
        fail([f"geen soort organisatie '{kind}'"])
    found = [way for way in ways_up(book, kind) if purpose in {"", way.purpose.id}]
    console = plain_console()
    for way in found:
        if as_json:
            print(json.dumps(_said(way), ensure_ascii=False))
        else:
            _tell(way, book.vocabulary, console)
    if not found and not as_json:
        console.print("Geen weg: geen regel laat dit soort organisatie hiervoor iets aan een ander geven.")


def _said(way: WayUp) -> dict[str, object]:
    return {
        "doel": way.purpose.id,
        "regel": way.rule.id,
        "soorten": way.kinds,
        "gegevens": {name: precision.word for name, precision in way.rule.gives.items()},
        "nodig": [{"uitleg": one.says, "watHelpt": one.facts, "gegevens": one.categories} for one in way.needs],
        "criteria": dict(way.criteria),
    }


def _tell(way: WayUp, words: Vocabulary, console: Console) -> None:
    console.print(f"{way.purpose.title} ({way.purpose.id}; {way.purpose.law})", style="bold", markup=False)
    console.print(f"  naar    {', '.join(words.kinds[kind].title for kind in way.kinds)}", markup=False)
    given = (f"{words.categories[name].title} ({precision.word})" for name, precision in way.rule.gives.items())
    console.print(f"  wat     {', '.join(given)}", markup=False)
    for one in way.needs:
        part = "" if len(one.categories) == len(way.rule.gives) else f" [voor {', '.join(one.categories)}]"
        console.print(f"  nodig   {one.says or 'niets opent dit'}{part}", markup=False)
    for name, says in way.criteria.items():
        console.print(f"  {name}       {says}", markup=False)
