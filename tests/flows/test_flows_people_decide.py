"""People decide about people: judging, collecting, offering, notifying, emergencies and the life of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from sluis.core.case import Act, CaseState, Participant
from sluis.core.entry import Kind
from sluis.core.errors import BadInput, LedgerUnavailable, NotAllowed, NotFound, StoreUnavailable
from sluis.core.request import RequestStatus
from sluis.flows import cases, contribute
from sluis.flows.emergency import EMERGENCY_PURPOSES, declare
from sluis.flows.evidence import SEVEN_QUESTIONS
from sluis.flows.judge import JUDGEMENT_HOLDS, Judgement, collect, judge, task_of
from sluis.flows.notify import Notification, notify
from sluis.flows.offer import offer
from sluis.flows.share import Referred, Refused, Shared, share
from sluis.ports import LogQuery
from world.people import AMBULANCE, CLINIC, GGZ, NOBODY, POLICE, PROBATION, SEM, TOWN, World, asks, user_of

A = "gezondheid.functioneel"
SEVEN = dict.fromkeys(SEVEN_QUESTIONS, "ja")


def judgement(*, value: bool = True, fact: str = "conflict-van-plichten", ground: dict[str, str] | None = None) -> Judgement:
    return Judgement(fact=fact, value=value, categories=frozenset({A}), ground=SEVEN if ground is None else ground)


def waiting(world: World) -> str:
    """A request of probation that waits for the GGZ; its id."""
    case = world.admitted(PROBATION, GGZ, TOWN)
    world.holds(GGZ, A, case=case.id, bejegening={"advies": "rustig aan"})
    answer = share(asks(world, PROBATION, GGZ, A, case=case.id), world.services)
    assert isinstance(answer, Referred)
    return answer.request.id


def test_after_a_yes_the_requester_collects_and_the_task_is_done(world: World) -> None:
    ident = waiting(world)
    task, _ = judge(ident, [judgement()], world.actor(GGZ), world.services)
    assert task.status is RequestStatus.BESLIST
    assert isinstance(collect(ident, world.actor(PROBATION), world.services), Shared)
    assert world.tasks.kept[ident].status is RequestStatus.VERSTREKT
    kinds = [entry.kind for entry in world.ledger.kept]
    assert kinds.index(Kind.JUDGEMENT_RECORDED) < kinds.index(Kind.EVIDENCE_RECORDED) < kinds.index(Kind.RELEASE_AUTHORISED)


def test_a_month_later_a_judgement_opens_nothing_any_more(world: World) -> None:
    """A weighing is of a moment: whoever collects late waits for a human again."""
    ident = waiting(world)
    judge(ident, [judgement()], world.actor(GGZ), world.services)
    world.clock.move(JUDGEMENT_HOLDS)
    assert isinstance(collect(ident, world.actor(PROBATION), world.services), Referred)


def test_n04_after_a_no_the_final_answer_is_that_for_an_unknown_person(world: World) -> None:
    finals = []
    for who in (SEM, NOBODY):
        request = asks(
            world,
            POLICE,
            GGZ,
            A,
            purpose="vitaal-belang",
            subject=world.person(who),
            statements={"acuut-gevaar": True, "niet-aanspreekbaar": True},
        )  # fmt: skip - one value
        if who is SEM:
            world.holds(GGZ, A, bejegening={"advies": "rustig aan"})
        answer = share(request, world.services)
        assert isinstance(answer, Referred)
        facts = answer.decision.referred[A].facts
        no = [judgement(fact=fact, value=False, ground={"overweging": "nee"}) for fact in facts]
        judge(request.id, no, world.actor(GGZ), world.services)
        finals.append(collect(request.id, world.actor(POLICE), world.services))
    assert isinstance(finals[0], Refused)
    assert isinstance(finals[1], Refused)
    assert finals[0].decision == finals[1].decision
    assert world.source.asked == []


def test_only_the_provider_that_it_waits_for_judges_and_only_the_requester_collects(world: World) -> None:
    ident = waiting(world)
    for stranger in (PROBATION, POLICE, TOWN, CLINIC):
        with pytest.raises(NotFound):
            judge(ident, [judgement()], world.actor(stranger), world.services)
    for stranger in (GGZ, POLICE, TOWN):
        with pytest.raises(NotFound):
            collect(ident, world.actor(stranger), world.services)
    with pytest.raises(NotFound):
        task_of(ident, world.actor(POLICE), world.services)


@pytest.mark.parametrize("missing", SEVEN_QUESTIONS)
def test_a_conflict_of_duties_answers_all_seven_questions_or_is_not_on_record(world: World, missing: str) -> None:
    ident, before = waiting(world), len(world.ledger.kept)
    with pytest.raises(BadInput, match=missing):
        judge(ident, [judgement(ground=SEVEN | {missing: " "})], world.actor(GGZ), world.services)
    assert len(world.ledger.kept) == before
    assert world.evidence.kept == {}


def test_nothing_else_than_what_was_asked_is_judged(world: World) -> None:
    ident = waiting(world)
    for wrong in (
        [],
        [judgement(fact="toestemming")],
        [Judgement(fact="conflict-van-plichten", value=True, categories=frozenset(), ground=SEVEN)],
    ):
        with pytest.raises(BadInput):
            judge(ident, wrong, world.actor(GGZ), world.services)


def test_a_judgement_that_the_log_cannot_hold_does_not_count(world: World) -> None:
    ident = waiting(world)
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        judge(ident, [judgement()], world.actor(GGZ), world.services)
    world.ledger.fails = None
    assert world.evidence.kept == {}
    assert isinstance(collect(ident, world.actor(PROBATION), world.services), Referred)


def test_a_consent_that_ended_before_collecting_gives_nothing(world: World) -> None:
    """The release is decided again at the moment of collecting."""
    ident = waiting(world)
    judge(ident, [judgement()], world.actor(GGZ), world.services)
    world.clock.move(timedelta(days=6 * 366))
    assert isinstance(collect(ident, world.actor(PROBATION), world.services), Refused)


def test_a_person_who_is_no_longer_trained_neither_judges_nor_collects(world: World) -> None:
    ident = waiting(world)
    world.employees.kept.pop((GGZ, user_of(GGZ)))
    with pytest.raises(NotAllowed):
        judge(ident, [judgement()], world.actor(GGZ), world.services)


# ---- emergencies ---------------------------------------------------------------------------------


@pytest.mark.parametrize("category", ["gezondheid.medicatie", "politie.artikel-12"])
def test_every_emergency_stands_in_the_review_queue_whatever_came_of_it(world: World, category: str) -> None:
    request = asks(
        world,
        AMBULANCE,
        CLINIC,
        category,
        purpose="vitaal-belang",
        emergency="bewusteloos",
        statements={"acuut-gevaar": True, "niet-aanspreekbaar": True},
    )  # fmt: skip - one value
    answer, declared = declare(request, world.actor(AMBULANCE), world.services)
    assert isinstance(answer, Shared) == (category == "gezondheid.medicatie")
    queue = world.ledger.entries(LogQuery(awaiting_review=True))
    assert declared.entry_id in [entry.entry_id for entry in queue]
    assert world.ledger.kept[0].kind is Kind.EMERGENCY_DECLARED, "declared before anything was decided"


def test_an_emergency_that_cannot_be_declared_on_record_releases_nothing(world: World) -> None:
    request = asks(world, AMBULANCE, CLINIC, "gezondheid.medicatie", purpose="vitaal-belang", emergency="nu")
    world.ledger.fails, world.ledger.only = "before-commit", Kind.EMERGENCY_DECLARED
    with pytest.raises(LedgerUnavailable):
        declare(request, world.actor(AMBULANCE), world.services)
    assert world.source.asked == []


def test_only_the_purposes_for_acute_danger_are_emergencies_and_only_with_a_ground(world: World) -> None:
    for purpose in sorted(set(world.rules.current().vocabulary.purposes) - EMERGENCY_PURPOSES):
        with pytest.raises(BadInput, match="doel"):
            declare(asks(world, POLICE, GGZ, A, purpose=purpose, emergency="nu"), world.actor(POLICE), world.services)
    with pytest.raises(BadInput, match="grond"):
        declare(asks(world, POLICE, GGZ, A, purpose="vitaal-belang", emergency=" "), world.actor(POLICE), world.services)
    assert world.ledger.kept == []


# ---- offers and notifications --------------------------------------------------------------------


def test_an_offer_releases_nothing_until_its_recipient_collects_it(world: World) -> None:
    case = world.admitted(POLICE, GGZ, TOWN)
    world.consent(GGZ, POLICE, A, case=case.id)
    world.holds(GGZ, A, case=case.id, bejegening={"advies": "rustig aan"})
    offered = offer(asks(world, POLICE, GGZ, A, case=case.id, caller=GGZ, direction="aanbod"), world.services)
    assert offered.decision.permitted
    assert world.source.asked == []
    assert world.ledger.of(Kind.RELEASE_AUTHORISED) == []
    assert isinstance(collect(offered.request.id, world.actor(POLICE), world.services), Shared)


def notified(world: World, **changed: object) -> Notification:
    records = {"casus.aanmelding": {"aanleiding": {"soort": "overlast", "advies": "oplopend"}}}
    given: dict[str, object] = {
        "subject": world.person(SEM),
        "contact": POLICE,
        "records": records,
        "motivation": "samen",
        "criteria": frozenset("abcd"),
        "own_view": "rust",
        "facts_tested": True,
    }  # fmt: skip - one value
    return Notification(**{**given, **changed})  # type: ignore[arg-type] # the keys are fields of Notification


def test_a_notification_that_the_rules_permit_opens_a_case_and_stands_ready_for_its_contact(world: World) -> None:
    done = notify(notified(world), world.actor(TOWN), world.services)
    assert done.case is not None
    assert done.case.state is CaseState.AANGEMELD
    assert isinstance(world.tasks.kept[done.request.id].request.requester, str)
    assert world.tasks.kept[done.request.id].status is RequestStatus.BESLIST


def test_a_notifier_bound_by_secrecy_without_consent_leaves_no_case_behind(world: World) -> None:
    done = notify(notified(world), world.actor(GGZ), world.services)
    assert done.case is None
    assert world.cases.kept == {}
    assert world.contributions.kept == {}
    assert not done.decision.permitted


@pytest.mark.parametrize("changed", [{"own_view": " "}, {"criteria": frozenset("abc")}, {"contact": "niemand"}])
def test_an_incomplete_notification_leaves_nothing(world: World, changed: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        notify(notified(world, **changed), world.actor(TOWN), world.services)
    assert world.ledger.kept == []
    assert world.cases.kept == {}


@pytest.mark.parametrize("keeper", ["cases", "contributions", "tasks"])
def test_a_notification_that_dies_halfway_is_on_record_and_can_be_made_again(world: World, keeper: str) -> None:
    getattr(world, keeper).fails = "before-commit"
    with pytest.raises(StoreUnavailable):
        notify(notified(world), world.actor(TOWN), world.services)
    assert world.ledger.kept
    getattr(world, keeper).fails = None
    assert notify(notified(world), world.actor(TOWN), world.services).case is not None


# ---- the life of a case --------------------------------------------------------------------------


def test_l06_a_closed_case_does_not_exist_for_its_participants_and_gives_nothing(world: World) -> None:
    case = world.admitted(POLICE, GGZ, TOWN)
    world.consent(GGZ, POLICE, A, case=case.id)
    assert isinstance(share(asks(world, POLICE, GGZ, A, case=case.id), world.services), Shared)
    cases.resolve_case(case.id, Act.SLUITEN, "klaar", world.actor(POLICE), world.services)
    assert isinstance(share(asks(world, POLICE, GGZ, A, case=case.id), world.services), Refused)
    for name in (POLICE, GGZ, TOWN):
        assert cases.cases_of(world.actor(name), world.services) == []
        with pytest.raises(NotFound):
            cases.case_for(case.id, world.actor(name), world.services)


def test_five_years_later_a_case_gives_only_what_was_renewed(world: World) -> None:
    case = world.admitted(POLICE, GGZ, TOWN)
    world.consent(GGZ, POLICE, A, "gezondheid.lvb", case=case.id)
    world.clock.move(timedelta(days=4 * 365))
    cases.renew_case(case.id, frozenset({A}), world.actor(POLICE), world.services)
    world.clock.move(timedelta(days=500))
    answer = share(asks(world, POLICE, GGZ, A, "gezondheid.lvb", case=case.id), world.services)
    assert set(answer.decision.permitted) == {A}
    world.clock.move(timedelta(days=365))
    assert isinstance(share(asks(world, POLICE, GGZ, A, case=case.id), world.services), Refused)


@pytest.mark.parametrize("who", [GGZ, CLINIC])
def test_only_public_participants_decide_on_a_case(world: World, who: str) -> None:
    case, actor = world.admitted(POLICE, GGZ, CLINIC, TOWN), world.actor(who)
    acts: tuple[Callable[[], object], ...] = (
        lambda: cases.resolve_case(case.id, Act.SLUITEN, "klaar", actor, world.services),
        lambda: cases.involve_partner(case.id, PROBATION, third=False, actor=actor, services=world.services),
        lambda: cases.renew_case(case.id, frozenset({A}), actor, world.services),
        lambda: cases.appoint_leads(case.id, POLICE, (), actor, world.services),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()
    assert world.ledger.kept == []


def test_an_act_on_a_case_has_no_effect_when_the_log_cannot_hold_it(world: World) -> None:
    case = world.admitted(POLICE, GGZ, TOWN)
    world.ledger.fails = "after-commit"
    with pytest.raises(LedgerUnavailable):
        cases.resolve_case(case.id, Act.SLUITEN, "klaar", world.actor(POLICE), world.services)
    assert world.cases.kept[case.id].state is CaseState.OPGENOMEN


def test_an_invited_third_party_signs_and_never_gets_into_the_case(world: World) -> None:
    case = world.admitted(POLICE, GGZ, TOWN)
    changed, _ = cases.involve_partner(case.id, "huisarts-bos", third=True, actor=world.actor(POLICE), services=world.services)
    seat = changed.participant("huisarts-bos")
    assert isinstance(seat, Participant)
    assert seat.third
    signed, _ = cases.sign_secrecy(case.id, world.actor("huisarts-bos"), world.services)
    assert getattr(signed.participant("huisarts-bos"), "signed", None) is not None
    with pytest.raises(NotFound):
        cases.case_for(case.id, world.actor("huisarts-bos"), world.services)
    with pytest.raises(NotFound):
        cases.sign_secrecy(case.id, world.actor(GGZ), world.services)


def test_what_was_taken_back_does_not_leave_even_when_the_log_cannot_say_so(world: World) -> None:
    left = contribute.Deposit(subject=world.person(SEM), case=None, category="wonen.situatie", fields={"woonvorm": "x"})
    kept, _ = contribute.deposit(left, world.actor(TOWN), world.services)
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        contribute.withdraw(kept.id, world.actor(TOWN), world.services)
    assert world.contributions.kept[kept.id].withdrawn is not None
