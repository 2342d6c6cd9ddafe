"""The tree of the audit log: RFC 6962 section 2.1 over SHA-256, and the subtree ranges that tiles and witnesses use.

Laws of this file: the root depends on the entries and their order and on nothing else; a proof is a list of ranges,
and whoever holds the hashes of the complete subtrees can turn each range into one hash. Checking proofs is in `proof`.

A *node* (level, index) is the complete subtree over the entries `[index * 2**level, (index + 1) * 2**level)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

NodeId = tuple[int, int]
"""Level and index of a complete subtree."""

Range = tuple[int, int]
"""The entries `[start, end)`."""

Lookup = Callable[[NodeId], bytes]
"""Gives the hash of a complete subtree."""

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf of the tree."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node; the prefix keeps a leaf from posing as a node."""
    return sha256(b"\x01" + left + right).digest()


def split(size: int) -> int:
    """The largest power of two below `size` (at least 2): where RFC 6962 splits a tree."""
    return 1 << ((size - 1).bit_length() - 1)


def is_range(start: int, end: int) -> bool:
    """Whether `[start, end)` is a subtree: empty, or aligned to the smallest power of two that holds it."""
    if start == end:
        return True
    return start < end and start % (1 << (end - start - 1).bit_length()) == 0


def position(level: int, index: int) -> int:
    """Where a node stands when nodes are numbered in the order in which appending completes them.

    A log that stores its nodes under this number only ever writes at the end.
    """
    last = ((index + 1) << level) - 1
    return 2 * last - last.bit_count() + level


def nodes_before(size: int) -> int:
    """How many nodes a tree of that size has completed: the position of the next one."""
    return 2 * size - size.bit_count()


def range_nodes(start: int, end: int) -> tuple[NodeId, ...]:
    """The complete subtrees, from left to right, that make up a range whose start is aligned."""
    found: list[NodeId] = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return tuple(found)


def bag(hashes: Sequence[bytes]) -> bytes:
    """The root over complete subtrees given from left to right."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def range_hash(span: Range, lookup: Lookup) -> bytes:
    """The hash of a range whose start is aligned."""
    return bag([lookup(node) for node in range_nodes(*span)])


def inclusion_ranges(index: int, span: Range) -> list[Range]:
    """The audit path of entry `index` in the subtree `span`, as ranges, the leaf's sibling first."""
    start, end = span
    if not start <= index < end:
        raise ValueError(f"entry {index} is not in [{start}, {end})")
    path: list[Range] = []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(span: Range, size: int) -> list[Range]:
    """The proof that the subtree `span` is part of the tree of `size` entries, as ranges.

    With a span that starts at 0 this is the consistency proof of RFC 6962 2.1.2.
    """
    start, end = span
    if not 0 <= start <= end <= size or not is_range(start, end):
        raise ValueError(f"[{start}, {end}) is no subtree of a tree of {size} entries")
    if start == end:
        return []
    path: list[Range] = []
    low, high, known = 0, size, True
    while (start, end) != (low, high):
        middle = low + split(high - low)
        if end <= middle:
            path.append((middle, high))
            high = middle
        elif start >= middle:
            path.append((low, middle))
            low = middle
        else:
            path.append((low, middle))
            start, low, known = middle, middle, False
    if not known:
        path.append((low, high))
    return path[::-1]


def nodes_of(spans: Iterable[Range]) -> list[NodeId]:
    """Every node that is needed to turn these ranges into hashes."""
    return [node for span in spans for node in range_nodes(*span)]


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: its size and the hashes of its largest complete subtrees, from left to right.

    It is all that appending needs: at most 64 hashes, whatever the size.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """The root of the tree."""
        return bag(self.peaks)

    def grow(self, leaves: Iterable[bytes]) -> tuple[Frontier, list[bytes]]:
        """The frontier after these leaf hashes, and the completed nodes in order of their `position`."""
        size, stack, made = self.size, list(self.peaks), list[bytes]()
        for leaf in leaves:
            node, carry = leaf, size
            made.append(node)
            while carry & 1:
                node = node_hash(stack.pop(), node)
                made.append(node)
                carry >>= 1
            stack.append(node)
            size += 1
        return Frontier(size, tuple(stack)), made


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    return Frontier().grow(leaves)[0].root()
