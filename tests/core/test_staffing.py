"""A role that nobody fills is told before work waits for it; a deputy counts while his day is ahead (seed S8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.partner import Employee
from sluis.core.staffing import SOON, vacancies

DAY = timedelta(days=1)
FAR = NOON + 300 * DAY


def somebody(
    user: str, *roles: str, until: datetime = FAR, trained: datetime = FAR, deputises: dict[str, datetime] | None = None
) -> Employee:
    return Employee(
        partner="ggz",
        user=user,
        roles=frozenset(roles),
        screened_until=until,
        trained_until=trained,
        deputises=deputises or {},
    )


def told(*people: Employee) -> list[tuple[str | None, bool]]:
    return [(one.role, one.now) for one in vacancies("ggz", people, NOON)]


def test_a_role_with_somebody_in_it_for_long_is_no_vacancy() -> None:
    assert told(somebody("a", "behandelaar")) == []


def test_a_role_whose_only_holder_ends_within_a_month_is_told_beforehand_with_its_day() -> None:
    (found,) = vacancies("ggz", [somebody("a", "behandelaar", until=NOON + 20 * DAY)], NOON)
    assert (found.role, found.now, found.until) == ("behandelaar", False, NOON + 20 * DAY)


def test_one_day_more_than_a_month_is_not_told_yet() -> None:
    assert told(somebody("a", "behandelaar", until=NOON + SOON + DAY)) == []
    assert told(somebody("a", "behandelaar", until=NOON + SOON)) == [("behandelaar", False)]


def test_training_ends_a_role_as_much_as_screening_does() -> None:
    assert told(somebody("a", "behandelaar", trained=NOON), somebody("b", "regisseur")) == [("behandelaar", True)]


def test_a_colleague_in_the_same_role_fills_it() -> None:
    assert told(somebody("a", "behandelaar", until=NOON), somebody("b", "behandelaar")) == []


def test_a_deputy_counts_while_his_day_is_ahead_and_for_what_is_left_of_it() -> None:
    gone = somebody("a", "geneesheer-directeur", until=NOON - DAY)
    deputy = somebody("b", "behandelaar", deputises={"geneesheer-directeur": NOON + 60 * DAY})
    assert told(gone, deputy) == []
    soon = somebody("b", "behandelaar", deputises={"geneesheer-directeur": NOON + 9 * DAY})
    assert told(gone, soon) == [("geneesheer-directeur", False)]
    over = somebody("b", "behandelaar", deputises={"geneesheer-directeur": NOON})
    assert told(gone, over) == [("geneesheer-directeur", True)]


def test_an_organisation_in_which_nobody_may_act_is_told_so_first() -> None:
    assert told() == [(None, True)]
    assert told(somebody("a", "behandelaar", until=NOON - DAY)) == [(None, True), ("behandelaar", True)]


ROLES = st.sampled_from(["behandelaar", "regisseur", "fg"])
DAYS = st.integers(-40, 80).map(lambda days: NOON + days * DAY)
PEOPLE = st.lists(
    st.builds(
        Employee,
        partner=st.just("ggz"),
        user=st.text("abc", min_size=1, max_size=2),
        roles=st.frozensets(ROLES),
        screened_until=DAYS,
        trained_until=DAYS,
        deputises=st.dictionaries(ROLES, DAYS, max_size=2),
    ),
    max_size=5,
)


@given(people=PEOPLE)
def test_what_is_told_is_what_the_door_would_do(people: list[Employee]) -> None:
    """A role is told exactly when nobody would be let through in it a month from now; `now` when nobody is today."""
    found = {one.role: one for one in vacancies("ggz", people, NOON) if one.role is not None}
    for role in {role for one in people for role in (*one.roles, *one.deputises)}:
        later = any(one.authorised(role, NOON + SOON) for one in people)
        today = any(one.authorised(role, NOON) for one in people)
        assert (role in found) is not later
        if role in found:
            assert found[role].now is not today
            until = found[role].until
            assert until is not None
            assert (until > NOON) is today


@given(people=PEOPLE, one=st.integers(0, 4))
def test_somebody_more_never_makes_a_vacancy_of_a_role_that_is_known(people: list[Employee], one: int) -> None:
    before, fewer = vacancies("ggz", people, NOON), people[:one] + people[one + 1 :]
    known = {role for each in fewer for role in (*each.roles, *each.deputises)}
    without = {found.role for found in vacancies("ggz", fewer, NOON)}
    assert {found.role for found in before if found.role in known} <= without
