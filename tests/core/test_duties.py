"""What the duties of a decision do to records, and that every duty of the vocabulary is accounted for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sluis.core.duties import CARRIED, OWN_ACTIONS, within_duties
from sluis.core.record import FieldValue, Record
from sluis.core.verdict import Decision, Permit, Precision
from sluis.policy_files import load

AT = datetime(2026, 3, 1, tzinfo=UTC)
POLICIES = Path(__file__).parents[2] / "policies"
NOBODY_READS_ALONG = {"tweede-lezer"}


def plan(owner: FieldValue) -> Record:
    return Record(
        category="plan.afspraken",
        provider="zvh",
        recorded=AT,
        fields={"doel": "wonen", "actie": "sleutel halen", "eigenaar": owner, "termijn": "2026-04-01"},
    )


def permitting(*duties: str) -> Decision:
    permit = Permit(precision=Precision.EXACT, rules=("r",), duties=duties)
    return Decision(verdicts={"plan.afspraken": permit}, duties=duties, rules=("r",), policy="sha256:0")


def test_every_duty_of_the_vocabulary_is_carried_or_known_to_have_no_handler() -> None:
    assert load(POLICIES).vocabulary.duties.keys() == CARRIED | NOBODY_READS_ALONG


def test_a_third_party_sees_its_own_actions_whole() -> None:
    own = plan("woningcorporatie")
    assert within_duties([own], permitting(OWN_ACTIONS), frozenset({"de-brink", "woningcorporatie"})) == [own]


def test_of_somebody_elses_actions_only_the_shared_goal_stays() -> None:
    (left,) = within_duties([plan("politie")], permitting(OWN_ACTIONS), frozenset({"de-brink", "woningcorporatie"}))
    assert dict(left.fields) == {"doel": "wonen"}


def test_an_action_whose_owner_is_not_written_down_is_nobodys_own() -> None:
    (left,) = within_duties([plan(None)], permitting(OWN_ACTIONS), frozenset({"de-brink"}))
    assert dict(left.fields) == {"doel": "wonen"}


def test_without_that_duty_a_plan_stays_as_it_is() -> None:
    theirs = plan("politie")
    assert within_duties([theirs], permitting(), frozenset({"de-brink"})) == [theirs]


def test_records_of_other_categories_are_not_touched() -> None:
    other = Record(category="contact.gegevens", provider="zvh", recorded=AT, fields={"adres": "x"})
    assert within_duties([other], permitting(OWN_ACTIONS), frozenset()) == [other]


def test_a_duty_that_nothing_carries_out_withholds_the_category() -> None:
    assert "tweede-lezer" not in CARRIED
