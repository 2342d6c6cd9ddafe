"""What the key ring asks of the rows it keeps its wrapped keys in: memory, SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fakes.ambient import SetClock
from fakes.databases import fresh_database
from fakes.keys import MemoryDekRows
from sluis.core.errors import WrongState
from sluis.keys import DekRows, KeyFiles, KeyRing
from sluis.store import StoredPersonKeys

ANNA, BAS = b"a" * 16, b"b" * 16


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def rows(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DekRows]:
    if request.param == "memory":
        yield MemoryDekRows()
        return
    database = fresh_database(request.param, tmp_path)
    yield StoredPersonKeys(database)
    database.close()


def test_the_first_key_that_is_put_is_the_one_that_is_kept(rows: DekRows) -> None:
    rows.advance(1)
    assert rows.get(ANNA, "2026") is None
    assert rows.put_if_absent(ANNA, "2026", b"eerste", 1) == (b"eerste", 1)
    assert rows.put_if_absent(ANNA, "2026", b"tweede", 1) == (b"eerste", 1)
    assert rows.get(ANNA, "2026") == (b"eerste", 1)
    assert rows.of(ANNA) == {"2026": (b"eerste", 1)}
    assert rows.of(BAS) == {}


def test_makers_at_once_all_hear_of_the_same_key(rows: DekRows) -> None:
    rows.advance(1)
    with ThreadPoolExecutor(6) as pool:
        heard = set(pool.map(lambda n: rows.put_if_absent(ANNA, "2026", bytes([n]) * 40, 1), range(12)))
    assert len(heard) == 1
    assert heard == {rows.get(ANNA, "2026")}


def test_the_epoch_advances_by_one_and_never_back(rows: DekRows) -> None:
    assert rows.epoch() == 0
    rows.advance(2)
    assert rows.epoch() == 0
    rows.advance(1)
    rows.advance(2)
    rows.advance(1)
    assert rows.epoch() == 2


def test_no_key_is_put_under_another_epoch_than_the_current_one(rows: DekRows) -> None:
    rows.advance(1)
    for epoch in (0, 2):
        with pytest.raises(WrongState):
            rows.put_if_absent(ANNA, "2026", b"x", epoch)
    assert rows.get(ANNA, "2026") is None


def test_rewrapping_replaces_older_keys_only_and_makes_none(rows: DekRows) -> None:
    rows.advance(1)
    rows.put_if_absent(ANNA, "2026", b"oud", 1)
    rows.rewrap(ANNA, "2026", b"zelfde tijdvak", 1)
    assert rows.get(ANNA, "2026") == (b"oud", 1)
    rows.rewrap(ANNA, "2026", b"nieuw", 2)
    rows.rewrap(BAS, "2026", b"spook", 2)
    assert rows.get(ANNA, "2026") == (b"nieuw", 2)
    assert rows.get(BAS, "2026") is None


def test_what_is_older_is_listed_up_to_the_limit(rows: DekRows) -> None:
    rows.advance(1)
    for n in range(5):
        rows.put_if_absent(bytes([n]) * 16, "2026", bytes([n]), 1)
    assert len(rows.older_than(2, 3)) == 3
    assert sorted(rows.older_than(2, 9)) == [(bytes([n]) * 16, "2026", bytes([n]), 1) for n in range(5)]
    assert list(rows.older_than(1, 9)) == []


def test_keys_are_destroyed_by_person_by_bucket_and_by_both(rows: DekRows) -> None:
    rows.advance(1)
    for tag in (ANNA, BAS):
        for bucket in ("2024", "2025", "2026"):
            rows.put_if_absent(tag, bucket, b"x", 1)
    assert rows.delete(ANNA, "2024") == 1
    assert rows.delete(ANNA, "2024") == 0
    assert rows.delete_bucket("2025") == 2
    assert rows.delete(BAS, None) == 2
    assert (set(rows.of(ANNA)), set(rows.of(BAS))) == ({"2026"}, set())


def test_keys_that_are_made_during_a_rotation_survive_it(rows: DekRows, tmp_path: Path) -> None:
    """Several brokers make keys while one rotates; everything opens afterwards, and only the newest file is left."""
    files = KeyFiles(tmp_path / "keys")
    rings = [KeyRing(files, rows, SetClock()) for _ in range(4)]

    def make(number: int) -> tuple[bytes, bytes]:
        tag = number.to_bytes(16, "big")
        return tag, rings[number % 4].seal(tag, "2026", b"geheim", b"")

    with ThreadPoolExecutor(5) as pool:
        made = pool.map(make, range(40))
        epochs = [pool.submit(rings[0].rotate_kek) for _ in range(1)]
        boxes = list(made)
    assert [epoch.result() for epoch in epochs] == [2]
    fresh = KeyRing(files, rows, SetClock())
    assert all(fresh.open(tag, "2026", box, b"") == b"geheim" for tag, box in boxes)
    assert [path.name for path in files.directory.glob("kek-*")] == ["kek-000002.key"]
