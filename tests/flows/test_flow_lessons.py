"""What a pilot has taught: counts over its own days, on record, without persons and small numbers (story S4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sluis.core.entry import Kind
from sluis.core.errors import LedgerUnavailable, NotAllowed
from sluis.core.partner import Officer
from sluis.core.rules import Pilot, Rulebook
from sluis.flows.audit import Aim
from sluis.flows.lessons import lessons
from sluis.flows.share import Refused, Shared, share
from world.people import GGZ, POLICE, TOWN, World, asks, rulebook

A = "gezondheid.functioneel"
RULE = "ggz-zvh-casus"
DAY = timedelta(days=1)


def on_trial(world: World, *, begins: int = 0, lasts: int = 30) -> Rulebook:
    """The shipped set, in which what the GGZ gives in a case is on trial from so many days ahead."""
    since = world.clock.now().date() + begins * DAY
    pilot = Pilot(since=since, until=since + lasts * DAY, question="Komt de politie rustiger aan de deur?")
    book = rulebook()
    return replace(book, rules=tuple(replace(r, pilot=pilot) if r.id == RULE else r for r in book.rules))


def officer(role: str = "coordinerend-fg", organisation: str | None = None) -> Officer:
    return Officer(subject="iss|x", name="x", roles=frozenset({role}), organisation=organisation)


def released(world: World, times: int) -> None:
    """So many releases of the GGZ to the police in a case, under consent."""
    case = world.admitted(POLICE, GGZ, TOWN)
    world.holds(GGZ, A, case=case.id, bejegening={"advies": "rustig aan"})
    world.consent(GGZ, POLICE, A, case=case.id)
    for _ in range(times):
        assert isinstance(share(asks(world, POLICE, GGZ, A, case=case.id), world.services), Shared)


def counted(world: World, who: Officer | None = None) -> dict[str, int | None]:
    (lesson,) = lessons(who or officer(), Aim.INTERNAL, world.services)
    assert lesson.rule == RULE
    return lesson.counts


def test_a_running_pilot_is_counted_and_small_numbers_are_not_told(world: World) -> None:
    world.rules.book = on_trial(world).on(world.clock.now())
    assert counted(world)["verstrekt"] == 0
    released(world, 9)
    assert counted(world)["verstrekt"] is None
    released(world, 1)
    assert counted(world) == {"verstrekt": 10, "voorgelegd": 0, "geweigerd": 0, "aangeboden": 0}


def test_after_its_end_a_pilot_releases_nothing_and_is_still_counted(world: World) -> None:
    whole = on_trial(world, lasts=5)
    world.rules.book = whole.on(world.clock.now())
    released(world, 10)
    world.clock.move(5 * DAY)
    world.rules.book = whole.on(world.clock.now())
    case = world.admitted(POLICE, GGZ, TOWN)
    world.consent(GGZ, POLICE, A, case=case.id)
    assert isinstance(share(asks(world, POLICE, GGZ, A, case=case.id), world.services), Refused)
    assert counted(world)["verstrekt"] == 10


def test_what_happened_before_its_days_is_no_lesson_of_it(world: World) -> None:
    released(world, 12)
    world.clock.move(2 * DAY)
    world.rules.book = on_trial(world).on(world.clock.now())
    assert counted(world)["verstrekt"] == 0


def test_a_set_without_pilots_has_no_lessons_and_records_no_search(world: World) -> None:
    assert lessons(officer(), Aim.INTERNAL, world.services) == []
    assert world.ledger.of(Kind.SEARCH_PERFORMED) == []


def test_counting_is_on_record_first_and_within_the_reach_of_the_officer(world: World) -> None:
    world.rules.book = on_trial(world).on(world.clock.now())
    released(world, 10)
    assert counted(world, officer("fg", POLICE))["verstrekt"] == 10
    assert counted(world, officer("fg", TOWN))["verstrekt"] == 0
    assert len(world.ledger.of(Kind.SEARCH_PERFORMED)) == 2
    with pytest.raises(NotAllowed):
        lessons(officer("beheerder"), Aim.INTERNAL, world.services)
    world.ledger.fails = "before-commit"
    with pytest.raises(LedgerUnavailable):
        lessons(officer(), Aim.INTERNAL, world.services)
