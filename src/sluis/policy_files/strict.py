"""YAML as a policy file may use it: tables, lists and texts, each on a line that can be named.

Laws of this file: no key twice; no anchor, alias or tag; one document; a word that another reader would take for a truth
value, a number, a date or nothing (`yes`, `1.0`, `2026-01-01`, `~`) must be quoted, or be a whole number where one belongs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from sluis.core.errors import Flaw

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_IMPLICIT = re.compile(
    r"""~|null|Null|NULL|
        yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N|true|True|TRUE|false|False|FALSE|
        [-+]?(0x[0-9a-fA-F_]+|0o?[0-7_]+|[0-9][0-9_]*(:[0-5]?[0-9])*(\.[0-9_]*)?([eE][-+]?[0-9]+)?|\.[0-9_]+)|
        [-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)|
        [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|<<|=
    """,
    re.VERBOSE,
)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text. `plain`: written without quotes."""

    where: str
    value: str
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list."""

    where: str
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, with the place of each key."""

    where: str
    entries: Mapping[str, Node]
    keys: Mapping[str, str]


Node = Text | Listing | Table


def read(path: Path, flaws: list[Flaw]) -> Node | None:
    """The content of a file as nodes; what is wrong with it goes to `flaws`. None when nothing can be made of it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        flaws.append(Flaw(where=path.name, what="het bestand is niet te lezen", mend="sla het op als gewone tekst in UTF-8"))
        return None
    return parse(text, path.name, flaws)


def parse(text: str, name: str, flaws: list[Flaw]) -> Node | None:
    """The nodes of a YAML text; `name` is the file that the flaws name."""
    try:
        events = list(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark is not None else name
        flaws.append(Flaw(where=where, what="dit is geen geldige YAML", mend="kijk naar inspringen, haakjes en aanhalingstekens"))
        return None
    if sum(isinstance(event, yaml.DocumentStartEvent) for event in events) != 1:
        flaws.append(Flaw(where=name, what="het bestand moet precies een document bevatten", mend="haal '---' weg"))
        return None
    try:
        return _Builder(name, flaws, iter(events)).document()
    except RecursionError:
        flaws.append(Flaw(where=name, what="het bestand is te diep genest", mend="gebruik minder niveaus"))
        return None


class _Builder:
    """Walks the events of one document once, from front to back."""

    def __init__(self, name: str, flaws: list[Flaw], events: Iterator[yaml.Event]) -> None:
        self._name, self._flaws, self._events = name, flaws, events

    def document(self) -> Node | None:
        """The one node of the document."""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                return self._node(next(self._events))
        return None

    def _flaw(self, where: str, what: str, mend: str) -> None:
        self._flaws.append(Flaw(where=where, what=what, mend=mend))

    def _node(self, event: yaml.Event) -> Node:
        mark = event.start_mark
        where = f"{self._name}:{mark.line + 1}" if mark is not None else self._name
        if getattr(event, "anchor", None) is not None:
            self._flaw(where, "ankers en verwijzingen (& en *) mogen niet", "schrijf de waarde uit")
        if getattr(event, "tag", None) is not None:
            self._flaw(where, "een type-aanduiding (!) mag niet", "laat haar weg")
        if isinstance(event, yaml.MappingStartEvent):
            return self._table(where)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._listing(where)
        if isinstance(event, yaml.ScalarEvent):
            return self._text(where, event)
        return Text(where=where, value="", plain=False)

    def _text(self, where: str, event: yaml.ScalarEvent) -> Text:
        plain = bool(event.implicit[0])
        if plain and not event.value:
            self._flaw(where, "hier staat niets", "vul een waarde in of haal de sleutel weg")
        elif plain and _IMPLICIT.fullmatch(event.value) and not _WHOLE.fullmatch(event.value):
            self._flaw(where, f"'{event.value}' is geen gewoon woord", "zet er aanhalingstekens omheen, of schrijf ja of nee")
        return Text(where=where, value=event.value, plain=plain)

    def _listing(self, where: str) -> Listing:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._node(event))
        return Listing(where=where, items=tuple(items))

    def _table(self, where: str) -> Table:
        entries: dict[str, Node] = {}
        keys: dict[str, str] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event)
            value = self._node(next(self._events))
            if not isinstance(key, Text):
                self._flaw(key.where, "een sleutel moet een woord zijn", "schrijf een woord voor de dubbele punt")
            elif key.value in entries:
                self._flaw(key.where, f"'{key.value}' staat er twee keer", f"de eerste staat op {keys[key.value]}; houd er een")
            else:
                entries[key.value], keys[key.value] = value, key.where
        return Table(where=where, entries=entries, keys=keys)
