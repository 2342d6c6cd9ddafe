"""Drawing lots: the same for everybody, from what nobody knew beforehand."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluis.core.errors import BadInput
from sluis.core.sampling import MOST, Candidate, Size, Unit, drawn, parse_period, parse_size, rank, seed_of

WEEK = parse_period("2026-W10")
ROOT = sha256(b"a root").digest()
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        entry_id=st.binary(min_size=16, max_size=16).map(bytes.hex),
        stream=st.tuples(st.sampled_from(["ggz", "politie"]), st.sampled_from(["om", "zvh"])),
    ),
    unique_by=lambda one: one.entry_id,
    max_size=40,
)
SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)


def count(number: int) -> Size:
    return Size(number=number, unit=Unit.COUNT)


def percent(number: int) -> Size:
    return Size(number=number, unit=Unit.PERCENT)


def test_the_derivation_is_the_one_that_the_manual_gives() -> None:
    seed = sha256(b"audit-sample/v1|" + ROOT.hex().encode() + b"|2026-W10|alle").hexdigest()

    assert seed_of(ROOT, WEEK, "alle") == seed
    assert rank(seed, "00ff") == sha256(f"{seed}|00ff".encode()).hexdigest()


def test_a_shell_draws_the_same_lots() -> None:
    ids = [sha256(bytes([number])).hexdigest()[:32] for number in range(12)]
    script = (
        f"seed=$(printf 'audit-sample/v1|%s|%s|%s' {ROOT.hex()} 2026-W10 alle | sha256sum | cut -c-64)\n"
        f"for id in {' '.join(ids)}; do\n"
        "  echo \"$(printf '%s|%s' $seed $id | sha256sum | cut -c-64) $id\"\n"
        "done | sort | head -5 | cut -d' ' -f2"
    )
    said = subprocess.run(["sh", "-c", script], capture_output=True, check=True, text=True).stdout.split()

    candidates = [Candidate(entry_id=one, stream=()) for one in ids]
    assert drawn(candidates, seed_of(ROOT, WEEK, "alle"), count(5)) == tuple(said)


@given(candidates=CANDIDATES, seed=SEEDS, size=st.builds(count, st.integers(1, 50)) | st.builds(percent, st.integers(1, 100)))
def test_the_order_in_which_releases_are_read_changes_nothing(candidates: list[Candidate], seed: str, size: Size) -> None:
    assert drawn(candidates, seed, size) == drawn(candidates[::-1], seed, size)


@given(candidates=CANDIDATES, seed=SEEDS, fewer=st.integers(1, 50), more=st.integers(0, 50))
def test_a_larger_sample_holds_the_smaller_one(candidates: list[Candidate], seed: str, fewer: int, more: int) -> None:
    assert set(drawn(candidates, seed, count(fewer))) <= set(drawn(candidates, seed, count(fewer + more)))
    assert set(drawn(candidates, seed, percent(fewer))) <= set(drawn(candidates, seed, percent(fewer + more)))


@given(candidates=CANDIDATES, seed=SEEDS, number=st.integers(1, 100))
def test_a_percentage_takes_from_every_stream_and_rounds_up(candidates: list[Candidate], seed: str, number: int) -> None:
    taken = set(drawn(candidates, seed, percent(number)))

    for stream in {one.stream for one in candidates}:
        there = [one.entry_id for one in candidates if one.stream == stream]
        assert len(taken & set(there)) == -(-len(there) * number // 100) >= 1


@given(candidates=CANDIDATES, seed=SEEDS)
def test_of_fewer_than_asked_all_come_up_once(candidates: list[Candidate], seed: str) -> None:
    for size in (count(50), percent(100)):
        assert sorted(drawn(candidates, seed, size)) == sorted(one.entry_id for one in candidates)


def test_every_release_comes_up_about_as_often() -> None:
    candidates = [Candidate(entry_id=f"{number:032x}", stream=()) for number in range(10)]
    rounds = 2000
    often = dict.fromkeys([one.entry_id for one in candidates], 0)
    for number in range(rounds):
        for entry_id in drawn(candidates, seed_of(sha256(number.to_bytes(4, "big")).digest(), WEEK, "alle"), count(3)):
            often[entry_id] += 1

    # Expected 600 each, standard deviation about 20; what is drawn here is the same on every machine.
    assert all(520 < times < 680 for times in often.values())


@pytest.mark.parametrize("other", [(b"\0" * 32, "2026-W10", "alle"), (ROOT, "2026-W11", "alle"), (ROOT, "2026-W10", "0001")])
def test_root_period_and_scope_each_change_the_seed(other: tuple[bytes, str, str]) -> None:
    assert seed_of(other[0], parse_period(other[1]), other[2]) != seed_of(ROOT, WEEK, "alle")


@given(day=st.dates(date(2000, 1, 3), date(2099, 12, 20)))
def test_every_day_is_in_its_week_and_its_month(day: date) -> None:
    week, month = parse_period(day.strftime("%G-W%V")), parse_period(f"{day:%Y-%m}")

    assert week.first <= day <= week.last
    assert week.last - week.first == timedelta(days=6)
    assert month.first.day == 1
    assert month.first <= day <= month.last
    assert (month.last + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    "word", ["", "2026", "2026-13", "2026-00", "2026-W54", "2025-W53", "2026-W00", "0000-W01", "2026-3", "2026-W10 ", "٢٠٢٦-03"]
)
def test_what_is_no_week_or_month_is_refused(word: str) -> None:
    with pytest.raises(BadInput, match="geen week of maand"):
        parse_period(word)


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        ("0", "aantal"),
        ("-1", "aantal"),
        (str(MOST + 1), "aantal"),
        ("101", "procent"),
        ("", "procent"),
        ("5", "stuks"),
        ("٥", "aantal"),
        ("2.5", "procent"),
    ],
)
def test_a_size_out_of_bounds_is_refused(number: str, unit: str) -> None:
    with pytest.raises(BadInput):
        parse_size(number, unit)


def test_a_size_says_what_goes_on_record() -> None:
    assert [str(parse_size("10", "procent")), str(parse_size("300", "aantal"))] == ["10%", "300"]
