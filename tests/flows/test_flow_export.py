"""What leaves the log, and what a data subject gets: within reach, under other names, and on record before anything leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from sluis.core.books import Event
from sluis.core.entry import EntryDraft, Kind
from sluis.core.errors import BadInput, LedgerUnavailable, LogPurpose, NotAllowed, NotFound, WrongState
from sluis.core.leaf import core_bytes, moment
from sluis.core.partner import Officer
from sluis.flows.audit import Aim
from sluis.flows.deliver import delivered
from sluis.flows.export import Contents, Order, Row, described, put_on_record, take
from sluis.flows.review import stated_aim
from sluis.flows.rights import NAMES, Objection, Period, lift, need_names, objections, report, withhold
from sluis.flows.share import Refused, Shared, share
from sluis.ports.log import LogQuery
from world.ledger import MemoryLedger
from world.people import CLINIC, GGZ, NOBODY, POLICE, SEM, World, asks, user_of

COORDINATING = Officer(subject="fg|regio", name="Noor Aksoy", roles=frozenset({"coordinerend-fg"}))
OF_GGZ = Officer(subject="fg|ggz", name="Ilse de Groot", roles=frozenset({"fg"}), organisation=GGZ)
OPERATOR = Officer(subject="beheer|1", name="Kim Vos", roles=frozenset({"beheerder"}))
CATEGORY = "gezondheid.functioneel"


class MemoryRows:
    """`Rows` of a log in memory: the identifiers stand in for the blind index."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self.ledger = ledger

    def of(self, entry_ids: Sequence[str]) -> Mapping[str, Row]:
        found = {}
        for entry, draft in zip(self.ledger.kept, self.ledger.drafts, strict=True):
            if entry.entry_id in entry_ids:
                body = json.dumps(draft.core, default=dict).encode()
                at = moment(draft.at - timedelta(seconds=1))
                core = core_bytes(kind=draft.kind.value, body=body, started=at, recorded=moment(draft.at), salt=bytes(32))
                found[entry.entry_id] = Row(core=core, tags=tuple(cell.identifier for cell in draft.cells))
        return found


@pytest.fixture
def world() -> World:
    return World()


def released(world: World) -> Shared:
    """The GGZ tells the police how to approach Sem, with his consent."""
    case = world.admitted()
    world.consent(GGZ, POLICE, CATEGORY, case=case.id)
    world.holds(GGZ, CATEGORY, case=case.id, bejegening={"advies": "Spreek rustig"})
    answer = share(asks(world, POLICE, GGZ, CATEGORY, case=case.id), world.services)
    assert isinstance(answer, Shared)
    return answer


def refused(world: World) -> Refused:
    request = asks(world, POLICE, CLINIC, "gezondheid.medicatie", purpose="vitaal-belang", statements={"acuut-gevaar": True})
    answer = share(request, world.services)
    assert isinstance(answer, Refused)
    return answer


def order(officer: Officer = COORDINATING, **query: object) -> Order:
    asked = LogQuery(**query)  # type: ignore[arg-type] # the keys are fields of LogQuery
    return Order(officer=officer, query=asked, aim=Aim.LAWFULNESS, form="csv")


def taken(world: World, asked: Order) -> list[Event]:
    return [one.event for one in take(asked, MemoryRows(world.ledger), world.services)]


# ---- the processing log ----------------------------------------------------------------------------


def test_an_officer_gets_releases_and_refusals_with_the_user(world: World) -> None:
    released(world)
    refused(world)
    found = taken(world, order())
    assert [event.kind for event in found] == [Kind.RELEASE_REFUSED, Kind.RELEASE_AUTHORISED]
    assert {event.actor.user for event in found if event.actor} == {user_of(POLICE)}
    assert all(event.started < event.recorded for event in found)


def test_persons_leave_under_a_name_of_this_recipient_and_aim_never_under_the_index(world: World) -> None:
    released(world)
    refused(world)
    index = world.person(SEM)
    mine = {person.pseudonym for event in taken(world, order()) for person in event.persons}
    theirs = {person.pseudonym for event in taken(world, order(OF_GGZ)) for person in event.persons}
    court = {p.pseudonym for event in taken(world, replace(order(), aim=Aim.COURT)) for p in event.persons}
    assert len(mine) == len(theirs) == len(court) == 1, "one person has one name"
    assert index not in mine | theirs | court
    assert not mine & theirs
    assert not mine & court


def test_an_officer_of_one_organisation_gets_what_it_gave_or_got(world: World) -> None:
    released(world)
    refused(world)
    assert [event.kind for event in taken(world, order(OF_GGZ))] == [Kind.RELEASE_AUTHORISED]
    with pytest.raises(NotAllowed):
        taken(world, order(OF_GGZ, party=world.actor(POLICE).partner.oin))


def test_an_operator_gets_nothing(world: World) -> None:
    with pytest.raises(NotAllowed):
        taken(world, order(OPERATOR))


def test_another_aim_than_the_four_gets_nothing_and_stays_on_record(world: World) -> None:
    with pytest.raises(LogPurpose):
        stated_aim("functioneringsgesprek", COORDINATING, world.services)
    (attempt,) = world.ledger.of(Kind.LOG_VIEWED)
    assert attempt.cells[0][1] is not None
    assert attempt.cells[0][1]["refused" if "refused" in attempt.cells[0][1] else "stated"]


def test_many_pages_come_out_whole_and_once(world: World) -> None:
    for number in range(1_203):
        world.ledger.append(EntryDraft(kind=Kind.POLICY_ACTIVATED, at=world.clock.now(), core={"number": number}))
    told: list[int] = []
    found = list(take(order(), MemoryRows(world.ledger), world.services, told.append))
    assert [one.entry.index for one in found] == list(range(1_202, -1, -1))
    assert told == [500, 1_000, 1_203]


def test_the_export_is_on_record_with_aim_count_and_hashes(world: World) -> None:
    receipt = put_on_record(order(purpose="zvh-casus"), Contents(count=2, digest="sha256:ab"), world.services)
    entry = world.ledger.entry(receipt.entry_id)
    assert entry.kind is Kind.LOG_EXPORTED
    assert (entry.core["aim"], entry.core["format"]) == (Aim.LAWFULNESS.value, "csv")
    assert (entry.core["count"], entry.core["bundle"]) == (2, "sha256:ab")
    said = entry.cells[0][1]
    assert said is not None
    assert said["query"] == {**described(LogQuery()), "purpose": "zvh-casus"}


def test_there_is_no_receipt_to_hand_over_with_when_the_log_cannot_write(world: World) -> None:
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        put_on_record(order(), Contents(count=0, digest=""), world.services)


# ---- what the data subject gets --------------------------------------------------------------------


def test_a_subject_gets_date_organisations_purpose_and_categories_and_no_user(world: World) -> None:
    answer = released(world)
    given = report(world.person(SEM), COORDINATING, Period(), world.services)
    (line,) = given.lines
    oin = {name: world.actor(name).partner.oin for name in (POLICE, GGZ)}
    assert (line.provider, line.recipient, line.purpose) == (oin[GGZ], oin[POLICE], "zvh-casus")
    assert line.categories == {CATEGORY: answer.decision.permitted[CATEGORY].precision.word}
    assert line.policy == answer.decision.policy
    assert line.conditions == answer.decision.duties
    assert user_of(POLICE) not in repr(given.lines)
    assert given.users == {}
    assert world.ledger.kept[-1].entry_id == given.receipt.entry_id, "the report is on record"
    assert world.ledger.kept[-1].core["book"] == "verstrekkingenregister"


def test_somebody_of_whom_nothing_was_shared_gets_an_empty_report(world: World) -> None:
    released(world)
    assert report(world.person(NOBODY), COORDINATING, Period(), world.services).lines == ()


def test_a_refused_question_is_not_in_the_register(world: World) -> None:
    refused(world)
    assert report(world.person(SEM), COORDINATING, Period(), world.services).lines == ()


def test_a_release_that_failed_is_not_in_the_register_and_both_events_are_in_the_log(world: World) -> None:
    answer = released(world)
    core = {"about": answer.receipt.entry_id}
    world.ledger.append(EntryDraft(kind=Kind.RELEASE_FAILED, at=world.clock.now(), core=core))
    assert report(world.person(SEM), COORDINATING, Period(), world.services).lines == ()
    assert len(world.ledger.of(Kind.RELEASE_AUTHORISED, Kind.RELEASE_FAILED)) == 2
    delivered(answer, world.services)
    assert len(report(world.person(SEM), COORDINATING, Period(), world.services).lines) == 1, "it arrived after all"


def test_a_name_needs_a_recorded_decision_about_this_subject(world: World) -> None:
    answer = released(world)
    sem = world.person(SEM)
    with pytest.raises(NotAllowed):
        report(sem, COORDINATING, Period(), world.services, names=answer.receipt.entry_id)
    with pytest.raises(BadInput):
        need_names(sem, "  ", COORDINATING, world.services)
    with pytest.raises(NotAllowed):
        need_names(sem, "klacht over onbevoegd inzien", OF_GGZ, world.services)
    elsewhere = need_names(world.person(NOBODY), "klacht", COORDINATING, world.services)
    with pytest.raises(NotAllowed):
        report(sem, COORDINATING, Period(), world.services, names=elsewhere.entry_id)
    decision = need_names(sem, "klacht over onbevoegd inzien", COORDINATING, world.services)
    assert world.ledger.entry(decision.entry_id).core["decision"] == NAMES
    given = report(sem, COORDINATING, Period(), world.services, names=decision.entry_id)
    assert given.users == {answer.receipt.entry_id: user_of(POLICE)}


def objecting(world: World, **given: object) -> Objection:
    review = world.clock.now().date() + timedelta(days=90)
    made = Objection(participant=POLICE, ground="wpg-27", owner="Teamchef Veen", review=review)
    return replace(made, **given)  # type: ignore[arg-type] # the keys are fields of Objection


def test_a_part_is_withheld_until_its_ground_ends_and_the_rest_is_given(world: World) -> None:
    released(world)
    sem = world.person(SEM)
    receipt = withhold(sem, objecting(world), COORDINATING, world.services)
    assert report(sem, COORDINATING, Period(), world.services).lines == ()
    (kept,) = objections(sem, world.services)
    assert (kept.ground, kept.owner, kept.review) == ("wpg-27", "Teamchef Veen", date(2026, 5, 31))
    world.clock.move(timedelta(days=200))
    assert report(sem, COORDINATING, Period(), world.services).lines == (), "a review date that has passed gives nothing"
    lift(sem, receipt.entry_id, COORDINATING, world.services)
    world.clock.move(timedelta(seconds=1))
    assert len(report(sem, COORDINATING, Period(), world.services).lines) == 1
    with pytest.raises(WrongState):
        lift(sem, receipt.entry_id, COORDINATING, world.services)


def test_an_objection_to_one_release_or_category_leaves_the_others(world: World) -> None:
    first = released(world)
    second = share(replace(first.request, id="nog-een"), world.services)
    assert isinstance(second, Shared)
    sem = world.person(SEM)
    withhold(sem, objecting(world, release=first.receipt.entry_id), COORDINATING, world.services)
    withhold(sem, objecting(world, categories=frozenset({"politie.artikel-8"})), COORDINATING, world.services)
    assert [line.entry_id for line in report(sem, COORDINATING, Period(), world.services).lines] == [second.receipt.entry_id]


def test_an_objection_has_a_ground_an_owner_and_a_day_ahead(world: World) -> None:
    sem = world.person(SEM)
    with pytest.raises(BadInput) as caught:
        withhold(sem, objecting(world, ground="liever niet", owner=" ", review=date(2026, 3, 2)), COORDINATING, world.services)
    assert [flaw.where for flaw in caught.value.flaws] == ["grond", "eigenaar", "herzien"]
    with pytest.raises(BadInput):
        withhold(sem, objecting(world, participant="niemand"), COORDINATING, world.services)
    assert world.ledger.kept == []


def test_an_officer_speaks_for_his_own_organisation_only(world: World) -> None:
    answer = released(world)
    sem = world.person(SEM)
    with pytest.raises(NotAllowed):
        withhold(sem, objecting(world), OF_GGZ, world.services)
    receipt = withhold(sem, objecting(world), COORDINATING, world.services)
    with pytest.raises(NotAllowed):
        lift(sem, receipt.entry_id, OF_GGZ, world.services)
    with pytest.raises(NotFound):
        lift(world.person(NOBODY), receipt.entry_id, COORDINATING, world.services)
    with pytest.raises(NotFound):
        withhold(world.person(NOBODY), objecting(world, release=answer.receipt.entry_id), COORDINATING, world.services)
    with pytest.raises(NotAllowed):
        report(sem, OPERATOR, Period(), world.services)
    with pytest.raises(NotAllowed):
        report(sem, Officer(subject="a", name="a", roles=frozenset({"auditor"})), Period(), world.services)


def test_a_subject_can_ask_about_a_period_and_about_one_source(world: World) -> None:
    released(world)
    sem, now = world.person(SEM), world.clock.now()

    def lines(period: Period) -> int:
        return len(report(sem, COORDINATING, period, world.services).lines)

    assert lines(Period(since=now)) == 1
    assert lines(Period(until=now)) == 0
    assert lines(Period(since=now + timedelta(seconds=1))) == 0
    assert lines(Period(provider=world.actor(POLICE).partner.oin)) == 0


def test_no_report_exists_when_it_cannot_be_put_on_record(world: World) -> None:
    released(world)
    world.ledger.fails, world.ledger.only = "before-commit", Kind.LOG_EXPORTED
    with pytest.raises(LedgerUnavailable):
        report(world.person(SEM), COORDINATING, Period(), world.services)
