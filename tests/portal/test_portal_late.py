"""The waiting page shows what is late at a professional, to the officers of that organisation (story S4)."""

from __future__ import annotations

from datetime import timedelta

from portal_world import Region

from sluis.core.entry import Kind
from sluis.flows.escalate import escalate
from world.people import CLINIC, GGZ, POLICE, SEM, TOWN

DAYS = timedelta(days=1)


def test_what_is_late_stands_on_the_waiting_page_of_the_provider_and_of_who_oversees(region: Region) -> None:
    referred = region.referral()
    region.world.clock.move(5 * DAYS)
    escalate(region.services)

    for officer in (region.officer(GGZ), region.officer(None, "coordinerend-fg")):
        page = region.browser(officer).get("/beoordelen").text
        assert "Te laat bij de professional" in page
        assert "2 dagen te laat" in page
        assert f"/portaal/logboek/{referred.entry_id}" in page
        assert "1 te laat" in page
    for officer in (region.officer(CLINIC), region.officer(POLICE)):
        page = region.browser(officer).get("/beoordelen").text
        assert "Er is niets te laat." in page
        assert referred.entry_id not in page


def test_before_its_time_nothing_is_late(region: Region) -> None:
    region.referral()
    region.world.clock.move(2 * DAYS)
    assert "Er is niets te laat." in region.browser(region.officer(GGZ)).get("/beoordelen").text


def test_the_page_of_what_is_late_names_nobody(region: Region) -> None:
    region.referral()
    region.world.clock.move(timedelta(days=3, hours=3))
    page = region.browser(region.officer(GGZ)).get("/beoordelen").text
    assert "3 uur te laat" in page
    for secret in (SEM["bsn"], region.world.person(SEM), region.case.id, "risico"):
        assert secret not in page


def test_officers_of_both_organisations_find_the_entry_and_read_what_it_is_about(region: Region) -> None:
    referred = region.referral()
    region.world.clock.move(5 * DAYS)
    escalate(region.services)
    overdue = region.newest(Kind.JUDGEMENT_OVERDUE)
    for name in (GGZ, POLICE):
        browser = region.browser(region.officer(name))
        assert overdue.entry_id in browser.get("/logboek").text
        assert "Oordeel te laat" in browser.get(f"/logboek/{overdue.entry_id}").text
        assert browser.get(f"/logboek/{referred.entry_id}").status == 200


def test_what_is_late_around_cases_is_a_number_per_organisation_and_names_nobody(region: Region) -> None:
    coordinating = region.officer(None, "coordinerend-fg")
    assert "Rond casussen is niets te laat." in region.browser(coordinating).get("/beoordelen").text
    region.world.clock.move(40 * DAYS)
    for officer in (region.officer(TOWN), coordinating):
        page = region.browser(officer).get("/beoordelen").text
        assert '<th scope="row">Gemeente Veen</th><td>0</td><td>0</td><td>1</td>' in page
        for secret in (SEM["bsn"], region.world.person(SEM), region.case.id):
            assert secret not in page
    assert "Rond casussen is niets te laat." in region.browser(region.officer(GGZ)).get("/beoordelen").text
