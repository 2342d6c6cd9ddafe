"""From one review to the next: a hundred before lunch, without a walk to the list in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from portal_world import Browser, Region

from sluis.core.entry import Kind, LoggedEntry
from sluis.core.errors import NotFound
from sluis.core.partner import Officer
from sluis.flows.audit import Aim
from sluis.flows.review import Opinion, Verdict, give_verdict, take_up
from sluis.flows.stepping import step
from world.people import AMBULANCE, CLINIC, GGZ, POLICE


@pytest.fixture
def three(region: Region) -> list[LoggedEntry]:
    """Three emergencies that wait, an hour apart."""
    made = []
    for _ in range(3):
        made.append(region.emergency())
        region.world.clock.move(timedelta(hours=1))
    return made


@pytest.fixture
def officer(region: Region) -> Officer:
    """The officer of the clinic that gave."""
    return region.officer(CLINIC, name="Femke Bos")


def reached(region: Region, officer: Officer, entry: LoggedEntry, *, back: bool = False) -> str | None:
    found = step(officer, entry.entry_id, Aim.LAWFULNESS, region.services, back=back).to
    return found.entry.entry_id if found else None


def test_the_queue_is_walked_in_its_order_and_round_its_end(region: Region, three: list[LoggedEntry], officer: Officer) -> None:
    first, second, third = (one.entry_id for one in three)

    assert [reached(region, officer, one) for one in three] == [second, third, first]
    assert [reached(region, officer, one, back=True) for one in three] == [third, first, second]


def test_what_was_judged_meanwhile_still_has_its_place(region: Region, three: list[LoggedEntry], officer: Officer) -> None:
    give_verdict(officer, three[1].entry_id, Opinion(verdict=Verdict.JUSTIFIED, ground="ja"), region.services)

    found = step(officer, three[1].entry_id, Aim.LAWFULNESS, region.services)

    assert found.to is not None
    assert (found.to.entry.entry_id, found.left) == (three[2].entry_id, 2)
    assert reached(region, officer, three[1], back=True) == three[0].entry_id


def test_what_a_colleague_took_up_is_passed_over(region: Region, three: list[LoggedEntry], officer: Officer) -> None:
    take_up(region.officer(CLINIC, name="Joost Kok"), three[1].entry_id, region.services)
    take_up(officer, three[2].entry_id, region.services)

    assert reached(region, officer, three[0]) == three[2].entry_id
    assert reached(region, region.officer(CLINIC, name="Joost Kok"), three[0]) == three[1].entry_id


def test_what_he_may_not_judge_is_passed_over(region: Region, three: list[LoggedEntry], officer: Officer) -> None:
    give_verdict(officer, three[1].entry_id, Opinion(verdict=Verdict.UNLAWFUL, ground="nee"), region.services)
    second_look = region.newest(Kind.REVIEW_VERDICT)

    assert {reached(region, officer, one) for one in three} == {three[0].entry_id, three[2].entry_id}
    assert reached(region, region.officer(CLINIC, name="Joost Kok"), three[2]) == second_look.entry_id
    assert reached(region, region.officer(AMBULANCE), three[0]) is None
    assert reached(region, region.officer(None, "auditor"), three[0]) is None


def test_nobody_steps_from_what_is_not_his(region: Region, three: list[LoggedEntry]) -> None:
    with pytest.raises(NotFound):
        step(region.officer(POLICE), three[0].entry_id, Aim.LAWFULNESS, region.services)
    assert not region.all_of(Kind.SEARCH_PERFORMED)


def test_looking_for_the_next_is_on_record_with_its_aim(region: Region, three: list[LoggedEntry], officer: Officer) -> None:
    step(officer, three[0].entry_id, Aim.INTERNAL, region.services)

    assert [one.core["aim"] for one in region.all_of(Kind.SEARCH_PERFORMED)] == ["interne-controle"]


# ---- the pages


@pytest.fixture
def browser(region: Region, officer: Officer) -> Browser:
    """That officer's browser."""
    return region.browser(officer)


def judged(browser: Browser, entry_id: str, **more: str) -> str:
    return browser.post(f"/logboek/{entry_id}/oordeel", oordeel="gerechtvaardigd", grond="akkoord", **more).location


def test_three_are_judged_one_after_the_other(region: Region, three: list[LoggedEntry], browser: Browser) -> None:
    first, second, third = (one.entry_id for one in three)

    assert judged(browser, first, verder="volgende") == f"/portaal/logboek/{second}?nog=2&gedaan=oordeel#inhoud"
    shown = browser.get(f"/logboek/{second}?nog=2&gedaan=oordeel").text
    assert "Uw oordeel is vastgelegd. Hierna nog 1 voor u te beoordelen." in shown
    assert judged(browser, second, verder="volgende") == f"/portaal/logboek/{third}?nog=1&gedaan=oordeel#inhoud"
    assert "Uw oordeel is vastgelegd. Dit is de laatste." in browser.get(f"/logboek/{third}?nog=1&gedaan=oordeel").text
    assert judged(browser, third, verder="volgende") == "/portaal/beoordelen?gedaan=oordeel"
    assert len(region.all_of(Kind.REVIEW_VERDICT)) == 3


def test_the_other_button_goes_back_to_the_list(three: list[LoggedEntry], browser: Browser) -> None:
    assert judged(browser, three[0].entry_id) == "/portaal/beoordelen?gedaan=oordeel"


def test_the_links_step_without_judging(region: Region, three: list[LoggedEntry], browser: Browser) -> None:
    first, second, third = (one.entry_id for one in three)
    shown = browser.get(f"/logboek/{first}").text

    assert f'href="/portaal/logboek/{first}/volgende"' in shown
    assert browser.get(f"/logboek/{first}/volgende").location == f"/portaal/logboek/{second}?nog=2#inhoud"
    assert browser.get(f"/logboek/{first}/vorige").location == f"/portaal/logboek/{third}?nog=2#inhoud"
    assert not region.all_of(Kind.REVIEW_VERDICT)


def test_with_nothing_else_to_judge_the_step_ends_at_the_list(region: Region, browser: Browser) -> None:
    entry = region.emergency()

    onward = browser.get(f"/logboek/{entry.entry_id}/volgende")

    assert onward.location == "/portaal/beoordelen?gedaan=laatste"
    assert "Er is niets anders dat u kunt beoordelen." in browser.get("/beoordelen?gedaan=laatste").text


def test_the_stated_aim_travels_along(three: list[LoggedEntry], browser: Browser) -> None:
    first, second = (one.entry_id for one in three[:2])
    shown = browser.get(f"/logboek/{first}?logdoel=interne-controle").text

    assert '/volgende?logdoel=interne-controle"' in shown
    onward = browser.get(f"/logboek/{first}/volgende?logdoel=interne-controle").location
    assert onward == f"/portaal/logboek/{second}?logdoel=interne-controle&nog=2#inhoud"
    assert browser.get(f"/logboek/{first}/volgende?logdoel=nieuwsgierig").status == 403


def test_who_may_not_judge_gets_no_steps(region: Region, three: list[LoggedEntry]) -> None:
    auditor = region.browser(region.officer(None, "auditor"))

    assert "/volgende" not in auditor.get(f"/logboek/{three[0].entry_id}").text
    assert auditor.get(f"/logboek/{three[0].entry_id}/volgende").location == "/portaal/beoordelen?gedaan=laatste"
    assert region.browser(region.officer(GGZ)).get(f"/logboek/{three[0].entry_id}/volgende").status == 404


@pytest.mark.parametrize("words", ["nog=x", "nog=<b>", "nog=99999999", "nog=٣", "gedaan=niets"])
def test_words_in_an_address_that_are_not_ours_say_nothing(three: list[LoggedEntry], browser: Browser, words: str) -> None:
    page = browser.get(f"/logboek/{three[0].entry_id}?{words}")

    assert page.status == 200
    assert 'role="status"' not in page.text


def test_the_data_stand_before_the_verdict_and_the_rules_after_it(three: list[LoggedEntry], browser: Browser) -> None:
    text = browser.get(f"/logboek/{three[0].entry_id}").text

    assert text.index('id="wie"') < text.index('id="waarom"') < text.index('id="beoordeling"')
    assert text.index('id="beoordeling"') < text.index('id="later"') < text.index('id="bewijs"')
