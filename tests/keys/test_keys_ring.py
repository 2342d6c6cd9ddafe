"""The key ring: sealing, erasing, rotating, and makers that race."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import SetClock
from fakes.keys import Death, Died, MemoryDekRows, MortalKeks, MortalRows
from sluis.core.errors import KeyUnavailable, WrongState
from sluis.keys import KeyFiles, KeyRing
from sluis.keys.deks import LIFETIME, Deks

ANNA, BAS = b"a" * 16, b"b" * 16


@pytest.fixture
def files(tmp_path: Path) -> KeyFiles:
    return KeyFiles(tmp_path / "keys")


@pytest.fixture
def rows() -> MemoryDekRows:
    return MemoryDekRows()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def ring(files: KeyFiles, rows: MemoryDekRows, clock: SetClock) -> KeyRing:
    return KeyRing(files, rows, clock)


def test_what_was_sealed_opens_for_that_person_bucket_and_place_only(ring: KeyRing) -> None:
    sealed = ring.seal(ANNA, "2026", b"geheim", b"rij 1")
    ring.seal(BAS, "2026", b"iets", b"rij 2")
    ring.seal(ANNA, "2025", b"iets", b"rij 3")
    assert ring.open(ANNA, "2026", sealed, b"rij 1") == b"geheim"
    for tag, bucket, aad in ((BAS, "2026", b"rij 1"), (ANNA, "2025", b"rij 1"), (ANNA, "2026", b"rij 2")):
        with pytest.raises(KeyUnavailable):
            ring.open(tag, bucket, sealed, aad)


@given(place=st.integers(0, 33), flip=st.integers(1, 255))
def test_no_changed_byte_opens(place: int, flip: int) -> None:
    rows = MemoryDekRows()
    deks = Deks(_Keks(), rows, SetClock())
    key = deks.existing_or_new(ANNA, "2026")
    sealed = bytearray(bytes(12) + key.encrypt(bytes(12), b"geheim", b"aad"))
    sealed[place] ^= flip
    ring = KeyRing.__new__(KeyRing)
    ring._deks = deks
    with pytest.raises(KeyUnavailable):
        ring.open(ANNA, "2026", bytes(sealed), b"aad")


class _Keks:
    """One key-encryption key in memory."""

    def kek(self, epoch: int) -> bytes:
        return bytes([epoch]) * 32

    def make_kek(self, epoch: int) -> bytes:
        return self.kek(epoch)

    def destroy_keks_before(self, epoch: int) -> int:
        return epoch - 1


@pytest.mark.parametrize("sealed", [b"", b"kort", bytes(12), bytes(27)])
def test_too_few_bytes_do_not_open(ring: KeyRing, sealed: bytes) -> None:
    ring.seal(ANNA, "2026", b"x", b"")
    with pytest.raises(KeyUnavailable):
        ring.open(ANNA, "2026", sealed, b"")


def test_equal_texts_are_never_sealed_to_equal_bytes(ring: KeyRing) -> None:
    assert len({ring.seal(ANNA, "2026", b"zelfde", b"") for _ in range(50)}) == 50


def test_nothing_is_kept_in_clear(ring: KeyRing, rows: MemoryDekRows, files: KeyFiles) -> None:
    sealed = ring.seal(ANNA, "2026", b"geheim", b"")
    ((wrapped, epoch),) = rows.kept.values()
    assert epoch == 1
    assert len(wrapped) == 40
    assert b"geheim" not in sealed
    assert files.kek(1) not in wrapped


def test_an_erased_person_opens_no_more_and_others_do(ring: KeyRing, rows: MemoryDekRows) -> None:
    boxes = {bucket: ring.seal(ANNA, bucket, b"geheim", b"") for bucket in ("2025", "2026")}
    other = ring.seal(BAS, "2026", b"blijft", b"")
    assert ring.erase(ANNA, "2025") == 1
    assert ring.open(ANNA, "2026", boxes["2026"], b"") == b"geheim"
    assert ring.erase(ANNA, None) == 1
    assert ring.erase(ANNA, None) == 0
    for bucket, box in boxes.items():
        assert ring.open_one(ANNA, bucket, box, b"") is None
        with pytest.raises(KeyUnavailable):
            ring.open(ANNA, bucket, box, b"")
    assert ring.open(BAS, "2026", other, b"") == b"blijft"
    assert {tag for tag, _ in rows.kept} == {BAS}


def test_a_bucket_expires_for_everybody_at_once(ring: KeyRing) -> None:
    old = [ring.seal(tag, "2020", b"oud", b"") for tag in (ANNA, BAS)]
    new = ring.seal(ANNA, "2026", b"nieuw", b"")
    assert ring.expire("2020") == 2
    assert [ring.open_one(tag, "2020", box, b"") for tag, box in zip((ANNA, BAS), old, strict=True)] == [None, None]
    assert ring.open(ANNA, "2026", new, b"") == b"nieuw"


def test_who_comes_back_after_erasure_gets_another_key(ring: KeyRing) -> None:
    before = ring.seal(ANNA, "2026", b"toen", b"")
    ring.erase(ANNA, None)
    after = ring.seal(ANNA, "2026", b"nu", b"")
    assert ring.open(ANNA, "2026", after, b"") == b"nu"
    with pytest.raises(KeyUnavailable):
        ring.open(ANNA, "2026", before, b"")


def test_another_process_forgets_an_erased_person_within_a_minute(
    files: KeyFiles, rows: MemoryDekRows, clock: SetClock, ring: KeyRing
) -> None:
    other = KeyRing(files, rows, clock)
    sealed = ring.seal(ANNA, "2026", b"geheim", b"")
    assert other.open(ANNA, "2026", sealed, b"") == b"geheim"
    ring.erase(ANNA, None)
    clock.move(LIFETIME)
    assert other.open_one(ANNA, "2026", sealed, b"") is None


def test_two_processes_that_make_a_key_at_once_end_with_one(files: KeyFiles, rows: MemoryDekRows, clock: SetClock) -> None:
    rings = [KeyRing(files, rows, clock) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        boxes = list(pool.map(lambda ring: ring.seal(ANNA, "2026", b"geheim", b""), rings))
    assert len(rows.kept) == 1
    assert all(ring.open(ANNA, "2026", box, b"") == b"geheim" for ring in rings for box in boxes)


def test_few_keys_are_remembered(files: KeyFiles, rows: MemoryDekRows, clock: SetClock) -> None:
    deks = Deks(files, rows, clock, size=3)
    for number in range(10):
        deks.existing_or_new(bytes([number]) * 16, "2026")
    assert len(deks._known) == 3
    deks.forget()
    assert not deks._known


def test_a_person_of_whom_nothing_is_kept_costs_as_many_openings_as_a_known_one(ring: KeyRing) -> None:
    box = ring.seal(ANNA, "2026", b"geheim", b"")
    assert ring.open_steadily(ANNA, [("2026", box, b"")], 8) == [b"geheim"]
    assert ring.open_steadily(BAS, [], 8) == []
    assert ring.open_steadily(ANNA, [("2019", box, b"")], 0) == [None]


def test_rotation_keeps_everything_readable_and_destroys_the_old_key(ring: KeyRing, rows: MemoryDekRows, files: KeyFiles) -> None:
    boxes = {bytes([n]) * 16: ring.seal(bytes([n]) * 16, "2026", b"geheim", b"") for n in range(20)}
    stolen = dict(rows.kept)
    assert ring.rotate_kek() == 2
    assert {epoch for _, epoch in rows.kept.values()} == {2}
    assert all(ring.open(tag, "2026", box, b"") == b"geheim" for tag, box in boxes.items())
    with pytest.raises(KeyUnavailable):
        files.kek(1)
    rows.kept = stolen
    fresh = KeyRing(files, rows, SetClock())
    with pytest.raises(KeyUnavailable):
        fresh.open(bytes(16), "2026", boxes[bytes(16)], b"")


def test_rotation_can_die_before_or_after_every_step_and_be_repeated(tmp_path: Path) -> None:
    for after in (False, True):
        for at in range(1, 40):
            files, rows = KeyFiles(tmp_path / f"{after}-{at}"), MemoryDekRows()
            ring = KeyRing(files, rows, SetClock())
            boxes = {tag: ring.seal(tag, "2026", b"geheim", b"") for tag in (ANNA, BAS)}
            death = Death(at, after=after)
            try:
                Deks(MortalKeks(files, death), MortalRows(rows, death), SetClock()).rotate()
            except Died:
                survivor = KeyRing(files, rows, SetClock())
                boxes[b"c" * 16] = survivor.seal(b"c" * 16, "2026", b"geheim", b"")
                assert all(survivor.open(tag, "2026", box, b"") == b"geheim" for tag, box in boxes.items())
                epoch = survivor.rotate_kek()
                assert {row[1] for row in rows.kept.values()} == {epoch}
                assert len(list(files.directory.glob("kek-*"))) == 1
                assert all(KeyRing(files, rows, SetClock()).open(t, "2026", b, b"") == b"geheim" for t, b in boxes.items())
            else:
                assert at > 5
                break
        else:
            pytest.fail("the rotation never ended")


def test_a_key_is_never_wrapped_under_an_epoch_that_a_rotation_has_left(ring: KeyRing, rows: MemoryDekRows) -> None:
    ring.rotate_kek()
    with pytest.raises(WrongState):
        rows.put_if_absent(ANNA, "2026", bytes(40), 1)
    sealed = ring.seal(ANNA, "2026", b"geheim", b"")
    assert ring.open(ANNA, "2026", sealed, b"") == b"geheim"


def test_a_rotation_between_reading_a_row_and_opening_it_does_no_harm(
    files: KeyFiles, ring: KeyRing, rows: MemoryDekRows
) -> None:
    sealed = ring.seal(ANNA, "2026", b"geheim", b"")

    class RotatedMeanwhile(MemoryDekRows):
        def __init__(self) -> None:
            super().__init__()
            self.first = True

        def get(self, tag: bytes, bucket: str) -> tuple[bytes, int] | None:
            row = rows.get(tag, bucket)
            if self.first:
                self.first = False
                ring.rotate_kek()
            return row

    assert KeyRing(files, RotatedMeanwhile(), SetClock()).open(ANNA, "2026", sealed, b"") == b"geheim"


def test_a_lost_key_encryption_key_is_said_and_never_replaced(ring: KeyRing, files: KeyFiles, rows: MemoryDekRows) -> None:
    sealed = ring.seal(ANNA, "2026", b"geheim", b"")
    files.destroy_keks_before(2)
    fresh = KeyRing(files, rows, SetClock())
    with pytest.raises(KeyUnavailable, match="epoch 1"):
        fresh.open_one(ANNA, "2026", sealed, b"")
    with pytest.raises(KeyUnavailable):
        fresh.seal(BAS, "2026", b"nieuw", b"")


def test_the_clock_of_the_cache_moves_no_key(ring: KeyRing, clock: SetClock) -> None:
    sealed = ring.seal(ANNA, "2026", b"geheim", b"")
    clock.move(timedelta(days=400))
    assert ring.open(ANNA, "2026", sealed, b"") == b"geheim"
