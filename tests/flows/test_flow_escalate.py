"""The clock of what waits for a human: both sides see it, being late is on record once, and it widens nothing (story S4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from fakes.samples import a_task
from sluis.core.entry import EntryDraft, Kind, Receipt
from sluis.core.errors import LedgerUnavailable, StoreUnavailable
from sluis.core.partner import Officer
from sluis.core.request import RequestStatus, Task
from sluis.core.urgency import by_due, to_escalate
from sluis.flows.escalate import escalate, late_for, to_put_on_record, waiting_for
from sluis.flows.evidence import SEVEN_QUESTIONS
from sluis.flows.judge import Judgement, collect, judge
from sluis.flows.offer import offer
from sluis.flows.share import Referred, Shared, share
from world.ledger import MemoryLedger
from world.people import CLINIC, GGZ, POLICE, PROBATION, TOWN, World, asks

A = "gezondheid.functioneel"
DAY = timedelta(days=1)


def waits(world: World, *, urgent: bool = False, case: str | None = None) -> str:
    """A request of probation that waits for the GGZ; its id."""
    ident = case or world.admitted(PROBATION, GGZ, TOWN).id
    answer = share(asks(world, PROBATION, GGZ, A, case=ident, urgent=urgent), world.services)
    assert isinstance(answer, Referred)
    return answer.request.id


def yes() -> Judgement:
    return Judgement(
        fact="conflict-van-plichten", value=True, categories=frozenset({A}), ground=dict.fromkeys(SEVEN_QUESTIONS, "ja")
    )


def overdue_entries(world: World) -> int:
    return len(world.ledger.of(Kind.JUDGEMENT_OVERDUE))


def officer(*roles: str, organisation: str | None = None) -> Officer:
    return Officer(subject="iss|x", name="x", roles=frozenset(roles), organisation=organisation)


def test_until_it_is_due_nothing_is_late_and_from_that_moment_it_is(world: World) -> None:
    ident = waits(world)
    world.clock.move(3 * DAY - timedelta(seconds=1))
    assert escalate(world.services) == []
    world.clock.move(timedelta(seconds=1))
    (late,) = escalate(world.services)
    assert late.request.id == ident
    assert world.tasks.kept[ident].escalated == world.clock.now()


def test_being_late_is_on_record_once_by_sluis_itself_and_names_no_person(world: World) -> None:
    ident = waits(world, urgent=True)
    referred = world.tasks.kept[ident].entry_id
    world.clock.move(2 * DAY)
    for _ in range(3):
        escalate(world.services)
    (entry,) = world.ledger.of(Kind.JUDGEMENT_OVERDUE)
    assert entry.cells == ()
    oin = {name: world.actor(name).partner.oin for name in (GGZ, PROBATION)}
    assert entry.core == {
        "about": referred,
        "provider": oin[GGZ],
        "recipient": oin[PROBATION],
        "requester": oin[PROBATION],
        "purpose": "zvh-casus",
        "urgent": True,
        "asked": NOON.isoformat(),
        "due": (NOON + DAY).isoformat(),
        "by": "sluis",
    }


def test_a_dry_run_finds_the_same_and_changes_nothing(world: World) -> None:
    waits(world)
    world.clock.move(4 * DAY)
    before = dict(world.tasks.kept)
    found = to_put_on_record(world.services)
    assert [task.request.id for task in found] == list(before)
    assert (world.tasks.kept, overdue_entries(world)) == (before, 0)
    assert [task.request.id for task in escalate(world.services)] == list(before)


@pytest.mark.parametrize("fails", ["before-commit", "after-commit"])
def test_no_task_is_marked_unless_the_log_has_it(world: World, fails: str) -> None:
    ident = waits(world)
    world.clock.move(4 * DAY)
    world.ledger.fails = fails  # type: ignore[assignment] # one of its two words
    with pytest.raises(LedgerUnavailable):
        escalate(world.services)
    assert world.tasks.kept[ident].escalated is None
    world.ledger.fails = None
    escalate(world.services)
    assert world.tasks.kept[ident].escalated is not None
    assert overdue_entries(world) == 1


@pytest.mark.parametrize("fails", ["before-commit", "after-commit"])
def test_who_dies_between_the_entry_and_the_mark_records_nothing_twice(world: World, fails: str) -> None:
    ident = waits(world)
    world.clock.move(4 * DAY)
    world.tasks.fails = fails  # type: ignore[assignment] # one of its words
    with pytest.raises(StoreUnavailable):
        escalate(world.services)
    world.tasks.fails = None
    world.clock.move(DAY)
    escalate(world.services)
    (entry,) = world.ledger.of(Kind.JUDGEMENT_OVERDUE)
    assert world.tasks.kept[ident].escalated == entry.recorded


def test_a_task_that_was_judged_in_between_stays_judged(world: World) -> None:
    class JudgedMeanwhile(MemoryLedger):
        """A ledger during whose append the professional judges."""

        def append(self, draft: EntryDraft) -> Receipt:
            receipt = super().append(draft)
            if draft.kind is Kind.JUDGEMENT_OVERDUE:
                judge(ident, [yes()], world.actor(GGZ), world.services)
            return receipt

    world.ledger = JudgedMeanwhile()
    ident = waits(world)
    world.clock.move(4 * DAY)
    escalate(world.services)
    assert world.tasks.kept[ident].status is RequestStatus.BESLIST
    assert escalate(world.services) == []


def test_what_was_judged_is_no_longer_late_and_what_was_late_is_decided_as_ever(world: World) -> None:
    case = world.admitted(PROBATION, GGZ, TOWN).id
    world.holds(GGZ, A, case=case, bejegening={"advies": "rustig aan"})
    ident = waits(world, case=case)
    world.clock.move(4 * DAY)
    escalate(world.services)
    assert isinstance(collect(ident, world.actor(PROBATION), world.services), Referred), "being late opens nothing"
    judge(ident, [yes()], world.actor(GGZ), world.services)
    assert not world.tasks.kept[ident].late(world.clock.now())
    assert isinstance(collect(ident, world.actor(PROBATION), world.services), Shared)


def test_whoever_comes_to_collect_while_it_waits_does_not_move_the_clock(world: World) -> None:
    ident = waits(world)
    due = world.tasks.kept[ident].due
    for _ in range(5):
        world.clock.move(DAY)
        collect(ident, world.actor(PROBATION), world.services)
        escalate(world.services)
    kept = world.tasks.kept[ident]
    assert (kept.due, kept.request.at) == (due, NOON)
    assert overdue_entries(world) == 1


def test_a_judgement_that_ended_starts_a_new_clock(world: World) -> None:
    ident = waits(world)
    judge(ident, [yes()], world.actor(GGZ), world.services)
    world.clock.move(31 * DAY)
    assert isinstance(collect(ident, world.actor(PROBATION), world.services), Referred)
    assert world.tasks.kept[ident].due == world.clock.now() + 3 * DAY
    assert escalate(world.services) == []


def test_an_offer_that_waits_for_its_own_professional_has_a_clock_too(world: World) -> None:
    case = world.admitted(PROBATION, GGZ, TOWN).id
    asked = asks(world, PROBATION, GGZ, A, case=case, caller=GGZ, direction="aanbod")
    offered = offer(asked, world.services)
    assert offered.decision.referred
    assert world.tasks.kept[asked.id].due == NOON + 3 * DAY


def test_the_provider_finds_what_is_due_first_on_top(world: World) -> None:
    slow = waits(world)
    world.clock.move(DAY)
    urgent = waits(world, urgent=True)
    ggz = world.actor(GGZ).partner
    assert [task.request.id for task in waiting_for(ggz, world.services)] == [urgent, slow]


def test_officers_see_what_is_late_at_their_own_organisation_and_who_oversees_all_of_it(world: World) -> None:
    waits(world)
    world.clock.move(4 * DAY)
    for who in (officer("fg", organisation=GGZ), officer("coordinerend-fg"), officer("auditor")):
        (late,) = late_for(who, world.services)
        assert (late.provider, late.requester, late.due) == (GGZ, PROBATION, NOON + 3 * DAY)
    for who in (officer("fg", organisation=POLICE), officer("beheerder"), officer("fg", organisation=CLINIC)):
        assert not late_for(who, world.services)


def test_who_left_leaves_his_requests_to_his_organisation(world: World) -> None:
    """Rights are on role and organisation: a colleague finds and collects what somebody who left has asked (story S8)."""
    case = world.admitted(PROBATION, GGZ, TOWN).id
    world.holds(GGZ, A, case=case, bejegening={"advies": "rustig aan"})
    ident = waits(world, case=case)
    judge(ident, [yes()], world.actor(GGZ), world.services)
    left = world.employees.kept[PROBATION, f"m-{PROBATION}"]
    world.employees.save(replace(left, screened_until=world.clock.now()))
    world.employees.save(replace(left, user="m-opvolger"))
    assert ident in [task.request.id for task in world.tasks.of_requester(PROBATION)]
    successor = replace(world.actor(PROBATION), user="m-opvolger")
    assert isinstance(collect(ident, successor, world.services), Shared)


def test_what_waits_for_somebody_who_left_waits_for_his_organisation(world: World) -> None:
    ident = waits(world)
    left = world.employees.kept[GGZ, f"m-{GGZ}"]
    world.employees.save(replace(left, trained_until=world.clock.now()))
    world.employees.save(replace(left, user="m-waarnemer", roles=frozenset(), deputises={"medewerker": NOON + 9 * DAY}))
    assert [task.request.id for task in waiting_for(world.actor(GGZ).partner, world.services)] == [ident]
    task, _ = judge(ident, [yes()], replace(world.actor(GGZ), user="m-waarnemer"), world.services)
    assert task.status is RequestStatus.BESLIST


TASKS = st.lists(
    st.builds(
        lambda status, minutes, marked: replace(
            a_task(status=status),
            due=None if minutes is None else NOON + timedelta(minutes=minutes),
            escalated=NOON if marked else None,
        ),
        st.sampled_from(RequestStatus),
        st.none() | st.integers(-5, 5),
        st.booleans(),
    ),
    max_size=8,
)


@given(tasks=TASKS)
def test_what_is_late_is_exactly_what_waits_past_its_moment_unmarked(tasks: list[Task]) -> None:
    found = to_escalate(tasks, NOON)
    for task in tasks:
        wanted = task.status is RequestStatus.VOORGELEGD and task.due is not None and task.due <= NOON and task.escalated is None
        assert (task in found) is wanted


@given(tasks=TASKS)
def test_the_order_by_due_is_an_order_with_the_overdue_on_top(tasks: list[Task]) -> None:
    ordered = by_due(tasks)
    assert sorted(map(id, ordered)) == sorted(map(id, tasks))
    moments = [task.due for task in ordered]
    known = [moment for moment in moments if moment is not None]
    assert moments[: len(known)] == sorted(known)
