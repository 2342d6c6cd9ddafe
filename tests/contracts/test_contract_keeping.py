"""What every keeper of `sluis.ports.keeping` promises."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.ambient import NOON
from fakes.keepers import Keepers
from fakes.samples import a_case, a_contribution, a_task, an_employee, an_evidence, fresh
from sluis.core.case import Case, CaseState, Participant
from sluis.core.errors import AlreadyUsed, NotFound, WrongState
from sluis.core.record import Wanted
from sluis.core.request import RequestStatus

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def outcomes(attempts: int, act: Callable[[int], object]) -> tuple[list[object], list[Exception]]:
    """Do it that many times at once: what came back, and what was raised."""

    def attempt(number: int) -> object:
        try:
            return act(number)
        except (WrongState, AlreadyUsed) as error:
            return error

    with ThreadPoolExecutor(attempts) as pool:
        results = list(pool.map(attempt, range(attempts)))
    return [r for r in results if not isinstance(r, Exception)], [r for r in results if isinstance(r, Exception)]


def test_an_employee_is_found_by_his_organisation_and_user_id_only(keepers: Keepers) -> None:
    employee = an_employee("ggz", fresh("u"))
    keepers.employees.save(employee)
    assert keepers.employees.find("ggz", employee.user) == employee
    assert keepers.employees.find("om", employee.user) is None
    assert keepers.employees.find("gg", "z" + employee.user) is None


def test_the_people_of_a_partner_are_found_in_order_and_nobody_elses(keepers: Keepers) -> None:
    here, elsewhere = fresh("partner"), fresh("partner")
    mine = [an_employee(here, f"u-{n}") for n in (3, 1, 2)]
    for one in (*mine, an_employee(elsewhere, "u-1")):
        keepers.employees.save(one)
    keepers.employees.save(replace(mine[0], roles=frozenset()))
    found = keepers.employees.of_partner(here)
    assert [one.user for one in found] == ["u-1", "u-2", "u-3"]
    assert found[2].roles == frozenset()
    assert keepers.employees.of_partner(fresh("partner")) == []


def test_saving_an_employee_again_replaces_him(keepers: Keepers) -> None:
    employee = an_employee("ggz", fresh("u"))
    keepers.employees.save(employee)
    keepers.employees.save(replace(employee, roles=frozenset()))
    found = keepers.employees.find("ggz", employee.user)
    assert found is not None
    assert found.roles == frozenset()


def test_a_case_comes_back_as_it_was_kept_with_the_next_version(keepers: Keepers) -> None:
    case = a_case(partners=("ggz", "reclassering"))
    kept = keepers.cases.save(case)
    assert kept == replace(case, version=1)
    assert keepers.cases.find(case.id) == kept
    assert keepers.cases.find("no-such-case") is None


def test_a_case_that_somebody_else_changed_first_is_refused(keepers: Keepers) -> None:
    first = keepers.cases.save(a_case())
    second = keepers.cases.save(replace(first, state=CaseState.AFGESLOTEN))
    with pytest.raises(WrongState):
        keepers.cases.save(replace(first, own_view="te laat"))
    assert keepers.cases.find(first.id) == second


def test_a_new_case_never_replaces_one_that_is_kept(keepers: Keepers) -> None:
    case = a_case()
    kept = keepers.cases.save(case)
    with pytest.raises(WrongState):
        keepers.cases.save(replace(case, own_view="nog eens"))
    assert keepers.cases.find(case.id) == kept


def test_a_case_that_is_gone_cannot_be_changed(keepers: Keepers) -> None:
    with pytest.raises(WrongState):
        keepers.cases.save(replace(a_case(), version=3))


def test_of_two_changes_at_once_one_wins(keepers: Keepers) -> None:
    kept = keepers.cases.save(a_case())
    done, refused = outcomes(4, lambda n: keepers.cases.save(replace(kept, own_view=f"poging {n}")))
    assert (len(done), len(refused)) == (1, 3)
    assert keepers.cases.find(kept.id) == done[0]


def test_an_organisation_sees_the_cases_it_notified_or_takes_part_in_newest_first(keepers: Keepers) -> None:
    me = fresh("partner")
    old = keepers.cases.save(a_case(notifier=me))
    new = keepers.cases.save(a_case(partners=(me,), at=NOON + DAY))
    keepers.cases.save(a_case(partners=("iemand-anders",)))
    assert list(keepers.cases.of_partner(me)) == [new, old]


def test_every_case_about_a_person_is_found_oldest_first_with_its_house(keepers: Keepers) -> None:
    subject = fresh("onderwerp")
    late = keepers.cases.save(replace(a_case(subject=subject, at=NOON + DAY), house="zvh-duin"))
    early = keepers.cases.save(a_case(subject=subject))
    keepers.cases.save(a_case())
    assert list(keepers.cases.about(subject)) == [early, late]
    assert list(keepers.cases.about("onbekend")) == []


def test_who_leaves_a_case_no_longer_sees_it(keepers: Keepers) -> None:
    me, other = fresh("partner"), fresh("partner")
    case = keepers.cases.save(a_case(partners=(me,)))
    keepers.cases.save(replace(case, participants=(Participant(partner=other, since=NOON),)))
    assert list(keepers.cases.of_partner(me)) == []
    assert [c.id for c in keepers.cases.of_partner(other)] == [case.id]


def filled_case(keepers: Keepers, subject: str, state: CaseState = CaseState.OPGENOMEN) -> Case:
    """A case with a contribution, a piece of evidence and a task of it."""
    case = keepers.cases.save(replace(a_case(subject=subject, partners=("ggz",)), state=state))
    keepers.contributions.deposit(a_contribution(subject=subject, case=case.id))
    keepers.evidence.record(replace(an_evidence(subject=subject), case=case.id))
    task = a_task(subject=subject)
    keepers.tasks.add(replace(task, request=replace(task.request, case=case.id)))
    return case


def test_a_destroyed_case_goes_with_all_that_was_kept_for_it_and_what_stands_beside_it_stays(keepers: Keepers) -> None:
    subject = fresh("onderwerp")
    doomed, other = filled_case(keepers, subject), filled_case(keepers, subject)
    own = a_contribution(subject=subject)
    keepers.contributions.deposit(own)
    assert keepers.cases.destroy(doomed) == 4
    assert keepers.cases.find(doomed.id) is None
    assert doomed not in keepers.cases.of_partner("ggz")
    assert keepers.cases.find(other.id) == other
    assert {one.case for one in keepers.contributions.about(subject)} == {other.id, None}
    assert [one.case for one in keepers.evidence.about(subject)] == [other.id]
    assert [t.request.case for t in keepers.tasks.waiting_at("ggz") if t.request.subject == subject] == [other.id]


def test_a_case_that_was_changed_since_it_was_read_is_not_destroyed(keepers: Keepers) -> None:
    case = filled_case(keepers, fresh("onderwerp"))
    changed = keepers.cases.save(replace(case, own_view="toch anders"))
    with pytest.raises(WrongState):
        keepers.cases.destroy(case)
    assert keepers.cases.find(case.id) == changed
    assert len(keepers.contributions.about(case.subject)) == 1


def test_what_ends_are_the_rejected_cases_and_the_old_ones(keepers: Keepers) -> None:
    moment = NOON - timedelta(days=4000)
    old = keepers.cases.save(a_case(at=moment))
    young = keepers.cases.save(a_case(at=moment + timedelta(microseconds=1)))
    rejected = keepers.cases.save(replace(a_case(), state=CaseState.GEEN))
    ending = [case.id for case in keepers.cases.ending(moment)]
    assert old.id in ending
    assert rejected.id in ending
    assert young.id not in ending
    for case in (old, young, rejected):
        keepers.cases.destroy(case)


def test_contributions_are_destroyed_one_by_one_and_again_is_no_error(keepers: Keepers) -> None:
    subject = fresh("onderwerp")
    doomed, kept = a_contribution(subject=subject), a_contribution(subject=subject)
    for one in (doomed, kept):
        keepers.contributions.deposit(one)
    for _ in range(2):
        keepers.contributions.destroy([doomed])
    assert list(keepers.contributions.about(subject)) == [kept]


def test_a_contribution_comes_back_as_it_was_deposited(keepers: Keepers) -> None:
    contribution = a_contribution(
        tekst="Hij zei: “ik kom eraan” \N{SMILING FACE WITH OPEN MOUTH}",
        getal=10**30,
        vlag=False,
        niets=None,
        vormen={"advies": "bel eerst"},
    )
    keepers.contributions.deposit(contribution)
    assert keepers.contributions.find(contribution.id) == contribution
    assert keepers.contributions.find("no-such-contribution") is None


def test_a_text_with_an_unpaired_surrogate_is_kept_too(keepers: Keepers) -> None:
    contribution = a_contribution(tekst="half \ud83d teken")
    keepers.contributions.deposit(contribution)
    assert keepers.contributions.find(contribution.id) == contribution


def test_a_second_contribution_with_the_same_id_is_refused(keepers: Keepers) -> None:
    contribution = a_contribution()
    keepers.contributions.deposit(contribution)
    with pytest.raises(WrongState):
        keepers.contributions.deposit(replace(contribution, subject="iemand-anders"))
    assert keepers.contributions.find(contribution.id) == contribution


def test_only_what_was_asked_matches_oldest_first(keepers: Keepers) -> None:
    subject = fresh("onderwerp")
    late = a_contribution("wonen.situatie", subject=subject, at=NOON + HOUR)
    early = a_contribution("wonen.situatie", subject=subject)
    others = [
        a_contribution("gezondheid.bestaat", subject=subject),
        a_contribution("wonen.situatie", subject=subject, provider="politie"),
        a_contribution("wonen.situatie", subject=subject, case="casus-1"),
        a_contribution("wonen.situatie"),
    ]
    for contribution in (late, early, *others):
        keepers.contributions.deposit(contribution)
    wanted = Wanted(subject=subject, provider="ggz", case=None, categories=("wonen.situatie", "politie.melding"))
    assert list(keepers.contributions.matching(wanted)) == [early, late]
    assert list(keepers.contributions.matching(replace(wanted, case="casus-1"))) == [others[2]]
    assert list(keepers.contributions.matching(replace(wanted, categories=()))) == []
    assert list(keepers.contributions.matching(replace(wanted, subject="onbekend"))) == []


def test_what_was_withdrawn_is_never_fetched_again_but_still_found(keepers: Keepers) -> None:
    contribution = a_contribution()
    keepers.contributions.deposit(contribution)
    keepers.contributions.withdraw(contribution.id, NOON + HOUR)
    keepers.contributions.withdraw(contribution.id, NOON + DAY)
    wanted = Wanted(subject=contribution.subject, provider="ggz", case=None, categories=("wonen.situatie",))
    assert list(keepers.contributions.matching(wanted)) == []
    withdrawn = replace(contribution, withdrawn=NOON + HOUR)
    assert keepers.contributions.find(contribution.id) == withdrawn
    assert list(keepers.contributions.about(contribution.subject)) == [withdrawn]
    with pytest.raises(NotFound):
        keepers.contributions.withdraw("no-such-contribution", NOON)


def test_everything_about_a_subject_is_known_whoever_deposited_it(keepers: Keepers) -> None:
    subject = fresh("onderwerp")
    deposited = [a_contribution(subject=subject, provider=p, at=NOON + i * HOUR) for i, p in enumerate(("ggz", "om", "politie"))]
    for contribution in reversed(deposited):
        keepers.contributions.deposit(contribution)
    assert list(keepers.contributions.about(subject)) == deposited


def test_evidence_comes_back_as_it_was_recorded_oldest_first(keepers: Keepers) -> None:
    subject = fresh("onderwerp")
    late, early = (
        an_evidence(subject=subject, at=NOON + HOUR),
        replace(an_evidence(subject=subject), categories=None, value=False, provider=None),
    )
    keepers.evidence.record(late)
    keepers.evidence.record(early)
    keepers.evidence.record(an_evidence())
    assert list(keepers.evidence.about(subject)) == [early, late]
    assert list(keepers.evidence.about("onbekend")) == []
    assert keepers.evidence.find(late.id) == late
    assert keepers.evidence.find("no-such-evidence") is None


def test_withdrawn_evidence_is_kept_with_its_earliest_withdrawal(keepers: Keepers) -> None:
    evidence = an_evidence()
    keepers.evidence.record(evidence)
    for at in (NOON + 2 * HOUR, NOON + HOUR, NOON + 3 * HOUR):
        keepers.evidence.withdraw(evidence.id, at)
    found = keepers.evidence.find(evidence.id)
    assert found == replace(evidence, withdrawn=NOON + HOUR)
    assert not found.valid(NOON + HOUR)
    with pytest.raises(NotFound):
        keepers.evidence.withdraw("no-such-evidence", NOON)


def test_evidence_is_never_replaced(keepers: Keepers) -> None:
    evidence = an_evidence()
    keepers.evidence.record(evidence)
    with pytest.raises(WrongState):
        keepers.evidence.record(replace(evidence, value=False))
    assert keepers.evidence.find(evidence.id) == evidence


def test_a_task_waits_at_its_provider_until_it_is_decided_oldest_first(keepers: Keepers) -> None:
    me = fresh("partner")
    late, early = a_task(provider=me, at=NOON + HOUR), a_task(provider=me)
    for task in (late, early, a_task(provider=me, status=RequestStatus.VERSTREKT), a_task()):
        keepers.tasks.add(task)
    assert list(keepers.tasks.waiting_at(me)) == [early, late]
    decided = keepers.tasks.update(replace(early, status=RequestStatus.BESLIST))
    assert decided.version == early.version + 1
    assert list(keepers.tasks.waiting_at(me)) == [late]
    assert keepers.tasks.find(early.request.id) == decided


def test_a_requester_sees_its_own_tasks_newest_first(keepers: Keepers) -> None:
    me = fresh("partner")
    early, late = a_task(requester=me), a_task(requester=me, at=NOON + HOUR)
    for task in (early, late, a_task()):
        keepers.tasks.add(task)
    assert list(keepers.tasks.of_requester(me)) == [late, early]
    assert keepers.tasks.find("no-such-request") is None


def test_that_a_task_is_late_is_kept_with_the_moment(keepers: Keepers) -> None:
    task = a_task()
    keepers.tasks.add(task)
    kept = keepers.tasks.update(replace(task, escalated=NOON + HOUR))
    assert kept.escalated == NOON + HOUR
    assert keepers.tasks.find(task.request.id) == kept


def test_a_task_that_somebody_else_changed_first_is_refused(keepers: Keepers) -> None:
    task = a_task()
    keepers.tasks.add(task)
    done, refused = outcomes(4, lambda n: keepers.tasks.update(replace(task, entry_id=f"regel-{n}")))
    assert (len(done), len(refused)) == (1, 3)
    assert keepers.tasks.find(task.request.id) == done[0]
    with pytest.raises(WrongState):
        keepers.tasks.add(task)
    with pytest.raises(WrongState):
        keepers.tasks.update(a_task())


def test_the_answer_to_a_post_that_comes_again_is_the_answer_that_was_given(keepers: Keepers) -> None:
    key, until = fresh("sleutel"), keepers.clock.now() + DAY
    assert keepers.answers.begin("ggz", key, b"vraag", until) is None
    with pytest.raises(WrongState):
        keepers.answers.begin("ggz", key, b"vraag", until)
    keepers.answers.finish("ggz", key, b"antwoord")
    keepers.answers.finish("ggz", key, b"een ander antwoord")
    assert keepers.answers.begin("ggz", key, b"vraag", until) == b"antwoord"
    with pytest.raises(AlreadyUsed):
        keepers.answers.begin("ggz", key, b"andere vraag", until)


def test_another_partners_key_is_another_key(keepers: Keepers) -> None:
    key, until = fresh("sleutel"), keepers.clock.now() + DAY
    assert keepers.answers.begin("ggz", key, b"vraag", until) is None
    assert keepers.answers.begin("om", key, b"vraag", until) is None


def test_a_first_that_came_to_nothing_can_be_tried_again_and_an_answer_cannot_be_abandoned(keepers: Keepers) -> None:
    key, until = fresh("sleutel"), keepers.clock.now() + DAY
    assert keepers.answers.begin("ggz", key, b"vraag", until) is None
    keepers.answers.abandon("ggz", key)
    assert keepers.answers.begin("ggz", key, b"vraag", until) is None
    keepers.answers.finish("ggz", key, b"antwoord")
    keepers.answers.abandon("ggz", key)
    assert keepers.answers.begin("ggz", key, b"vraag", until) == b"antwoord"


def test_an_answer_is_forgotten_when_its_day_is_over(keepers: Keepers) -> None:
    key, until = fresh("sleutel"), keepers.clock.now() + DAY
    assert keepers.answers.begin("ggz", key, b"vraag", until) is None
    keepers.answers.finish("ggz", key, b"antwoord")
    keepers.clock.move(DAY)
    assert keepers.answers.begin("ggz", key, b"andere vraag", until + DAY) is None


def test_a_first_whose_maker_died_is_overtaken_by_a_repeat_after_two_minutes(keepers: Keepers) -> None:
    key, until = fresh("sleutel"), keepers.clock.now() + DAY
    assert keepers.answers.begin("ggz", key, b"vraag", until) is None
    keepers.clock.move(timedelta(seconds=119))
    with pytest.raises(WrongState):
        keepers.answers.begin("ggz", key, b"vraag", until)
    keepers.clock.move(timedelta(seconds=1))
    assert keepers.answers.begin("ggz", key, b"vraag", until) is None


def test_of_many_firsts_at_once_one_is_the_first(keepers: Keepers) -> None:
    key, until = fresh("sleutel"), keepers.clock.now() + DAY
    done, refused = outcomes(6, lambda _: keepers.answers.begin("ggz", key, b"vraag", until))
    assert (done, len(refused)) == ([None], 5)


def test_finishing_what_was_never_begun_keeps_nothing(keepers: Keepers) -> None:
    key = fresh("sleutel")
    keepers.answers.finish("ggz", key, b"antwoord")
    assert keepers.answers.begin("ggz", key, b"vraag", keepers.clock.now() + DAY) is None


def test_a_provider_finds_its_tasks_whatever_became_of_them_newest_first(keepers: Keepers) -> None:
    me = fresh("partner")
    old, new = a_task(provider=me), a_task(provider=me, at=NOON + DAY, status=RequestStatus.GEWEIGERD)
    for task in (old, new, a_task()):
        keepers.tasks.add(task)
    assert list(keepers.tasks.of_provider(me)) == [new, old]
