"""Late actions and handovers go on record once, the log first; being late opens nothing and decides nothing (seeds S2, S3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sluis.core.action import ActionState
from sluis.core.case import Case, CaseState
from sluis.core.entry import Kind
from sluis.core.errors import LedgerUnavailable, StoreUnavailable
from sluis.core.partner import Officer
from sluis.flows.actions import Assignment, Place, Settlement, agree_action, assign_action, settle_action
from sluis.flows.handover import Terms, answer_handover, hand_over
from sluis.flows.lateness import Lateness, lateness_for
from sluis.flows.overdue import LateAction, LateHandover, record_late_work, work_to_record
from world.people import GGZ, POLICE, PROBATION, TOWN, World, asks

SIGNAL = "risico.signaal"
WORDS = "Bel Jansen over zijn uitslag."
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    return World()


def agreed(world: World, case: Case, owner: str = GGZ, days: int = 3) -> str:
    assignment = Assignment(owner=owner, role=None, due=(world.clock.now() + days * DAY).date())
    return agree_action(case.id, WORDS, assignment, world.actor(TOWN), world.services).listed.action.id


def led(world: World) -> Case:
    return world.admitted(TOWN, POLICE, GGZ, PROBATION, lead=TOWN)


def offered(world: World, case: Case) -> str:
    world.holds(POLICE, SIGNAL, case=case.id, signaal={"advies": "niet alleen aanbellen"})
    asked = asks(world, TOWN, POLICE, SIGNAL, case=case.id, caller=POLICE, direction="aanbod")
    return hand_over(asked, Terms(talk=world.clock.now().date()), world.actor(POLICE), world.services).request.id


def recorded(world: World) -> int:
    return len(world.ledger.of(Kind.CASEWORK_OVERDUE))


def test_on_its_day_nothing_is_late_and_the_day_after_it_is_once_without_its_words(world: World) -> None:
    case = led(world)
    ident = agreed(world, case)
    world.clock.move(3 * DAY)
    assert record_late_work(world.services) == []
    world.clock.move(DAY)
    (late,) = record_late_work(world.services)
    assert isinstance(late, LateAction)
    assert (late.partner, late.what) == (GGZ, "afspraak")
    (entry,) = world.ledger.of(Kind.CASEWORK_OVERDUE)
    assert set(entry.core) == {"what", "provider", "recipient", "by"}
    assert [role for role, _ in entry.cells] == ["subject"]
    assert ident in str(entry.cells)
    assert "Jansen" not in str(entry)
    assert ident not in repr(late)
    world.clock.move(30 * DAY)
    assert record_late_work(world.services) == []
    assert recorded(world) == 1


def test_several_of_one_case_each_have_their_entry_and_all_are_marked_in_one_round(world: World) -> None:
    case = led(world)
    for owner in (GGZ, GGZ, PROBATION):
        agreed(world, case, owner)
    world.clock.move(5 * DAY)
    assert len(record_late_work(world.services)) == 3
    assert work_to_record(world.services) == []
    assert recorded(world) == 3


def test_another_day_can_be_late_anew_and_what_was_done_or_closed_cannot(world: World) -> None:
    case = led(world)
    ident = agreed(world, case)
    world.clock.move(5 * DAY)
    record_late_work(world.services)
    later = Assignment(owner=GGZ, role=None, due=(world.clock.now() + DAY).date())
    assign_action(Place(case.id, ident), later, world.actor(TOWN), world.services)
    world.clock.move(3 * DAY)
    assert len(record_late_work(world.services)) == 1
    assert recorded(world) == 2
    settle_action(Place(case.id, ident), Settlement(state=ActionState.GEDAAN), world.actor(GGZ), world.services)
    agreed(world, case, days=1)
    world.cases.save(replace(world.cases.kept[case.id], state=CaseState.AFGESLOTEN))
    world.clock.move(9 * DAY)
    assert record_late_work(world.services) == []


def test_a_handover_without_an_answer_is_on_record_once_and_can_be_answered_still(world: World) -> None:
    case = led(world)
    ident = offered(world, case)
    world.clock.move(10 * DAY)
    (late,) = record_late_work(world.services)
    assert isinstance(late, LateHandover)
    assert (late.partner, late.what) == (TOWN, "overdracht")
    (entry,) = world.ledger.of(Kind.CASEWORK_OVERDUE)
    assert entry.cells == ()
    assert entry.core["about"] == world.tasks.kept[ident].entry_id
    assert record_late_work(world.services) == []
    answer_handover(ident, None, world.actor(TOWN), world.services)
    assert lateness_for(officer(TOWN), world.services) == []


def officer(organisation: str) -> Officer:
    return Officer(subject="iss|x", name="x", roles=frozenset({"fg"}), organisation=organisation)


def test_both_are_counted_for_the_officers_of_who_is_late(world: World) -> None:
    case = led(world)
    agreed(world, case)
    agreed(world, case, TOWN)
    offered(world, case)
    world.clock.move(10 * DAY)
    assert lateness_for(officer(GGZ), world.services) == [Lateness(partner=GGZ, actions=1)]
    assert lateness_for(officer(TOWN), world.services) == [Lateness(partner=TOWN, actions=1, handovers=1)]
    assert lateness_for(officer(POLICE), world.services) == []


def test_without_the_log_nothing_is_marked(world: World) -> None:
    case = led(world)
    ident = agreed(world, case)
    world.clock.move(5 * DAY)
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        record_late_work(world.services)
    (action,) = world.cases.kept[case.id].actions
    assert (action.id, action.overdue) == (ident, None)


def test_a_round_that_died_between_the_entry_and_the_mark_marks_only_the_next_time(world: World) -> None:
    case = led(world)
    agreed(world, case)
    offered(world, case)
    world.clock.move(10 * DAY)
    before = dict(world.cases.kept), dict(world.tasks.kept)
    record_late_work(world.services)
    world.cases.kept, world.tasks.kept = before  # the entries are there, the marks were never written
    world.clock.move(DAY)
    assert len(record_late_work(world.services)) == 2
    assert recorded(world) == 2
    (action,) = world.cases.kept[case.id].actions
    assert action.overdue == world.ledger.of(Kind.CASEWORK_OVERDUE)[0].recorded
    assert work_to_record(world.services) == []


def test_a_store_that_does_not_answer_is_no_reason_to_say_that_nothing_is_late(world: World) -> None:
    agreed(world, led(world))
    world.clock.move(5 * DAY)
    world.cases.fails = "read"
    with pytest.raises(StoreUnavailable):
        record_late_work(world.services)
