"""`sluis policy register` and `new`: the papers that follow from a set, and a domain to start from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sluis.cli.policy_folder import Policies, fail, opened, plain_console, written
from sluis.core.errors import BadInput
from sluis.exports.document import Form, rendered
from sluis.exports.register import annex, register
from sluis.policy_files.scaffold import Wanted, scaffold

papers = typer.Typer()


class Paper(StrEnum):
    """Which paper."""

    REGISTER = "register"
    BIJLAGE = "bijlage"


@papers.command("register", epilog="Voorbeeld: sluis policy register --naar register.html   ·   ... --stuk bijlage > bijlage.md")
def register_command(
    policies: Policies = None,
    paper: Annotated[
        Paper, typer.Option("--stuk", help="Het register van AVG 30, of de bijlage bij DPIA en convenant.")
    ] = Paper.REGISTER,
    to: Annotated[Path | None, typer.Option("--naar", help="Bestand; .html geeft een webpagina, anders Markdown.")] = None,
) -> None:
    """Maak het register van verwerkingsactiviteiten (AVG 30) of de bijlage bij DPIA en convenant uit het beleid."""
    book = opened(policies).rulebook
    document = register(book) if paper is Paper.REGISTER else annex(book)
    form = Form.HTML if to is not None and to.suffix.lower() in {".html", ".htm"} else Form.MARKDOWN
    text = rendered(document, form)
    if to is None:
        print(text)
    else:
        written(to, text)


@papers.command("new", epilog="Voorbeeld: sluis policy new brandweer --van brandweer --aan burgemeester --doel openbare-orde")
def new_command(
    domain: Annotated[str, typer.Argument(help="Naam van het nieuwe domein, en van zijn bestand.")],
    providers: Annotated[list[str], typer.Option("--van", help="Wie verstrekt: een soort of groep; mag vaker.")],
    requesters: Annotated[list[str], typer.Option("--aan", help="Wie ontvangt: een soort of groep; mag vaker.")],
    purpose: Annotated[str, typer.Option("--doel", help="Het doel van de eerste regel.")] = "zvh-casus",
    category: Annotated[str, typer.Option("--gegeven", help="Het gegeven van de eerste regel.")] = "contact.professional",
    policies: Policies = None,
) -> None:
    """Begin een nieuw domein: een bestand met een regel, en een met haar voorbeelden, die samen de controle doorstaan."""
    wanted = Wanted(name=domain, providers=providers, requesters=requesters, purpose=purpose, category=category)
    try:
        made = scaffold(opened(policies), wanted)
    except BadInput as error:
        fail([*map(str, error.flaws), "er is niets geschreven"])
    for path in made:
        plain_console().print(f"geschreven: {path}", markup=False)
