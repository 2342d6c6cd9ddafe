"""Actions with an owner and a day: on record, listed without their words, read as a release (seed S2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sluis.core.action import ActionState
from sluis.core.case import Act, Case, Participant
from sluis.core.entry import Kind
from sluis.core.errors import BadInput, LedgerUnavailable, NotAllowed, NotFound, SourceUnavailable
from sluis.core.record import Known, Wanted
from sluis.flows import cases
from sluis.flows.actions import (
    Assignment,
    Place,
    Recorded,
    Settlement,
    actions_of_case,
    agree_action,
    assign_action,
    open_actions,
    settle_action,
)
from sluis.flows.share import Refused, Shared, share
from sluis.ports.services import Services
from sluis.sources import PlanSource
from world.people import CLINIC, GGZ, NOBODY, POLICE, PROBATION, TOWN, World, asks, user_of

PLAN = "plan.afspraken"
WORDS = "Bel Jansen over zijn urine-uitslag."
THIRD, JOINT = "huisarts-bos", "zvh-veen"
DONE = Settlement(state=ActionState.GEDAAN)


@pytest.fixture
def world() -> World:
    return World()


def services(world: World) -> Services:
    """The services with the source that knows the actions, as the wiring joins them."""
    return replace(world.services, source=PlanSource(world.source, world.cases, world.partners))


def led(world: World) -> Case:
    """A case that the town leads with the police, with the GGZ and probation in it, and a general practitioner invited."""
    case = world.admitted(TOWN, POLICE, GGZ, PROBATION, lead=TOWN, co_leads=(POLICE,))
    return world.cases.save(
        replace(case, participants=(*case.participants, Participant(partner=THIRD, since=world.clock.now(), third=True)))
    )


def day(world: World, days: int) -> date:
    return (world.clock.now() + timedelta(days=days)).date()


def agreed(world: World, case: Case, owner: str = GGZ, *, by: str = TOWN, days: int = 7, what: str = WORDS) -> Recorded:
    assignment = Assignment(owner=owner, role="behandelaar", due=day(world, days))
    return agree_action(case.id, what, assignment, world.actor(by), services(world))


def read(world: World, case: Case, who: str, writer: str = TOWN) -> Shared:
    answer = share(asks(world, who, writer, PLAN, case=case.id), services(world))
    assert isinstance(answer, Shared)
    return answer


def texts(answer: Shared) -> list[object]:
    content = answer.bundle.content["gegevens"]
    assert isinstance(content, dict)
    return [record["velden"]["actie"] for record in content[PLAN]["records"]]


def test_every_change_of_an_action_is_on_record_before_it_counts_and_its_words_are_nowhere_in_the_log(world: World) -> None:
    case = led(world)
    done = agreed(world, case)
    ident = done.listed.action.id
    later = Assignment(owner=PROBATION, role=None, due=day(world, 9))
    assign_action(Place(case.id, ident), later, world.actor(POLICE), services(world))
    settle_action(Place(case.id, ident), DONE, world.actor(PROBATION), services(world))
    kept = world.ledger.of(Kind.CASE_CHANGED)
    assert [entry.core["change"] for entry in kept] == ["afspraak gemaakt", "afspraak gewijzigd", "afspraak gedaan"]
    assert "Jansen" not in str(kept)
    assert ident not in str([entry.core for entry in kept])


@pytest.mark.parametrize("fails", ["before-commit", "after-commit"])
def test_an_action_that_the_log_cannot_hold_is_not_agreed(world: World, fails: str) -> None:
    case = led(world)
    world.ledger.fails = fails  # type: ignore[assignment] # one of its three words
    with pytest.raises(LedgerUnavailable):
        agreed(world, case)
    assert world.cases.kept[case.id].actions == ()


def test_the_list_of_an_organisation_goes_over_all_its_cases_the_earliest_day_first_and_tells_what_is_late(world: World) -> None:
    one, two = led(world), led(world)
    late = agreed(world, one, days=1).listed.action.id
    soon = agreed(world, two, days=5).listed.action.id
    agreed(world, two, PROBATION, days=3)
    done = agreed(world, one, days=2).listed.action.id
    settle_action(Place(one.id, done), DONE, world.actor(GGZ), services(world))
    world.clock.move(timedelta(days=2))
    own = open_actions(world.actor(GGZ), services(world))
    assert [(listed.action.id, listed.late, listed.case) for listed in own] == [(late, True, one.id), (soon, False, two.id)]
    for leader in (TOWN, POLICE):
        assert len(open_actions(world.actor(leader), services(world), leading=True)) == 3
        assert open_actions(world.actor(leader), services(world)) == []
    assert open_actions(world.actor(PROBATION), services(world), leading=True) == []


def test_an_open_action_survives_whoever_was_to_do_it(world: World) -> None:
    case = led(world)
    ident = agreed(world, case).listed.action.id
    before = world.employees.kept.pop((GGZ, user_of(GGZ)))
    assert [one.action.id for one in open_actions(world.actor(GGZ), services(world))] == [ident]
    successor = replace(world.actor(GGZ), user="m-opvolger")
    with pytest.raises(NotAllowed):
        settle_action(Place(case.id, ident), DONE, successor, services(world))
    world.employees.save(replace(before, user="m-opvolger"))
    settled = settle_action(Place(case.id, ident), DONE, successor, services(world))
    assert settled.listed.action.settled_by == GGZ


def test_of_a_case_its_participants_see_whose_turn_it_is_and_nobody_else_sees_anything(world: World) -> None:
    case = led(world)
    agreed(world, case)
    for who in (TOWN, POLICE, GGZ, PROBATION):
        assert [one.action.owner for one in actions_of_case(case.id, world.actor(who), services(world))] == [GGZ]
    for stranger in (CLINIC, THIRD):
        with pytest.raises(NotFound):
            actions_of_case(case.id, world.actor(stranger), services(world))


def test_a_notifier_that_takes_no_part_sees_no_actions_and_agrees_none(world: World) -> None:
    case = led(world)
    agreed(world, case)
    kept = world.cases.kept[case.id]
    outside = replace(kept, notifier=CLINIC)
    world.cases.kept[case.id] = outside
    assert actions_of_case(case.id, world.actor(CLINIC), services(world)) == []
    with pytest.raises(NotAllowed):
        agreed(world, outside, CLINIC, by=CLINIC)


def test_a_closed_case_has_no_actions_any_more_for_anybody(world: World) -> None:
    case = led(world)
    ident = agreed(world, case).listed.action.id
    cases.resolve_case(case.id, Act.SLUITEN, "Klaar.", world.actor(POLICE), services(world))
    assert open_actions(world.actor(GGZ), services(world)) == []
    assert open_actions(world.actor(TOWN), services(world), leading=True) == []
    with pytest.raises(NotFound):
        settle_action(Place(case.id, ident), DONE, world.actor(GGZ), services(world))
    assert isinstance(share(asks(world, GGZ, TOWN, PLAN, case=case.id), services(world)), Refused)


def test_a_day_that_is_over_no_words_and_a_drop_without_reasons_are_flaws(world: World) -> None:
    case = led(world)
    ident = agreed(world, case).listed.action.id
    past = Assignment(owner=GGZ, role=None, due=day(world, -1))
    wrong: tuple[Callable[[], object], ...] = (
        lambda: agreed(world, case, days=-1),
        lambda: agreed(world, case, what=" "),
        lambda: assign_action(Place(case.id, ident), past, world.actor(TOWN), services(world)),
        lambda: settle_action(
            Place(case.id, ident), Settlement(state=ActionState.VERVALLEN, reasons=" "), world.actor(TOWN), services(world)
        ),
    )
    for attempt in wrong:
        with pytest.raises(BadInput):
            attempt()
    assert len(world.ledger.of(Kind.CASE_CHANGED)) == 1


def test_a_late_action_gets_another_owner_without_another_day(world: World) -> None:
    case = led(world)
    done = agreed(world, case, days=1)
    world.clock.move(timedelta(days=3))
    same = Assignment(owner=PROBATION, role=None, due=done.listed.action.due)
    changed = assign_action(Place(case.id, done.listed.action.id), same, world.actor(TOWN), services(world))
    assert (changed.listed.action.owner, changed.listed.late) == (PROBATION, True)


def test_the_owner_gets_the_words_of_its_own_actions_redacted_and_on_record(world: World) -> None:
    case = led(world)
    world.source.known[case.subject] = [Known(type="PER", value="Jansen")]
    agreed(world, case)
    agreed(world, case, PROBATION, what="Iets anders.")
    answer = read(world, case, GGZ)
    assert texts(answer) == ["Bel [PER] over zijn urine-uitslag."]
    assert world.ledger.of(Kind.RELEASE_AUTHORISED)


def test_who_leads_gets_all_of_them_another_participant_gets_none_and_a_stranger_is_refused(world: World) -> None:
    case = led(world)
    agreed(world, case)
    agreed(world, case, PROBATION, what="Iets anders.")
    assert len(texts(read(world, case, POLICE))) == 2
    assert texts(read(world, case, TOWN)) == [WORDS, "Iets anders."]
    own = agreed(world, case, GGZ, by=GGZ).listed.action
    assert texts(read(world, case, PROBATION)) == ["Iets anders."]
    assert isinstance(share(asks(world, CLINIC, TOWN, PLAN, case=case.id), services(world)), Refused)
    answer = share(asks(world, POLICE, own.agreed_by, PLAN, case=case.id), services(world))
    assert not answer.decision.permitted, "what a professional bound by secrecy wrote waits for its way through the secrecy"


def test_the_joint_case_gives_the_whole_plan_and_an_invited_third_its_own_actions_once_it_signed(world: World) -> None:
    case = led(world)
    agreed(world, case)
    agreed(world, case, GGZ, by=GGZ, what="Uit eigen woorden.")
    agreed(world, case, THIRD, what="Voor de huisarts.")
    assert texts(read(world, case, GGZ, JOINT)) == [WORDS, "Uit eigen woorden."]
    assert len(texts(read(world, case, TOWN, JOINT))) == 3
    assert isinstance(share(asks(world, THIRD, JOINT, PLAN, case=case.id), services(world)), Refused)
    cases.sign_secrecy(case.id, world.actor(THIRD), services(world))
    assert texts(read(world, case, THIRD, JOINT)) == ["Voor de huisarts."]


def test_the_plan_of_one_person_is_not_given_for_another(world: World) -> None:
    case = led(world)
    agreed(world, case)
    source = PlanSource(world.source, world.cases, world.partners)
    for subject, of_case in ((world.person(NOBODY), case.id), (case.subject, None), (case.subject, "geen")):
        wanted = Wanted(subject=subject, provider=TOWN, case=of_case, categories=(PLAN,), recipient=GGZ)
        assert source.fetch(wanted) == []
    other = Wanted(subject=case.subject, provider=TOWN, case=case.id, categories=("wonen.situatie",), recipient=GGZ)
    assert source.fetch(other) == []


def test_a_plan_that_cannot_be_read_releases_nothing(world: World) -> None:
    case = led(world)
    agreed(world, case)
    wanted = Wanted(subject=case.subject, provider=TOWN, case=case.id, categories=(PLAN,), recipient=GGZ)
    world.cases.fails = "read"
    with pytest.raises(SourceUnavailable):
        PlanSource(world.source, world.cases, world.partners).fetch(wanted)
