"""The lists beside the rules: which kinds a field may name, how many people live in a postcode area.

Both are optional; without them the fields that need them are dropped (`core/precision.py`), never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from sluis.core.errors import Flaw, PolicyFileError
from sluis.policy_files.strict import Listing, Node, Table, Text, read
from sluis.ports.services import FieldTables

KINDS = Path("lijsten") / "soorten.yaml"
INHABITANTS = Path("lijsten") / "inwoners.yaml"


def load_tables(directory: Path) -> FieldTables:
    """The lists in `directory`. Raises `PolicyFileError` with every flaw found."""
    flaws: list[Flaw] = []
    kinds = {name: _words(node, flaws) for name, node in _entries(directory / KINDS, flaws).items()}
    people = {name: _number(node, flaws) for name, node in _entries(directory / INHABITANTS, flaws).items()}
    if flaws:
        raise PolicyFileError(*flaws)
    return FieldTables(kinds=MappingProxyType(kinds), inhabitants=MappingProxyType(people))


def _entries(path: Path, flaws: list[Flaw]) -> Mapping[str, Node]:
    if not path.is_file():
        return {}
    top = read(path, flaws)
    if isinstance(top, Table):
        return top.entries
    flaws.append(Flaw(where=f"{path}:1", what="dit is geen tabel", mend="schrijf per regel: sleutel: waarde"))
    return {}


def _words(node: Node, flaws: list[Flaw]) -> frozenset[str]:
    if isinstance(node, Listing) and all(isinstance(item, Text) for item in node.items):
        return frozenset(item.value for item in node.items if isinstance(item, Text))
    flaws.append(Flaw(where=node.where, what="hier hoort een lijst van woorden", mend="bijvoorbeeld [geweld, overlast]"))
    return frozenset()


def _number(node: Node, flaws: list[Flaw]) -> int:
    if isinstance(node, Text) and node.value.isascii() and node.value.isdigit():
        return int(node.value)
    flaws.append(Flaw(where=node.where, what="hier hoort een aantal inwoners", mend="een geheel getal"))
    return 0
