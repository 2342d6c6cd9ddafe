"""How often a partner may call."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from identity_world import MovingClock

from sluis.identity.rates import Rates

MINUTE = timedelta(minutes=1)


def test_a_burst_up_to_the_limit_and_then_a_wait() -> None:
    clock = MovingClock()
    rates = Rates(limit=3, per=MINUTE, clock=clock)
    assert [rates.take("ggz").allowed for _ in range(4)] == [True, True, True, False]
    assert rates.take("politie").allowed
    clock.forward(seconds=20)
    assert [rates.take("ggz").allowed for _ in range(2)] == [True, False]


def test_the_headers_are_those_of_the_draft() -> None:
    clock = MovingClock()
    rates = Rates(limit=2, per=MINUTE, clock=clock)
    first = rates.take("ggz")
    assert first.headers == {"RateLimit-Policy": '"partner";q=2;w=60', "RateLimit": '"partner";r=1;t=0'}
    rates.take("ggz")
    assert rates.take("ggz").headers["Retry-After"] == "30"


def test_a_clock_that_goes_back_gives_nothing_away() -> None:
    clock = MovingClock()
    rates = Rates(limit=1, per=MINUTE, clock=clock)
    assert rates.take("ggz").allowed
    clock.forward(seconds=-3600)
    assert not rates.take("ggz").allowed


@given(steps=st.lists(st.integers(0, 30_000), max_size=60), limit=st.integers(1, 10))
def test_no_window_ever_sees_more_than_a_burst_and_its_refill(steps: list[int], limit: int) -> None:
    clock = MovingClock()
    rates = Rates(limit=limit, per=MINUTE, clock=clock)
    passed: list[float] = []
    for step in steps:
        clock.forward(milliseconds=step)
        allowance = rates.take("ggz")
        assert 0 <= allowance.remaining <= limit
        assert allowance.allowed or allowance.wait > 0
        if allowance.allowed:
            passed.append(clock.at.timestamp())
    for at in passed:
        assert sum(1 for other in passed if at - 60 < other <= at) <= 2 * limit


@given(limit=st.integers(1, 100))
def test_waiting_as_long_as_it_says_is_enough(limit: int) -> None:
    clock = MovingClock()
    rates = Rates(limit=limit, per=MINUTE, clock=clock)
    while (allowance := rates.take("ggz")).allowed:
        pass
    clock.forward(seconds=allowance.wait)
    assert rates.take("ggz").allowed
