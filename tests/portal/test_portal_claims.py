"""The page on which an officer records what a data subject asks, sees by when he is answered, and answers him."""

from __future__ import annotations

from datetime import timedelta

import pytest
from portal_world import HOSTILE, Browser, Region

from sluis.core.entry import Kind
from sluis.flows.share import Shared
from world.people import GGZ, POLICE, SEM, TOWN

ADVICE = "gezondheid.functioneel"


@pytest.fixture
def officer(region: Region) -> Browser:
    region.consent(ADVICE)
    return region.browser(region.officer(GGZ))


def fields(**changed: str) -> dict[str, str]:
    return {
        "bsn": SEM["bsn"],
        "recht": "bezwaar",
        "deelnemer": GGZ,
        "ontvangen": "2026-03-02",
        "eigenaar": "mr. Vos",
        "gegevens": "",
        "toelichting": "Dit gaat de politie niets aan.",
        **changed,
    }


def shared(region: Region) -> bool:
    return isinstance(region.ask(POLICE, GGZ, ADVICE), Shared)


def test_what_somebody_asks_is_recorded_listed_with_its_day_and_holds(region: Region, officer: Browser) -> None:
    assert shared(region)
    made = officer.post("/rechten", **fields())
    assert (made.status, made.location) == (303, "/portaal/rechten?gedaan=vastgelegd")
    page = officer.get("/rechten?gedaan=vastgelegd")
    assert "Het is vastgelegd" in page.text
    assert "2 apr 2026" in page.text
    assert SEM["bsn"] not in page.text
    assert "politie niets aan" not in page.text, "his words are on the page of the entry, where reading is on record"
    assert not shared(region)
    entry = region.newest(Kind.RIGHT_INVOKED)
    read = officer.get(f"/logboek/{entry.entry_id}")
    assert "politie niets aan" in read.text
    assert "mr. Vos" in read.text
    assert region.newest(Kind.LOG_VIEWED).index > entry.index


def test_an_answer_ends_the_waiting_and_a_rejected_objection_holds_no_longer(region: Region, officer: Browser) -> None:
    officer.post("/rechten", **fields())
    claim = region.newest(Kind.RIGHT_INVOKED).entry_id
    given = officer.post(f"/rechten/{claim}", uitkomst="afgewezen", reden="Wij wogen uw belang.")
    assert (given.status, given.location) == (303, "/portaal/rechten?gedaan=beantwoord")
    assert "Er wacht niets op antwoord" in officer.get("/rechten").text
    assert shared(region)


@pytest.mark.parametrize(("outcome", "reasons"), [("", "omdat"), ("misschien", "omdat"), ("afgewezen", " ")])
def test_an_answer_without_an_outcome_or_reasons_comes_back_and_is_not_on_record(
    region: Region, officer: Browser, outcome: str, reasons: str
) -> None:
    officer.post("/rechten", **fields())
    claim = region.newest(Kind.RIGHT_INVOKED).entry_id
    given = officer.post(f"/rechten/{claim}", uitkomst=outcome, reden=reasons)
    assert given.status == 422
    assert "Kies een uitkomst en schrijf op waarom" in given.text
    assert region.all_of(Kind.RIGHT_ANSWERED) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"ontvangen": "2026-03-03"}, "ontvangen"),
        ({"eigenaar": " "}, "eigenaar"),
        ({"toelichting": ""}, "toelichting"),
        ({"gegevens": "wonen.paleis"}, "gegevens"),
        ({"deelnemer": "niemand"}, "deelnemer"),
        ({"recht": "vergetelheid"}, "vraagt"),
    ],
)
def test_what_is_not_complete_comes_back_as_it_was_without_the_number(
    region: Region, officer: Browser, changed: dict[str, str], told: str
) -> None:
    given = officer.post("/rechten", **fields(**{"eigenaar": "Een Naam", **changed}))
    assert given.status == 422
    assert told in given.text.lower()
    assert SEM["bsn"] not in given.text
    assert ("Een Naam" in given.text) is (changed.get("eigenaar") is None)
    assert region.all_of(Kind.RIGHT_INVOKED) == []


def test_what_is_late_is_marked(region: Region, officer: Browser) -> None:
    officer.post("/rechten", **fields())
    assert "te laat" not in officer.get("/rechten").text
    region.world.clock.move(timedelta(days=32))
    assert "te laat" in officer.get("/rechten").text


def test_an_officer_answers_for_his_own_organisation_only(region: Region, officer: Browser) -> None:
    officer.post("/rechten", **fields())
    claim = region.newest(Kind.RIGHT_INVOKED).entry_id
    other = region.browser(region.officer(TOWN))
    assert "2 apr 2026" not in other.get("/rechten").text
    assert other.post(f"/rechten/{claim}", uitkomst="afgewezen", reden="nee").status == 403
    assert other.post("/rechten", **fields(deelnemer=GGZ)).status == 403
    all_of_it = region.browser(region.officer(None, "coordinerend-fg"))
    assert "2 apr 2026" in all_of_it.get("/rechten").text


def test_who_answers_no_data_subject_has_no_such_page(region: Region) -> None:
    auditor = region.browser(region.officer(None, "auditor"))
    assert auditor.get("/rechten").status == 403
    assert "/rechten" not in auditor.get("/logboek").text


def test_hostile_words_stay_words(officer: Browser) -> None:
    given = officer.post("/rechten", **fields(eigenaar=HOSTILE, gegevens=HOSTILE, toelichting=HOSTILE))
    assert given.status == 422
    assert "<script>alert" not in given.text
    assert "{{ 7 * 7 }}" in given.text


def test_an_unknown_claim_is_not_found(officer: Browser) -> None:
    assert officer.post(f"/rechten/{'0' * 32}", uitkomst="afgewezen", reden="nee").status == 404
