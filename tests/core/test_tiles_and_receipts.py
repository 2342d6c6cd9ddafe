"""Paths of tiles, bundles, receipts as text and quorum files, against the examples of C2SP."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluis.core.errors import BadInput
from sluis.core.quorum import parse_policy
from sluis.core.receipt import WrittenReceipt, parse_receipt
from sluis.core.tiles import ENTRIES, Tile, bundle, parse_tile, tiles_between, unbundle

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"


def paths(size: int) -> list[str]:
    return [str(tile) for tile in tiles_between(0, size) if tile.level != ENTRIES]


def test_a_log_of_256_has_the_tiles_of_the_example() -> None:
    assert paths(256) == ["tile/0/000", "tile/1/000.p/1"]


def test_a_log_of_70000_has_the_tiles_of_the_example() -> None:
    found = paths(70000)
    assert sum(path.startswith("tile/0/") for path in found) == 274
    assert found[273:] == ["tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]


def test_an_empty_log_has_no_tiles() -> None:
    assert list(tiles_between(0, 0)) == []


def test_numbers_are_written_in_groups_of_three() -> None:
    assert str(Tile(0, 1234067)) == "tile/0/x001/x234/067"
    assert str(Tile(ENTRIES, 5, 3)) == "tile/entries/005.p/3"


@given(level=st.integers(-1, 63), number=st.integers(0, 10**12), width=st.integers(1, 256))
def test_a_path_reads_and_writes_the_same(level: int, number: int, width: int) -> None:
    tile = Tile(level, number, width)
    assert parse_tile(str(tile)) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/64/000",
        "tile/00/000",
        "tile/0/0",
        "tile/0/x000/001",
        "tile/0/000.p/256",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/../000",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/1000",
        "tile/x/000",
        "",
        "tile/0/٠٠٠",
    ],
)
def test_what_no_tile_can_have_is_no_path(path: str) -> None:
    assert parse_tile(path) is None


@given(old=st.integers(0, 70000), more=st.integers(0, 70000))
def test_what_a_log_publishes_in_steps_is_what_it_publishes_at_once(old: int, more: int) -> None:
    full = {tile for tile in tiles_between(0, old + more) if tile.width == 256}
    stepped = {tile for tile in [*tiles_between(0, old), *tiles_between(old, old + more)] if tile.width == 256}
    assert full == stepped
    partial = {tile for tile in tiles_between(0, old + more) if tile.width < 256}
    assert partial <= {*tiles_between(0, old), *tiles_between(old, old + more)}


@given(entries=st.lists(st.binary(max_size=300), max_size=5))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert unbundle(bundle(entries)) == entries


def test_a_bundle_that_ends_too_soon_is_refused() -> None:
    for raw in (b"\0", b"\0\2a"):
        with pytest.raises(BadInput):
            unbundle(raw)


RECEIPT = WrittenReceipt(7, (bytes(32), bytes([1]) * 32), "o\n8\nroot\n\n— o sig\n", b"leaf")


@pytest.mark.parametrize("receipt", [RECEIPT, WrittenReceipt(0, (), "o\n\n— o sig\n")])
def test_a_receipt_reads_and_writes_the_same(receipt: WrittenReceipt) -> None:
    assert parse_receipt(str(receipt)) == receipt


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@v1", "@v2"),
        ("index 7", "index 07"),
        ("index 7", "index -7"),
        ("index 7", "7"),
        ("index 7\n", ""),
        ("AAAA", "AA"),
        ("\n\n", "\n"),
        ("extra ", "extra !"),
    ],
)
def test_what_is_no_receipt_is_refused(old: str, new: str) -> None:
    with pytest.raises(BadInput):
        parse_receipt(str(RECEIPT).replace(old, new, 1 if old == "AAAA" else -1))


POLICY = f"""# who counts
log {VKEY}

witness fg-ggz {VKEY} https://fg.example/witness
witness fg-politie {VKEY}
witness fg-gemeente {VKEY}
group partners 2 fg-ggz fg-politie fg-gemeente
quorum partners
"""


def test_a_quorum_is_made_by_enough_witnesses() -> None:
    policy = parse_policy(POLICY)
    assert policy.satisfied({"fg-ggz", "fg-gemeente"})
    assert not policy.satisfied({"fg-ggz", "somebody-else"})
    assert policy.witnesses["fg-ggz"].url == "https://fg.example/witness"
    assert parse_policy(f"log {VKEY}\nquorum none\n").satisfied(set())
    assert parse_policy(POLICY.replace("partners 2", "partners all")).groups["partners"].least == 3
    assert parse_policy(POLICY.replace("partners 2", "partners any")).groups["partners"].least == 1


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("quorum partners", "", "policy"),
        ("quorum partners", "quorum strangers", "line 8"),
        ("group partners 2 ", "group partners 4 ", "line 7"),
        ("group partners 2 ", "group partners 0 ", "line 7"),
        ("group partners 2 ", "group fg-ggz 2 ", "line 7"),
        ("group partners 2 fg-ggz", "group partners 2 fg-ggz fg-ggz", "line 7"),
        ("group partners 2 ", "group partners two ", "line 7"),
        ("log ", "logs ", "line 2"),
        ("530d903a", "530d903b", "line 2"),
        ("quorum partners", "quorum partners\nquorum none", "line 9"),
        ("quorum partners", "quorum", "line 8"),
    ],
)
def test_a_mistake_in_a_policy_names_its_line(old: str, new: str, line: str) -> None:
    with pytest.raises(BadInput, match=line):
        parse_policy(POLICY.replace(old, new))
