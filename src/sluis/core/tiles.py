"""Tiles and entry bundles: where C2SP's tlog-tiles puts the hashes and entries of a log. Pure paths and bytes.

A tile of level L and number N holds up to 256 hashes; hash i is the complete subtree (8·L, 256·N + i) of `merkle`.
A tile that is not full has a path that ends in `.p/` and its width, and is never hashed upwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sluis.core.errors import BadInput, Flaw
from sluis.core.merkle import NodeId

FULL = 256
ENTRIES = -1
"""The level that stands for entry bundles: as wide as level 0, with entries for hashes."""

_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its level (`ENTRIES` for a bundle), its number, and how many of its 256 places are filled."""

    level: int
    number: int
    width: int = FULL

    def __str__(self) -> str:
        """The path of the tile under the log's prefix."""
        digits = f"{self.number:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        place = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{place}" + (f".p/{self.width}" if self.width < FULL else "")

    def nodes(self) -> list[NodeId]:
        """The nodes whose hashes the tile holds, in order; for a bundle the leaves of its entries."""
        first = self.number * FULL
        return [(8 * max(self.level, 0), first + offset) for offset in range(self.width)]

    def end(self) -> int:
        """The size of the smallest log that has this tile."""
        return (self.number * FULL + self.width) << 8 * max(self.level, 0)


def parse_tile(path: str) -> Tile | None:
    """The tile with that path; None when no tile can have it (a leading zero group, a level over 63, a width over 255)."""
    found = _PATH.fullmatch(path)
    if found is None:
        return None
    level = ENTRIES if found[1] == "entries" else int(found[1])
    tile = Tile(level, int(found[2].replace("x", "").replace("/", "")), int(found[3] or FULL))
    return tile if level < 64 and str(tile) == path else None  # noqa: PLR2004 - levels are 0 to 63


def tiles_between(old: int, size: int) -> Iterator[Tile]:
    """The tiles that a log of `size` entries has and one of `old` had not, partial ones included, bundles first."""
    for level in (ENTRIES, *range(64)):
        shift = 8 * max(level, 0)
        before, now = old >> shift, size >> shift
        if now == before and level > 0:
            return
        for number in range(before // FULL, now // FULL):
            yield Tile(level, number)
        if now % FULL and now > before:
            yield Tile(level, now // FULL, now % FULL)


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries one after the other, each behind its length in two bytes."""
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(raw: bytes) -> list[bytes]:
    """The entries of a bundle. Raises `BadInput` when it ends in the middle of one."""
    entries: list[bytes] = []
    at = 0
    while at < len(raw):
        length = int.from_bytes(raw[at : at + 2], "big")
        entries.append(raw[at + 2 : at + 2 + length])
        if len(raw) - at < 2 + length:
            raise BadInput(Flaw(where="bundle", what="it ends in the middle of an entry"))
        at += 2 + length
    return entries
