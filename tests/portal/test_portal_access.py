"""Who may see what: sessions, roles, organisations, forms, aims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_world import Browser, Region, Relay
from structlog.testing import capture_logs

from sluis.core.entry import EntryDraft, Kind, Receipt
from sluis.core.errors import LedgerUnavailable
from sluis.portal.app import PAGES
from world.people import AMBULANCE, CLINIC, POLICE, SEM

SOME_ID = "00" * 16


def an_address(path: str) -> str:
    return path.replace("{regel}", SOME_ID).replace("{doel}", "zvh-casus")


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in PAGES])
def test_every_page_demands_a_session(region: Region, method: str, path: str) -> None:
    answer = region.browser(None).client.request(method, f"/portaal{an_address(path)}")

    assert (answer.status_code, answer.headers["location"]) == (303, "/portaal/aanmelden")
    assert region.ledger.state().size == 0


def test_no_page_exists_outside_the_table(region: Region) -> None:
    portal = region.app().routes[0].app.app  # type: ignore[attr-defined] # what is mounted, within its headers

    paths = {route.path for route in portal.routes}
    assert paths == {path for _, path, _ in PAGES} | {"/static"}


@pytest.mark.parametrize("path", [path for method, path, _ in PAGES if method == "POST"])
@pytest.mark.parametrize(
    "forged", [{"csrf": "guessed"}, {"csrf": ""}, {"origin": None}, {"origin": "https://evil.test"}, {"origin": "null"}]
)
def test_a_form_that_is_not_ours_does_nothing(region: Region, path: str, forged: dict[str, str]) -> None:
    entry = region.emergency()
    size = region.ledger.state().size
    fields = {"oordeel": "gerechtvaardigd", "grond": "goed", "bsn": SEM["bsn"]}

    page = region.browser(region.officer(None, "coordinerend-fg")).post(
        path.replace("{regel}", entry.entry_id), **fields, **forged
    )

    assert page.status == 403
    assert "formulier is verlopen" in page.text
    assert region.ledger.state().size == size


def test_the_token_of_a_colleague_does_not_fit(region: Region) -> None:
    other = region.browser(region.officer(None, "coordinerend-fg", name="Ander"))
    token = region.door.badges[other.name].csrf

    page = region.browser(region.officer(None, "coordinerend-fg")).post("/integriteit", csrf=token)

    assert page.status == 403


def test_an_officer_sees_what_his_organisation_gave_or_got_and_nothing_else(region: Region) -> None:
    released = region.release()
    emergency = region.emergency()

    police, clinic = region.browser(region.officer(POLICE)), region.browser(region.officer(CLINIC))

    assert released.entry_id in police.get("/logboek").text
    assert emergency.entry_id not in police.get("/logboek").text
    assert released.entry_id not in clinic.get("/logboek").text
    assert emergency.entry_id in clinic.get("/logboek").text


@pytest.mark.parametrize("tail", ["", "/bewijs"])
def test_the_entry_of_another_organisation_does_not_exist(region: Region, tail: str) -> None:
    emergency = region.emergency()
    browser = region.browser(region.officer(POLICE))

    foreign, none = browser.get(f"/logboek/{emergency.entry_id}{tail}"), browser.get(f"/logboek/{SOME_ID}{tail}")

    assert foreign.status == none.status == 404
    assert foreign.text.replace(emergency.entry_id, "") == none.text.replace(SOME_ID, "")


@pytest.mark.parametrize("act", ["oordeel", "behandeling", "heropening"])
def test_an_officer_cannot_review_what_he_cannot_see(region: Region, act: str) -> None:
    emergency = region.emergency()

    page = region.browser(region.officer(POLICE)).post(
        f"/logboek/{emergency.entry_id}/{act}", oordeel="gerechtvaardigd", grond="het mocht"
    )

    assert page.status == 404
    assert not region.all_of(Kind.REVIEW_VERDICT)


@pytest.mark.parametrize("query", [f"organisatie={CLINIC}", f"ontvanger={AMBULANCE}", "soort=alles", "wacht=ja"])
def test_no_filter_reaches_beyond_the_own_organisation(region: Region, query: str) -> None:
    emergency = region.emergency()

    assert emergency.entry_id not in region.browser(region.officer(POLICE)).get(f"/logboek?{query}").text


KINDS = st.sampled_from(["", "alles", *(kind.value for kind in Kind)])
PARTNERS = st.sampled_from(["", POLICE, CLINIC, AMBULANCE, "ggz-linde"])
DAYS = st.sampled_from(["", "2026-02-01", "2026-03-01", "2026-03-02", "2026-03-09"])
FILTERS = st.fixed_dictionaries(
    {
        "soort": KINDS,
        "organisatie": PARTNERS,
        "ontvanger": PARTNERS,
        "van": DAYS,
        "tot": DAYS,
        "wacht": st.sampled_from(["", "ja"]),
    }
)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """A region where a few days were worked, read by many."""
    region = Region(tmp_path_factory.mktemp("worked"))
    region.busy(2)
    yield region
    region.close()


@given(chosen=FILTERS, organisation=st.sampled_from([POLICE, CLINIC, AMBULANCE, "gemeente-veen", "om-veen"]))
def test_whatever_is_chosen_only_the_own_organisation_is_listed(
    worked: Region, chosen: dict[str, str], organisation: str
) -> None:
    own = worked.world.partners.kept[organisation].oin

    text = worked.browser(worked.officer(organisation)).get(f"/logboek?{urlencode(chosen)}").text

    for entry_id in re.findall(r"/portaal/logboek/([0-9a-f]{32})", text):
        core = worked.ledger.entry(entry_id).core
        assert own in {core.get("provider"), core.get("recipient")}


def test_searching_a_person_reaches_no_further_either(region: Region) -> None:
    released, emergency = region.release(), region.emergency()

    found = region.browser(region.officer(POLICE)).post("/persoon", bsn=SEM["bsn"])

    assert released.entry_id in found.text
    assert emergency.entry_id not in found.text


@pytest.mark.parametrize("role", ["coordinerend-fg", "auditor"])
def test_who_oversees_the_region_sees_every_organisation(region: Region, role: str) -> None:
    released, emergency = region.release(), region.emergency()

    listed = region.browser(region.officer(None, role)).get("/logboek").text

    assert released.entry_id in listed
    assert emergency.entry_id in listed


@pytest.mark.parametrize("path", ["/logboek", "/beoordelen", "/steekproef", "/cijfers", "/zoekvragen"])
def test_the_operator_sees_no_content(region: Region, path: str) -> None:
    entry = region.release()
    operator = region.browser(region.officer(None, "beheerder"))

    assert operator.get(path).status == 403
    assert operator.get(f"/logboek/{entry.entry_id}").status == 403
    assert operator.post("/persoon", bsn=SEM["bsn"]).status == 403
    assert operator.get("/").location == "/portaal/integriteit"
    assert operator.get("/integriteit").status == 200
    assert "/portaal/logboek" not in re.findall(r'<li><a href="([^"]+)"', operator.get("/integriteit").text)


def test_an_officer_of_an_organisation_that_left_sees_nothing(region: Region) -> None:
    region.release()

    assert region.browser(region.officer("vertrokken")).get("/logboek").status == 403
    assert region.browser(region.officer(None, "fg")).get("/logboek").status == 403


@pytest.mark.parametrize(
    "path", ["/logboek", "/beoordelen", "/steekproef", "/cijfers", "/logboek/{regel}", "/logboek/{regel}/bewijs"]
)
def test_another_aim_is_refused_and_on_record(region: Region, path: str) -> None:
    entry = region.release()
    browser = region.browser(region.officer(POLICE))

    page = browser.get(path.replace("{regel}", entry.entry_id) + "?logdoel=productiviteit")

    assert page.status == 403
    assert "Uw poging is vastgelegd" in page.text
    assert "Slaapt" not in page.text
    attempt = region.newest(Kind.LOG_VIEWED)
    assert attempt.core == {"refused": "logdoel"}
    assert dict(attempt.cells)["actor"]["stated"] == "productiviteit"  # type: ignore[index] # the officer is not erased


def test_the_aim_of_a_person_search_is_checked_before_the_person_is(region: Region) -> None:
    page = region.browser(region.officer(POLICE)).post("/persoon", bsn=SEM["bsn"], logdoel="nieuwsgierig")

    assert page.status == 403
    assert not region.all_of(Kind.SEARCH_PERFORMED)


@pytest.mark.parametrize(
    "aim", ["rechtmatigheidscontrole", "interne-controle", "integriteit-en-beveiliging", "gerechtelijke-procedure"]
)
def test_the_stated_aim_is_on_record_and_travels_to_the_entry(region: Region, aim: str) -> None:
    entry = region.release()
    browser = region.browser(region.officer(POLICE))

    listed = browser.get(f"/logboek?logdoel={aim}")

    assert region.newest(Kind.SEARCH_PERFORMED).core["aim"] == aim
    address = next(a for a in re.findall(r'href="/portaal(/logboek/[^"]+)"', listed.text) if entry.entry_id in a)
    assert browser.get(address).status == 200
    assert region.newest(Kind.LOG_VIEWED).core["aim"] == aim


def test_what_an_officer_reads_is_on_record_before_he_sees_it(region: Region) -> None:
    entry = region.release()
    region.browser(region.officer(POLICE)).get(f"/logboek/{entry.entry_id}")

    viewed = dict(region.newest(Kind.LOG_VIEWED).cells)["actor"]

    assert viewed is not None
    assert viewed["entry"] == entry.entry_id


def test_nothing_is_shown_when_the_reading_cannot_be_recorded(region: Region) -> None:
    entry = region.release("een bijzondere reden")
    broken = replace(region.services, ledger=ReadOnly(region.ledger))
    browser = region.browser(region.officer(POLICE), app=region.app(services=broken))

    for path in ["/logboek", f"/logboek/{entry.entry_id}", "/beoordelen", "/steekproef", "/cijfers"]:
        page = browser.get(path)
        assert page.status == 503
        assert "een bijzondere reden" not in page.text
        assert entry.entry_id not in page.text.replace(path, "")


class ReadOnly(Relay):
    """A log that can be read and not be written."""

    def append(self, draft: EntryDraft) -> Receipt:
        raise LedgerUnavailable(f"the disk is full: no {draft.kind}")


def the_links(browser: Browser, path: str) -> list[str]:
    return re.findall(r'(?:href|action|src)="([^"]+)"', browser.get(path).text)


def test_no_address_holds_anything_personal(region: Region) -> None:
    entry = region.release("Om bij Sem te kunnen aanbellen")
    region.emergency()
    browser = region.browser(region.officer(None, "coordinerend-fg", name="Noor van Dijk"))
    subject = region.world.person(SEM)

    for path in [
        "/logboek",
        f"/logboek/{entry.entry_id}",
        "/beoordelen",
        "/steekproef",
        "/cijfers",
        "/zoekvragen",
        "/persoon",
        "/beleid",
        "/integriteit",
    ]:
        for link in the_links(browser, path):
            assert not any(word in link for word in (SEM["bsn"], subject, "Sem", "Noor", "m-politie", "gezondheid"))


def test_the_operators_log_learns_nothing_of_what_an_officer_does(region: Region, capsys: pytest.CaptureFixture[str]) -> None:
    entry = region.emergency("Sem ligt op straat")
    browser = region.browser(region.officer(CLINIC, name="Noor van Dijk"))
    with capture_logs() as lines:
        browser.get(f"/logboek/{entry.entry_id}")
        browser.post("/persoon", bsn=SEM["bsn"])
        browser.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="Sem kon niets zeggen")
        browser.get("/logboek?logdoel=Sem")
        browser.post("/integriteit")
    said = f"{lines}{capsys.readouterr()}"

    assert not any(word in said for word in (SEM["bsn"], region.world.person(SEM), "Sem", "Noor", "m-ambulance"))


def test_the_number_of_a_person_never_comes_back(region: Region) -> None:
    region.release()
    browser = region.browser(region.officer(POLICE))

    for page in (browser.post("/persoon", bsn=SEM["bsn"]), browser.post("/persoon", bsn=SEM["bsn"], van="gisteren")):
        assert SEM["bsn"] not in page.text
        assert region.world.person(SEM) not in page.text


def test_a_number_in_an_address_is_not_searched(region: Region) -> None:
    region.release()

    page = region.browser(region.officer(POLICE)).get(f"/persoon?bsn={SEM['bsn']}")

    assert "gevonden" not in page.text
    assert not region.all_of(Kind.SEARCH_PERFORMED)


def test_the_requester_of_an_emergency_does_not_judge_it(region: Region) -> None:
    entry = region.emergency()
    own = region.browser(region.officer(AMBULANCE))

    shown = own.get(f"/logboek/{entry.entry_id}")
    tried = own.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="het mocht")

    assert "een FG van een andere organisatie oordeelt" in shown.text
    assert "/oordeel" not in shown.text
    assert tried.status == 403
    assert not region.all_of(Kind.REVIEW_VERDICT)


def test_a_coordinating_officer_of_the_requester_does_not_judge_it_either(region: Region) -> None:
    entry = region.emergency()
    officer = region.officer(AMBULANCE, "coordinerend-fg")

    page = region.browser(officer).post(f"/logboek/{entry.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="het mocht")

    assert page.status == 403


def test_an_auditor_reads_and_does_not_judge(region: Region) -> None:
    entry = region.emergency()
    auditor = region.browser(region.officer(None, "auditor"))

    assert auditor.get(f"/logboek/{entry.entry_id}").status == 200
    assert auditor.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="ja").status == 403
