"""Short closed lists of words that the rules need, by name, from `data/context/words.txt`."""

from __future__ import annotations

from functools import cache
from importlib import resources


def source() -> bytes:
    """The file as it is shipped, for the hash of the lists."""
    return (resources.files("sluis.redaction") / "data" / "context" / "words.txt").read_bytes()


@cache
def _every() -> dict[str, frozenset[str]]:
    text = source().decode()
    found: dict[str, frozenset[str]] = {}
    for block in text.split("\n\n"):
        name, _, listed = block.strip().partition(":")
        if not name.startswith("#"):
            found[name] = frozenset(listed.split())
    return found


def words(name: str) -> frozenset[str]:
    """The list of that name, folded words. Raises KeyError when there is none."""
    return _every()[name]
