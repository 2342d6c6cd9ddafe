"""Figures of timeliness: right where they are told, and telling no small number (story S5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.errors import BadInput
from sluis.core.timeliness import FEWEST, Answered, Lane, Pending, Quarter, figures, parse_quarter, part, quarter_of, told

HOUR = timedelta(hours=1)
LANE = Lane(provider="ggz", purpose="zvh-casus", urgent=False)


def answered(hours: float, *, due: float | None = 72, lane: Lane = LANE) -> Answered:
    """A question that took that many hours, of the many that there were."""
    until = None if due is None else NOON + due * HOUR
    return Answered(lane=lane, requester="politie", asked=NOON, due=until, judged=NOON + hours * HOUR)


def test_ten_judgements_are_told_with_median_and_the_tenth_that_took_longest() -> None:
    (row,) = figures([answered(hours) for hours in range(1, 11)], [])
    assert (row.judged, row.in_time) == (10, 10)
    assert (row.median, row.p90) == (5.5 * HOUR, 9 * HOUR)
    assert (row.waiting, row.late) == (0, 0)


def test_of_an_odd_number_the_median_is_the_middle_one() -> None:
    (row,) = figures([answered(hours) for hours in (*range(1, 11), 99)], [])
    assert row.median == 6 * HOUR


def test_nine_judgements_are_not_told_at_all() -> None:
    (row,) = figures([answered(1) for _ in range(9)], [])
    assert (row.judged, row.in_time, row.median, row.p90) == (None, None, None, None)


@pytest.mark.parametrize(("late", "shown"), [(0, 20), (1, None), (9, None), (10, 10), (11, None), (20, 0)])
def test_how_many_were_in_time_is_not_told_when_it_gives_a_small_number_away(late: int, shown: int | None) -> None:
    (row,) = figures([answered(100 if n < late else 1) for n in range(20)], [])
    assert (row.judged, row.in_time) == (20, shown)


def test_a_question_judged_on_the_very_moment_is_in_time_and_one_without_a_moment_too() -> None:
    (row,) = figures([answered(72), *[answered(1, due=None) for _ in range(9)]], [])
    assert row.in_time == 10


def test_each_provider_purpose_and_urgency_has_a_row_the_urgent_first() -> None:
    lanes = [LANE, replace(LANE, urgent=True), replace(LANE, purpose="nazorg"), replace(LANE, provider="dji")]
    rows = figures([], [Pending(lane=lane, requester="politie", late=False) for lane in lanes])
    assert [(row.lane.provider, row.lane.purpose, row.lane.urgent) for row in rows] == [
        ("dji", "zvh-casus", False),
        ("ggz", "nazorg", False),
        ("ggz", "zvh-casus", True),
        ("ggz", "zvh-casus", False),
    ]
    assert [row.waiting for row in rows] == [None] * 4


@given(number=st.integers(0, 60), rest=st.integers(0, 60))
def test_no_small_number_can_be_worked_out(number: int, rest: int) -> None:
    whole, shown = told(number + rest), part(number, number + rest)
    small = range(1, FEWEST)
    if shown is None:
        assert number in small or rest in small or number + rest in small
    else:
        assert shown == number
        assert not {number, rest, whole} & set(small)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - given its zone beside it
def test_every_moment_is_in_exactly_one_quarter(at: datetime) -> None:
    quarter = quarter_of(at)
    assert quarter.since <= at < quarter.until
    assert quarter.next.since == quarter.until
    assert quarter.next.before == quarter == quarter.before.next
    assert parse_quarter(quarter.word) == quarter


@pytest.mark.parametrize("word", ["", "2026", "2026-K0", "2026-K5", "1999-K1", "2026-K11", "2026-K1\n", "2026-10-01"])
def test_anything_else_is_no_quarter(word: str) -> None:
    with pytest.raises(BadInput):
        parse_quarter(word)


def test_a_quarter_is_three_months() -> None:
    assert Quarter(2026, 4).since == datetime(2026, 10, 1, tzinfo=UTC)
    assert Quarter(2026, 4).until == datetime(2027, 1, 1, tzinfo=UTC)
