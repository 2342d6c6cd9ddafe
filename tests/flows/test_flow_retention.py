"""A rejected notification is destroyed at once, any other case when its term ends; what remains is the log (L07, L08, L10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from sluis.core.case import Act, CaseState
from sluis.core.entry import Kind
from sluis.core.errors import LedgerUnavailable, NotFound, WrongState
from sluis.core.record import FieldValue
from sluis.flows import cases, retention
from sluis.flows.contribute import Deposit, deposit
from sluis.flows.feedback import Became, feedback_on
from sluis.flows.judge import collect
from sluis.flows.notify import Notification, notify
from sluis.flows.share import share
from world.mortal import Died, Journal, mortal
from world.people import GGZ, POLICE, PROBATION, SEM, TOWN, World, asks

A = "gezondheid.functioneel"
FIELDS: Mapping[str, Mapping[str, FieldValue]] = {A: {"bejegening": {"advies": "rustig"}}, "gezondheid.lvb": {"testscore": "63"}}


@pytest.fixture
def world() -> World:
    return World()


def notified(world: World) -> tuple[str, str]:
    """A notification that stands ready for the police; the ids of the case and of the request."""
    given = Notification(
        subject=world.person(SEM),
        contact=POLICE,
        records={"casus.aanmelding": {"aanleiding": {"soort": "overlast", "advies": "oplopend"}}},
        motivation="samen",
        criteria=frozenset("abcd"),
        own_view="rust",
        facts_tested=True,
    )
    done = notify(given, world.actor(TOWN), world.services)
    assert done.case is not None
    return done.case.id, done.request.id


def reject(world: World, case: str) -> None:
    cases.resolve_case(case, Act.AFWIJZEN, "Een partij kan dit alleen.", world.actor(POLICE), world.services)


def left(world: World, case: str) -> list[object]:
    """Everything that is still kept for that case."""
    return [
        *(one for one in world.cases.kept.values() if one.id == case),
        *(one for one in world.contributions.kept.values() if one.case == case),
        *(one for one in world.evidence.kept.values() if one.case == case),
        *(one for one in world.tasks.kept.values() if one.request.case == case),
    ]


def test_l10_of_a_rejected_notification_only_the_log_is_left(world: World) -> None:
    case, request = notified(world)
    assert len(left(world, case)) == 3
    reject(world, case)
    assert left(world, case) == []
    for who in (TOWN, POLICE):
        with pytest.raises(NotFound):
            cases.case_for(case, world.actor(who), world.services)
    with pytest.raises(NotFound):
        collect(request, world.actor(POLICE), world.services)
    assert not share(asks(world, POLICE, TOWN, "casus.aanmelding", case=case), world.services).decision.permitted


def test_that_it_is_destroyed_is_on_record_before_and_names_nobody_outside_his_cell(world: World) -> None:
    case, _ = notified(world)
    reject(world, case)
    *_, resolved, destroyed = world.ledger.kept
    assert (resolved.kind, resolved.core["change"]) == (Kind.CASE_CHANGED, "afwijzen")
    assert destroyed.kind is Kind.RETENTION_EXPIRED
    assert destroyed.core["ground"] == retention.NOT_ADMITTED
    assert case not in str(destroyed.core)
    assert world.person(SEM) not in str(destroyed.core)


def test_what_the_person_has_in_another_case_or_in_a_providers_own_file_stays(world: World) -> None:
    running = world.admitted(POLICE, GGZ, TOWN)
    world.consent(GGZ, POLICE, A, case=running.id)
    own_file = Deposit(subject=world.person(SEM), case=None, category="wonen.situatie", fields={"woonvorm": "huur"})
    own, _ = deposit(own_file, world.actor(TOWN), world.services)
    case, _ = notified(world)
    reject(world, case)
    assert set(world.cases.kept) == {running.id}
    assert set(world.contributions.kept) == {own.id}
    assert len(world.evidence.kept) == 1


def test_the_notifier_hears_a_status_before_and_after_and_nobody_else_does(world: World) -> None:
    case, _ = notified(world)
    assert feedback_on(case, world.actor(TOWN), world.services).became is Became.AANGEMELD
    reject(world, case)
    told = feedback_on(case, world.actor(TOWN), world.services)
    assert (told.became, told.since) == (Became.AFGEWEZEN, world.clock.now())
    for stranger in (POLICE, GGZ):
        with pytest.raises(NotFound):
            feedback_on(case, world.actor(stranger), world.services)


def test_of_an_admitted_case_the_notifier_hears_that_and_of_a_closed_one_nothing_even_when_it_is_gone(world: World) -> None:
    case, _ = notified(world)
    cases.resolve_case(case, Act.OPNEMEN, "Voldoet.", world.actor(POLICE), world.services)
    assert feedback_on(case, world.actor(TOWN), world.services).became is Became.OPGENOMEN
    cases.resolve_case(case, Act.SLUITEN, "Klaar.", world.actor(POLICE), world.services)
    for years in (0, 6):
        world.clock.move(timedelta(days=366 * years))
        retention.sweep(world.services)
        with pytest.raises(NotFound):
            feedback_on(case, world.actor(TOWN), world.services)
    assert left(world, case) == []


@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_dies_at_any_step_of_a_rejection_is_repaired_by_doing_it_again(*, after: bool) -> None:
    steps = Journal()
    whole = World()
    case, _ = notified(whole)
    cases.resolve_case(case, Act.AFWIJZEN, "nee", whole.actor(POLICE), mortal(whole.services, steps))
    for step in range(1, len(steps.names) + 1):
        world = World()
        case, _ = notified(world)
        with pytest.raises(Died):
            cases.resolve_case(case, Act.AFWIJZEN, "nee", world.actor(POLICE), mortal(world.services, Journal(step, after=after)))
        if world.cases.kept.get(case) and world.cases.kept[case].state is CaseState.AANGEMELD:
            reject(world, case)
        retention.sweep(world.services)
        assert left(world, case) == [], steps.names[step - 1]
        destroyed = world.ledger.of(Kind.RETENTION_EXPIRED)
        assert destroyed, "nothing goes without an entry"


def test_a_rejection_that_cannot_be_put_on_record_destroys_nothing(world: World) -> None:
    case, _ = notified(world)
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        reject(world, case)
    assert len(left(world, case)) == 3


def test_a_rejection_stands_when_only_the_destruction_cannot_be_put_on_record_and_the_sweep_does_it_later(world: World) -> None:
    case, _ = notified(world)
    world.ledger.fails, world.ledger.only = "before-commit", Kind.RETENTION_EXPIRED
    reject(world, case)
    assert left(world, case)
    with pytest.raises(NotFound):
        cases.case_for(case, world.actor(TOWN), world.services)
    world.ledger.fails = None
    assert len(retention.sweep(world.services)) == 1
    assert left(world, case) == []


def deposited(world: World, case: str, *categories: str) -> None:
    for category in categories:
        given = Deposit(subject=world.person(SEM), case=case, category=category, fields=FIELDS[category])
        deposit(given, world.actor(GGZ), world.services)


def test_l07_five_years_after_first_processing_a_case_is_destroyed_whether_it_runs_or_was_closed(world: World) -> None:
    running, closed = world.admitted(POLICE, GGZ), world.admitted(POLICE, PROBATION, state=CaseState.AFGESLOTEN)
    deposited(world, running.id, A)
    world.clock.move(timedelta(days=5 * 365))
    assert retention.endings(world.services) == []
    world.clock.move(timedelta(days=3))
    assert {one.case.id for one in retention.endings(world.services)} == {running.id, closed.id}
    assert world.contributions.kept, "a dry run destroys nothing"
    assert len(retention.sweep(world.services)) == 2
    assert (world.cases.kept, world.contributions.kept) == ({}, {})
    assert retention.sweep(world.services) == []


def test_l08_a_renewal_keeps_only_its_own_categories_and_only_until_it_ends(world: World) -> None:
    case = world.admitted(POLICE, GGZ, TOWN)
    deposited(world, case.id, A, "gezondheid.lvb")
    world.clock.move(timedelta(days=4 * 365))
    cases.renew_case(case.id, frozenset({A}), world.actor(POLICE), world.services)
    world.clock.move(timedelta(days=400))
    assert len(retention.sweep(world.services)) == 1
    assert [one.record.category for one in world.contributions.kept.values()] == [A]
    assert retention.sweep(world.services) == []
    world.clock.move(timedelta(days=331))
    assert len(retention.sweep(world.services)) == 1
    assert left(world, case.id) == []


def test_a_case_that_somebody_changes_while_the_sweep_runs_is_left_for_the_next_one(world: World) -> None:
    one, two = world.admitted(POLICE, GGZ), world.admitted(POLICE, GGZ)
    world.clock.move(timedelta(days=6 * 366))
    stale = retention.endings(world.services)
    world.cases.save(world.cases.kept[one.id])
    with pytest.raises(WrongState):
        retention.end(stale[0], world.services)
    assert len(retention.sweep(world.services)) == 2
    assert world.cases.kept == {}
    assert {one.id, two.id} == {entry.case.id for entry in stale}
