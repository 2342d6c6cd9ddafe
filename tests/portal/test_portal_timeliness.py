"""The page of timeliness: numbers without small ones, on record, of one's own organisation (story S5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from portal_world import Region

from sluis.core.entry import Kind
from sluis.core.partner import Officer
from sluis.core.request import RequestStatus
from sluis.flows.judge import Judgement, judge
from sluis.portal.timeliness import length
from sluis.portal.words import Language, say
from world.people import CLINIC, GGZ, POLICE, SEM

HOUR = timedelta(hours=1)


def judged(region: Region, times: int) -> None:
    """The GGZ judges so many questions of the police, each after five hours."""
    for _ in range(times):
        referred = region.referral()
        ident = next(one for one, task in region.world.tasks.kept.items() if task.entry_id == referred.entry_id)
        region.world.clock.move(5 * HOUR)
        waits = region.world.tasks.kept[ident].waits_for
        no = [
            Judgement(fact=fact, value=False, categories=frozenset({name}), ground={"overweging": "nee"})
            for name, facts in waits.items()
            for fact in facts
        ]
        task, _ = judge(ident, no, region.world.actor(GGZ), region.services)
        assert task.status is RequestStatus.BESLIST
        region.world.evidence.kept.clear()


def test_ten_judgements_are_told_to_both_sides_and_to_who_oversees(region: Region) -> None:
    judged(region, 10)
    for officer, title in (
        (region.officer(GGZ), "Wat uw organisatie beoordeelde"),
        (region.officer(POLICE), "Wat uw organisatie vroeg of aangeboden kreeg"),
        (region.officer(None, "coordinerend-fg"), "Alle verstrekkers"),
    ):
        page = region.browser(officer).get("/tijdigheid").text
        assert title in page
        assert page.count('<td class="number">10</td>') == 2, "judged, and in time"
        assert page.count("5 uur") == 2, "median and nine of ten"
        assert "binnen drie dagen" in page
    assert "5 uur" not in region.browser(region.officer(CLINIC)).get("/tijdigheid").text


def test_nine_judgements_are_a_dash(region: Region) -> None:
    judged(region, 9)
    page = region.browser(region.officer(GGZ)).get("/tijdigheid").text
    assert "binnen drie dagen" in page
    assert '<td class="number">9</td>' not in page
    assert "5 uur" not in page
    assert page.count('<td class="number">–</td>') == 4


def test_it_names_no_person_and_no_case(region: Region) -> None:
    judged(region, 10)
    page = region.browser(region.officer(None, "auditor")).get("/tijdigheid").text
    for secret in (SEM["bsn"], region.world.person(SEM), region.case.id, f"m-{GGZ}"):
        assert secret not in page


def test_having_figures_made_is_on_record_with_its_aim(region: Region) -> None:
    region.browser(region.officer(GGZ)).get("/tijdigheid?logdoel=interne-controle")
    assert region.newest(Kind.SEARCH_PERFORMED).core["aim"] == "interne-controle"
    assert region.browser(region.officer(GGZ)).get("/tijdigheid?logdoel=productiviteit").status == 403


def test_the_operator_gets_no_figures_and_no_link_to_them(region: Region) -> None:
    operator: Officer = region.officer(None, "beheerder")
    assert region.browser(operator).get("/tijdigheid").status == 403
    assert "/portaal/tijdigheid" not in region.browser(operator).get("/integriteit").text


def test_an_older_quarter_can_be_chosen_and_nonsense_is_refused(region: Region) -> None:
    browser = region.browser(region.officer(GGZ))
    page = browser.get("/tijdigheid?kwartaal=2020-K2")
    assert '<option value="2020-K2" selected>' in page.text
    assert browser.get("/tijdigheid?kwartaal=vorige").status == 422


@pytest.mark.parametrize(
    ("hours", "said"), [(1.5, "90 minuten"), (2, "120 minuten"), (2.5, "3 uur"), (48, "48 uur"), (49, "3 dagen")]
)
def test_a_length_is_said_in_the_unit_that_fits(hours: float, said: str) -> None:
    assert length(hours * HOUR, say(Language.NL)) == said
