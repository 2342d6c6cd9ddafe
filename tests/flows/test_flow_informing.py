"""The person of a case is told, or it is on record why not yet (AVG 14, BGS 1.3): before it counts, and late when it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.samples import a_case
from sluis.core.case import Case, CaseState, Participant
from sluis.core.claims import answer_by
from sluis.core.entry import Kind
from sluis.core.errors import BadInput, LedgerUnavailable, NotAllowed, NotFound, WrongState
from sluis.core.informing import LONGEST, Ground, Informed, Postponed, Way
from sluis.core.partner import Officer
from sluis.flows.informing import PutOff, Telling, may_inform, put_off, tell_person
from sluis.flows.lateness import Lateness, lateness_for
from world.people import CLINIC, GGZ, POLICE, PROBATION, TOWN, World

WORDS = "Zijn zus Anouk bracht hem de brief."
MONTH = timedelta(days=32)


@pytest.fixture
def world() -> World:
    return World()


def led(world: World) -> Case:
    return world.admitted(TOWN, POLICE, GGZ, PROBATION, lead=TOWN, co_leads=(PROBATION,))


def today(world: World) -> date:
    return world.clock.now().date()


def told(world: World, case: Case, by: str = TOWN, *, who: str = GGZ, on: date | None = None) -> Case:
    telling = Telling(on=on or today(world), way=Way.BRIEF, by=who, words=WORDS)
    return tell_person(case.id, telling, world.actor(by), world.services)[0]


def waits(world: World, case: Case, by: str = TOWN, *, owner: str = POLICE, days: int = 60, words: str = WORDS) -> Case:
    review = today(world) + timedelta(days=days)
    given_up = PutOff(ground=Ground.OPSPORING, owner=owner, review=review, words=words)
    return put_off(case.id, given_up, world.actor(by), world.services)[0]


def officer(organisation: str | None, *roles: str) -> Officer:
    return Officer(subject="iss|x", name="x", roles=frozenset(roles or ("fg",)), organisation=organisation)


def test_both_are_on_record_before_they_count_and_what_they_say_of_him_is_in_his_cell_only(world: World) -> None:
    case = led(world)
    waits(world, case)
    kept = told(world, case)
    assert kept.informing == Informed(on=today(world), way=Way.BRIEF, by=GGZ, recorded=world.clock.now(), words=WORDS)
    entries = world.ledger.of(Kind.CASE_CHANGED)
    assert [one.core["change"] for one in entries] == ["informeren uitgesteld", "betrokkene geïnformeerd"]
    for one in entries:
        assert set(one.core) == {"recipient", "change", "state"}
        assert "opsporing" not in str(one.core)
    cell = dict(entries[0].cells)["subject"]
    assert cell is not None
    assert (cell["ground"], cell["article"], cell["owner"]) == ("opsporing", "UAVG 41 lid 1 onder d", POLICE)
    assert cell["reasons"] == WORDS
    assert "Anouk" not in repr(kept)


def test_without_the_log_nothing_counts(world: World) -> None:
    case = led(world)
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        told(world, case)
    found = world.cases.find(case.id)
    assert found is not None
    assert found.informing is None


def test_after_a_month_it_is_late_and_a_ground_gives_time_until_its_day(world: World) -> None:
    case = led(world)
    due = answer_by(case.first_processed.date())
    assert case.informing_due == due
    assert not case.informing_late(due)
    assert case.informing_late(due + timedelta(days=1))
    case = waits(world, case, days=60)
    review = today(world) + timedelta(days=60)
    assert not case.informing_late(review)
    assert case.informing_late(review + timedelta(days=1))
    world.clock.move(timedelta(days=61))
    case = told(world, case)
    assert case.informing_due is None
    assert not case.informing_late(date.max)


def test_a_ground_that_still_stands_gets_another_day_and_what_was_told_is_not_put_off(world: World) -> None:
    case = led(world)
    waits(world, case, days=10)
    world.clock.move(timedelta(days=10))
    again = waits(world, case, owner=GGZ, days=20)
    assert isinstance(again.informing, Postponed)
    assert (again.informing.owner, again.informs) == (GGZ, GGZ)
    told(world, case)
    with pytest.raises(WrongState):
        waits(world, case)


@pytest.mark.parametrize(("days", "words"), [(0, WORDS), (-1, WORDS), (LONGEST.days + 1, WORDS), (10, "  ")])
def test_a_ground_has_a_day_within_half_a_year_and_its_reasons(world: World, days: int, words: str) -> None:
    case = led(world)
    with pytest.raises(BadInput) as caught:
        waits(world, case, days=days, words=words)
    assert {flaw.where for flaw in caught.value.flaws} == {"toelichting" if days == 10 else "herzienDatum"}
    assert not world.ledger.of(Kind.CASE_CHANGED)


def test_nobody_is_told_tomorrow(world: World) -> None:
    with pytest.raises(BadInput):
        told(world, led(world), on=today(world) + timedelta(days=1))


def test_a_public_participant_or_who_leads_says_it_and_nobody_else(world: World) -> None:
    case = led(world)
    for by in (TOWN, POLICE, PROBATION):  # probation is private, and co-leads
        waits(world, case, by)
    with pytest.raises(NotAllowed):
        waits(world, case, GGZ)
    with pytest.raises(NotFound):
        waits(world, case, CLINIC)
    assert may_inform(case, world.actor(POLICE).partner, world.services)
    assert not may_inform(case, world.actor(GGZ).partner, world.services)


def test_who_tells_him_or_sees_to_it_takes_part_and_is_no_third(world: World) -> None:
    case = led(world)
    with pytest.raises(NotAllowed):
        told(world, case, who=CLINIC)
    third = Participant(partner=CLINIC, since=world.clock.now(), third=True)
    case = world.cases.save(replace(case, participants=(*case.participants, third)))
    with pytest.raises(NotAllowed):
        waits(world, case, owner=CLINIC)


def test_before_admission_nobody_is_told_through_the_case(world: World) -> None:
    case = world.cases.save(replace(led(world), state=CaseState.AANGEMELD))
    assert case.informing_due is None
    with pytest.raises(WrongState):
        told(world, case)


def test_officers_see_how_much_is_late_at_whoever_sees_to_it_and_nobody_in_it(world: World) -> None:
    led(world)
    assert lateness_for(officer(TOWN), world.services) == []
    world.clock.move(MONTH)
    late = [Lateness(partner=TOWN, informing=1)]
    assert lateness_for(officer(TOWN), world.services) == late
    assert lateness_for(officer(None, "coordinerend-fg"), world.services) == late
    assert lateness_for(officer(GGZ), world.services) == []
    assert lateness_for(officer(TOWN, "beheerder"), world.services) == ()


def test_who_took_the_ground_on_is_who_is_late_with_it_and_a_closed_case_counts_no_more(world: World) -> None:
    case = led(world)
    case = waits(world, case, owner=POLICE, days=10)
    world.clock.move(MONTH)
    assert lateness_for(officer(POLICE), world.services) == [Lateness(partner=POLICE, informing=1)]
    assert lateness_for(officer(TOWN), world.services) == []
    world.cases.save(replace(case, state=CaseState.AFGESLOTEN))
    assert lateness_for(officer(POLICE), world.services) == []


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)), st.integers(0, 400))  # noqa: DTZ001 - the zone is set below
def test_it_is_late_exactly_from_the_day_after_its_day(first: datetime, days: int) -> None:
    case = replace(a_case(at=first.replace(tzinfo=UTC)), informing=None)
    day = first.date() + timedelta(days=days)
    due = case.informing_due
    assert due is not None
    assert case.informing_late(day) is (day > due)
    assert timedelta(days=28) <= due - first.date() <= timedelta(days=31)
