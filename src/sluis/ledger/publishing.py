"""The log as others read it: checkpoint, tiles and entry bundles, served from the rows or published to a folder.

Everything here is derived: it can be thrown away and made again from the rows. What was published is also a memory
outside the database: a folder that is ahead of the database says that an old backup was restored.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sluis.core.errors import LedgerBroken
from sluis.core.merkle import position
from sluis.core.note import VerifierKey, parse_note, parse_signature
from sluis.core.tiles import ENTRIES, FULL, Tile, bundle, parse_tile, tiles_between
from sluis.ledger.model import Reader, raw
from sluis.ledger.reading import newest_checkpoint, root_at
from sluis.ledger.signing import verify_checkpoint
from sluis.ledger.verify import Progress, silent

FOR_EVER = "public, max-age=31536000, immutable"
SHORT = "public, max-age=2"

Fetch = Callable[[str], bytes | None]
"""Gives what stands at a path under the prefix of a log; None when there is nothing."""


@dataclass(frozen=True, slots=True)
class Served:
    """One answer under the prefix of the log: the bytes, their type, and how long anybody may keep them."""

    content: bytes
    content_type: str
    cache_control: str


def served(reader: Reader, path: str) -> Served | None:
    """What stands at `checkpoint` or `tile/…`; None when the log has no such thing (yet)."""
    if path == "checkpoint":
        return Served(cosigned_checkpoint(reader).encode(), "text/plain; charset=utf-8", SHORT)
    tile = parse_tile(path)
    content = None if tile is None else read_tile(reader, tile)
    return None if content is None else Served(content, "application/octet-stream", FOR_EVER)


def cosigned_checkpoint(reader: Reader) -> str:
    """The newest checkpoint with the cosignatures that it has."""
    signed = newest_checkpoint(reader)
    lines = reader.rows("SELECT line FROM cosigned WHERE size = ? ORDER BY seen_at, line", (signed.size,))
    return str(parse_note(signed.note).with_signatures(*(parse_signature(line) for (line,) in lines)))


def read_tile(reader: Reader, tile: Tile) -> bytes | None:
    """The bytes of a tile; None when the signed log does not reach that far. Raises `LedgerBroken` for a missing node."""
    if newest_checkpoint(reader).size < tile.end():
        return None
    if tile.level == ENTRIES:
        first = tile.number * FULL
        rows = reader.rows("SELECT leaf FROM entry WHERE seq >= ? AND seq < ? ORDER BY seq", (first, first + tile.width))
        leaves = [raw(leaf) for (leaf,) in rows]
        content = bundle(leaves)
    else:
        numbers = [position(*node) for node in tile.nodes()]
        marks = ", ".join("?" * len(numbers))
        leaves = [raw(node) for (node,) in reader.rows(f"SELECT hash FROM node WHERE pos IN ({marks}) ORDER BY pos", numbers)]  # noqa: S608 - only question marks
        content = b"".join(leaves)
    if len(leaves) != tile.width:
        raise LedgerBroken(f"tile: `{tile}` cannot be made, rows are missing")
    return content


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder to which the log is published. A reader of it never sees half a file, nor a checkpoint before its tiles."""

    root: Path

    def checkpoint(self) -> str | None:
        """The published checkpoint; None when nothing was published yet."""
        try:
            return (self.root / "checkpoint").read_text()
        except FileNotFoundError:
            return None

    def read(self, path: str) -> bytes | None:
        """A published tile; None when it is not there."""
        tile = parse_tile(path)
        try:
            return None if tile is None else (self.root / str(tile)).read_bytes()
        except FileNotFoundError:
            return None

    def write(self, path: str, content: bytes) -> None:
        """Put a file in place, whole and durable, or not at all."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = target.with_name(f".{target.name}.{os.getpid()}")  # two brokers may publish the same
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # If we die here a file without meaning stays behind; the next publication writes over it.
        fresh.replace(target)
        self._sync(target.parent)

    def _sync(self, folder: Path) -> None:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def forget_partials(self, tile: Tile) -> None:
        """Throw away the partial tiles that a full tile has replaced."""
        shutil.rmtree(self.root / f"{tile}.p", ignore_errors=True)


def published_size(folder: Folder, origin: str, keys: list[VerifierKey]) -> int:
    """How far the folder goes. Raises `LedgerBroken` when its checkpoint is not ours."""
    text = folder.checkpoint()
    return 0 if text is None else verify_checkpoint(text, origin, keys).head.size


def publish(reader: Reader, folder: Folder, old: int, progress: Progress = silent) -> int:
    """Publish what came after a log of `old` entries: tiles first, the checkpoint last. Return the new size."""
    text = cosigned_checkpoint(reader)
    size = int(text.split("\n")[1])
    tiles = list(tiles_between(old, size))
    for done, tile in enumerate(tiles):
        progress(done, len(tiles))
        content = read_tile(reader, tile)
        if content is not None:
            folder.write(str(tile), content)
        if tile.width == FULL:
            folder.forget_partials(tile)
    # If we die here the tiles are there and nobody knows: the next publication writes them again, with the same bytes.
    there = folder.checkpoint()
    if there is None or (text != there and int(there.split("\n")[1]) <= size):  # another broker may have gone further
        folder.write("checkpoint", text.encode())
    return size


def missing_tiles(folder: Folder, size: int) -> list[Tile]:
    """The tiles that a folder of that size should have and has not."""
    return [tile for tile in tiles_between(0, size) if not (folder.root / str(tile)).is_file()]


def check_published(reader: Reader, text: str, origin: str, keys: list[VerifierKey]) -> None:
    """Refuse a database that does not hold what was published. Raises `LedgerBroken`.

    Behind: an old backup was restored. Another root: the log was rewritten. Either way no entry may be added, for that
    would sign a second history.
    """
    head = verify_checkpoint(text, origin, keys).head
    ours = newest_checkpoint(reader)
    if ours.size < head.size:
        raise LedgerBroken(
            f"behind: a checkpoint of {head.size} entries is known outside, the database has {ours.size}:"
            " an old backup was restored (docs/runbooks/audit-log.md, `behind`)"
        )
    if root_at(reader, head.size) != head.root:
        raise LedgerBroken(
            f"fork: the checkpoint of {head.size} entries that is known outside has another root"
            " (docs/runbooks/audit-log.md, `fork`)"
        )
