"""The actions of a case: between participants, owned by an organisation, settled once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ambient import NOON
from sluis.core.action import Action, ActionState, in_order
from sluis.core.agreements import action_of, agree, assign, leads, readable, settle
from sluis.core.case import Case, CaseState, Participant, appoint, involve
from sluis.core.errors import NotAllowed, NotFound, WrongState

TODAY = NOON.date()
DAY = timedelta(days=1)


def a_case() -> Case:
    """A running case that the town leads with the police; GGZ and probation take part, a landlord was invited."""
    seats = tuple(Participant(partner=name, since=NOON) for name in ("town", "police", "ggz", "probation"))
    case = Case(id="c", subject="s", notifier="town", state=CaseState.OPGENOMEN, first_processed=NOON, participants=seats)
    return appoint(involve(case, Participant(partner="landlord", since=NOON, third=True)), "town", ("police",))


def an_action(giver: str = "town", owner: str = "ggz", ident: str = "a", *, due: date = TODAY) -> Action:
    return Action(id=ident, what="Bel Jansen.", owner=owner, due=due, agreed_by=giver, agreed=NOON)


@pytest.mark.parametrize(
    ("giver", "owner"), [("town", "ggz"), ("police", "probation"), ("ggz", "ggz"), ("town", "landlord"), ("town", "town")]
)
def test_who_leads_gives_actions_to_anybody_in_the_case_and_everybody_to_himself(giver: str, owner: str) -> None:
    assert agree(a_case(), an_action(giver, owner)).actions[0].owner == owner


@pytest.mark.parametrize(
    ("giver", "owner"),
    [("ggz", "probation"), ("town", "stranger"), ("stranger", "ggz"), ("stranger", "stranger"), ("landlord", "landlord")],
)
def test_nobody_else_gives_an_action_and_nobody_outside_the_case_gets_one(giver: str, owner: str) -> None:
    with pytest.raises(NotAllowed):
        agree(a_case(), an_action(giver, owner))


@pytest.mark.parametrize("state", sorted(set(CaseState) - {CaseState.OPGENOMEN}))
def test_only_a_running_case_has_actions_to_agree_change_or_settle(state: CaseState) -> None:
    case = replace(agree(a_case(), an_action()), state=state)
    with pytest.raises(WrongState):
        agree(case, an_action(ident="b"))
    with pytest.raises(WrongState):
        assign(case, an_action(), "town")
    with pytest.raises(WrongState):
        settle(case, "a", ActionState.GEDAAN, "ggz", NOON)


@pytest.mark.parametrize("by", ["ggz", "town", "police"])
def test_the_owner_or_who_leads_says_that_it_was_done_and_then_it_stays_so(by: str) -> None:
    done = settle(agree(a_case(), an_action()), "a", ActionState.GEDAAN, by, NOON + DAY)
    action = action_of(done, "a")
    assert (action.state, action.settled_by, action.settled) == (ActionState.GEDAAN, by, NOON + DAY)
    with pytest.raises(WrongState):
        settle(done, "a", ActionState.VERVALLEN, by, NOON)
    with pytest.raises(WrongState):
        assign(done, an_action(due=TODAY + DAY), "town")


@pytest.mark.parametrize("by", ["probation", "landlord", "stranger"])
def test_somebody_else_does_not_settle_it(by: str) -> None:
    with pytest.raises(NotAllowed):
        settle(agree(a_case(), an_action()), "a", ActionState.GEDAAN, by, NOON)


def test_another_owner_or_day_leaves_the_words_and_who_wrote_them() -> None:
    changed = assign(
        agree(a_case(), an_action()), replace(an_action(due=TODAY + DAY), owner="probation", what="anders"), "police"
    )
    action = action_of(changed, "a")
    assert (action.owner, action.due, action.what, action.agreed_by) == ("probation", TODAY + DAY, "Bel Jansen.", "town")


def test_an_owner_moves_the_day_of_its_own_action_and_hands_it_to_nobody_else() -> None:
    case = agree(a_case(), an_action())
    assert action_of(assign(case, an_action(due=TODAY + DAY), "ggz"), "a").due == TODAY + DAY
    with pytest.raises(NotAllowed):
        assign(case, replace(an_action(), owner="probation"), "ggz")
    with pytest.raises(NotAllowed):
        assign(case, replace(an_action(), owner="probation"), "probation")


def test_what_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        settle(a_case(), "a", ActionState.GEDAAN, "town", NOON)
    with pytest.raises(NotFound):
        assign(a_case(), an_action(), "town")


def test_each_reads_its_own_open_actions_and_who_leads_all_of_them() -> None:
    case = a_case()
    for number, (giver, owner) in enumerate([("town", "ggz"), ("town", "probation"), ("ggz", "ggz"), ("town", "ggz")]):
        case = agree(case, an_action(giver, owner, str(number)))
    case = settle(case, "3", ActionState.GEDAAN, "ggz", NOON)
    assert [one.id for one in readable(case, "ggz", "town")] == ["0"]
    assert [one.id for one in readable(case, "police", "town")] == ["0", "1"]
    assert [one.id for one in readable(case, "police", "ggz")] == ["2"]
    assert [one.id for one in readable(case, "ggz", None)] == ["0", "2"]
    assert readable(case, "landlord", "town") == readable(case, "stranger", "town") == []
    assert leads(case, "police")
    assert not leads(replace(case, lead=None, co_leads=()), "town")


def test_an_action_is_late_from_the_day_after_and_never_once_it_is_settled() -> None:
    action = an_action()
    assert not action.late(TODAY)
    assert action.late(TODAY + DAY)
    assert not replace(action, state=ActionState.GEDAAN).late(TODAY + DAY)


@given(st.lists(st.tuples(st.sampled_from(ActionState), st.integers(-5, 5)), max_size=8))
def test_what_is_late_stands_above_what_is_open_above_what_is_settled(made: list[tuple[ActionState, int]]) -> None:
    actions = [replace(an_action(ident=str(n), due=TODAY + d * DAY), state=state) for n, (state, d) in enumerate(made)]
    ranks = [0 if one.late(TODAY) else 1 if one.state is ActionState.OPEN else 2 for one in in_order(actions)]
    assert ranks == sorted(ranks)
    assert {one.id for one in in_order(actions)} == {one.id for one in actions}


def test_an_action_shows_no_words_in_its_repr() -> None:
    assert "Jansen" not in repr(an_action()) + repr(agree(a_case(), an_action()))
