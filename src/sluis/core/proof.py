"""Checking proofs of the log, step by step as RFC 9162 2.1.3.2 and 2.1.4.2 spell it out.

Law of this file: a proof that does not hold raises `LedgerBroken`; nothing here answers with a boolean that
somebody could forget to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sluis.core.errors import LedgerBroken
from sluis.core.merkle import node_hash


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint commits to: the number of entries and the root over them."""

    size: int
    root: bytes


def check_inclusion(*, leaf: bytes, index: int, proof: Sequence[bytes], head: TreeHead) -> None:
    """Return when the leaf hash stands at `index` under that head. Raises `LedgerBroken`."""
    if not 0 <= index < head.size:
        raise LedgerBroken(f"inclusion: entry {index} lies outside a tree of {head.size}")
    node, last, result = index, head.size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise LedgerBroken(f"inclusion: the proof of entry {index} is too long")
        if node & 1 or node == last:
            result = node_hash(sibling, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise LedgerBroken(f"inclusion: the proof of entry {index} is too short")
    if result != head.root:
        raise LedgerBroken(f"inclusion: the proof of entry {index} gives another root")


def check_consistency(*, old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    """Return when the new tree extends the old one. Raises `LedgerBroken`.

    A proof from size 0 says nothing and is refused, 0 to 0 included.
    """
    if not 0 < old.size <= new.size:
        raise LedgerBroken(f"consistency: no proof can lead from size {old.size} to {new.size}")
    if old.size == new.size:
        _check_same(old, new, proof)
        return
    path = list(proof)
    if old.size & (old.size - 1) == 0:
        path.insert(0, old.root)
    if not path:
        raise LedgerBroken("consistency: the proof is empty")
    first, second = _fold(path, old.size - 1, new.size - 1)
    if first != old.root:
        raise LedgerBroken(f"consistency: the proof does not give the root of size {old.size}")
    if second != new.root:
        raise LedgerBroken(f"consistency: the proof does not give the root of size {new.size}")


def _check_same(old: TreeHead, new: TreeHead, proof: Sequence[bytes]) -> None:
    """Two heads of one size must be one head: anything else is a split view."""
    if proof:
        raise LedgerBroken("consistency: a proof between equal sizes must be empty")
    if old.root != new.root:
        raise LedgerBroken(f"consistency: two roots of one size {old.size}")


def _fold(path: Sequence[bytes], first: int, second: int) -> tuple[bytes, bytes]:
    """The two roots that a consistency path leads to (RFC 9162 2.1.4.2, steps 4 to 6)."""
    while first & 1:
        first, second = first >> 1, second >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if second == 0:
            raise LedgerBroken("consistency: the proof is too long")
        if first & 1 or first == second:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not first & 1 and first:
                first, second = first >> 1, second >> 1
        else:
            new = node_hash(new, sibling)
        first, second = first >> 1, second >> 1
    if second:
        raise LedgerBroken("consistency: the proof is too short")
    return old, new
