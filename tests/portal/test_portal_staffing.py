"""Empty roles stand on the integrity page: of one's own organisation, of all for who oversees or operates (story S8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal_world import Region

from world.people import CLINIC, GGZ, POLICE, user_of

DAY = timedelta(days=1)


def ends(region: Region, name: str, days: int) -> None:
    """The only employee of that organisation ends in so many days."""
    kept = region.world.employees.kept[name, user_of(name)]
    region.world.employees.save(replace(kept, screened_until=region.world.clock.now() + days * DAY))


def test_while_everybody_stays_the_page_says_so(region: Region) -> None:
    assert "Alle rollen zijn bezet" in region.browser(region.officer(GGZ)).get("/integriteit").text


def test_an_officer_reads_the_empty_roles_of_his_own_organisation_and_no_others(region: Region) -> None:
    ends(region, GGZ, 12)
    ends(region, CLINIC, -1)
    page = region.browser(region.officer(GGZ)).get("/integriteit").text
    assert "Binnenkort leeg" in page
    assert "medewerker" in page
    assert "Verslavingszorg Kompas" not in page
    assert "Alle rollen zijn bezet" in region.browser(region.officer(POLICE)).get("/integriteit").text


def test_the_operator_and_who_oversees_read_those_of_everybody_and_nobodys_name(region: Region) -> None:
    ends(region, GGZ, 12)
    ends(region, CLINIC, -1)
    for role in ("beheerder", "coordinerend-fg", "auditor"):
        page = region.browser(region.officer(None, role)).get("/integriteit").text
        assert "niemand mag handelen" in page
        assert "GGZ De Linde" in page
        assert "Verslavingszorg Kompas" in page
        assert user_of(GGZ) not in page
