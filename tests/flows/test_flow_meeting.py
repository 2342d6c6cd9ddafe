"""The list for a case meeting: what each party may contribute that day, decided on the facts on record, reading no data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sluis.core.case import Act, Case, CaseState
from sluis.core.entry import Kind
from sluis.core.errors import BadInput, LedgerUnavailable, NotAllowed, NotFound
from sluis.core.verdict import Deny, Permit, Precision, Refer, Verdict
from sluis.flows import cases
from sluis.flows.actions import Assignment, agree_action
from sluis.flows.meeting import MOST_CASES, Point, agenda
from sluis.flows.share import share
from world.people import CLINIC, GGZ, NOBODY, POLICE, PROBATION, TOWN, World, asks, user_of

A = "gezondheid.functioneel"
LVB = "gezondheid.lvb"


@pytest.fixture
def world() -> World:
    return World()


def led(world: World, **changes: object) -> Case:
    return world.admitted(TOWN, POLICE, GGZ, PROBATION, **{"lead": TOWN, "co_leads": (POLICE,), **changes})  # type: ignore[arg-type] # fields of Case


def day(world: World, days: int = 7) -> date:
    return (world.clock.now() + timedelta(days=days)).date()


def listed(world: World, *cases: Case, days: int = 7) -> tuple[Point, ...]:
    return tuple(agenda(day(world, days), [case.id for case in cases], world.actor(TOWN), world.services))


def verdicts(point: Point, provider: str, category: str) -> dict[str, Verdict]:
    """What that party may do with that category, per recipient."""
    (party,) = (one for one in point.parties if one.partner == provider)
    return {who: line.verdict for line in party.lines if line.category == category for who in line.recipients}


def test_it_says_per_party_what_it_may_contribute_to_whom_and_what_stays(world: World) -> None:
    case = led(world)
    world.consent(GGZ, POLICE, A, case=case.id)
    (point,) = listed(world, case)
    assert [party.partner for party in point.parties] == [TOWN, POLICE, GGZ, PROBATION]
    advice = verdicts(point, GGZ, A)
    given = advice[POLICE]
    assert isinstance(given, Permit)
    assert given.precision is Precision.FUNCTIONEEL
    assert {who: type(verdict) for who, verdict in advice.items() if who != POLICE} == {TOWN: Refer, PROBATION: Refer}
    diagnosis = verdicts(point, GGZ, "gezondheid.diagnose")
    assert all(isinstance(verdict, Deny) and "toestemming" in verdict.helps for verdict in diagnosis.values())
    assert all(isinstance(verdict, Permit) for verdict in verdicts(point, POLICE, "politie.artikel-8").values())
    assert verdicts(point, POLICE, A) == {}, "what a kind of party never contributes is no point of the agenda"


def test_it_says_what_a_real_question_then_gets(world: World) -> None:
    case = led(world)
    world.consent(GGZ, POLICE, A, LVB, case=case.id)
    (point,) = listed(world, case, days=0)
    for provider, recipient in ((GGZ, POLICE), (GGZ, TOWN), (POLICE, GGZ), (TOWN, PROBATION)):
        (party,) = (one for one in point.parties if one.partner == provider)
        mine = {line.category: line.verdict for line in party.lines if recipient in line.recipients}
        answer = share(asks(world, recipient, provider, *mine, case=case.id), world.services)
        assert dict(answer.decision.verdicts) == mine


def test_a_consent_that_ends_before_the_meeting_does_not_count_for_it(world: World) -> None:
    case = led(world)
    world.consent(GGZ, POLICE, A, case=case.id, valid_until=world.clock.now() + timedelta(days=3))
    assert isinstance(verdicts(listed(world, case, days=2)[0], GGZ, A)[POLICE], Permit)
    assert isinstance(verdicts(listed(world, case, days=4)[0], GGZ, A)[POLICE], Refer)


def test_whether_anybody_holds_anything_makes_no_difference_and_nothing_is_read(world: World) -> None:
    known, unknown = led(world), led(world, who=NOBODY)
    world.holds(GGZ, A, case=known.id, bejegening={"advies": "rustig"})
    one, two = (listed(world, case)[0] for case in (known, unknown))
    assert one.parties == two.parties
    assert world.source.asked == []


@pytest.mark.parametrize("who", [GGZ, PROBATION])
def test_a_participant_that_does_not_lead_gets_no_list(world: World, who: str) -> None:
    case = led(world)
    with pytest.raises(NotAllowed):
        agenda(day(world), [case.id], world.actor(who), world.services)
    assert agenda(day(world), [], world.actor(who), world.services) == []
    assert world.ledger.kept == []


def test_for_a_stranger_and_for_a_closed_case_there_is_nothing(world: World) -> None:
    case = led(world)
    with pytest.raises(NotFound):
        agenda(day(world), [case.id], world.actor(CLINIC), world.services)
    cases.resolve_case(case.id, Act.SLUITEN, "Klaar.", world.actor(POLICE), world.services)
    with pytest.raises(NotFound):
        listed(world, case)
    assert listed(world) == ()


def test_every_case_of_the_list_is_on_record_before_and_without_the_log_there_is_no_list(world: World) -> None:
    one, two = led(world), led(world)
    assert len(listed(world)) == 2
    kept = world.ledger.of(Kind.DECISION_EVALUATED)
    assert len(kept) == 2
    assert not any(case.id in str(entry.core) for entry in kept for case in (one, two))
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        listed(world)


def test_cases_with_late_actions_stand_on_top(world: World) -> None:
    quiet, busy = led(world), led(world)
    for days in (1, 3):
        assignment = Assignment(owner=GGZ, role=None, due=day(world, days))
        agree_action(busy.id, "Bellen.", assignment, world.actor(TOWN), world.services)
    world.clock.move(timedelta(days=2))
    first, second = listed(world)
    assert (first.case.id, first.open_actions, first.late_actions) == (busy.id, 2, 1)
    assert (second.case.id, second.open_actions, second.late_actions) == (quiet.id, 0, 0)


def test_a_case_that_will_have_expired_by_then_says_so_for_what_could_be_contributed_and_nothing_else(world: World) -> None:
    case = led(world)
    (point,) = listed(world, case, days=6 * 366)
    reasons = {line.verdict.reason for party in point.parties for line in party.lines if isinstance(line.verdict, Deny)}
    assert {str(reason) for reason in reasons} <= {"casusstatus", "bewaartermijn", "geheim"}
    assert not any(line.category.startswith("verboden") for party in point.parties for line in party.lines)


def test_who_no_longer_takes_part_by_then_is_not_at_the_table(world: World) -> None:
    case = led(world)
    partner = world.partners.by_id(PROBATION)
    assert partner is not None
    world.partners.save(replace(partner, active_until=world.clock.now() + timedelta(days=2)))
    (point,) = listed(world, case)
    assert PROBATION not in {party.partner for party in point.parties}


def test_a_day_that_is_over_and_a_list_without_end_are_flaws_and_an_unknown_employee_is_let_in_nowhere(world: World) -> None:
    with pytest.raises(BadInput, match="datum"):
        listed(world, days=-1)
    for _ in range(MOST_CASES + 1):
        led(world)
    with pytest.raises(BadInput, match="casussen"):
        listed(world)
    world.employees.kept.pop((TOWN, user_of(TOWN)))
    with pytest.raises(NotAllowed):
        listed(world)
    assert world.ledger.kept == []


def test_a_notified_case_is_no_point_of_a_meeting(world: World) -> None:
    led(world, state=CaseState.AANGEMELD)
    assert listed(world) == ()
