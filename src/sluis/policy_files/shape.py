"""Reading nodes as what the schema asks: every deviation becomes a flaw with its place and how to mend it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from sluis.core.errors import Flaw
from sluis.policy_files.strict import Listing, Node, Table, Text


class Shape:
    """A reader that never stops at the first flaw: what cannot be read comes back empty, and is told in `flaws`."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []

    def flaw(self, where: str, what: str, mend: str = "") -> None:
        """Note a flaw."""
        self.flaws.append(Flaw(where=where, what=what, mend=mend))

    def table(self, node: Node | None, required: Collection[str], optional: Collection[str] = ()) -> Mapping[str, Node]:
        """The entries of a table with exactly these keys."""
        entries = self.open_table(node)
        where = node.where if node is not None else ""
        for key in entries:
            if key not in required and key not in optional:
                keys = node.keys if isinstance(node, Table) else {}
                self.flaw(keys.get(key, where), f"onbekende sleutel '{key}'", _near(key, [*required, *optional]))
        for key in required:
            if key not in entries and isinstance(node, Table):
                self.flaw(where, f"de sleutel '{key}' ontbreekt", "vul haar aan")
        return entries

    def open_table(self, node: Node | None) -> Mapping[str, Node]:
        """The entries of a table whose keys are checked elsewhere."""
        if node is None:
            return {}
        if not isinstance(node, Table):
            self.flaw(node.where, "hier hoort een tabel (sleutel: waarde)")
            return {}
        return node.entries

    def items(self, node: Node | None) -> tuple[Node, ...]:
        """The items of a list."""
        if node is None:
            return ()
        if not isinstance(node, Listing):
            self.flaw(node.where, "hier hoort een lijst", "zet vierkante haken om de waarde: [waarde]")
            return ()
        return node.items

    def text(self, node: Node | None, default: str = "") -> str:
        """A text."""
        if node is None:
            return default
        if not isinstance(node, Text):
            self.flaw(node.where, "hier hoort een tekst")
            return default
        if node.plain and node.value.isdigit():
            self.flaw(node.where, f"'{node.value}' is een getal", "zet er aanhalingstekens omheen")
        return node.value

    def number(self, node: Node | None) -> int:
        """A whole number, written without quotes."""
        if isinstance(node, Text) and node.plain and node.value.isdigit():
            return int(node.value)
        if node is not None:
            self.flaw(node.where, "hier hoort een geheel getal", "schrijf het zonder aanhalingstekens")
        return 0

    def truth(self, node: Node | None) -> bool:
        """`ja` or `nee`."""
        return self.word(node, ("ja", "nee"), "woord") == "ja"

    def word(self, node: Node | None, known: Collection[str], what: str) -> str:
        """One of the known words; empty when it is not."""
        value = self.text(node)
        if node is not None and isinstance(node, Text) and value not in known:
            self.flaw(node.where, f"onbekend {what} '{value}'", _near(value, known))
            return ""
        return value

    def words(self, node: Node | None, known: Collection[str], what: str) -> tuple[str, ...]:
        """A list of known words, none twice."""
        found: list[str] = []
        for item in self.items(node):
            word = self.word(item, known, what)
            if word and word in found:
                self.flaw(item.where, f"'{word}' staat er twee keer", "noem het een keer")
            elif word:
                found.append(word)
        return tuple(found)

    def texts(self, node: Node | None) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(self.text(item) for item in self.items(node))


def _near(word: str, known: Collection[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"bedoelde u '{close[0]}'?" if close else "gebruik een woord uit begrippen.yaml of de handleiding"
