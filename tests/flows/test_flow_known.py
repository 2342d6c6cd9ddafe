"""A person who moved: is he known in another house, hit or no hit; then his data, as far as who brought them in agrees (S6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from fakes.ambient import NOON
from sluis.core.case import Case, CaseState
from sluis.core.entry import Kind
from sluis.core.errors import BadInput, LedgerUnavailable, NotAllowed, NotFound
from sluis.core.partner import Partner
from sluis.core.record import Contribution, FieldValue, Record
from sluis.core.verdict import Reason
from sluis.flows.acting import Actor
from sluis.flows.evidence import Covering, record, withdraw
from sluis.flows.known import HIT_HOLDS, MOST_A_DAY, Asked, KnownThere, ask_known
from sluis.flows.notify import Notification, notify
from sluis.flows.share import Answer, Refused, Shared, share
from sluis.sources import StoredSource
from world.people import GGZ, NOBODY, POLICE, PROBATION, SEM, TOWN, World, a_partner, asks

HERE, THERE = "zvh-veen", "zvh-duin"
CONVICTIONS, HOUSING, ADVICE = "justitie.veroordelingen", "wonen.situatie", "gezondheid.functioneel"
PROSECUTION = "om-veen"


class Move:
    """Sem has a running case in Veen and one in Duin, where the town, the GGZ and the prosecution brought something in."""

    def __init__(self) -> None:
        self.world = World()
        self.world.partners.save(a_partner(90, THERE, "zvh"))
        self.mine = self.world.admitted(POLICE, TOWN, house=HERE)
        self.theirs = self.world.admitted(TOWN, GGZ, PROSECUTION, house=THERE)
        self.brings(TOWN, HOUSING, huurstatus="huur")
        self.brings(GGZ, ADVICE, bejegening={"advies": "Spreek rustig."})
        self.brings(PROSECUTION, CONVICTIONS, soort="geweld")
        self.services = replace(self.world.services, source=StoredSource(self.world.contributions))

    def brings(self, provider: str, category: str, case: Case | None = None, **fields: FieldValue) -> None:
        kept = case or self.theirs
        self.world.contributions.deposit(
            Contribution(
                id=self.world.ids.public(),
                provider=provider,
                subject=kept.subject,
                case=kept.id,
                deposited=NOON,
                record=Record(category=category, provider=provider, recorded=NOON, fields=fields),
            )
        )

    def known(self, who: str = POLICE, house: str = THERE, case: str = "", motivation: str = "Hij woonde in Duin.") -> KnownThere:
        asked = Asked(case=case or self.mine.id, house=house, motivation=motivation)
        return ask_known(asked, self.world.actor(who), self.services)

    def ask(self, *categories: str, who: str = POLICE) -> Answer:
        request = asks(self.world, who, THERE, *categories, case=self.mine.id, purpose="zvh-verhuizing")
        return share(request, self.services)

    def agrees(self, who: str, category: str, *, value: bool = True) -> str:
        covering = Covering(
            fact="oorspronkelijke-verstrekker-akkoord",
            value=value,
            subject=self.theirs.subject,
            provider=THERE,
            recipients=frozenset({POLICE}),
            purposes=frozenset({"zvh-verhuizing"}),
            categories=frozenset({category}),
            case=None,
            valid_until=None,
            ground={"overweging": "Hij is verhuisd; de zorg gaat door."},
        )
        return record(covering, self.world.actor(who), self.services)[0].id


@pytest.fixture
def move() -> Move:
    return Move()


def given(answer: Answer) -> Mapping[str, object]:
    assert isinstance(answer, Shared)
    found = answer.bundle.content["gegevens"]
    assert isinstance(found, Mapping)
    return found


def reasons(answer: Answer) -> dict[str, Reason]:
    return {name: deny.reason for name, deny in answer.decision.refused.items()}


# ---- hit or no hit


def test_who_runs_a_case_hears_whether_the_other_house_runs_one_too(move: Move) -> None:
    assert move.known().hit
    other = move.world.admitted(POLICE, TOWN, who=NOBODY, house=HERE)
    assert not move.known(case=other.id).hit


@pytest.mark.parametrize("state", [state for state in CaseState if state is not CaseState.OPGENOMEN])
def test_only_a_running_case_is_a_hit(move: Move, state: CaseState) -> None:
    move.world.cases.save(replace(move.theirs, state=state))
    assert not move.known().hit


def test_a_case_whose_term_is_over_is_no_hit(move: Move) -> None:
    move.world.cases.save(replace(move.theirs, first_processed=NOON - timedelta(days=6 * 366)))
    assert not move.known().hit


def test_a_case_of_another_house_is_no_hit(move: Move) -> None:
    move.world.partners.save(a_partner(91, "zvh-kust", "zvh"))
    assert not move.known(house="zvh-kust").hit


def test_who_may_not_ask_gets_the_answer_of_a_miss_after_the_same_work_and_on_record(move: Move) -> None:
    mine = move.world.admitted(POLICE, TOWN, GGZ, PROBATION, house=HERE)
    allowed, not_public = move.known(case=mine.id), move.known(PROBATION, case=mine.id)
    unmotivated = move.known(case=mine.id, motivation=" ")
    assert (allowed.hit, not_public.hit, unmotivated.hit) == (True, False, False)
    entries = move.world.ledger.of(Kind.KNOWN_ASKED)
    assert [entry.core["decision"] for entry in entries] == ["verstrekken", "weigeren", "weigeren"]


def test_the_core_of_a_hit_and_a_miss_are_the_same_and_the_answer_is_in_his_cell(move: Move) -> None:
    other = move.world.admitted(POLICE, TOWN, who=NOBODY, house=HERE)
    move.known()
    move.known(case=other.id)
    hit, miss = move.world.ledger.of(Kind.KNOWN_ASKED)
    assert hit.core == miss.core
    assert [dict(entry.cells[0][1] or {})["hit"] for entry in (hit, miss)] == [True, False]
    assert dict(miss.cells[0][1] or {})["released"] == {"casus.bekend": "bestaat"}, "no is an answer about him too"


def test_it_is_on_record_before_it_is_told_and_a_hit_opens_nothing_when_it_is_not(move: Move) -> None:
    move.world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        move.known()
    move.world.ledger.fails = None
    assert reasons(move.ask(HOUSING)) == {HOUSING: Reason.ROUTE}


def test_only_who_takes_part_in_the_case_asks_and_only_of_another_house(move: Move) -> None:
    with pytest.raises(NotFound):
        move.known(GGZ)
    with pytest.raises(NotFound):
        move.known(case="geen-casus")
    for house in (HERE, POLICE, "niemand"):
        with pytest.raises(BadInput):
            move.known(house=house)
    stranger = Actor(partner=move.world.actor(POLICE).partner, user="onbekend", role="medewerker")
    with pytest.raises(NotAllowed):
        ask_known(Asked(case=move.mine.id, house=THERE, motivation="x"), stranger, move.services)


def test_who_asks_too_often_in_a_day_is_stopped_whatever_the_answers_were(move: Move) -> None:
    for _ in range(MOST_A_DAY):
        move.known(motivation="")
    with pytest.raises(NotAllowed):
        move.known()
    assert move.known(TOWN).hit, "another organisation has its own day"
    move.world.clock.move(timedelta(days=1, seconds=1))
    assert move.known().hit


def test_the_question_is_not_put_as_a_request_for_data(move: Move) -> None:
    move.known()
    with pytest.raises(BadInput, match="bekendheidsvragen"):
        move.ask("casus.bekend")


# ---- then the data


def test_without_a_hit_nothing_is_given_and_with_one_ordinary_data_are(move: Move) -> None:
    assert reasons(move.ask(HOUSING)) == {HOUSING: Reason.ROUTE}
    move.known()
    found = given(move.ask(HOUSING))
    assert "huur" in str(found)


def test_health_and_criminal_data_go_only_as_far_as_who_brought_them_in_agrees(move: Move) -> None:
    move.known()
    assert reasons(move.ask(HOUSING, ADVICE, CONVICTIONS)) == {ADVICE: Reason.VERSTREKKER, CONVICTIONS: Reason.VERSTREKKER}
    move.agrees(GGZ, ADVICE)
    answer = move.ask(HOUSING, ADVICE, CONVICTIONS)
    assert reasons(answer) == {CONVICTIONS: Reason.VERSTREKKER}
    assert "Spreek rustig" in str(given(answer))


def test_somebody_elses_agreement_opens_nothing(move: Move) -> None:
    move.known()
    move.agrees(TOWN, ADVICE)
    move.agrees(GGZ, CONVICTIONS)
    assert reasons(move.ask(ADVICE, CONVICTIONS)) == {ADVICE: Reason.VERSTREKKER, CONVICTIONS: Reason.VERSTREKKER}


def test_each_of_those_who_brought_a_category_in_must_agree_and_may_take_that_back(move: Move) -> None:
    move.brings(PROBATION, ADVICE, bejegening={"advies": "Kort."})
    move.known()
    mine = move.agrees(GGZ, ADVICE)
    assert isinstance(move.ask(ADVICE), Refused)
    move.agrees(PROBATION, ADVICE)
    assert isinstance(move.ask(ADVICE), Shared)
    withdraw(mine, move.world.actor(GGZ), move.services)
    assert isinstance(move.ask(ADVICE), Refused)


def test_a_recorded_no_holds(move: Move) -> None:
    move.known()
    move.agrees(GGZ, ADVICE, value=False)
    assert reasons(move.ask(ADVICE)) == {ADVICE: Reason.VERSTREKKER}


def test_what_belongs_to_my_own_case_is_not_taken_for_theirs(move: Move) -> None:
    move.brings(TOWN, HOUSING, case=move.mine, huurstatus="koop")
    move.known()
    assert "koop" not in str(given(move.ask(HOUSING)))


def test_a_hit_opens_for_who_asked_and_for_a_month(move: Move) -> None:
    move.known()
    assert reasons(move.ask(HOUSING, who=TOWN)) == {HOUSING: Reason.ROUTE}
    move.world.clock.move(HIT_HOLDS)
    assert reasons(move.ask(HOUSING)) == {HOUSING: Reason.ROUTE}


def test_when_the_other_case_has_closed_meanwhile_nothing_of_it_is_left_to_give(move: Move) -> None:
    move.known()
    move.world.cases.save(replace(move.theirs, state=CaseState.AFGESLOTEN))
    assert "huur" not in str(given(move.ask(HOUSING)))


# ---- whose case it is


def notified(world: World, house: str = "") -> Case:
    notification = Notification(
        subject=world.person(SEM),
        contact=POLICE,
        records={"identiteit.basis": {"naam": "Sem"}},
        motivation="Oplopend.",
        criteria=frozenset("abcd"),
        own_view="Rust.",
        facts_tested=True,
        house=house,
    )
    made = notify(notification, world.actor(TOWN), world.services).case
    assert made is not None
    return made


def test_a_case_is_of_the_only_house_there_is_or_of_the_one_that_was_named(move: Move) -> None:
    assert notified(World()).house == HERE
    assert notified(move.world, THERE).house == THERE
    assert notified(move.world).house == "", "two houses, and nobody said which"
    with pytest.raises(BadInput):
        notified(move.world, POLICE)


def test_a_house_that_has_left_is_none(move: Move) -> None:
    gone = move.world.partners.by_id(THERE)
    assert isinstance(gone, Partner)
    move.world.partners.save(replace(gone, active_until=NOON))
    with pytest.raises(BadInput):
        move.known()
