"""Scaling down: a case closes when everything that remains has somebody who has its words; then it is shielded (seed S5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sluis.core.action import ActionState
from sluis.core.case import Case, CaseState, Participant
from sluis.core.entry import Kind
from sluis.core.errors import BadInput, LedgerUnavailable, NotAllowed, NotFound, WrongState
from sluis.flows.actions import Assignment, Place, Settlement, agree_action, assign_action, settle_action
from sluis.flows.closing import Back, Closing, close_case
from sluis.flows.handover import Terms, answer_handover, hand_over
from sluis.flows.judge import collect
from sluis.flows.share import Refused, Shared, share
from sluis.ports.services import Services
from sluis.sources import PlanSource
from world.people import CLINIC, GGZ, POLICE, PROBATION, TOWN, World, asks

PLAN = "plan.afspraken"
WORDS = "Elke week bij Jansen langs."


@pytest.fixture
def world() -> World:
    return World()


def services(world: World) -> Services:
    return replace(world.services, source=PlanSource(world.source, world.cases, world.partners))


def led(world: World) -> Case:
    return world.admitted(TOWN, POLICE, GGZ, PROBATION, lead=TOWN)


def agreed(world: World, case: Case, owner: str = PROBATION, *, by: str = TOWN) -> str:
    due = (world.clock.now() + timedelta(days=30)).date()
    assignment = Assignment(owner=owner, role=None, due=due)
    return agree_action(case.id, WORDS, assignment, world.actor(by), services(world)).listed.action.id


def offered(world: World, case: Case, to: str = PROBATION, *, by: str = TOWN) -> str:
    asked = asks(world, to, by, PLAN, case=case.id, caller=by, direction="aanbod")
    return hand_over(asked, Terms(talk=world.clock.now().date()), world.actor(by), services(world)).request.id


def taken(world: World, case: Case, to: str = PROBATION, *, by: str = TOWN) -> str:
    """A handover of what was agreed, accepted and collected; its id."""
    ident = offered(world, case, to, by=by)
    answer_handover(ident, None, world.actor(to), services(world))
    assert isinstance(collect(ident, world.actor(to), services(world)), Shared)
    return ident


def close(world: World, case: Case, *back: Back, by: str = POLICE) -> Case:
    return close_case(case.id, Closing(reasons="Het gaat goed.", back=back), world.actor(by), services(world))[0]


def flaws(world: World, case: Case, *back: Back) -> list[str]:
    with pytest.raises(BadInput) as caught:
        close(world, case, *back)
    return [flaw.where for flaw in caught.value.flaws]


def test_what_remains_goes_back_with_its_words_on_record_with_the_closing_and_the_case_is_shielded(world: World) -> None:
    case = led(world)
    action = agreed(world, case)
    ident = taken(world, case)
    assert close(world, case, Back(partner=PROBATION, handovers=(ident,))).state is CaseState.AFGESLOTEN
    entry = world.ledger.of(Kind.CASE_CHANGED)[-1]
    assert entry.core["change"] == "sluiten"
    cell = dict(entry.cells)["subject"]
    assert cell is not None
    due = (world.clock.now() + timedelta(days=30)).date().isoformat()
    entry_of = world.tasks.kept[ident].entry_id
    told = {"organisation": PROBATION, "handovers": [entry_of], "actions": [{"action": action, "due": due}]}
    assert cell["back"] == [told]
    assert "Jansen" not in str(world.ledger.of(Kind.CASE_CHANGED))
    assert isinstance(share(asks(world, PROBATION, TOWN, PLAN, case=case.id), services(world)), Refused)
    with pytest.raises(NotFound):
        close(world, case)


def test_an_open_action_that_nobody_takes_back_keeps_the_case_open(world: World) -> None:
    case = led(world)
    action = agreed(world, case)
    assert flaws(world, case) == ["terugNaar"]
    assert flaws(world, case, Back(partner=PROBATION)) == ["terugNaar"]
    assert flaws(world, case, Back(partner=GGZ)) == ["terugNaar"]
    settle_action(Place(case.id, action), Settlement(state=ActionState.GEDAAN), world.actor(TOWN), services(world))
    assert close(world, case).state is CaseState.AFGESLOTEN


def test_a_handover_counts_once_it_was_accepted_and_collected(world: World) -> None:
    case = led(world)
    agreed(world, case)
    ident = offered(world, case)
    back = Back(partner=PROBATION, handovers=(ident,))
    assert flaws(world, case, back) == ["terugNaar"]
    answer_handover(ident, None, world.actor(PROBATION), services(world))
    assert flaws(world, case, back) == ["terugNaar"]
    collect(ident, world.actor(PROBATION), services(world))
    assert close(world, case, back).state is CaseState.AFGESLOTEN


def test_a_handover_of_another_case_to_another_or_of_before_the_action_does_not_count(world: World) -> None:
    case, other = led(world), led(world)
    agreed(world, other)
    agreed(world, case)
    elsewhere = taken(world, other)
    assert flaws(world, case, Back(partner=PROBATION, handovers=(elsewhere, "geen"))) == ["terugNaar"]
    before = taken(world, case)
    world.clock.move(timedelta(minutes=1))
    agreed(world, case)
    assert flaws(world, case, Back(partner=PROBATION, handovers=(before,))) == ["terugNaar"]
    assert flaws(world, case, Back(partner=GGZ, handovers=(before,))) == ["terugNaar"]
    after = taken(world, case)
    assert close(world, case, Back(partner=PROBATION, handovers=(after,))).state is CaseState.AFGESLOTEN


def test_what_was_given_to_another_after_he_collected_is_handed_over_again(world: World) -> None:
    case = led(world)
    agreed(world, case)
    action = agreed(world, case, GGZ)
    before = taken(world, case)
    world.clock.move(timedelta(minutes=1))
    due = (world.clock.now() + timedelta(days=9)).date()
    given = Assignment(owner=PROBATION, role=None, due=due)
    assign_action(Place(case.id, action), given, world.actor(TOWN), services(world))
    assert flaws(world, case, Back(partner=PROBATION, handovers=(before,))) == ["terugNaar"]
    again = taken(world, case)
    assert close(world, case, Back(partner=PROBATION, handovers=(before, again))).state is CaseState.AFGESLOTEN


def test_who_wrote_his_own_action_down_has_its_words_already(world: World) -> None:
    case = led(world)
    agreed(world, case, TOWN)
    assert close(world, case, Back(partner=TOWN)).state is CaseState.AFGESLOTEN


def test_it_goes_back_to_a_participant_and_to_no_third(world: World) -> None:
    case = led(world)
    third = Participant(partner="huisarts-bos", since=world.clock.now(), third=True)
    case = world.cases.save(replace(case, participants=(*case.participants, third)))
    wrong = [Back(partner="huisarts-bos"), Back(partner=CLINIC)]
    assert flaws(world, case, *wrong) == ["terugNaar[0].organisatie", "terugNaar[1].organisatie"]


def test_a_public_participant_closes_with_reasons_and_nothing_counts_before_the_log_has_it(world: World) -> None:
    case = led(world)
    with pytest.raises(NotAllowed):
        close(world, case, by=GGZ)
    with pytest.raises(BadInput):
        close_case(case.id, Closing(reasons=" "), world.actor(POLICE), services(world))
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        close(world, case)
    assert world.cases.kept[case.id].state is CaseState.OPGENOMEN


def test_what_was_not_admitted_is_not_closed(world: World) -> None:
    case = world.cases.save(replace(led(world), state=CaseState.AANGEMELD))
    with pytest.raises(WrongState):
        close(world, case)
