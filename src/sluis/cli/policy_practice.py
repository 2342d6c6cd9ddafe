"""`sluis policy oefen`: practise on invented cases, without a person, a broker or a record (seed S12)."""

from __future__ import annotations

import json
from textwrap import fill
from typing import Annotated

import typer
from rich.console import Console

from sluis.cli.policy_folder import AsJson, Policies, fail, opened, plain_console
from sluis.cli.policy_pilots import today
from sluis.core.decision import decide
from sluis.core.errors import PolicyFileError
from sluis.core.verdict import Decision, Outcome
from sluis.policy_files.practice import Exercise, exercises

practice = typer.Typer()
KEYS = {"v": Outcome.VERSTREKKEN, "m": Outcome.VOORLEGGEN, "w": Outcome.WEIGEREN}
"""What one types. Said beforehand: (v)erstrekken, een (m)ens beslist eerst, (w)eigeren."""
ASK = "Wat denkt u: (v)erstrekken, een (m)ens beslist eerst, of (w)eigeren?"
WORDS = {
    Outcome.VERSTREKKEN: "er wordt verstrekt",
    Outcome.VOORLEGGEN: "eerst beslist een mens",
    Outcome.WEIGEREN: "er wordt niets verstrekt",
}
_WIDTH = 100


@practice.command("oefen", epilog="Voorbeeld: sluis policy oefen   ·   sluis policy oefen spoed   ·   ... --antwoorden")
def practise(
    name: Annotated[str, typer.Argument(help="Id van een oefening; zonder id alle, een voor een.")] = "",
    policies: Policies = None,
    answers: Annotated[bool, typer.Option("--antwoorden", help="Toon meteen wat de regels zeggen; vraag niets.")] = False,
    as_json: AsJson = False,
) -> None:
    """Oefen met verzonnen casussen: wat mag, en waarom? Er gaat niets naar een makelaar en er wordt niets bewaard."""
    found = opened(policies)
    book = found.rulebook.on(today())
    try:
        cases = [one for one in exercises(found.directory, book.vocabulary) if name in {"", one.id}]
    except PolicyFileError as error:
        fail([*map(str, error.flaws)])
    if not cases:
        fail([f"geen oefening '{name}'"])
    console, right, tried = plain_console(), 0, 0
    for number, one in enumerate(cases, 1):
        decision = decide(one.question, book)
        if as_json:
            print(json.dumps(_said(one, decision), ensure_ascii=False))
            continue
        _tell(one, f"{number}/{len(cases)}", console)
        if not answers:
            thought = _thought()
            tried += 1
            right += thought is decision.outcome
            console.print("Dat zeggen de regels ook." if thought is decision.outcome else "De regels zeggen iets anders.")
        _explain(one, decision, console)
    if tried:
        console.print(f"{right} van de {tried} zoals de regels het zeggen. Er is niets bewaard.")


def _thought() -> Outcome:
    while (said := typer.prompt(ASK, prompt_suffix=" ").strip().lower()[:1]) not in KEYS:
        typer.echo("Typ v, m of w.")
    return KEYS[said]


def _tell(one: Exercise, place: str, console: Console) -> None:
    asked = one.question
    console.print(f"\n{place}  {one.title}  ({one.id})", style="bold", markup=False)
    console.print(fill(one.story, _WIDTH), markup=False)
    console.print(f"{asked.requester} vraagt {asked.provider}, voor {asked.purpose}: {', '.join(asked.categories)}", markup=False)


def _explain(one: Exercise, decision: Decision, console: Console) -> None:
    console.print(f"→ {WORDS[decision.outcome]}", style="bold", markup=False)
    for line in _reasons(decision):
        console.print(fill(line, _WIDTH, initial_indent="  ", subsequent_indent="  "), markup=False)
    console.print(fill(f"Les: {one.lesson}", _WIDTH), markup=False)


def _reasons(decision: Decision) -> list[str]:
    found = [f"{name}: {permit.precision.word}, door {', '.join(permit.rules)}" for name, permit in decision.permitted.items()]
    found += [f"{name}: {refer.role} beslist over {', '.join(refer.facts)}" for name, refer in decision.referred.items()]
    for name, deny in decision.refused.items():
        helps = f" Wat helpt: {', '.join(deny.helps)}." if deny.helps else ""
        found.append(f"{name}: {deny.explanation}{helps}")
    return found


def _said(one: Exercise, decision: Decision) -> dict[str, object]:
    return {
        "id": one.id,
        "titel": one.title,
        "verhaal": one.story,
        "besluit": decision.outcome.value,
        "uitleg": _reasons(decision),
        "les": one.lesson,
    }
