"""Reviewing: what waits, who judges, what a verdict does, and how it is taken back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_world import Browser, Region

from sluis.core.entry import Kind, LoggedEntry
from sluis.core.errors import BadInput, LogPurpose, NotAllowed, NotFound, WrongState
from sluis.core.partner import Officer
from sluis.flows.audit import Aim
from sluis.flows.review import (
    MAX_GROUND,
    Opinion,
    Stage,
    Verdict,
    due,
    give_verdict,
    queue,
    reopen,
    stage,
    stated_aim,
    take_up,
)
from sluis.ports.log import LogQuery
from world.people import AMBULANCE, CLINIC, POLICE, World


@pytest.fixture
def judge(region: Region) -> Browser:
    """The officer of the clinic that gave something in an emergency."""
    return region.browser(region.officer(CLINIC, name="Femke Bos"))


def an_opinion(verdict: Verdict = Verdict.JUSTIFIED, ground: str = "er was acuut gevaar") -> Opinion:
    return Opinion(verdict=verdict, ground=ground)


def the_queue(browser: Browser) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/portaal/logboek/([0-9a-f]{32})">', browser.get("/beoordelen").text)


def standing(region: Region, entry: LoggedEntry) -> Stage | None:
    return stage(entry, region.ledger.entries(LogQuery(about=entry.entry_id)))


def test_every_emergency_waits_for_a_review_the_oldest_first(region: Region, judge: Browser) -> None:
    entries = []
    for _ in range(3):
        entries.append(region.emergency().entry_id)
        region.world.clock.move(timedelta(hours=3))
    region.release()

    assert the_queue(judge) == entries
    assert "3 te beoordelen, waarvan 0 te laat" in judge.get("/beoordelen").text


def test_a_review_that_is_late_says_so(region: Region, judge: Browser) -> None:
    region.emergency()
    region.world.clock.move(timedelta(days=2, seconds=1))

    assert "1 te beoordelen, waarvan 1 te laat" in judge.get("/beoordelen").text
    assert "te laat</span>" in judge.get("/beoordelen").text


@pytest.mark.parametrize(
    ("recorded", "deadline"),
    [
        (datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 4, 12, tzinfo=UTC)),  # monday
        (datetime(2026, 3, 5, 12, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC)),  # thursday
        (datetime(2026, 3, 6, 12, tzinfo=UTC), datetime(2026, 3, 10, 12, tzinfo=UTC)),  # friday
        (datetime(2026, 3, 7, 12, tzinfo=UTC), datetime(2026, 3, 10, 12, tzinfo=UTC)),  # saturday
        (datetime(2026, 3, 8, 12, tzinfo=UTC), datetime(2026, 3, 10, 12, tzinfo=UTC)),  # sunday
    ],
)
def test_a_review_is_due_two_working_days_later(recorded: datetime, deadline: datetime) -> None:
    assert due(recorded) == deadline


@given(moment=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), later=st.timedeltas(timedelta()))  # noqa: DTZ001 - hypothesis wants naive bounds
def test_what_was_recorded_earlier_is_never_due_later(moment: datetime, later: timedelta) -> None:
    after = moment + min(later, timedelta(days=30))

    assert due(moment) <= due(after)
    assert timedelta(days=2) <= due(moment) - moment <= timedelta(days=4)
    assert due(moment).weekday() < 5


@pytest.mark.parametrize("verdict", Verdict)
def test_a_verdict_goes_on_record_and_the_entry_no_longer_waits(region: Region, judge: Browser, verdict: Verdict) -> None:
    entry = region.emergency()

    done = judge.post(f"/logboek/{entry.entry_id}/oordeel", oordeel=verdict.value, grond="er was acuut gevaar")

    recorded = region.newest(Kind.REVIEW_VERDICT)
    assert (done.status, done.location) == (303, "/portaal/beoordelen?gedaan=oordeel")
    assert entry.entry_id not in the_queue(judge)
    assert recorded.core["about"] == entry.entry_id
    assert recorded.core["verdict"] == verdict.value
    assert dict(recorded.cells)["actor"]["ground"] == "er was acuut gevaar"  # type: ignore[index] # the officer is not erased
    assert "ground" not in recorded.core
    assert standing(region, entry) is Stage.JUDGED
    assert "Uw oordeel is vastgelegd" in judge.get("/beoordelen?gedaan=oordeel").text


def test_an_unlawful_verdict_waits_for_a_second_pair_of_eyes(region: Region, judge: Browser) -> None:
    entry = region.emergency()
    judge.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="onrechtmatig", grond="hij kon zelf antwoorden")
    first = region.newest(Kind.REVIEW_VERDICT)
    colleague = region.browser(region.officer(CLINIC, name="Joost Kok"))

    own = judge.post(f"/logboek/{first.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="ik had gelijk")
    theirs = colleague.post(f"/logboek/{first.entry_id}/oordeel", oordeel="onrechtmatig", grond="dat klopt")

    assert own.status == 403
    assert theirs.status == 303
    assert the_queue(colleague) == []


def test_a_verdict_cannot_be_given_twice(region: Region, judge: Browser) -> None:
    entry = region.emergency()
    judge.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="ja")

    again = judge.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="onrechtmatig", grond="toch niet")

    assert again.status == 409
    assert len(region.all_of(Kind.REVIEW_VERDICT)) == 1


def test_a_verdict_is_reopened_and_superseded_never_edited(region: Region, judge: Browser) -> None:
    entry = region.emergency()
    judge.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="ja")
    first = region.newest(Kind.REVIEW_VERDICT)

    reopened = judge.post(f"/logboek/{entry.entry_id}/heropening", grond="er is een klacht")
    assert reopened.location == "/portaal/beoordelen?gedaan=heropend"
    assert the_queue(judge) == [entry.entry_id]
    judge.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="onvoldoende-informatie", grond="de ambulance is gevraagd")

    assert [one.core.get("supersedes") for one in region.all_of(Kind.REVIEW_VERDICT)] == [first.entry_id, None]
    assert standing(region, entry) is Stage.JUDGED


def test_taking_up_is_seen_by_colleagues(region: Region, judge: Browser) -> None:
    entry = region.emergency()

    taken = judge.post(f"/logboek/{entry.entry_id}/behandeling")

    assert taken.location == f"/portaal/logboek/{entry.entry_id}"
    assert "<td>In behandeling</td>" in region.browser(region.officer(CLINIC, name="Joost Kok")).get("/beoordelen").text
    assert judge.post(f"/logboek/{entry.entry_id}/behandeling").status == 409
    assert judge.post(f"/logboek/{entry.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="ja").status == 303


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"grond": "omdat"}, "Kies een oordeel."),
        ({"oordeel": "mooi", "grond": "omdat"}, "Kies een oordeel."),
        ({"oordeel": "gerechtvaardigd"}, "Schrijf een toelichting"),
        ({"oordeel": "gerechtvaardigd", "grond": " \n "}, "Schrijf een toelichting"),
        ({"oordeel": "gerechtvaardigd", "grond": "x" * (MAX_GROUND + 1)}, "Schrijf een toelichting"),
    ],
)
def test_an_incomplete_verdict_comes_back_as_it_was(region: Region, judge: Browser, fields: dict[str, str], missing: str) -> None:
    entry = region.emergency()

    page = judge.post(f"/logboek/{entry.entry_id}/oordeel", **fields)

    assert page.status == 422
    assert missing in page.text
    assert "<title>Foutmelding: " in page.text
    assert f">{fields.get('grond', '')}</textarea>" in page.text
    assert not region.all_of(Kind.REVIEW_VERDICT)
    if missing.startswith("Schrijf"):
        assert re.search(r'value="gerechtvaardigd"[^>]* checked', page.text)


def test_what_needs_no_review_cannot_be_judged(region: Region) -> None:
    entry = region.release()
    officer = region.officer(None, "coordinerend-fg")

    with pytest.raises(WrongState):
        give_verdict(officer, entry.entry_id, an_opinion(), region.services)
    with pytest.raises(WrongState):
        take_up(officer, entry.entry_id, region.services)
    with pytest.raises(WrongState):
        reopen(officer, entry.entry_id, "een klacht", region.services)
    assert standing(region, entry) is None


def test_the_flow_itself_refuses_who_may_not_judge(region: Region) -> None:
    entry = region.emergency()

    for officer, error in (
        (region.officer(AMBULANCE), NotAllowed),
        (region.officer(None, "auditor"), NotAllowed),
        (region.officer(None, "beheerder"), NotAllowed),
        (region.officer(POLICE), NotFound),
    ):
        with pytest.raises(error):
            give_verdict(officer, entry.entry_id, an_opinion(), region.services)
    with pytest.raises(BadInput):
        give_verdict(region.officer(CLINIC), entry.entry_id, an_opinion(ground=""), region.services)
    assert not region.all_of(Kind.REVIEW_VERDICT)


def test_the_queue_goes_on_beyond_one_page_of_the_log(region: Region) -> None:
    for _ in range(5):
        region.emergency()
    officer = region.officer(CLINIC)

    whole = [one.entry.entry_id for one in queue(officer, Aim.LAWFULNESS, region.services)]

    assert len(whole) == 5
    assert region.newest(Kind.SEARCH_PERFORMED).core["aim"] == Aim.LAWFULNESS.value


@given(word=st.text(max_size=300).filter(lambda word: word not in set(Aim)))
def test_whatever_aim_is_stated_the_attempt_is_recorded(word: str) -> None:
    world = World()
    officer = Officer(subject="https://idp.test|1", name="Noor", roles=frozenset({"auditor"}))

    with pytest.raises(LogPurpose):
        stated_aim(word, officer, world.services)

    (attempt,) = world.ledger.of(Kind.LOG_VIEWED)
    stated = dict(attempt.cells)["actor"]["stated"]  # type: ignore[index] # nobody was erased
    assert attempt.core == {"refused": "logdoel"}
    assert isinstance(stated, str)
    assert len(stated) <= 100
    assert stated.isprintable()
