"""`sluis audit lessons`: what the rules on trial have taught, in counts, for whoever evaluates a pilot."""

from __future__ import annotations

import typer

from sluis.cli.audit_export import AimWord, AsJson, Data, Who, officer_of, opened, say
from sluis.flows.audit import Aim
from sluis.flows.lessons import Lesson
from sluis.flows.lessons import lessons as learnt
from sluis.flows.review import stated_aim

evaluations = typer.Typer()
"""The command of this file, to be joined to `sluis audit`."""


@evaluations.command("lessons")
def lessons(officer: Who, aim: AimWord = Aim.INTERNAL.value, data: Data = None, json_lines: AsJson = False) -> None:
    """Count what each rule on trial released, referred and refused on its days. No person, no small number."""
    with opened(data) as keepers:
        who = officer_of(officer)
        found = learnt(who, stated_aim(aim, who, keepers.services), keepers.services)
    for one in found:
        say(_line(one), as_json=json_lines)
    if not found and not json_lines:
        typer.echo("no rule of the set in force is on trial")


def _line(one: Lesson) -> dict[str, object]:
    return {
        "regel": one.rule,
        "titel": one.title,
        "doel": one.purpose,
        "van": one.pilot.since.isoformat(),
        "tot": one.pilot.until.isoformat(),
        "leervraag": one.pilot.question,
        **{word: "minder dan tien" if number is None else number for word, number in one.counts.items()},
    }
