"""Reads `proef`: a rule on trial, with its days and the question it is to answer."""

from __future__ import annotations

from datetime import date, timedelta

from sluis.core.rules import Pilot
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import Node

LONGEST = timedelta(days=2 * 366)
"""What lasts longer is no trial any more."""
_NO_DAY = date(1, 1, 1)


def pilot(node: Node | None, shape: Shape) -> Pilot | None:
    """`{van: "2027-01-01", tot: "2027-07-01", leervraag: "..."}`; on the day of `tot` it is over. Flaws go to `shape`."""
    if node is None:
        return None
    fields = shape.table(node, ("van", "tot", "leervraag"))
    since, until = _day(fields.get("van"), shape), _day(fields.get("tot"), shape)
    question = shape.text(fields.get("leervraag")).strip()
    if until <= since != _NO_DAY:
        shape.flaw(node.where, "de proef eindigt niet na zijn begin", "zet tot later dan van")
    if _NO_DAY not in {since, until} and until - since > LONGEST:
        shape.flaw(node.where, "de proef duurt langer dan twee jaar", "kort haar in, of maak er een gewone regel van")
    if "leervraag" in fields and not question.endswith("?"):
        shape.flaw(fields["leervraag"].where, "dit is geen vraag", "schrijf wat de proef moet leren, met een vraagteken")
    return Pilot(since=since, until=until, question=question)


def _day(node: Node | None, shape: Shape) -> date:
    text = shape.text(node)
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = _NO_DAY
    if found.isoformat() == text != _NO_DAY.isoformat():
        return found
    if node is not None:
        shape.flaw(node.where, f"'{text}' is geen dag", 'schrijf jjjj-mm-dd tussen aanhalingstekens, bijvoorbeeld "2027-01-01"')
    return _NO_DAY
