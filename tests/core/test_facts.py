"""The facts of a question: each from its own witness, at one moment, and unknown where nobody spoke."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.case import Case, CaseState, Participant
from sluis.core.errors import BadInput
from sluis.core.evidence import Evidence
from sluis.core.facts import OBJECTIONS, WITNESSES, Circumstances, Position, Witness, facts_for
from sluis.core.question import Facts, Truth, truth
from sluis.core.request import Request
from sluis.core.rules import Must, Need, Rulebook
from sluis.flows.establishing import judgements

A, B = "gezondheid.functioneel", "gezondheid.diagnose"
DAY = timedelta(days=1)
REQUEST = Request(
    id="v-1",
    at=NOON,
    caller="politie",
    user="u",
    role="r",
    purpose="zvh-casus",
    direction="opvraag",
    requester="politie",
    provider="ggz",
    subject="s",
    person="betrokkene",
    case="c",
    categories=(A, B),
    motivation={A: "daarom", B: "  "},
)  # fmt: skip - one value
POLICE = Position(partner="politie", kind="politie", public=True)


def evidence(fact: str = "toestemming", **changed: Any) -> Evidence:
    plain = Evidence(
        id="e",
        fact=fact,
        value=True,
        subject="s",
        provider="ggz",
        recipients=frozenset({"politie"}),
        purposes=frozenset({"zvh-casus"}),
        categories=frozenset({A}),
        case="c",
        recorded_by="ggz",
        user="u",
        recorded=NOON - DAY,
        valid_from=NOON - DAY,
        valid_until=None,
    )  # fmt: skip - one value
    return replace(plain, **changed)


def facts(*kept: Evidence, request: Request = REQUEST, caller: Position = POLICE, **around: object) -> Facts:
    circumstances = Circumstances(authorised=True, caller=caller, case=None, evidence=kept)
    return facts_for(request, replace(circumstances, **around), NOON)  # type: ignore[arg-type] # the keys are fields of Circumstances


def of(found: Facts, fact: str, category: str = A) -> Truth:
    return truth(found, fact, category)


def needs(found: object, seen: set[int]) -> Iterable[Need]:
    """Every need in a rulebook, however deep."""
    if id(found) in seen:
        return
    seen.add(id(found))
    if isinstance(found, Need):
        yield found
    elif is_dataclass(found):
        yield from itertools.chain.from_iterable(needs(getattr(found, one.name), seen) for one in fields(found))
    elif isinstance(found, tuple | list | frozenset):
        yield from itertools.chain.from_iterable(needs(one, seen) for one in found)
    elif hasattr(found, "values"):
        yield from itertools.chain.from_iterable(needs(one, seen) for one in found.values())


def test_every_fact_of_the_vocabulary_has_its_witness(shipped: Rulebook) -> None:
    assert set(WITNESSES) == set(shipped.vocabulary.facts)
    assert all(WITNESSES.values())
    known = {*Witness, *shipped.vocabulary.kinds}
    assert all(who <= known for who in WITNESSES.values())


def test_an_objection_is_a_fact_that_the_rules_only_ever_want_not_to_be(shipped: Rulebook) -> None:
    found = list(needs(shipped, set()))
    against = {need.fact for need in found if need.must is not Must.WAAR}
    assert against == OBJECTIONS
    assert {need.fact for need in found if need.must is Must.WAAR} & OBJECTIONS == set()


def test_what_nobody_recorded_is_unknown() -> None:
    found = facts()
    assert all(
        of(found, fact) is Truth.ONBEKEND for fact in WITNESSES if fact not in {"gebruiker-bevoegd", "motivering", "spoed"}
    )


def test_a_motivation_counts_per_category_and_blanks_are_none() -> None:
    assert (of(facts(), "motivering"), of(facts(), "motivering", B)) == (Truth.WAAR, Truth.ONWAAR)


@pytest.mark.parametrize("authorised", [True, False, None])
def test_who_is_authorised_is_what_sluis_knows(authorised: bool | None) -> None:  # noqa: FBT001 - the parameter of a test
    expected = {True: Truth.WAAR, False: Truth.ONWAAR, None: Truth.ONBEKEND}[authorised]
    assert of(facts(authorised=authorised), "gebruiker-bevoegd") is expected


@pytest.mark.parametrize(
    "changed",
    [
        {"recipients": frozenset({"om"})},
        {"purposes": frozenset({"zvh-resultaat"})},
        {"provider": "kompas"},
        {"recorded_by": "kompas"},
        {"recorded_by": "politie"},
        {"case": "andere"},
        {"categories": frozenset({B})},
        {"categories": frozenset()},
        {"valid_from": NOON + DAY},
        {"valid_until": NOON},
        {"withdrawn": NOON},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_consent_covers_exactly_what_it_says(changed: dict[str, Any]) -> None:
    assert of(facts(evidence()), "toestemming") is Truth.WAAR
    assert of(facts(evidence(**changed)), "toestemming") is Truth.ONBEKEND


def test_a_consent_for_one_category_says_nothing_of_the_next() -> None:
    assert of(facts(evidence()), "toestemming", B) is Truth.ONBEKEND


def test_a_consent_without_a_case_counts_in_each() -> None:
    assert of(facts(evidence(case=None)), "toestemming") is Truth.WAAR


@given(at=st.integers(-5, 5), begins=st.integers(-5, 5), lasts=st.integers(0, 5), taken=st.none() | st.integers(-5, 5))
def test_evidence_opens_something_only_between_its_beginning_and_its_end(
    at: int, begins: int, lasts: int, taken: int | None
) -> None:
    kept = evidence(
        valid_from=NOON + begins * DAY,
        valid_until=NOON + (begins + lasts) * DAY,
        withdrawn=None if taken is None else NOON + taken * DAY,
    )
    circumstances = Circumstances(authorised=True, caller=POLICE, case=None, evidence=(kept,))
    found = facts_for(REQUEST, circumstances, NOON + at * DAY)
    open_now = begins <= at < begins + lasts and (taken is None or at < taken)
    assert (of(found, "toestemming") is Truth.WAAR) is open_now


def test_the_newest_word_of_a_witness_replaces_the_older_category_by_category() -> None:
    both = evidence(categories=frozenset({A, B}), recorded=NOON - 3 * DAY)
    no = evidence(value=False, recorded=NOON - 2 * DAY)
    for order in ((both, no), (no, both)):
        found = facts(*order)
        assert (of(found, "toestemming"), of(found, "toestemming", B)) == (Truth.ONWAAR, Truth.WAAR)


@pytest.mark.parametrize("end", [{"withdrawn": NOON}, {"valid_until": NOON}], ids=["withdrawn", "expired"])
@pytest.mark.parametrize("value", [True, False])
def test_a_consent_that_was_replaced_does_not_come_back_to_life(end: dict[str, Any], value: bool) -> None:  # noqa: FBT001 - the parameter of a test
    older, newer = evidence(recorded=NOON - 3 * DAY), evidence(value=value, **end)
    assert of(facts(older, newer), "toestemming") is Truth.ONBEKEND


@pytest.mark.parametrize("fact", sorted(OBJECTIONS - {"deelnemer-bezwaar"}))
def test_an_objection_that_was_replaced_stands_again_when_its_successor_is_taken_back(fact: str) -> None:
    older, newer = evidence(fact, recorded=NOON - 3 * DAY), evidence(fact, value=False, withdrawn=NOON)
    assert of(facts(older, newer), fact) is Truth.WAAR


def test_one_witness_who_takes_back_his_word_does_not_take_back_that_of_another() -> None:
    one = evidence("reclasseringsopdracht", provider=None, recorded_by="om", categories=None, recorded=NOON - 3 * DAY)
    other = replace(one, recorded_by="reclassering", recorded=NOON - 2 * DAY, withdrawn=NOON)
    assert of(facts(one, other), "reclasseringsopdracht") is Truth.WAAR


@pytest.mark.parametrize("fact", sorted(WITNESSES))
def test_a_statement_counts_from_its_witness_and_is_refused_from_anybody_else(fact: str, shipped: Rulebook) -> None:
    said = replace(REQUEST, statements={fact: True})
    known = judgements(shipped.vocabulary)
    may = bool({Witness.CALLER, Witness.RECIPIENT} & WITNESSES[fact] or (Witness.PUBLIC in WITNESSES[fact])) and fact not in known
    if may:
        assert of(facts(request=said, judgements=known), fact) is Truth.WAAR
    else:
        with pytest.raises(BadInput):
            facts(request=said, judgements=known)


@pytest.mark.parametrize(
    "fact", ["conflict-van-plichten", "goed-hulpverlenerschap", "professional-besluit", "zwaarwegende-redenen"]
)
def test_not_even_its_own_witness_states_a_judgement(fact: str, shipped: Rulebook) -> None:
    offer = replace(REQUEST, direction="aanbod", caller="ggz", statements={fact: True})
    with pytest.raises(BadInput, match="oordeel"):
        facts(request=offer, caller=Position(partner="ggz", kind="ggz"), judgements=judgements(shipped.vocabulary))


def test_an_unknown_fact_is_refused_without_repeating_it() -> None:
    with pytest.raises(BadInput) as refused:
        facts(request=replace(REQUEST, statements={"jansen-999900018": True}))
    assert "jansen" not in str(refused.value)


# ---- the case ------------------------------------------------------------------------------------


def a_case(*seats: Participant, **changed: object) -> Case:
    plain = Case(id="c", subject="s", notifier="college", state=CaseState.OPGENOMEN, first_processed=NOON, participants=seats)
    return replace(plain, **changed)  # type: ignore[arg-type] # the keys are fields of Case


def test_involved_is_who_takes_part_and_a_third_party_is_not() -> None:
    found = facts(case=a_case(Participant(partner="politie", since=NOON), Participant(partner="ggz", since=NOON, third=True)))
    assert (of(found, "vrager-betrokken"), of(found, "verstrekker-betrokken")) == (Truth.WAAR, Truth.ONWAAR)
    assert of(facts(case=a_case()), "vrager-betrokken") is Truth.ONWAAR


def test_an_invited_third_party_counts_as_invited_and_signed_only_once_it_signed() -> None:
    invited = Participant(partner="politie", since=NOON, third=True)
    assert of(facts(case=a_case(invited)), "derde-uitgenodigd") is Truth.WAAR
    assert of(facts(case=a_case(invited)), "geheimhouding-getekend") is Truth.ONWAAR
    assert of(facts(case=a_case(replace(invited, signed=NOON))), "geheimhouding-getekend") is Truth.WAAR


def test_all_four_criteria_are_needed_to_admit() -> None:
    for some in itertools.combinations("abcd", 3):
        assert of(facts(case=a_case(criteria=frozenset(some))), "meldcriteria-onderbouwd") is Truth.ONWAAR
    assert of(facts(case=a_case(criteria=frozenset("abcd"))), "meldcriteria-onderbouwd") is Truth.WAAR


def test_a_renewal_holds_for_its_categories_until_it_ends() -> None:
    found = facts(case=a_case(renewed={A: NOON + DAY, B: NOON}))
    assert (of(found, "casus-verlengd"), of(found, "casus-verlengd", B)) == (Truth.WAAR, Truth.ONWAAR)


def agreement(by: str, *, value: bool = True) -> Evidence:
    return evidence("oorspronkelijke-verstrekker-akkoord", provider="zvh", recorded_by=by, value=value)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], Truth.ONBEKEND),
        ([agreement("ggz")], Truth.ONBEKEND),
        ([agreement("ggz"), agreement("kompas")], Truth.WAAR),
        ([agreement("ggz"), agreement("kompas", value=False)], Truth.ONWAAR),
        ([agreement("ggz"), agreement("politie")], Truth.ONBEKEND),
    ],
)
def test_what_several_brought_in_needs_the_agreement_of_each(words: list[Evidence], expected: Truth) -> None:
    request = replace(REQUEST, provider="zvh")
    found = facts(*words, request=request, contributors={A: frozenset({"ggz", "kompas"})})
    assert of(found, "oorspronkelijke-verstrekker-akkoord") is expected
    assert of(found, "oorspronkelijke-verstrekker-akkoord", B) is Truth.ONBEKEND, "nobody brought that in"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, Truth.ONBEKEND),
        ({"politie": False}, Truth.ONBEKEND),
        ({"politie": False, "ggz": False}, Truth.ONWAAR),
        ({"politie": False, "ggz": True}, Truth.WAAR),
        ({"politie": True}, Truth.WAAR),
        ({"school": True}, Truth.ONBEKEND),
    ],
)
def test_one_objection_suffices_and_none_is_known_once_all_involved_have_said_so(words: dict[str, bool], expected: Truth) -> None:
    seats = (
        Participant(partner="politie", since=NOON),
        Participant(partner="ggz", since=NOON),
        Participant(partner="school", since=NOON, third=True),
    )
    kept = [evidence("deelnemer-bezwaar", provider=None, recorded_by=who, value=value) for who, value in words.items()]
    assert of(facts(*kept, case=a_case(*seats)), "deelnemer-bezwaar") is expected
