"""The tree against the vectors of RFC 6962 and of draft-ietf-plants-merkle-tree-certs, and against a slow oracle."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluis.core.errors import LedgerBroken
from sluis.core.merkle import (
    EMPTY_ROOT,
    Frontier,
    NodeId,
    Range,
    consistency_ranges,
    inclusion_ranges,
    is_range,
    leaf_hash,
    nodes_before,
    position,
    range_hash,
    root_of,
)
from sluis.core.proof import TreeHead, check_consistency, check_inclusion

ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Nodes:
    """Every complete subtree of a small tree, by node."""

    def __init__(self, leaves: list[bytes]) -> None:
        _, self._made = Frontier().grow(leaves)

    def __call__(self, node: NodeId) -> bytes:
        return self._made[position(*node)]

    def hash(self, span: Range) -> bytes:
        return range_hash(span, self)


# The slow oracle: RFC 6962 2.1 word for word, without any of our code.


def slow_root(entries: list[bytes]) -> bytes:
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\1" + slow_root(entries[:k]) + slow_root(entries[k:])).digest()


def slow_path(m: int, entries: list[bytes]) -> list[bytes]:
    if len(entries) == 1:
        return []
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m < k:
        return [*slow_path(m, entries[:k]), slow_root(entries[k:])]
    return [*slow_path(m - k, entries[k:]), slow_root(entries[:k])]


def slow_consistency(m: int, entries: list[bytes], *, whole: bool = True) -> list[bytes]:
    if m == len(entries):
        return [] if whole else [slow_root(entries)]
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m <= k:
        return [*slow_consistency(m, entries[:k], whole=whole), slow_root(entries[k:])]
    return [*slow_consistency(m - k, entries[k:], whole=False), slow_root(entries[:k])]


def test_the_roots_of_rfc_6962_come_out() -> None:
    assert root_of([]) == EMPTY_ROOT == sha256(b"").digest()
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
    assert [root_of(leaves[:n]).hex() for n in range(1, 9)] == ROOTS


def spans(most: int) -> Iterator[Range]:
    for end in range(most + 1):
        for start in range(end + 1):
            if is_range(start, end):
                yield start, end


@pytest.fixture(scope="module")
def nodes() -> Nodes:
    return Nodes([leaf_hash(bytes([i])) for i in range(130)])


def accumulated(lines: Iterator[str]) -> tuple[int, str]:
    running, count = sha256(), 0
    for line in lines:
        running.update(line.encode() + b"\n")
        count += 1
    return count, running.hexdigest()


def test_the_accumulated_subtree_hashes_come_out(nodes: Nodes) -> None:
    lines = (f"[{s}, {e}) {nodes.hash((s, e)).hex()}" for s, e in spans(130))
    assert accumulated(lines) == (712, "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81")


def test_the_accumulated_inclusion_proofs_come_out(nodes: Nodes) -> None:
    lines = (
        " ".join([f"{i} [{s}, {e})", *(nodes.hash(span).hex() for span in inclusion_ranges(i, (s, e)))])
        for s, e in spans(130)
        for i in range(s, e)
    )
    assert accumulated(lines) == (12807, "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f")


def test_the_accumulated_consistency_proofs_come_out(nodes: Nodes) -> None:
    by_end = {e: [s for s in range(e + 1) if is_range(s, e)] for e in range(131)}
    cache: dict[Range, str] = {}

    def said(span: Range) -> str:
        if span not in cache:
            cache[span] = nodes.hash(span).hex()
        return cache[span]

    lines = (
        " ".join([f"[{s}, {e}) {n}", *(said(span) for span in consistency_ranges((s, e), n))])
        for n in range(131)
        for e in range(n + 1)
        for s in by_end[e]
    )
    assert accumulated(lines) == (42893, "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74")


@settings(max_examples=60, deadline=None)
@given(entries=st.lists(st.binary(max_size=8), min_size=1, max_size=70), data=st.data())
def test_the_fast_tree_agrees_with_the_slow_one(entries: list[bytes], data: st.DataObject) -> None:
    fast, size = Nodes([leaf_hash(entry) for entry in entries]), len(entries)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert fast.hash((0, size)) == slow_root(entries)
    path = [fast.hash(span) for span in inclusion_ranges(index, (0, size))]
    assert path == slow_path(index, entries)
    check_inclusion(leaf=leaf_hash(entries[index]), index=index, proof=path, head=TreeHead(size, slow_root(entries)))
    steps = [fast.hash(span) for span in consistency_ranges((0, old), size)]
    assert steps == slow_consistency(old, entries)
    check_consistency(old=TreeHead(old, slow_root(entries[:old])), new=TreeHead(size, slow_root(entries)), proof=steps)


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(0, 40), min_size=1, max_size=5))
def test_growing_in_steps_or_at_once_gives_the_same_tree(sizes: list[int]) -> None:
    leaves = [leaf_hash(number.to_bytes(2, "big")) for number in range(sum(sizes))]
    stepped, made, at = Frontier(), list[bytes](), 0
    for size in sizes:
        assert nodes_before(stepped.size) == len(made)
        stepped, more = stepped.grow(leaves[at : at + size])
        made += more
        at += size
    assert (stepped, made) == Frontier().grow(leaves)


@settings(max_examples=100, deadline=None)
@given(size=st.integers(2, 60), data=st.data())
def test_a_changed_proof_is_refused(size: int, data: st.DataObject) -> None:
    fast = Nodes([leaf_hash(bytes([i])) for i in range(size)])
    head = TreeHead(size, fast.hash((0, size)))
    index = data.draw(st.integers(0, size - 1))
    path = [fast.hash(span) for span in inclusion_ranges(index, (0, size))]
    where = data.draw(st.integers(0, len(path) - 1))
    flipped = [*path[:where], bytes([path[where][0] ^ 1]) + path[where][1:], *path[where + 1 :]]
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index))
    for proof, at in ((flipped, index), (path[:-1], index), ([*path, path[-1]], index), (path, other), (path, size)):
        with pytest.raises(LedgerBroken, match="inclusion"):
            check_inclusion(leaf=leaf_hash(bytes([index])), index=at, proof=proof, head=head)


@settings(max_examples=100, deadline=None)
@given(size=st.integers(2, 60), data=st.data())
def test_a_changed_consistency_proof_is_refused(size: int, data: st.DataObject) -> None:
    fast = Nodes([leaf_hash(bytes([i])) for i in range(size)])
    old = data.draw(st.integers(1, size - 1))
    first, second = TreeHead(old, fast.hash((0, old))), TreeHead(size, fast.hash((0, size)))
    path = [fast.hash(span) for span in consistency_ranges((0, old), size)]
    forked = TreeHead(old, bytes(32))
    for before, after, proof in (
        (forked, second, path),
        (first, TreeHead(size, bytes(32)), path),
        (first, second, path[:-1]),
        (first, second, [*path, path[-1]]),
    ):
        with pytest.raises(LedgerBroken, match="consistency"):
            check_consistency(old=before, new=after, proof=proof)


@pytest.mark.parametrize("size", [0, 1, 5])
def test_a_consistency_proof_from_nothing_is_refused(size: int) -> None:
    with pytest.raises(LedgerBroken, match="no proof can lead"):
        check_consistency(old=TreeHead(0, EMPTY_ROOT), new=TreeHead(size, EMPTY_ROOT), proof=[])


def test_two_roots_of_one_size_are_a_split_view() -> None:
    with pytest.raises(LedgerBroken, match="two roots of one size"):
        check_consistency(old=TreeHead(3, bytes(32)), new=TreeHead(3, bytes([1]) * 32), proof=[])
