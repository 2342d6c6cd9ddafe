"""Who is told of an empty role: the organisation, its officers, who oversees and who operates; never who left (seed S8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sluis.core.partner import Officer
from sluis.flows.share import share
from sluis.flows.staffing import own_staffing, vacancies_everywhere, vacancies_for
from world.people import GGZ, POLICE, PROBATION, TOWN, World, asks

DAY = timedelta(days=1)


def leaves(world: World, name: str, days: int) -> None:
    """The only employee of that organisation ends in so many days."""
    kept = world.employees.kept[name, f"m-{name}"]
    world.employees.save(replace(kept, trained_until=world.clock.now() + days * DAY))


def officer(role: str, organisation: str | None = None) -> Officer:
    return Officer(subject="iss|x", name="x", roles=frozenset({role}), organisation=organisation)


def test_while_everybody_stays_nobody_is_told_anything(world: World) -> None:
    assert vacancies_everywhere(world.services) == []
    assert own_staffing(world.actor(GGZ).partner, world.services).vacancies == ()


def test_an_organisation_is_told_its_own_empty_roles_and_what_waits_for_them(world: World) -> None:
    case = world.admitted(PROBATION, GGZ, TOWN).id
    share(asks(world, PROBATION, GGZ, "gezondheid.functioneel", case=case), world.services)
    leaves(world, GGZ, 10)
    leaves(world, POLICE, -1)
    found = own_staffing(world.actor(GGZ).partner, world.services)
    assert [(one.role, one.now) for one in found.vacancies] == [("medewerker", False)]
    assert found.waiting == 1


@pytest.mark.parametrize("role", ["coordinerend-fg", "auditor", "beheerder"])
def test_who_oversees_or_operates_the_region_is_told_of_every_organisation(world: World, role: str) -> None:
    leaves(world, GGZ, 10)
    leaves(world, POLICE, -1)
    told = [(one.partner, one.role, one.now) for one in vacancies_for(officer(role), world.services)]
    assert told == [(GGZ, "medewerker", False), (POLICE, None, True), (POLICE, "medewerker", True)]


def test_an_officer_of_one_organisation_is_told_of_no_other(world: World) -> None:
    leaves(world, POLICE, -1)
    assert vacancies_for(officer("fg", GGZ), world.services) == ()
    assert len(vacancies_for(officer("fg", POLICE), world.services)) == 2
    assert vacancies_for(officer("fg", "vertrokken"), world.services) == ()


def test_an_organisation_that_takes_part_no_more_has_no_vacancies(world: World) -> None:
    leaves(world, POLICE, -1)
    gone = world.actor(POLICE).partner
    world.partners.save(replace(gone, active_until=world.clock.now()))
    assert vacancies_everywhere(world.services) == []


def test_what_is_told_names_nobody(world: World) -> None:
    leaves(world, POLICE, -1)
    assert f"m-{POLICE}" not in repr(vacancies_everywhere(world.services))
