"""The person objects or asks for a restriction: what he contests stays until a human has weighed, and that is due in a month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.claims import Claim, Right, answer_by, contested, objectable
from sluis.core.entry import Kind
from sluis.core.errors import BadInput, LedgerUnavailable, NotAllowed, NotFound, StoreUnavailable, WrongState
from sluis.core.evidence import Evidence
from sluis.core.partner import Officer
from sluis.core.question import CONTESTED
from sluis.core.verdict import Reason
from sluis.flows.claims import Invocation, Weighing, answer, claims_about, end, invoke, open_claims
from sluis.flows.evidence import withdraw
from sluis.flows.judge import collect
from sluis.flows.share import Answer, Refused, Shared, share
from sluis.portal.again import decide_again
from world.people import GGZ, NOBODY, POLICE, PROBATION, SEM, TOWN, World, asks

HOUSING, ADVICE = "wonen.situatie", "gezondheid.functioneel"
TODAY = NOON.date()


class Desk:
    """A running case of Sem in which the town and the GGZ would release, and the officers who answer him."""

    def __init__(self) -> None:
        self.world = World()
        self.case = self.world.admitted(POLICE, PROBATION, TOWN, GGZ)
        self.world.consent(GGZ, POLICE, ADVICE, case=self.case.id)
        self.world.holds(GGZ, ADVICE, case=self.case.id, bejegening="rustig")
        self.world.holds(TOWN, HOUSING, case=self.case.id, huurstatus="huur")
        self.world.holds(TOWN, "contact.gegevens", case=self.case.id, telefoon="06")
        self.subject = self.world.person(SEM)

    def officer(self, organisation: str = TOWN, *roles: str) -> Officer:
        return Officer(subject=f"inlog|{organisation}", name="Ilse", roles=frozenset(roles or {"fg"}), organisation=organisation)

    def claims(self, right: Right = Right.BEZWAAR, *categories: str, at: str = TOWN, received: date = TODAY) -> Claim:
        invocation = Invocation(
            right=right,
            participant=at,
            received=received,
            owner="mr. Vos",
            said="Mijn huis gaat de politie niets aan.",
            categories=frozenset(categories),
        )
        return invoke(self.subject, invocation, self.officer(at), self.world.services)

    def weighs(self, claim: Claim, *, granted: bool, at: str = TOWN) -> Claim:
        return answer(claim.id, Weighing(granted=granted, reasons="Wij wogen uw belang."), self.officer(at), self.world.services)

    def ask(self, *categories: str, provider: str = TOWN, **more: object) -> Answer:
        request = asks(self.world, POLICE, provider, *(categories or (HOUSING,)), case=self.case.id, **more)
        return share(request, self.world.services)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def reasons(answer_: Answer) -> dict[str, Reason]:
    return {name: deny.reason for name, deny in answer_.decision.refused.items()}


@pytest.mark.parametrize("right", [Right.BEZWAAR, Right.BEPERKING])
def test_what_he_contests_stays_until_a_human_has_weighed_and_the_rest_goes_on(desk: Desk, right: Right) -> None:
    assert isinstance(desk.ask(), Shared)
    claim = desk.claims(right, HOUSING)
    asked = desk.ask(HOUSING, "contact.gegevens")
    assert reasons(asked) == {HOUSING: Reason.VERSTREKKER}
    assert set(asked.decision.permitted) == {"contact.gegevens"}
    desk.weighs(claim, granted=False)
    assert isinstance(desk.ask(), Shared)


@pytest.mark.parametrize("right", [Right.BEZWAAR, Right.BEPERKING])
def test_what_was_granted_stays_until_it_is_ended(desk: Desk, right: Right) -> None:
    claim = desk.claims(right)
    desk.weighs(claim, granted=True)
    desk.world.clock.move(timedelta(days=400))
    assert isinstance(desk.ask(HOUSING, "contact.gegevens"), Refused)
    end(claim.id, "Hij heeft het opnieuw goedgevonden en hoorde dit op 3 maart.", desk.officer(), desk.world.services)
    assert isinstance(desk.ask(), Shared)


@pytest.mark.parametrize("right", [Right.RECTIFICATIE, Right.WISSING])
def test_a_rectification_or_an_erasure_is_on_record_with_its_day_and_holds_nothing_by_itself(desk: Desk, right: Right) -> None:
    assert desk.claims(right).due == answer_by(TODAY)
    assert isinstance(desk.ask(), Shared)


def test_an_objection_holds_the_part_of_that_participant_and_of_that_person_only(desk: Desk) -> None:
    desk.claims(at=GGZ)
    assert isinstance(desk.ask(), Shared), "the town has its own part"
    other = desk.world.admitted(POLICE, TOWN, GGZ, who=NOBODY)
    desk.claims()
    request = asks(desk.world, POLICE, TOWN, HOUSING, case=other.id, subject=desk.world.person(NOBODY))
    assert isinstance(share(request, desk.world.services), Shared)


def test_while_he_objects_to_everything_his_consent_counts_no_more_and_the_words_are_those_of_the_rules(desk: Desk) -> None:
    assert isinstance(desk.ask(ADVICE, provider=GGZ), Shared)
    claim = desk.claims(at=GGZ)
    unknown = World()
    case = unknown.admitted(POLICE, GGZ, who=NOBODY)
    nobody = asks(unknown, POLICE, GGZ, ADVICE, case=case.id, subject=unknown.person(NOBODY))
    expected = share(nobody, unknown.services).decision.verdicts
    contested = desk.ask(ADVICE, provider=GGZ)
    assert not contested.decision.permitted
    assert contested.decision.refused.keys() | contested.decision.referred.keys() == expected.keys()
    desk.weighs(claim, granted=False, at=GGZ)
    assert isinstance(desk.ask(ADVICE, provider=GGZ), Shared)


def test_what_somebody_put_before_a_human_is_not_collected_while_he_contests_it(desk: Desk) -> None:
    desk.claims(Right.BEPERKING, ADVICE, at=GGZ)
    asked = desk.ask(ADVICE, provider=GGZ)
    assert isinstance(asked, Refused)
    with pytest.raises(NotFound):
        collect(asked.request.id, desk.world.actor(POLICE), desk.world.services)


def test_a_vital_interest_is_no_ground_to_object_to(desk: Desk) -> None:
    desk.claims()
    request = asks(
        desk.world,
        "ambulance-veen",
        TOWN,
        "contact.gegevens",
        purpose="vitaal-belang",
        statements={"acuut-gevaar": True},
        motivation={},
    )
    assert isinstance(share(request, desk.world.services), Shared)


def test_the_decision_that_was_logged_is_made_again_with_the_same_outcome(desk: Desk) -> None:
    desk.claims(Right.BEZWAAR, HOUSING)
    asked = desk.ask(HOUSING, "contact.gegevens")
    entry = desk.world.ledger.entry(asked.receipt.entry_id)
    cell = next(data for role, data in entry.cells if role == "subject")
    assert cell is not None
    recorded = cell["question"]
    assert isinstance(recorded, dict)
    assert recorded["feiten"][CONTESTED] == [HOUSING]
    book = desk.world.rules.current()
    again = decide_again(recorded, asked.decision.policy, book)
    assert again is not None
    assert again.verdicts == asked.decision.verdicts


def test_a_claim_is_on_record_before_it_holds_and_named_nowhere_but_in_his_cell(desk: Desk) -> None:
    claim = desk.claims(Right.BEZWAAR, HOUSING)
    (entry,) = desk.world.ledger.of(Kind.RIGHT_INVOKED)
    assert entry.entry_id == claim.id
    assert entry.core["due"] == "2026-04-02"
    assert (entry.core["right"], entry.core["article"], entry.core["received"]) == ("bezwaar", "AVG 21", "2026-03-02")
    assert "politie" not in str(entry.core)
    assert HOUSING not in str(entry.core)
    assert dict(entry.cells[0][1] or {})["said"] == "Mijn huis gaat de politie niets aan."
    assert dict(entry.cells[1][1] or {})["owner"] == "mr. Vos"


def test_without_the_log_there_is_no_claim_and_no_answer(desk: Desk) -> None:
    claim = desk.claims()
    desk.world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        desk.claims(Right.BEPERKING)
    with pytest.raises(LedgerUnavailable):
        desk.weighs(claim, granted=False)
    desk.world.ledger.fails = None
    assert [one.right for one in claims_about(desk.subject, desk.world.services)] == [Right.BEZWAAR]
    assert not isinstance(desk.ask(), Shared), "it was not answered, so it holds"


def test_an_act_that_died_halfway_is_completed_by_the_same_act(desk: Desk) -> None:
    desk.world.evidence.fails = "before-commit"
    with pytest.raises(StoreUnavailable):
        desk.claims()
    desk.world.evidence.fails = None
    claim = desk.claims()
    assert len(desk.world.ledger.of(Kind.RIGHT_INVOKED)) == 1
    assert not isinstance(desk.ask(), Shared)
    desk.world.evidence.fails = "before-commit"
    with pytest.raises(StoreUnavailable):
        desk.weighs(claim, granted=False)
    desk.world.evidence.fails = None
    assert not isinstance(desk.ask(), Shared), "rejected on record, and still held until the effect is complete"
    desk.weighs(claim, granted=False)
    assert len(desk.world.ledger.of(Kind.RIGHT_ANSWERED)) == 1
    assert isinstance(desk.ask(), Shared)


def test_what_he_asks_again_after_the_answer_is_a_new_claim(desk: Desk) -> None:
    first = desk.claims()
    desk.weighs(first, granted=False)
    assert desk.claims().id != first.id
    assert not isinstance(desk.ask(), Shared)


def test_an_answer_stands(desk: Desk) -> None:
    claim = desk.claims()
    desk.weighs(claim, granted=False)
    with pytest.raises(WrongState):
        desk.weighs(claim, granted=True)
    with pytest.raises(WrongState):
        end(claim.id, "toch niet", desk.officer(), desk.world.services)


def test_an_answer_and_an_end_have_their_reasons(desk: Desk) -> None:
    claim = desk.claims()
    with pytest.raises(BadInput):
        answer(claim.id, Weighing(granted=True, reasons=" "), desk.officer(), desk.world.services)
    desk.weighs(claim, granted=True)
    with pytest.raises(BadInput):
        end(claim.id, "", desk.officer(), desk.world.services)
    (entry,) = desk.world.ledger.of(Kind.RIGHT_ANSWERED)
    assert dict(entry.cells[0][1] or {})["reasons"] == "Wij wogen uw belang."
    assert (entry.core["granted"], entry.core["about"]) == (True, claim.id)


def test_an_officer_answers_for_his_own_organisation_and_the_coordinating_one_for_all(desk: Desk) -> None:
    claim = desk.claims()
    with pytest.raises(NotAllowed):
        desk.weighs(claim, granted=False, at=GGZ)
    with pytest.raises(NotAllowed):
        answer(claim.id, Weighing(granted=False, reasons="x"), desk.officer(TOWN, "auditor"), desk.world.services)
    coordinating = desk.officer(GGZ, "coordinerend-fg")
    answer(claim.id, Weighing(granted=False, reasons="Gewogen."), coordinating, desk.world.services)


def test_what_is_no_claim_or_of_an_erased_person_is_not_answered(desk: Desk) -> None:
    entry = desk.ask().receipt.entry_id
    with pytest.raises(NotFound):
        answer(entry, Weighing(granted=False, reasons="x"), desk.officer(), desk.world.services)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"received": TODAY + timedelta(days=1)}, "ontvangen"),
        ({"owner": " "}, "eigenaar"),
        ({"said": ""}, "toelichting"),
        ({"participant": "niemand"}, "deelnemer"),
        ({"categories": frozenset({"wonen.paleis"})}, "gegevens"),
    ],
)
def test_a_claim_that_is_not_complete_is_told_without_its_words(desk: Desk, changed: dict[str, object], where: str) -> None:
    given_: dict[str, object] = {
        "right": Right.BEZWAAR,
        "participant": TOWN,
        "received": TODAY,
        "owner": "mr. Vos",
        "said": "Ik wil dit niet.",
        **changed,
    }
    with pytest.raises(BadInput) as caught:
        invoke(desk.subject, Invocation(**given_), desk.officer(), desk.world.services)  # type: ignore[arg-type] # the keys are its fields
    assert [flaw.where for flaw in caught.value.flaws] == [where]
    assert "paleis" not in str(caught.value)
    assert desk.world.ledger.of(Kind.RIGHT_INVOKED) == []


def test_a_provider_does_not_take_back_what_its_person_contests(desk: Desk) -> None:
    claim = desk.claims()
    with pytest.raises(NotFound):
        withdraw(claim.id, desk.world.actor(TOWN), desk.world.services)
    assert not isinstance(desk.ask(), Shared)


def test_what_is_due_is_listed_the_first_due_first_without_anybody_in_it(desk: Desk) -> None:
    late = desk.claims(received=TODAY - timedelta(days=40))
    soon = desk.claims(Right.WISSING)
    done = desk.claims(Right.RECTIFICATIE)
    desk.weighs(done, granted=True)
    theirs = desk.claims(at=GGZ, received=TODAY - timedelta(days=3))
    services = desk.world.services
    mine = open_claims(desk.officer(), services)
    assert [one.id for one in mine] == [late.id, soon.id]
    assert [one.late(TODAY) for one in mine] == [True, False]
    assert {(one.subject, one.owner, one.categories) for one in mine} == {("", "", frozenset())}
    assert [one.id for one in open_claims(desk.officer(GGZ, "coordinerend-fg"), services)] == [late.id, theirs.id, soon.id]
    with pytest.raises(NotAllowed):
        open_claims(desk.officer(TOWN, "auditor"), services)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 3, 2), date(2026, 4, 2)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_the_answer_is_due_a_month_after_it_was_asked(received: date, due: date) -> None:
    assert answer_by(received) == due


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_the_month_is_never_shorter_than_february_or_longer_than_it_is(received: date) -> None:
    assert timedelta(days=28) <= answer_by(received) - received <= timedelta(days=31)


def test_contesting_only_ever_takes_away(desk: Desk) -> None:
    for provider, categories in ((TOWN, (HOUSING, "contact.gegevens")), (GGZ, (ADVICE, "gezondheid.diagnose"))):
        before = desk.ask(*categories, provider=provider)
        claim = desk.claims(at=provider)
        after = desk.ask(*categories, provider=provider)
        assert set(after.decision.permitted) <= set(before.decision.permitted)
        assert after.decision.permitted == {}
        desk.weighs(claim, granted=False, at=provider)


def test_what_the_joint_case_holds_of_a_participant_is_contested_with_that_participant() -> None:
    held = Evidence(
        id="b",
        fact=CONTESTED,
        value=True,
        subject="s",
        provider=TOWN,
        recipients=frozenset(),
        purposes=frozenset(),
        categories=None,
        case=None,
        recorded_by=TOWN,
        user="u",
        recorded=NOON,
        valid_from=NOON,
        valid_until=None,
        ground={"recht": "bezwaar"},
    )  # fmt: skip - one value
    request = asks(World(), POLICE, "zvh-veen", "plan.afspraken", "risico.signaal")
    owners = {"plan.afspraken": frozenset({TOWN, GGZ}), "risico.signaal": frozenset({GGZ})}
    assert contested([held], request, ("6 lid 1 onder e",), owners, NOON) == {CONTESTED: frozenset({"plan.afspraken"})}
    assert contested([held], request, ("6 lid 1 onder d",), owners, NOON) == {}


@pytest.mark.parametrize(
    ("ground", "may"),
    [
        ("6 lid 1 onder e", True),
        ("6 lid 1 onder e (verstrekkers: onder c)", True),
        ("6 lid 1 onder c of e", True),
        ("6 lid 1 onder e of f", True),
        ("6 lid 1 onder c", False),
        ("6 lid 1 onder d", False),
        ("6 lid 1 onder c of d", False),
        ("9 lid 2 onder e", False),
        ("9 lid 2 onder g", False),
    ],
)
def test_one_objects_to_a_public_task_or_a_legitimate_interest_and_to_nothing_else(ground: str, *, may: bool) -> None:
    assert objectable((ground,)) is may
