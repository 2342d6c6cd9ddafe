"""Timeliness from the log and the tasks: own figures for partners, all for who oversees, on record for officers (story S5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sluis.core.entry import Kind
from sluis.core.errors import LedgerUnavailable, NotAllowed
from sluis.core.partner import Officer
from sluis.core.timeliness import Figures, quarter_of
from sluis.flows.audit import Aim
from sluis.flows.judge import Judgement, judge
from sluis.flows.share import Referred, share
from sluis.flows.timeliness import own_timeliness, timeliness_for
from world.people import GGZ, POLICE, PROBATION, TOWN, World, asks

A = "gezondheid.functioneel"
HOUR = timedelta(hours=1)
NO = Judgement(fact="conflict-van-plichten", value=False, categories=frozenset({A}), ground={"overweging": "nee"})


def asked(world: World, case: str) -> str:
    """A question of probation that waits for the GGZ; its id."""
    answer = share(asks(world, PROBATION, GGZ, A, case=case), world.services)
    assert isinstance(answer, Referred)
    return answer.request.id


def worked(world: World, times: list[float]) -> None:
    """So many questions, each judged after so many hours. No answer depends on whether it was a yes."""
    for hours in times:
        ident, began = asked(world, world.admitted(PROBATION, GGZ, TOWN).id), world.clock.now()
        world.clock.move(hours * HOUR)
        judge(ident, [NO], world.actor(GGZ), world.services)
        world.clock.move(began - world.clock.now())


def own(world: World, name: str) -> tuple[tuple[Figures, ...], tuple[Figures, ...]]:
    partner = world.actor(name).partner
    found = own_timeliness(partner, quarter_of(world.clock.now()), world.services)
    return found.as_provider, found.as_requester


def officer(*roles: str, organisation: str | None = None) -> Officer:
    return Officer(subject="iss|x", name="x", roles=frozenset(roles), organisation=organisation)


def test_provider_and_requester_get_the_same_figures_and_a_stranger_none(world: World) -> None:
    worked(world, [*range(1, 11), *[80] * 10])
    (given,), none = own(world, GGZ)
    assert (given.judged, given.in_time, given.p90) == (20, 10, 80 * HOUR)
    assert (given.waiting, given.late) == (0, 0)
    assert none == ()
    assert own(world, PROBATION) == ((), (given,))
    assert own(world, POLICE) == ((), ())


def test_fewer_than_ten_are_not_told(world: World) -> None:
    worked(world, [1] * 9)
    (given,), _ = own(world, GGZ)
    assert (given.judged, given.in_time, given.median, given.p90) == (None, None, None, None)


def test_who_collects_again_and_again_makes_no_judgement_look_faster(world: World) -> None:
    """The time runs from the first question, also when the requester came to collect in between."""
    case = world.admitted(PROBATION, GGZ, TOWN).id
    ident = asked(world, case)
    world.clock.move(50 * HOUR)
    share(asks(world, PROBATION, GGZ, A, case=case, id=ident), world.services)
    world.clock.move(50 * HOUR)
    judge(ident, [NO], world.actor(GGZ), world.services)
    (entry,) = world.ledger.of(Kind.JUDGEMENT_RECORDED)
    assert entry.core["asked"] == (world.clock.now() - 100 * HOUR).isoformat()


def test_another_quarter_has_other_figures(world: World) -> None:
    worked(world, [1] * 10)
    this = quarter_of(world.clock.now())
    assert own_timeliness(world.actor(GGZ).partner, this.next, world.services).as_provider == ()


def test_what_waits_now_counts_and_what_is_late_of_it(world: World) -> None:
    case = world.admitted(PROBATION, GGZ, TOWN).id
    for _ in range(10):
        asked(world, case)
    world.clock.move(100 * HOUR)
    for _ in range(10):
        asked(world, case)
    (given,), _ = own(world, GGZ)
    assert (given.waiting, given.late, given.judged) == (20, 10, 0)


def test_an_officer_has_figures_made_only_on_record(world: World) -> None:
    worked(world, [1] * 10)
    quarter = quarter_of(world.clock.now())
    found = timeliness_for(officer("fg", organisation=GGZ), quarter, Aim.INTERNAL, world.services)
    assert [row.judged for row in found.as_provider] == [10]
    assert found.everyone == ()
    (search,) = world.ledger.of(Kind.SEARCH_PERFORMED)
    assert search.core["aim"] == "interne-controle"
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        timeliness_for(officer("fg", organisation=GGZ), quarter, Aim.INTERNAL, world.services)


def test_who_oversees_the_region_sees_every_provider_and_the_operator_none(world: World) -> None:
    worked(world, [1] * 10)
    quarter = quarter_of(world.clock.now())
    for role in ("coordinerend-fg", "auditor"):
        found = timeliness_for(officer(role), quarter, Aim.LAWFULNESS, world.services)
        assert [(row.lane.provider, row.judged) for row in found.everyone] == [(GGZ, 10)]
    with pytest.raises(NotAllowed):
        timeliness_for(officer("beheerder"), quarter, Aim.LAWFULNESS, world.services)
