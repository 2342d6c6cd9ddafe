"""The numbers of the screening rules, from one file: read as strictly as the rules of a set, and no part of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from sluis.core.errors import PolicyFileError
from sluis.core.screening import Limits, Parameters, RuleName
from sluis.policy_files.shape import Shape
from sluis.policy_files.strict import Node, read

FILE = Path("toetsing") / "regels.yaml"
"""Where it stands in the folder of a set: below it, so that no rule about releases is read from there."""
MOST_DAYS = 90
_HOURS = 24
_KEYS: Mapping[RuleName, tuple[str, ...]] = {
    RuleName.SEARCHING: ("vragen",),
    RuleName.VOLUME: ("factor", "minstens"),
    RuleName.VOLUME_ORGANISATION: ("factor", "minstens"),
    RuleName.HOURS: ("van", "tot", "dag-en-nacht"),
    RuleName.REPEATED: ("doelen",),
    RuleName.PROBING: ("pogingen",),
    RuleName.NEW_PURPOSE: ("na-dagen",),
}


def screening(directory: Path, kinds: Collection[str]) -> Parameters:
    """The numbers of that folder; without a file those that Sluis brings. Raises `PolicyFileError` with every flaw.

    `kinds` are the kinds of organisation that may be named.
    """
    path = directory / FILE
    if not path.is_file():
        return Parameters()
    shape = Shape()
    top = shape.table(read(path, shape.flaws), (), [*_KEYS, "verleden"])
    found = _Reading(shape, {rule: shape.table(top.get(rule), (), ("aan", *keys)) for rule, keys in _KEYS.items()})
    parameters = _parameters(found, shape.table(top.get("verleden"), (), ("dagen", "minstens")), kinds)
    if parameters.opens >= parameters.closes or parameters.closes > _HOURS:
        shape.flaw(path.name, "de werktijd klopt niet", f"`van` ligt voor `tot`, en `tot` is ten hoogste {_HOURS}")
    if parameters.history > MOST_DAYS:
        shape.flaw(path.name, "zo ver kijken de regels niet terug", f"kies ten hoogste {MOST_DAYS} dagen")
    if shape.flaws:
        raise PolicyFileError(*shape.flaws)
    return parameters


class _Reading:
    """The tables of the rules, read number by number."""

    def __init__(self, shape: Shape, tables: Mapping[RuleName, Mapping[str, Node]]) -> None:
        self.shape, self.tables = shape, tables

    def number(self, table: Mapping[str, Node], key: str, usual: int, least: int = 1) -> int:
        """That number; `usual` when it is not there."""
        node = table.get(key)
        if node is None:
            return usual
        before = len(self.shape.flaws)
        value = self.shape.number(node)
        if value < least and len(self.shape.flaws) == before:
            self.shape.flaw(node.where, f"'{key}' is te laag", f"kies {least} of meer")
        return value

    def limits(self, rule: RuleName, usual: Limits) -> Limits:
        """The limits of a rule about volume."""
        table = self.tables[rule]
        return Limits(factor=self.number(table, "factor", usual.factor), least=self.number(table, "minstens", usual.least))

    def on(self) -> frozenset[RuleName]:
        """The rules that are on; one of which nothing is said is."""
        return frozenset(rule for rule, table in self.tables.items() if "aan" not in table or self.shape.truth(table["aan"]))


def _parameters(found: _Reading, past: Mapping[str, Node], kinds: Collection[str]) -> Parameters:
    usual, tables = Parameters(), found.tables
    hours = tables[RuleName.HOURS]
    return Parameters(
        rules=found.on(),
        searches=found.number(tables[RuleName.SEARCHING], "vragen", usual.searches, 2),
        user=found.limits(RuleName.VOLUME, usual.user),
        organisation=found.limits(RuleName.VOLUME_ORGANISATION, usual.organisation),
        history=found.number(past, "dagen", usual.history),
        least_days=found.number(past, "minstens", usual.least_days),
        opens=found.number(hours, "van", usual.opens, 0),
        closes=found.number(hours, "tot", usual.closes),
        day_and_night=frozenset(found.shape.words(hours.get("dag-en-nacht"), kinds, "soort")),
        purposes=found.number(tables[RuleName.REPEATED], "doelen", usual.purposes, 2),
        attempts=found.number(tables[RuleName.PROBING], "pogingen", usual.attempts, 2),
        settled=found.number(tables[RuleName.NEW_PURPOSE], "na-dagen", usual.settled, 0),
    )
