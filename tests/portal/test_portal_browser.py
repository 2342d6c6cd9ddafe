"""The portal in a real browser: everybody can use it, by keyboard, without scripts, on a small screen, in the dark, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from portal_browser import Desktop, axe_source, chromium, desk, serving
from portal_world import Region

from fakes.ambient import NOON
from sluis.core.claims import Right
from sluis.core.entry import Kind
from sluis.core.partner import Officer
from sluis.core.screening import Parameters
from sluis.flows.claims import Invocation, invoke
from sluis.flows.screening import screen
from sluis.flows.searching import keep
from world.people import AMBULANCE, CLINIC, SEM, TOWN, user_of

pytestmark = [pytest.mark.browser]


@pytest.fixture(scope="module")
def started() -> Iterator[Chromium]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_source()


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """A region where a few days were worked, a professional is late and an employee's rights have ended."""
    region = Region(tmp_path_factory.mktemp("portal"))
    region.busy(2)
    region.world.clock.move(timedelta(days=2))
    gone = region.world.employees.kept[AMBULANCE, user_of(AMBULANCE)]
    region.world.employees.save(replace(gone, trained_until=region.world.clock.now()))
    region.sample()
    officer = region.officer(CLINIC, "coordinerend-fg", name="Noor van Dijk")
    asked = Invocation(right=Right.WISSING, participant=TOWN, received=NOON.date(), owner="mr. Vos", said="Haal mij eruit.")
    invoke(region.world.person(SEM), asked, officer, region.services)
    keep(officer, "Weigeringen aan de politie", {"soort": "release.refused", "dagen": "30"}, region.services)
    screen(Parameters(opens=0, closes=1), region.services)
    with serving(region):
        yield region
    region.close()


@pytest.fixture
def officer(busy: Region) -> Officer:
    """An officer who may see everything and may judge."""
    return busy.officer(CLINIC, "coordinerend-fg", name="Noor van Dijk")


def addresses(region: Region) -> dict[str, str]:
    """Every page, and every kind of entry that has a page of its own look."""
    released = [entry for entry in region.all_of(Kind.RELEASE_AUTHORISED) if entry.core["purpose"] == "zvh-casus"]
    return {
        "log": "/logboek",
        "empty": "/logboek?soort=erasure.executed",
        "queue": "/beoordelen?gedaan=oordeel",
        "sample": "/steekproef?gedaan=getrokken",
        "timeliness": "/tijdigheid",
        "figures": "/cijfers",
        "no-figures": "/cijfers?weken=4&organisatie=zvh-veen",
        "searches": "/zoekvragen?gedaan=bewaard",
        "next": f"/logboek/{region.newest(Kind.REVIEW_SAMPLED).entry_id}?nog=3&gedaan=oordeel",
        "rights": "/rechten?gedaan=vastgelegd",
        "claim": f"/logboek/{region.newest(Kind.RIGHT_INVOKED).entry_id}",
        "person": "/persoon",
        "integrity": "/integriteit",
        "rules": "/beleid",
        "purpose": "/beleid/zvh-casus",
        "failure": "/logboek?logdoel=anders",
        "nothing": "/nergens",
        "release": f"/logboek/{released[0].entry_id}",
        "refusal": f"/logboek/{region.newest(Kind.RELEASE_REFUSED).entry_id}",
        "referral": f"/logboek/{region.newest(Kind.RELEASE_REFERRED).entry_id}",
        "lot": f"/logboek/{region.newest(Kind.REVIEW_SAMPLED).entry_id}",
        "flagged": f"/logboek/{region.newest(Kind.REVIEW_FLAGGED).entry_id}",
        "draw": f"/logboek/{region.newest(Kind.SAMPLE_DRAWN).entry_id}",
        "emergency": f"/logboek/{region.newest(Kind.EMERGENCY_DECLARED).entry_id}",
    }


@pytest.mark.slow
@pytest.mark.node
@pytest.mark.parametrize(
    ("taal", "settings"),
    [("nl", {}), ("en", {"color_scheme": "dark"}), ("nl", {"viewport": {"width": 320, "height": 640}})],
    ids=["wide", "dark-english", "narrow"],
)
def test_axe_finds_nothing_on_any_page(
    started: Chromium, axe: str, busy: Region, officer: Officer, taal: str, settings: dict[str, object]
) -> None:
    with desk(started, busy, officer, **settings) as desktop:
        for name, path in addresses(busy).items():
            desktop.go(f"{path}{'&' if '?' in path else '?'}taal={taal}")
            for closed in desktop.tab.locator("summary").all():
                closed.click()
            assert desktop.findings(axe) == [], name
        assert [line for line in desktop.complaints if "404" not in line and "403" not in line] == []


@pytest.mark.node
def test_axe_finds_nothing_after_a_mistake_or_a_search(started: Chromium, axe: str, busy: Region, officer: Officer) -> None:
    with desk(started, busy, officer) as desktop:
        desktop.go(addresses(busy)["emergency"])
        desktop.tab.get_by_role("button", name="Leg het oordeel vast").click()
        expect(desktop.tab.get_by_role("alert")).to_be_visible()
        assert desktop.findings(axe) == []
        desktop.go("/persoon")
        desktop.tab.get_by_label("Burgerservicenummer").fill(SEM["bsn"])
        desktop.tab.get_by_role("button", name="Zoek").click()
        expect(desktop.tab.get_by_role("table")).to_be_visible()
        assert desktop.findings(axe) == []
        desktop.go("/integriteit")
        with desktop.tab.expect_navigation():
            desktop.tab.get_by_role("button", name="Controleer het hele logboek").click()
        assert desktop.findings(axe) == []


@pytest.mark.node
def test_axe_does_find_what_is_wrong(started: Chromium, axe: str, busy: Region, officer: Officer) -> None:
    with desk(started, busy, officer) as desktop:
        desktop.tab.set_content(
            "<html><body><h1>Slecht</h1><img src='x'><input id='a'><p style='color:#bbb;background:#fff'>grijs</p>"
            "<a href='#' style='position:absolute;width:4px;height:4px'>a</a></body></html>"
        )
        found = {line.partition(":")[0] for line in desktop.findings(axe)}

    assert {"image-alt", "label", "color-contrast", "html-has-lang", "document-title"} <= found


SPILLING = """[...document.querySelectorAll("td, th")]
  .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.outerHTML.slice(0, 120))"""
"""The cells whose words stand over those of their neighbours."""


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_scrolls_sideways(started: Chromium, busy: Region, officer: Officer, width: int) -> None:
    with desk(started, busy, officer, viewport={"width": width, "height": 800}) as desktop:
        for name, path in addresses(busy).items():
            desktop.go(path)
            assert desktop.tab.evaluate("document.documentElement.scrollWidth") <= width, name
            assert desktop.tab.evaluate(SPILLING) == [], name


def test_the_first_tab_skips_to_the_content(started: Chromium, busy: Region, officer: Officer) -> None:
    with desk(started, busy, officer) as desktop:
        desktop.go("/logboek")
        desktop.tab.keyboard.press("Tab")
        assert focused(desktop) == "Naar de inhoud"
        desktop.tab.keyboard.press("Enter")
        desktop.tab.keyboard.press("Tab")
        assert desktop.tab.evaluate("document.activeElement.closest('main') !== null")


def test_whatever_has_the_focus_shows_it(started: Chromium, busy: Region, officer: Officer) -> None:
    with desk(started, busy, officer) as desktop:
        for path in ("/logboek", addresses(busy)["emergency"]):
            desktop.go(path)
            for _ in range(25):
                desktop.tab.keyboard.press("Tab")
                width = desktop.tab.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
                assert width >= 2, focused(desktop)


def focused(desktop: Desktop) -> str:
    said: str = desktop.tab.evaluate("document.activeElement.textContent.trim()")
    return said


def test_an_emergency_is_judged_by_keyboard_without_a_script(started: Chromium, tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.emergency()
    officer = region.officer(CLINIC, name="Femke Bos")
    with serving(region), desk(started, region, officer, java_script_enabled=False) as desktop:
        tab = desktop.tab
        desktop.go("/beoordelen")
        tab.get_by_role("link", name="Noodinzage").press("Enter")
        tab.get_by_label("Gerechtvaardigd", exact=True).press("Space")
        tab.get_by_label("Toelichting").fill("Hij kon niets zeggen en er was haast")
        tab.get_by_role("button", name="Leg het oordeel vast").press("Enter")
        expect(tab.get_by_role("status")).to_have_text("Uw oordeel is vastgelegd.")
        expect(tab.get_by_text("Er wacht niets op een beoordeling.")).to_be_visible()
        assert desktop.complaints == []
    assert region.newest(Kind.REVIEW_VERDICT).core["verdict"] == "gerechtvaardigd"
    region.close()


def test_a_number_that_is_searched_gets_into_no_address(started: Chromium, busy: Region, officer: Officer) -> None:
    with desk(started, busy, officer) as desktop:
        visited: list[str] = []
        desktop.tab.on("request", lambda request: visited.append(request.url))
        desktop.go("/persoon")
        desktop.tab.get_by_label("Burgerservicenummer").fill(SEM["bsn"])
        desktop.tab.get_by_role("button", name="Zoek").click()
        expect(desktop.tab.get_by_role("table")).to_be_visible()
        with desktop.tab.expect_navigation():
            desktop.tab.get_by_role("link", name="Verstrekking").first.click()

        assert not any(SEM["bsn"] in address for address in [*visited, desktop.tab.url])
        assert desktop.complaints == []


def test_the_browser_sends_nothing_elsewhere(started: Chromium, busy: Region, officer: Officer) -> None:
    with desk(started, busy, officer) as desktop:
        visited: list[str] = []
        desktop.tab.on("request", lambda request: visited.append(request.url))
        for path in addresses(busy).values():
            desktop.go(path)

        assert all(address.startswith(busy.door.origin) for address in visited)


def test_on_paper_the_forms_are_gone(started: Chromium, busy: Region, officer: Officer) -> None:
    with desk(started, busy, officer) as desktop:
        desktop.go("/logboek")
        desktop.tab.emulate_media(media="print")

        expect(desktop.tab.get_by_role("button", name="Toon")).not_to_be_visible()
        expect(desktop.tab.get_by_role("table")).to_be_visible()


def test_reviews_are_judged_one_after_the_other_without_the_menu(started: Chromium, tmp_path: Path) -> None:
    region = Region(tmp_path)
    for _ in range(3):
        region.emergency()
    officer = region.officer(CLINIC, name="Femke Bos")
    with serving(region), desk(started, region, officer, java_script_enabled=False) as desktop:
        tab = desktop.tab
        desktop.go("/beoordelen")
        tab.get_by_role("link", name="Begin bovenaan").press("Enter")
        for left in ("Hierna nog 1 voor u te beoordelen.", "Dit is de laatste.", ""):
            tab.get_by_label("Gerechtvaardigd", exact=True).press("Space")
            tab.get_by_label("Toelichting").fill("Hij kon niets zeggen en er was haast")
            tab.get_by_role("button", name="Leg vast en ga naar de volgende").press("Enter")
            expect(tab.get_by_role("status")).to_have_text(f"Uw oordeel is vastgelegd. {left}".strip())
            if left:
                tab.keyboard.press("Tab")
                expect(tab.locator("main a:focus"), "the keyboard stands at the content, past the menu").to_have_count(1)
        expect(tab.get_by_text("Er wacht niets op een beoordeling.")).to_be_visible()
        assert desktop.complaints == []
    assert len(region.all_of(Kind.REVIEW_VERDICT)) == 3
    region.close()


def test_a_search_is_saved_and_opened_without_a_script(started: Chromium, tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.refusal()
    officer = region.officer(CLINIC, "coordinerend-fg", name="Femke Bos")
    with serving(region), desk(started, region, officer, java_script_enabled=False) as desktop:
        tab = desktop.tab
        desktop.go("/logboek")
        tab.get_by_label("Soort").select_option("release.refused")
        tab.get_by_role("button", name="Toon").click()
        tab.get_by_text("Bewaar deze zoekvraag").click()
        tab.get_by_label("Naam").fill("Weigeringen")
        tab.get_by_role("button", name="Bewaar", exact=True).click()
        expect(tab.get_by_role("status")).to_have_text("De zoekvraag is bewaard.")
        tab.get_by_role("link", name="Weigeringen").click()
        expect(tab.get_by_role("link", name="Weigering", exact=True)).to_be_visible()
        assert desktop.complaints == []
    region.close()


def test_a_sample_is_drawn_without_a_script(started: Chromium, tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.busy(2)
    region.world.clock.move(timedelta(days=7))
    region.refusal()
    officer = region.officer(None, "coordinerend-fg", name="Femke Bos")
    with serving(region), desk(started, region, officer, java_script_enabled=False) as desktop:
        tab = desktop.tab
        desktop.go("/steekproef")
        tab.get_by_label("Periode").select_option("2026-W10")
        tab.get_by_label("Omvang").fill("50")
        tab.get_by_label("Waarvan").select_option("procent")
        tab.get_by_role("button", name="Trek").click()
        expect(tab.get_by_role("cell", name="2 van 4")).to_be_visible()
        tab.get_by_role("link", name="Naar te beoordelen").click()
        expect(tab.get_by_role("link", name="Steekproef", exact=True), "one in the menu and two that wait").to_have_count(3)
        assert desktop.complaints == []
    region.close()


def test_a_chart_is_drawn_as_large_as_its_numbers(started: Chromium, busy: Region, officer: Officer) -> None:
    with desk(started, busy, officer) as desktop:
        desktop.go("/cijfers")
        chart = desktop.tab.locator("svg.chart")
        expect(chart).to_be_visible()
        tall = [box.bounding_box() for box in chart.locator("rect.bar--released").all()]
        assert all(box is not None and box["height"] > 5 for box in tall)
        fills = {
            desktop.tab.evaluate(f"getComputedStyle(document.querySelector('.bar--{tone}')).fill")
            for tone in ("released", "refused", "waiting")
        }
        assert len(fills) == 3, "each outcome has a colour of its own"
        assert desktop.complaints == []
