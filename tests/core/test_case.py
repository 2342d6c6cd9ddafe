"""The life of a case: the table of transitions and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.case import (
    RENEWAL,
    TRANSITIONS,
    Act,
    Case,
    CaseState,
    Participant,
    Resolution,
    anniversary,
    appoint,
    involve,
    renew,
    resolve,
)
from sluis.core.errors import NotAllowed, WrongState
from sluis.core.rules import Rulebook


def a_case(state: CaseState = CaseState.OPGENOMEN, *names: str, **changed: Any) -> Case:
    seats = tuple(Participant(partner=name, since=NOON) for name in names)
    return Case(id="c", subject="s", notifier="college", state=state, first_processed=NOON, participants=seats, **changed)


def act(which: Act) -> Resolution:
    return Resolution(act=which, by=("politie",), user="u", at=NOON, reasons="daarom")


def test_the_states_are_those_of_the_vocabulary(shipped: Rulebook) -> None:
    assert set(shipped.vocabulary.case_states) == {state.value for state in CaseState}


@pytest.mark.parametrize("which", Act)
@pytest.mark.parametrize("state", CaseState)
def test_a_case_goes_only_where_the_table_says(state: CaseState, which: Act) -> None:
    after = TRANSITIONS.get((state, which))
    if after is None:
        with pytest.raises(WrongState):
            resolve(a_case(state), act(which))
    else:
        changed = resolve(a_case(state), act(which))
        assert (changed.state, changed.resolutions[-1].act) == (after, which)


@pytest.mark.parametrize("state", sorted(set(CaseState) - {CaseState.OPGENOMEN}))
def test_only_a_running_case_takes_participants_leads_and_renewals(state: CaseState) -> None:
    case = a_case(state, "politie")
    changes: tuple[Callable[[], Case], ...] = (
        lambda: involve(case, Participant(partner="om", since=NOON)),
        lambda: appoint(case, "politie", ()),
        lambda: renew(case, frozenset({"wonen.situatie"}), NOON),
    )
    for change in changes:
        with pytest.raises(WrongState):
            change()


def test_whoever_is_involved_twice_sits_there_once() -> None:
    case = involve(a_case(CaseState.OPGENOMEN, "om"), Participant(partner="om", since=NOON + timedelta(days=1)))
    assert [p.partner for p in case.participants] == ["om"]


@pytest.mark.parametrize(
    ("lead", "co_leads"),
    [
        ("om", ("a", "b", "c")),
        ("om", ("om",)),
        ("om", ("a", "a")),
        ("vreemd", ()),
        ("om", ("vreemd",)),
        ("derde", ()),
        ("om", ("derde",)),
    ],
)
def test_one_lead_and_at_most_two_other_co_leads_all_of_them_participants(lead: str, co_leads: tuple[str, ...]) -> None:
    case = involve(a_case(CaseState.OPGENOMEN, "om", "a", "b", "c"), Participant(partner="derde", since=NOON, third=True))
    with pytest.raises(NotAllowed):
        appoint(case, lead, co_leads)
    named = appoint(case, "om", ("a", "b"))
    assert (named.lead, named.co_leads) == ("om", ("a", "b"))


def test_a_running_case_expires_five_years_after_first_processing_and_a_closed_one_stays_closed() -> None:
    end = anniversary(NOON, 5)
    assert a_case().state_at(end - timedelta(microseconds=1)) is CaseState.OPGENOMEN
    assert a_case().state_at(end) is CaseState.VERLOPEN
    assert a_case(CaseState.AFGESLOTEN).state_at(end) is CaseState.AFGESLOTEN


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)), st.integers(1, 20))  # noqa: DTZ001 - made aware below
def test_an_anniversary_exists_for_every_day_and_never_comes_late(moment: datetime, years: int) -> None:
    aware = moment.replace(tzinfo=UTC)
    later = anniversary(aware, years)
    assert (later.year, later.month) == (aware.year + years, aware.month)
    assert later.day in {aware.day, 28}


def test_a_renewal_covers_its_categories_for_two_years_and_leaves_the_others() -> None:
    once = renew(a_case(), frozenset({"a"}), NOON)
    twice = renew(once, frozenset({"b"}), NOON + timedelta(days=1))
    assert dict(twice.renewed) == {"a": NOON + RENEWAL, "b": NOON + timedelta(days=1) + RENEWAL}


def test_a_case_shows_nobody_in_its_repr() -> None:
    case = a_case(own_view="zegt Jansen")
    assert "Jansen" not in repr(case)
