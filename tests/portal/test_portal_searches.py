"""Saved searches: an officer's own, under a name of his own, without anybody in it."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl

import pytest
from portal_world import HOSTILE, Browser, Region

from sluis.core.entry import Kind
from sluis.core.errors import BadInput, NotAllowed, NotFound
from sluis.flows.searching import MAX_NAME, MOST, forget, keep, kept_by
from sluis.portal.app import MAX_FIELDS
from sluis.portal.listing import WORDS
from world.people import CLINIC, POLICE, SEM

FILTER = {"soort": "release.refused", "ontvanger": POLICE, "doel": "zvh-casus"}


@pytest.fixture
def browser(region: Region) -> Browser:
    """A browser of somebody who sees every organisation."""
    return region.browser(region.officer(None, "coordinerend-fg", name="Noor van Dijk"))


def the_links(text: str) -> dict[str, dict[str, str]]:
    """The saved searches that a page links to: name and filter."""
    found = re.findall(r'<a href="/portaal/logboek\?([^"]*)" lang="nl"[^>]*>([^<]+)</a>', text)
    return {html.unescape(name): dict(parse_qsl(html.unescape(words))) for words, name in found}


def test_a_search_is_saved_listed_opened_and_removed(region: Region, browser: Browser) -> None:
    refused, released = region.refusal(POLICE), region.release()
    assert "U bewaart nog niets." in browser.get("/zoekvragen").text

    done = browser.post("/zoekvragen", naam="  Weigeringen  aan de politie ", termijn="30", van="2026-01-01", **FILTER)

    assert (done.status, done.location) == (303, "/portaal/zoekvragen?gedaan=bewaard")
    listed = browser.get("/zoekvragen?gedaan=bewaard").text
    assert "De zoekvraag is bewaard." in listed
    assert the_links(listed) == {"Weigeringen aan de politie": {**FILTER, "dagen": "30"}}
    assert "Soort: Weigering, Ontvanger: Politie Veen" in listed
    assert the_links(browser.get("/logboek").text) == the_links(listed)

    address = re.search(r'href="/portaal(/logboek\?[^"]*)" lang="nl"', listed)
    assert address is not None
    opened = browser.get(html.unescape(address[1])).text
    assert refused.entry_id in opened
    assert released.entry_id not in opened
    assert 'lang="nl" aria-current="page">Weigeringen aan de politie' in opened
    assert '<input id="van" name="van" type="date" value="2026-01-31">' in opened

    (kept,) = kept_by(region.officer(None, "coordinerend-fg", name="Noor van Dijk"), region.services)
    gone = browser.post("/zoekvragen/verwijderen", kenmerk=kept.id)
    assert gone.location == "/portaal/zoekvragen?gedaan=verwijderd"
    assert the_links(browser.get("/zoekvragen").text) == {}


def test_exact_days_can_be_kept_too(browser: Browser) -> None:
    browser.post("/zoekvragen", naam="Die week", termijn="vast", van="2026-02-23", tot="2026-03-01", wacht="ja")

    assert the_links(browser.get("/zoekvragen").text) == {"Die week": {"van": "2026-02-23", "tot": "2026-03-01", "wacht": "ja"}}


def test_a_search_is_seen_and_removed_by_its_owner_only(region: Region, browser: Browser) -> None:
    browser.post("/zoekvragen", naam="Van mij", termijn="7", **FILTER)
    owner = region.officer(None, "coordinerend-fg", name="Noor van Dijk")
    colleague = region.officer(None, "coordinerend-fg", name="Ander")
    (kept,) = kept_by(owner, region.services)

    theirs = region.browser(colleague)

    assert "Van mij" not in theirs.get("/zoekvragen").text + theirs.get("/logboek").text
    assert theirs.post("/zoekvragen/verwijderen", kenmerk=kept.id).status == 404
    with pytest.raises(NotFound):
        forget(colleague, kept.id, region.services)
    assert kept_by(owner, region.services) == [kept]


def test_opening_a_search_is_on_record_as_any_search(region: Region, browser: Browser) -> None:
    browser.post("/zoekvragen", naam="Intern", termijn="7", logdoel="interne-controle", **FILTER)
    assert not region.all_of(Kind.SEARCH_PERFORMED), "keeping one reads nothing"

    browser.get("/zoekvragen")
    assert not region.all_of(Kind.SEARCH_PERFORMED)
    browser.get("/logboek?logdoel=interne-controle&soort=release.refused&dagen=7")
    assert region.newest(Kind.SEARCH_PERFORMED).core["aim"] == "interne-controle"


def test_a_name_is_written_as_text_and_stands_in_no_address_and_no_log(region: Region, browser: Browser) -> None:
    name = HOSTILE[:MAX_NAME]
    browser.post("/zoekvragen", naam=name, termijn="7", **FILTER)

    for path in ("/zoekvragen", "/logboek"):
        text = browser.get(path).text
        assert name in html.unescape(text)
        assert "<script>" not in text
        assert not any("quoted" in link or "alert" in link for link in re.findall(r'(?:href|action)="([^"]+)"', text))
    for entry in region.ledger.entries(region.everything):
        assert "alert" not in f"{entry.core}{entry.cells}"


@pytest.mark.parametrize("name", ["", "   ", "x" * (MAX_NAME + 1), "a\x00b", "a\u202eb"])
def test_a_name_that_is_none_is_refused(region: Region, browser: Browser, name: str) -> None:
    assert browser.post("/zoekvragen", naam=name, termijn="7", **FILTER).status == 422
    assert region.world.searches.kept == {}


@pytest.mark.parametrize(
    "words",
    [
        {"soort": SEM["bsn"]},
        {"organisatie": "Sem de Vries"},
        {"verstrekker": SEM["bsn"]},
        {"ontvanger": SEM["bsn"]},
        {"doel": "alles over Sem"},
        {"van": "999900018"},
        {"tot": "Sem"},
        {"termijn": "999900018"},
    ],
)
def test_no_person_fits_into_a_search(region: Region, browser: Browser, words: dict[str, str]) -> None:
    assert browser.post("/zoekvragen", **{"naam": "Iets", "termijn": "vast", **words}).status == 422
    assert region.world.searches.kept == {}


def test_what_is_no_field_of_the_filter_is_not_kept(region: Region, browser: Browser) -> None:
    browser.post("/zoekvragen", naam="Iets", termijn="vast", bsn=SEM["bsn"], wacht=SEM["bsn"], voor="999900018", soort="alles")

    (kept,) = region.world.searches.kept.values()
    assert dict(kept.words) == {"soort": "alles"}


def test_another_aim_is_refused_and_on_record(region: Region, browser: Browser) -> None:
    assert browser.post("/zoekvragen", naam="Iets", termijn="7", logdoel="nieuwsgierig").status == 403
    assert region.newest(Kind.LOG_VIEWED).core == {"refused": "logdoel"}
    assert region.world.searches.kept == {}


def test_an_officer_keeps_so_many_and_no_more(region: Region) -> None:
    officer = region.officer(CLINIC)
    for number in range(MOST):
        keep(officer, f"Zoekvraag {number}", {}, region.services)

    with pytest.raises(BadInput, match="bewaart er al"):
        keep(officer, "Een te veel", {}, region.services)
    keep(region.officer(CLINIC, name="Ander"), "De mijne", {}, region.services)
    assert len(kept_by(officer, region.services)) == MOST


def test_who_searches_nothing_keeps_nothing(region: Region) -> None:
    operator = region.officer(None, "beheerder")

    for act in (lambda: keep(operator, "x", {}, region.services), lambda: kept_by(operator, region.services)):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotAllowed):
        forget(operator, "x", region.services)
    assert region.browser(operator).get("/zoekvragen").status == 403
    assert region.browser(operator).post("/zoekvragen", naam="x", termijn="7").status == 403


def test_searches_stand_in_order_of_their_names(browser: Browser) -> None:
    for name in ("zwolle", "Assen", "meppel"):
        browser.post("/zoekvragen", naam=name, termijn="7")

    assert list(the_links(browser.get("/logboek").text)) == ["Assen", "meppel", "zwolle"]


@pytest.mark.parametrize("days", ["7", "30", "90"])
def test_the_last_days_are_counted_from_today(browser: Browser, days: str) -> None:
    since = {"7": "2026-02-23", "30": "2026-01-31", "90": "2025-12-02"}[days]

    assert f'name="van" type="date" value="{since}"' in browser.get(f"/logboek?dagen={days}").text
    assert browser.get("/logboek?dagen=8").status == 422


def test_the_form_that_keeps_a_search_has_room_for_every_field() -> None:
    assert len(WORDS) + len(("csrf", "naam", "termijn")) <= MAX_FIELDS
