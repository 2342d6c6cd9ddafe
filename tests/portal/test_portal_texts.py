"""The page of the released text: what left, what did not and why, for whom, in every state it can be in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import expect
from portal_browser import axe_source, chromium, desk, serving
from portal_world import HOSTILE, Browser, Page, Region

from sluis.core.entry import Kind, LoggedEntry
from sluis.core.partner import Officer
from sluis.core.record import Known
from sluis.flows.passages import Why
from sluis.portal.texts import _TYPES, _WHYS
from sluis.portal.words import TEXTS
from sluis.ports.services import Services
from sluis.redaction import load
from sluis.redaction.signs import LABELS
from world.people import CLINIC, GGZ, POLICE, SEM, TOWN

FUNCTIONAL = "gezondheid.functioneel"
ADVICE = "Spreek Sem rustig aan. Bel zijn moeder Katarzyna Zielinska op 06 12 34 56 78."
GONE = ("Zielinska", "06 12 34 56 78", "Sem ")
"""What may be read by nobody but an entitled officer."""


@pytest.fixture
def release(region: Region) -> LoggedEntry:
    """The police got advice in which people were named."""
    return told(region)


def told(region: Region, advice: str = ADVICE) -> LoggedEntry:
    """A release of that advice, redacted by the true redactor."""
    region.world.source.records.clear()
    region.world.source.known[region.world.person(SEM)] = [Known(type="PER", value="Sem", role="betrokkene")]
    region.world.holds(GGZ, FUNCTIONAL, case=region.case.id, bejegening={"advies": advice})
    region.world.redactor.version = load().version
    return region.release()


def true(region: Region) -> Services:
    """The services with the true redactor."""
    return replace(region.services, redactor=load())


def browser(region: Region, officer: Officer | None = None) -> Browser:
    """An officer of the giving side, unless told otherwise, before the true redactor."""
    return region.browser(officer or region.officer(GGZ), app=region.app(services=true(region)))


def page_of(region: Region, entry: LoggedEntry, officer: Officer | None = None, more: str = "") -> Page:
    return browser(region, officer).get(f"/logboek/{entry.entry_id}/tekst{more}")


def words_of(page: str) -> str:
    """What a page says, without its markup."""
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def test_the_page_shows_what_left_with_markers_and_what_did_not_with_why(region: Region, release: LoggedEntry) -> None:
    page = page_of(region, release)

    assert page.status == 200
    assert "<mark>[betrokkene]<sup>" in page.text
    assert len(re.findall("<mark>", page.text)) == 3
    rows = [words_of(row).split() for row in re.findall(r"<tr><td>.*?</tr>", page.text)]
    assert [" ".join(row) for row in rows] == [
        "1 Sem naam staat in het dossier",
        "2 Katarzyna Zielinska naam herkend in de tekst",
        "3 06 12 34 56 78 telefoonnummer herkend in de tekst",
    ]
    said = words_of(page.text)
    assert "Bejegening" in said
    assert "functioneel: wat de ontvanger ermee moet doen of laten" in said
    assert "Dit kan anders zijn" not in said


def test_without_the_marks_the_text_is_what_the_recipient_got(region: Region, release: LoggedEntry) -> None:
    (quote,) = re.findall(r'<p class="quote" lang="nl">(.*?)</p>', page_of(region, release).text)

    left = re.sub(r"<[^>]+>", "", re.sub(r"<sup>.*?</sup>", "", quote))

    assert re.fullmatch(
        r"Spreek \[betrokkene\] rustig aan\. Bel zijn moeder \[PERSOON-\d\] op \[TELEFOON\]\.", html.unescape(left)
    )


def test_a_marker_says_in_words_that_something_went(region: Region, release: LoggedEntry) -> None:
    assert '<span class="unseen" lang="nl">(eruit gegaan, nummer </span>1' in page_of(region, release).text
    english = page_of(region, release, more="?taal=en").text
    assert '<span class="unseen" lang="en">(went out, number </span>1' in english
    assert "stands in the case file" in english
    assert '<th scope="row" class="quote" lang="nl">' in english


@pytest.mark.parametrize(
    ("organisation", "roles", "status"),
    [
        (GGZ, ("fg",), 200),
        (None, ("coordinerend-fg",), 200),
        (POLICE, ("fg",), 403),
        (POLICE, ("coordinerend-fg",), 403),
        (None, ("auditor",), 403),
        (GGZ, ("auditor",), 403),
        (None, ("beheerder",), 403),
        (TOWN, ("fg",), 404),
        (CLINIC, ("fg",), 404),
    ],
)
def test_only_who_may_sees_it_and_only_he_gets_the_link(
    region: Region, release: LoggedEntry, organisation: str | None, roles: tuple[str, ...], status: int
) -> None:
    officer = region.officer(organisation, *roles)
    page, entry = page_of(region, release, officer), browser(region, officer).get(f"/logboek/{release.entry_id}")

    assert page.status == status
    assert (f"/portaal/logboek/{release.entry_id}/tekst" in entry.text) is (status == 200)
    if status != 200:
        for text in (page.text, entry.text):
            assert not any(word in text for word in GONE)
            assert "<mark>" not in text


def test_a_refusal_has_no_such_page(region: Region) -> None:
    entry = region.refusal()
    officer = region.officer(None, "coordinerend-fg")

    assert page_of(region, entry, officer).status == 404
    assert "/tekst" not in browser(region, officer).get(f"/logboek/{entry.entry_id}").text


def test_the_reading_is_on_record_with_its_aim_and_can_be_read_there(region: Region, release: LoggedEntry) -> None:
    page = page_of(region, release, more="?logdoel=gerechtelijke-procedure")

    assert page.status == 200
    viewed = region.newest(Kind.LOG_VIEWED)
    assert viewed.core == {"aim": "gerechtelijke-procedure"}
    said = dict(viewed.cells)["actor"]
    assert said is not None
    assert (said["content"], said["entry"]) == (True, release.entry_id)
    shown = browser(region, region.officer(None, "coordinerend-fg")).get(f"/logboek/{viewed.entry_id}")
    assert "Inhoud gelezen ja" in words_of(shown.text)


def test_another_aim_is_refused(region: Region, release: LoggedEntry) -> None:
    page = page_of(region, release, more="?logdoel=nieuwsgierig")

    assert page.status == 403
    assert not any(word in page.text for word in GONE)


def test_the_page_is_not_kept_runs_nothing_and_has_nothing_personal_in_an_address(region: Region, release: LoggedEntry) -> None:
    page = page_of(region, release)

    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "style=" not in page.text
    for link in re.findall(r'(?:href|action|src)="([^"]+)"', page.text):
        assert not any(word in link for word in ("Sem", "Zielinska", SEM["bsn"], FUNCTIONAL, region.world.person(SEM)))
    assert region.world.person(SEM) not in page.text


def test_the_index_of_the_person_is_on_no_page_of_the_entry(region: Region, release: LoggedEntry) -> None:
    subject = dict(release.cells)["subject"]
    assert subject is not None
    assert subject["subject"] == region.world.person(SEM)

    assert region.world.person(SEM) not in browser(region).get(f"/logboek/{release.entry_id}").text


def test_text_that_is_markup_is_shown_as_text(region: Region) -> None:
    entry = told(region, f"Sem schreef {HOSTILE} op de muur")

    page = page_of(region, entry)

    assert "<script" not in page.text
    assert page.status == 200


def test_of_an_erased_person_the_page_says_so_and_the_entry_has_no_link(region: Region, release: LoggedEntry) -> None:
    region.erase()

    page = page_of(region, release)

    assert page.status == 200
    assert "Wat er is verstrekt, kan niemand meer lezen." in words_of(page.text)
    assert not any(word in page.text for word in GONE)
    assert "/tekst" not in browser(region).get(f"/logboek/{release.entry_id}").text


def test_what_was_withdrawn_is_said_to_be_gone(region: Region, release: LoggedEntry) -> None:
    region.world.source.records.clear()

    said = words_of(page_of(region, release).text)

    assert "De verstrekker heeft hiervan nu niets" in said
    assert "Teksten door de lakker: toen 1, nu 0" in said


def test_another_version_of_the_redactor_is_named(region: Region) -> None:
    region.world.source.records.clear()
    region.world.holds(GGZ, FUNCTIONAL, case=region.case.id, bejegening={"advies": ADVICE})
    entry = region.release()

    said = words_of(page_of(region, entry).text)

    assert "toen gewoon-1, nu sluis-1:" in said


def test_a_source_that_does_not_answer_is_a_page_of_its_own(region: Region, release: LoggedEntry) -> None:
    region.world.source.fails = "both"

    page = page_of(region, release)

    assert page.status == 503
    assert "De verstrekker antwoordt niet" in page.text
    assert region.newest(Kind.LOG_VIEWED).core == {"aim": "rechtmatigheidscontrole"}


def test_a_case_that_is_gone_from_an_entry_without_an_index_is_told(region: Region, release: LoggedEntry) -> None:
    region.world.partners.kept.pop(GGZ)

    page = page_of(region, release, region.officer(None, "coordinerend-fg"))

    assert page.status == 200
    assert "De tekst is niet meer te vinden" in page.text


def test_a_whole_text_that_stayed_is_one_passage(region: Region) -> None:
    said = "She said that she would rather not talk about what happened in the house last week, and that they would move. "
    entry = told(region, said * 2)

    page = page_of(region, entry)

    assert "<mark>[PASSAGE WEERGEHOUDEN]<sup>" in page.text
    assert "de hele tekst" in page.text
    assert "niet als Nederlands te lezen" in words_of(page.text)


def test_every_kind_of_marker_and_every_reason_has_words() -> None:
    assert set(_WHYS) == set(Why)
    assert set(LABELS) <= set(_TYPES)
    for name in (*_TYPES.values(), *_WHYS.values()):
        assert name in TEXTS


# ---- in a real browser --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def started() -> Iterator[Chromium]:
    with chromium() as opened:
        yield opened


@pytest.mark.browser
@pytest.mark.node
@pytest.mark.parametrize(
    ("taal", "settings"),
    [("nl", {}), ("en", {"color_scheme": "dark"}), ("nl", {"viewport": {"width": 320, "height": 640}})],
    ids=["wide", "dark-english", "narrow"],
)
def test_axe_finds_nothing_on_the_page(
    started: Chromium, region: Region, release: LoggedEntry, taal: str, settings: dict[str, object]
) -> None:
    region.world.holds(GGZ, FUNCTIONAL, case=region.case.id, crisisafspraken={"advies": "Laat hem niet alleen."})
    with serving(region), desk(started, region, region.officer(GGZ, name="Noor van Dijk"), **settings) as desktop:
        desktop.go(f"/logboek/{release.entry_id}/tekst?taal={taal}")
        expect(desktop.tab.locator("mark").first).to_be_visible()
        assert desktop.findings(axe_source()) == []
        width = settings.get("viewport", {"width": 1280})
        assert isinstance(width, dict)
        assert desktop.tab.evaluate("document.documentElement.scrollWidth") <= width["width"]
        assert desktop.complaints == []


@pytest.mark.browser
def test_on_paper_a_marker_still_stands_out(started: Chromium, region: Region, release: LoggedEntry) -> None:
    with serving(region), desk(started, region, region.officer(GGZ)) as desktop:
        desktop.go(f"/logboek/{release.entry_id}")
        desktop.tab.get_by_role("link", name="Lees de verstrekte tekst").press("Enter")
        desktop.tab.emulate_media(media="print")
        mark = desktop.tab.locator("mark").first
        expect(mark).to_be_visible()
        assert mark.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
        assert float(mark.evaluate("one => parseFloat(getComputedStyle(one).borderTopWidth)")) > 0
        expect(desktop.tab.get_by_role("table").first).to_be_visible()
