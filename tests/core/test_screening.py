"""The screening rules: what each hits and what not, and that it makes no difference where a round ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluis.core.dutch_time import dutch
from sluis.core.entry import Kind, LoggedEntry
from sluis.core.screening import (
    MOST_NAMED,
    QUESTIONS,
    Hit,
    Known,
    Limits,
    Parameters,
    Row,
    RuleName,
    Screen,
    learns_from,
    row_of,
    unusual_from,
)

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
ANN, BEN = b"ann", b"ben"
USUAL = Parameters(day_and_night=frozenset({"politie"}))


def row(index: int = 0, at: datetime = MONDAY, kind: Kind = Kind.RELEASE_AUTHORISED, **given_: object) -> Row:
    made = Row(index=index, entry_id=f"{index:032x}", at=at, kind=kind, recipient="gemeente", purpose="zvh-casus", user=ANN)
    return replace(made, **given_)  # type: ignore[arg-type] # the keys are fields of Row


def numbered(rows: Sequence[Row]) -> list[Row]:
    return [replace(one, index=number, entry_id=f"{number:032x}") for number, one in enumerate(rows)]


def known_of(rows: Sequence[Row]) -> Known:
    def first(recipient: str, purpose: str) -> Row | None:
        return next((one for one in rows if one.recipient == recipient and purpose in {"", one.purpose}), None)

    return Known(first=first, kind_of=lambda oin: {"gemeente": "college", "politie": "politie"}.get(oin, ""))


def screened(rows: Sequence[Row], parameters: Parameters = USUAL, start: int = 0) -> list[Hit]:
    rules = Screen(parameters, known_of(rows))
    for one in rows[:start]:
        rules.learn(one)
    return [hit for one in rows[start:] for hit in rules.hits(one)]


def rules_of(rows: Sequence[Row], parameters: Parameters = USUAL) -> list[RuleName]:
    return [hit.rule for hit in screened(numbered(rows), parameters)]


# ---- the rules, one by one


def test_ten_questions_of_one_user_without_a_release_hit_once() -> None:
    refused = [row(kind=Kind.RELEASE_REFUSED)] * 10 + [row(kind=Kind.KNOWN_ASKED)] * 5
    (hit,) = screened(numbered(refused))
    assert (hit.rule, hit.count, hit.bound, hit.row.index) == (RuleName.SEARCHING, 10, 10, 9)
    assert hit.entries == tuple(f"{number:032x}" for number in range(10))


@pytest.mark.parametrize(
    "rows",
    [
        [row(kind=Kind.RELEASE_REFUSED)] * 9,
        [row(), *[row(kind=Kind.RELEASE_REFUSED)] * 12],
        [row(kind=Kind.RELEASE_REFUSED)] * 8 + [row(kind=Kind.RELEASE_REFUSED, at=MONDAY + DAY)] * 8,
        [row(kind=Kind.RELEASE_REFUSED), row(kind=Kind.RELEASE_REFUSED, user=BEN)] * 9,
        [row(kind=Kind.RELEASE_REFUSED, user=None)] * 30,
    ],
)
def test_fewer_or_one_release_or_two_days_or_two_users_or_an_erased_user_do_not(rows: list[Row]) -> None:
    assert rules_of(rows) == []


def month(per_day: int, last: int, user: bytes | None = ANN) -> list[Row]:
    days = [row(at=MONDAY + DAY * day, user=user) for day in (0, 1, 2, 3, 4, 7, 8, 9) for _ in range(per_day)]
    return days + [row(at=MONDAY + 10 * DAY, user=user)] * last


def test_a_day_far_above_ones_own_past_hits_once_and_names_the_limit() -> None:
    (hit,) = screened(numbered(month(3, 40)))
    assert (hit.rule, hit.bound, hit.count) == (RuleName.VOLUME, 20, 21)
    assert len(hit.entries) == MOST_NAMED
    assert rules_of(month(3, 20)) == []
    assert rules_of(month(18, 22)) == []  # usual for this one: 18 + 5 x 1 is more
    assert rules_of(month(18, 24)) == [RuleName.VOLUME]


def test_who_has_no_past_has_no_usual_day() -> None:
    assert rules_of([row()] * 200) == []
    assert rules_of([row(at=MONDAY + DAY * day) for day in range(4)] + [row(at=MONDAY + 4 * DAY)] * 200) == []


def test_an_organisation_is_measured_by_its_own_past_whoever_of_it_asks() -> None:
    assert rules_of(month(30, 130, user=None)) == [RuleName.VOLUME_ORGANISATION]
    assert rules_of(month(30, 100, user=None)) == []


def test_what_is_older_than_the_history_is_no_past() -> None:
    late = [row(at=MONDAY + DAY * day) for day in range(5)] + [row(at=MONDAY + 28 * DAY)] * 60
    assert rules_of(late) == []


@given(past=st.lists(st.integers(1, 50), min_size=5, max_size=14), wild=st.integers(1, 10_000))
def test_one_wild_day_moves_the_limit_no_further_than_the_days_beside_it(past: list[int], wild: int) -> None:
    limits = Limits(least=1)
    assert unusual_from([*past, wild], limits) <= max(past) + limits.factor * max(1, *past)
    assert unusual_from(past, limits) >= min(past)


@pytest.mark.parametrize(
    ("at", "hit"),
    [
        (datetime(2026, 3, 2, 5, 59, tzinfo=UTC), True),  # 06:59 in winter
        (datetime(2026, 3, 2, 6, 0, tzinfo=UTC), False),
        (datetime(2026, 3, 2, 17, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 2, 18, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 6, 5, 0, tzinfo=UTC), False),  # 07:00 in summer
        (datetime(2026, 3, 7, 12, 0, tzinfo=UTC), True),  # a Saturday
    ],
)
def test_office_hours_are_those_of_a_dutch_clock(at: datetime, *, hit: bool) -> None:
    assert rules_of([row(at=at)] * 3) == [RuleName.HOURS] * hit


def test_who_works_day_and_night_and_who_declares_an_emergency_does_not_hit_at_night() -> None:
    night = MONDAY.replace(hour=1)
    assert rules_of([row(at=night, recipient="politie"), row(at=night, emergency=True), row(at=night, user=None)]) == []
    assert rules_of([row(at=night, emergency=True), row(at=night)]) == [RuleName.HOURS]


def test_one_person_for_one_purpose_after_another_hits_at_each_new_one_from_the_third() -> None:
    words = ["a", "b", "a", "c", "c", "d"]
    rows = numbered([row(at=MONDAY + DAY * day, purpose=word, person=b"p") for day, word in enumerate(words[:5])])
    (hit,) = screened(rows, Parameters(settled=1000))
    assert (hit.rule, hit.count, hit.row.purpose) == (RuleName.REPEATED, 3, "c")
    assert hit.entries == tuple(f"{number:032x}" for number in (1, 2, 3))
    assert rules_of([row(purpose=word, person=b"p") for word in words], Parameters(settled=1000)) == [RuleName.REPEATED] * 2


def test_two_users_or_two_persons_or_long_apart_are_no_repetition() -> None:
    never = Parameters(settled=1000)
    assert rules_of([row(purpose=word, person=word.encode()) for word in "abcd"], never) == []
    assert rules_of([row(purpose=word, person=b"p", user=word.encode()) for word in "abcd"], never) == []
    # Mondays, one further than the history lies from the first.
    far = [row(purpose=word, person=b"p", at=MONDAY + 14 * DAY * week) for week, word in enumerate("abc")]
    assert rules_of(far, never) == []


def test_three_refusals_about_one_person_each_asked_differently_hit_once() -> None:
    no = row(kind=Kind.RELEASE_REFUSED, person=b"p")
    tried = [no, replace(no, asked=2), replace(no, asked=3), replace(no, asked=4)]
    assert rules_of(tried) == [RuleName.PROBING]
    assert rules_of([no] * 5) == []
    assert rules_of([no, replace(no, asked=2), replace(no, asked=3, person=b"q")]) == []
    assert rules_of([no, replace(no, asked=2), replace(no, asked=3, kind=Kind.RELEASE_AUTHORISED)]) == []


def test_a_purpose_is_new_for_an_organisation_that_has_taken_part_for_a_month() -> None:
    new = row(at=MONDAY + 30 * DAY, purpose="wvggz")
    assert rules_of([row(), new, new]) == [RuleName.NEW_PURPOSE]
    assert rules_of([row(), row(purpose="wvggz"), new]) == []
    assert rules_of([row(), replace(new, at=MONDAY + 28 * DAY)]) == []
    assert rules_of([replace(new, recipient="")]) == []


def test_a_rule_that_is_off_hits_nothing() -> None:
    for rule in RuleName:
        off = replace(USUAL, rules=frozenset({rule}))
        busy = [row(kind=Kind.RELEASE_REFUSED, at=MONDAY.replace(hour=23), person=b"p", purpose=word) for word in "abcdefghijkl"]
        assert set(rules_of(busy, off)) <= {rule}
    assert rules_of([row(kind=Kind.RELEASE_REFUSED)] * 10, replace(USUAL, rules=frozenset())) == []


# ---- laws


SMALL = Parameters(
    searches=3, user=Limits(factor=1, least=2), organisation=Limits(factor=1, least=3), history=3, least_days=2, settled=2
)
ROWS = st.lists(
    st.builds(
        row,
        at=st.integers(0, 24 * 12).map(lambda hours: MONDAY + timedelta(hours=hours)),
        kind=st.sampled_from(QUESTIONS),
        recipient=st.sampled_from(["gemeente", "politie"]),
        purpose=st.sampled_from(["a", "b", "c"]),
        asked=st.integers(1, 2),
        user=st.sampled_from([ANN, BEN, None]),
        person=st.sampled_from([b"p", b"q", None]),
        emergency=st.booleans(),
    ),
    max_size=60,
).map(lambda rows: numbered(sorted(rows, key=lambda one: one.at)))


@given(rows=ROWS, data=st.data())
def test_it_makes_no_difference_where_a_round_ends(rows: list[Row], data: st.DataObject) -> None:
    whole = screened(rows, SMALL)
    cut = data.draw(st.integers(0, len(rows)))
    before, after = screened(rows[:cut], SMALL), []
    if cut < len(rows):
        rules, since = Screen(SMALL, known_of(rows)), learns_from(rows[cut].at, SMALL)
        for one in rows[:cut]:
            if one.at >= since:
                rules.learn(one)
        after = [hit for one in rows[cut:] for hit in rules.hits(one)]
    assert before + after == whole


@given(rows=ROWS)
def test_every_hit_names_entries_of_the_one_user_or_organisation_and_ends_at_its_own(rows: list[Row]) -> None:
    by_id = {one.entry_id: one for one in rows}
    for hit in screened(rows, SMALL):
        named = [by_id[entry] for entry in hit.entries]
        assert named[-1] == hit.row
        assert {one.recipient for one in named} == {hit.row.recipient} or hit.rule is not RuleName.VOLUME_ORGANISATION
        per_user = {RuleName.SEARCHING, RuleName.VOLUME, RuleName.HOURS, RuleName.REPEATED, RuleName.PROBING}
        assert hit.rule not in per_user or {one.user for one in named} == {hit.row.user} != {None}
        assert hit.count >= len(hit.entries)


@given(rows=ROWS)
def test_daily_rules_hit_a_user_at_most_once_a_day(rows: list[Row]) -> None:
    daily = {RuleName.SEARCHING, RuleName.VOLUME, RuleName.HOURS}
    seen = [(hit.rule, hit.row.user, dutch(hit.row.at).date()) for hit in screened(rows, SMALL) if hit.rule in daily]
    assert len(seen) == len(set(seen))


def test_a_row_reads_an_entry_of_any_shape() -> None:
    entry = LoggedEntry(index=4, entry_id="ab", kind=Kind.KNOWN_ASKED, recorded=MONDAY, core={"counts": 3, "purpose": None})
    assert row_of(entry) == Row(index=4, entry_id="ab", at=MONDAY, kind=Kind.KNOWN_ASKED)
    told = replace(entry, core={"counts": {"asked": 2}, "emergency": True}, tags=(("subject", b"s"), ("actor", b"a")))
    assert (row_of(told).asked, row_of(told).user, row_of(told).person, row_of(told).emergency) == (2, b"a", b"s", True)
