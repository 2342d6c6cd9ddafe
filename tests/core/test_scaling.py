"""Ways up are computed from the rules: what they promise is what a decision gives, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sluis.core.case import CaseState
from sluis.core.decision import decide
from sluis.core.question import Question, Truth
from sluis.core.scaling import CRITERIA, WayUp, ways_up
from world.people import rulebook

BOOK = rulebook()
KINDS = ("wijkteam", "wijkteam-stichting", "politie", "ggz", "woningcorporatie", "college")


def of(kind: str, purpose: str) -> list[WayUp]:
    return [way for way in ways_up(BOOK, kind) if way.purpose.id == purpose]


def test_a_neighbourhood_team_notifies_to_the_public_participants_and_reads_the_criteria() -> None:
    (way,) = of("wijkteam", "zvh-melding")
    assert set(way.kinds) == set(BOOK.vocabulary.groups["zvh-publiek"].members)
    assert {"feiten-getoetst", "meldcriteria-onderbouwd"} <= {fact for one in way.needs for fact in one.facts}
    assert way.criteria == CRITERIA
    assert "toestemming" not in {fact for one in way.needs for fact in one.facts}


def test_whoever_is_bound_by_secrecy_reads_that_he_needs_a_way_through_it() -> None:
    (way,) = of("ggz", "zvh-melding")
    assert any("toestemming" in one.facts and "conflict-van-plichten" in one.facts for one in way.needs)


def test_what_is_shared_within_a_running_case_is_no_way_up() -> None:
    for kind in BOOK.vocabulary.kinds:
        for way in ways_up(BOOK, kind):
            assert CaseState.OPGENOMEN not in way.purpose.case_states
            assert not way.criteria or way.purpose.id == "zvh-melding"


def test_a_kind_that_no_rule_names_has_no_way() -> None:
    assert ways_up(BOOK, "zvh") == tuple(way for way in ways_up(BOOK, "zvh") if "zvh" in way.rule.providers)
    assert not of("woningcorporatie", "zvh-melding")


@pytest.mark.parametrize("kind", KINDS)
def test_with_all_that_a_way_names_a_decision_permits_and_with_nothing_it_does_not(kind: str) -> None:
    for way in ways_up(BOOK, kind):
        told = [name for one in way.needs for name in one.facts]
        met = {name.removeprefix("geen "): Truth.ONWAAR if name.startswith("geen ") else Truth.WAAR for name in told}
        for requester in way.kinds:
            question = Question(
                purpose=way.purpose.id,
                direction="aanbod",
                requester=requester,
                provider=kind,
                person="slachtoffer" if way.purpose.id in {"mensenhandel", "slachtoffer-steun"} else "betrokkene",
                case_state=next(iter(way.purpose.case_states), "geen"),
                categories=tuple(way.rule.gives),
                facts={"gebruiker-bevoegd": Truth.WAAR, **met},
            )
            assert decide(question, BOOK).permitted, (way.rule.id, requester)
            assert not way.needs or not decide(replace(question, facts={}), BOOK).permitted
