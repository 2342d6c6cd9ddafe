"""Warm handover: with a talk and the minimum, accepted or declined, late without an answer; nothing leaves before a yes (S3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sluis.core.case import Case
from sluis.core.entry import Kind
from sluis.core.errors import BadInput, LedgerUnavailable, NotAllowed, NotFound, StoreUnavailable, WrongState
from sluis.core.handover import Declined, HandoverState
from sluis.core.request import RequestStatus, Task
from sluis.core.verdict import Outcome
from sluis.flows.evidence import SEVEN_QUESTIONS
from sluis.flows.handover import Terms, answer_handover, hand_over, handovers
from sluis.flows.judge import Judgement, collect, judge
from sluis.flows.offer import Offered, offer
from sluis.flows.share import Shared
from world.people import CLINIC, GGZ, POLICE, PROBATION, TOWN, World, asks, user_of

SIGNAL = "risico.signaal"
A = "gezondheid.functioneel"


@pytest.fixture
def world() -> World:
    return World()


def offered(world: World, case: Case, *categories: str, giver: str = POLICE, days: int = 2) -> Offered:
    """The giver hands somebody over to the town, with a talk in so many days."""
    asked = asks(world, TOWN, giver, *(categories or (SIGNAL,)), case=case.id, caller=giver, direction="aanbod")
    talk = (world.clock.now() + timedelta(days=days)).date()
    return hand_over(asked, Terms(talk=talk, role="wijkteam"), world.actor(giver), world.services)


def a_case(world: World) -> Case:
    case = world.admitted(POLICE, TOWN, GGZ)
    world.holds(POLICE, SIGNAL, case=case.id, signaal={"advies": "niet alleen aanbellen"})
    return case


def the_one(world: World, who: str = TOWN, *, giving: bool = False) -> Task:
    (task,) = handovers(world.actor(who), world.services, giving=giving)
    return task


def test_a_handover_is_offered_accepted_and_then_collected_each_on_record_in_that_order(world: World) -> None:
    given = offered(world, a_case(world))
    assert given.decision.permitted
    assert world.source.asked == []
    task, _ = answer_handover(given.request.id, None, world.actor(TOWN), world.services)
    assert task.handover is not None
    assert task.handover.state is HandoverState.AANGENOMEN
    assert isinstance(collect(given.request.id, world.actor(TOWN), world.services), Shared)
    kinds = [entry.kind for entry in world.ledger.kept]
    assert kinds == [Kind.RELEASE_OFFERED, Kind.HANDOVER_OFFERED, Kind.HANDOVER_ACCEPTED, Kind.RELEASE_AUTHORISED]
    told = next(one.handover for one in handovers(world.actor(POLICE), world.services, giving=True))
    assert told is not None
    assert (told.role, told.state) == ("wijkteam", HandoverState.AANGENOMEN)


def test_what_was_not_accepted_releases_nothing(world: World) -> None:
    given = offered(world, a_case(world))
    with pytest.raises(WrongState):
        collect(given.request.id, world.actor(TOWN), world.services)
    task, _ = answer_handover(given.request.id, Declined.AL_BETROKKEN, world.actor(TOWN), world.services)
    assert task.status is RequestStatus.GEWEIGERD
    with pytest.raises(WrongState):
        collect(given.request.id, world.actor(TOWN), world.services)
    assert world.source.asked == []
    assert world.ledger.of(Kind.RELEASE_AUTHORISED) == []
    (entry,) = world.ledger.of(Kind.HANDOVER_DECLINED)
    assert entry.core["reason"] == "al-betrokken"


def test_a_handover_is_answered_once_and_by_its_receiver_only(world: World) -> None:
    given = offered(world, a_case(world))
    for stranger in (POLICE, GGZ, CLINIC):
        with pytest.raises(NotFound):
            answer_handover(given.request.id, None, world.actor(stranger), world.services)
    answer_handover(given.request.id, None, world.actor(TOWN), world.services)
    with pytest.raises(WrongState):
        answer_handover(given.request.id, Declined.GEEN_RUIMTE, world.actor(TOWN), world.services)
    with pytest.raises(NotFound):
        answer_handover("geen", None, world.actor(TOWN), world.services)


def test_a_plain_offer_is_no_handover(world: World) -> None:
    case = a_case(world)
    plain = offer(asks(world, TOWN, POLICE, SIGNAL, case=case.id, caller=POLICE, direction="aanbod"), world.services)
    assert handovers(world.actor(TOWN), world.services, giving=False) == []
    with pytest.raises(NotFound):
        answer_handover(plain.request.id, None, world.actor(TOWN), world.services)
    assert isinstance(collect(plain.request.id, world.actor(TOWN), world.services), Shared)


def test_without_an_answer_it_is_late_after_the_time_of_the_receivers_domain_and_stands_on_top_for_both(world: World) -> None:
    case = a_case(world)
    first = offered(world, case).request.id
    world.clock.move(timedelta(days=1))
    second = offered(world, case).request.id
    world.clock.move(timedelta(days=4))
    for who, giving in ((TOWN, False), (POLICE, True)):
        listed = handovers(world.actor(who), world.services, giving=giving)
        assert [task.request.id for task in listed] == [first, second]
        late = [task.handover.late(world.clock.now()) for task in listed if task.handover]
        assert late == [True, False]
    answer_handover(first, Declined.GEEN_RUIMTE, world.actor(TOWN), world.services)
    assert [task.request.id for task in handovers(world.actor(TOWN), world.services, giving=False)] == [second, first]
    (entry,) = world.ledger.of(Kind.HANDOVER_DECLINED)
    assert entry.core["late"] is True


def test_what_the_rules_refuse_is_no_handover(world: World) -> None:
    given = offered(world, a_case(world), "gezondheid.diagnose", giver=GGZ)
    assert given.decision.outcome is Outcome.WEIGEREN
    assert world.ledger.of(Kind.HANDOVER_OFFERED) == []
    assert world.tasks.kept == {}


def test_what_a_professional_of_the_giver_must_judge_first_waits_for_that_before_it_can_be_accepted(world: World) -> None:
    case = a_case(world)
    world.holds(GGZ, A, case=case.id, bejegening={"advies": "rustig aan"})
    given = offered(world, case, A, giver=GGZ)
    assert given.decision.outcome is Outcome.VOORLEGGEN
    with pytest.raises(WrongState):
        answer_handover(given.request.id, None, world.actor(TOWN), world.services)
    ground = dict.fromkeys(SEVEN_QUESTIONS, "ja")
    said = Judgement(fact="conflict-van-plichten", value=True, categories=frozenset({A}), ground=ground)
    judge(given.request.id, [said], world.actor(GGZ), world.services)
    with pytest.raises(WrongState):
        collect(given.request.id, world.actor(TOWN), world.services)
    answer_handover(given.request.id, None, world.actor(TOWN), world.services)
    assert isinstance(collect(given.request.id, world.actor(TOWN), world.services), Shared)


@pytest.mark.parametrize("kind", [Kind.RELEASE_OFFERED, Kind.HANDOVER_OFFERED])
def test_a_handover_that_the_log_cannot_hold_is_not_there_for_anybody(world: World, kind: Kind) -> None:
    case = a_case(world)
    world.ledger.fails, world.ledger.only = "before-commit", kind
    with pytest.raises(LedgerUnavailable):
        offered(world, case)
    assert world.tasks.kept == {}


def test_an_answer_that_is_not_on_record_does_not_count_and_one_that_was_not_kept_is_given_again(world: World) -> None:
    given = offered(world, a_case(world))
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        answer_handover(given.request.id, None, world.actor(TOWN), world.services)
    world.ledger.fails = None
    with pytest.raises(WrongState):
        collect(given.request.id, world.actor(TOWN), world.services)
    world.tasks.fails = "before-commit"
    with pytest.raises(StoreUnavailable):
        answer_handover(given.request.id, None, world.actor(TOWN), world.services)
    world.tasks.fails = None
    answer_handover(given.request.id, None, world.actor(TOWN), world.services)
    assert isinstance(collect(given.request.id, world.actor(TOWN), world.services), Shared)


def test_a_talk_in_the_past_is_a_flaw_and_an_unknown_employee_neither_offers_nor_answers(world: World) -> None:
    case = a_case(world)
    with pytest.raises(BadInput, match="gesprekDatum"):
        offered(world, case, days=-1)
    given = offered(world, case)
    for who in (POLICE, TOWN):
        world.employees.kept.pop((who, user_of(who)))
    with pytest.raises(NotAllowed):
        offered(world, case)
    with pytest.raises(NotAllowed):
        answer_handover(given.request.id, None, world.actor(TOWN), world.services)


def test_the_log_names_both_sides_and_nobody_else(world: World) -> None:
    case = a_case(world)
    offered(world, case)
    (entry,) = world.ledger.of(Kind.HANDOVER_OFFERED)
    sides = {world.actor(name).partner.oin for name in (POLICE, TOWN)}
    assert {entry.core["provider"], entry.core["recipient"]} == sides
    assert case.id not in str(entry.core)
    assert SIGNAL not in str(entry.core)


def test_a_handover_to_somebody_who_takes_no_part_in_the_case_is_refused(world: World) -> None:
    case = a_case(world)
    asked = asks(world, PROBATION, POLICE, SIGNAL, case=case.id, caller=POLICE, direction="aanbod")
    terms = Terms(talk=world.clock.now().date())
    assert not hand_over(asked, terms, world.actor(POLICE), world.services).decision.permitted


def test_a_successor_of_whoever_offered_or_was_offered_goes_on_with_it(world: World) -> None:
    given = offered(world, a_case(world))
    before = world.employees.kept.pop((TOWN, user_of(TOWN)))
    world.employees.save(replace(before, user="m-opvolger"))
    successor = replace(world.actor(TOWN), user="m-opvolger")
    assert the_one(world).request.id == given.request.id
    answer_handover(given.request.id, None, successor, world.services)
