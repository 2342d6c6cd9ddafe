"""Who acts at a partner: rights hang on a role, and a deputy fills it for a while (seed S8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sluis.core.partner import Employee

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def colleague(**changed: object) -> Employee:
    fields: dict[str, object] = {
        "partner": "ggz",
        "user": "z-1",
        "roles": frozenset({"behandelaar"}),
        "screened_until": NOON + 300 * DAY,
        "trained_until": NOON + 200 * DAY,
        "deputises": {"regisseur": NOON + 14 * DAY},
        **changed,
    }
    return Employee(**fields)  # type: ignore[arg-type] # the fields of the class, some changed


def test_he_acts_in_his_own_role_and_in_no_other() -> None:
    assert colleague().authorised("behandelaar", NOON)
    assert not colleague().authorised("officier", NOON)


def test_he_acts_in_the_role_he_deputises_until_that_day_and_not_after() -> None:
    assert colleague().authorised("regisseur", NOON + 13 * DAY)
    assert not colleague().authorised("regisseur", NOON + 14 * DAY)


def test_deputising_replaces_neither_screening_nor_training() -> None:
    assert not colleague(screened_until=NOON).authorised("regisseur", NOON)
    assert not colleague(trained_until=NOON).authorised("regisseur", NOON)


@given(role=st.text(max_size=12), days=st.integers(min_value=0, max_value=400))
def test_nobody_acts_in_a_role_that_nobody_gave_him(role: str, days: int) -> None:
    nobody = colleague(roles=frozenset(), deputises={})
    assert not nobody.authorised(role, NOON + days * DAY)
