"""Random samples: nobody chooses the lots, what came up waits, and drawing again changes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from portal_world import Browser, Region, Relay

from sluis.core.entry import EntryDraft, Json, Kind, LoggedEntry, Receipt
from sluis.core.errors import BadInput, LedgerUnavailable, NotAllowed, WrongState
from sluis.core.partner import Officer
from sluis.core.sampling import Size, Unit, parse_period
from sluis.flows.audit import Aim
from sluis.flows.review import Opinion, Verdict, due, give_verdict, queue, reopen
from sluis.flows.sampling import Draw, Lots, draw, draws, progress
from sluis.ledger.log import TransparencyLog
from sluis.ports.services import Services
from world.people import CLINIC, GGZ, POLICE

MONDAY = datetime(2026, 3, 1, 23, tzinfo=UTC)
"""The week in which the world begins, on a Dutch clock."""


def lots(number: int, unit: Unit = Unit.COUNT) -> Lots:
    return Lots(
        period=parse_period("2026-W10"),
        since=MONDAY,
        until=MONDAY + timedelta(days=7),
        size=Size(number=number, unit=unit),
    )


@pytest.fixture
def worked(region: Region) -> Region:
    """A region where releases left in one week, and it is the next."""
    for _ in range(8):
        region.release()
        region.refusal()
        region.world.clock.move(timedelta(hours=3))
    region.emergency()
    region.world.clock.at = MONDAY + timedelta(days=7, hours=10)
    region.refusal()
    return region


@pytest.fixture
def overseer(worked: Region) -> Officer:
    """An officer of no organisation who may judge."""
    return worked.officer(None, "coordinerend-fg", name="Noor van Dijk")


def drew(region: Region, officer: Officer, number: int, unit: Unit = Unit.COUNT) -> Draw:
    return draw(officer, lots(number, unit), Aim.LAWFULNESS, region.services)


def sampled(region: Region) -> list[str]:
    return [str(one.core["about"]) for one in reversed(region.all_of(Kind.REVIEW_SAMPLED))]


def releases(region: Region) -> Sequence[LoggedEntry]:
    return [one for one in region.all_of(Kind.RELEASE_AUTHORISED) if not one.core["emergency"]]


def test_the_lots_are_those_that_an_outsider_draws(worked: Region, overseer: Officer) -> None:
    first_after = worked.newest(Kind.RELEASE_REFUSED)
    state = worked.ledger.state()
    assert state.size == first_after.index + 1

    drew(worked, overseer, 3)

    seed = sha256(f"audit-sample/v1|{state.root.hex()}|2026-W10|alle".encode()).hexdigest()
    ranked = sorted(releases(worked), key=lambda one: sha256(f"{seed}|{one.entry_id}".encode()).hexdigest())
    assert sampled(worked) == [one.entry_id for one in ranked[:3]]


def test_the_draw_says_who_drew_what_of_which_period_under_which_root(worked: Region, overseer: Officer) -> None:
    state = worked.ledger.state()
    found = drew(worked, overseer, 3)

    entry = worked.newest(Kind.SAMPLE_DRAWN)
    said = entry.core
    assert (found.entry_id, found.population, found.drawn, found.added) == (entry.entry_id, 8, 3, 3)
    assert said["checkpoint"] == {"origin": state.origin, "size": state.size, "root": state.root.hex()}
    assert (said["period"], said["size"], said["population"], said["drawn"], said["scope"]) == ("2026-W10", "3", 8, 3, "alle")
    assert said["aim"] == "rechtmatigheidscontrole"
    assert dict(entry.cells)["actor"]["name"] == "Noor van Dijk"  # type: ignore[index] # the officer is not erased
    assert all(one.core["draw"] == entry.entry_id for one in worked.all_of(Kind.REVIEW_SAMPLED))
    worked.ledger.verify()


def test_drawing_again_gives_the_same_and_a_larger_one_only_adds(worked: Region, overseer: Officer) -> None:
    drew(worked, overseer, 3)
    first = sampled(worked)
    worked.world.clock.move(timedelta(days=1))
    worked.release()

    assert drew(worked, worked.officer(None, "coordinerend-fg", name="Ander"), 3).added == 0
    assert sampled(worked) == first
    assert drew(worked, overseer, 5).added == 2
    assert sampled(worked)[:3] == first
    assert len(worked.all_of(Kind.SAMPLE_DRAWN)) == 3


def test_refusals_and_emergencies_take_no_part(worked: Region, overseer: Officer) -> None:
    found = drew(worked, overseer, 100, Unit.PERCENT)

    assert found.population == found.drawn == 8
    assert set(sampled(worked)) == {one.entry_id for one in releases(worked)}


def test_an_officer_of_one_organisation_draws_from_what_it_gave(worked: Region) -> None:
    assert drew(worked, worked.officer(POLICE), 100, Unit.PERCENT).population == 0
    assert drew(worked, worked.officer(GGZ), 100, Unit.PERCENT).population == 8

    own = worked.newest(Kind.SAMPLE_DRAWN)
    oin = worked.world.partners.kept[GGZ].oin
    assert (own.core["scope"], own.core["provider"]) == (oin, oin)
    assert [one.entry_id for one in draws(worked.officer(GGZ), Aim.LAWFULNESS, worked.services)] == [own.entry_id]
    assert list(draws(worked.officer(CLINIC), Aim.LAWFULNESS, worked.services)) == []


@pytest.mark.parametrize("role", ["auditor", "beheerder"])
def test_who_does_not_judge_draws_nothing(worked: Region, role: str) -> None:
    with pytest.raises(NotAllowed):
        drew(worked, worked.officer(None, role), 3)
    assert not worked.all_of(Kind.SAMPLE_DRAWN)


def test_a_week_that_is_not_over_has_no_lots_yet(region: Region) -> None:
    region.release()

    with pytest.raises(WrongState):
        drew(region, region.officer(None, "coordinerend-fg"), 3)
    assert not region.all_of(Kind.SAMPLE_DRAWN)


def test_more_than_can_be_reviewed_is_not_drawn(worked: Region, overseer: Officer) -> None:
    for number in range(301):
        core: dict[str, Json] = {"provider": f"a{number}", "recipient": "b", "purpose": "c", "emergency": False}
        worked.ledger.append(EntryDraft(kind=Kind.RELEASE_AUTHORISED, at=worked.world.clock.now(), core=core))
    worked.world.clock.move(timedelta(days=7))
    worked.refusal()
    later = replace(
        lots(1, Unit.PERCENT),
        period=parse_period("2026-W11"),
        since=MONDAY + timedelta(days=7),
        until=MONDAY + timedelta(days=14),
    )

    with pytest.raises(BadInput, match="meer dan 300"):
        draw(overseer, later, Aim.LAWFULNESS, worked.services)
    assert not worked.all_of(Kind.SAMPLE_DRAWN)


class Tired(Relay):
    """A log that takes so many entries and then no more."""

    def __init__(self, ledger: TransparencyLog, left: int) -> None:
        super().__init__(ledger)
        self._left = left

    def append(self, draft: EntryDraft) -> Receipt:
        if not self._left:
            raise LedgerUnavailable("the disk is full")
        self._left -= 1
        return super().append(draft)


def tired(region: Region, left: int) -> Services:
    return replace(region.services, ledger=Tired(region.ledger, left))


@pytest.mark.parametrize("left", range(6))
def test_a_draw_that_is_cut_off_is_finished_by_drawing_again(worked: Region, overseer: Officer, left: int) -> None:
    with pytest.raises(LedgerUnavailable):
        draw(overseer, lots(5), Aim.LAWFULNESS, tired(worked, left))
    waiting = sampled(worked)
    assert len(worked.all_of(Kind.SAMPLE_DRAWN)) == (left > 1)
    assert len(waiting) == max(0, left - 2)

    again = drew(worked, overseer, 5)

    assert again.added == 5 - len(waiting)
    assert sampled(worked)[: len(waiting)] == waiting
    assert len(set(sampled(worked))) == 5


def test_what_came_up_waits_for_a_review_ten_working_days(worked: Region, overseer: Officer) -> None:
    emergency = queue(overseer, Aim.LAWFULNESS, worked.services)[0]
    drew(worked, overseer, 3)

    waiting = queue(overseer, Aim.LAWFULNESS, worked.services)

    assert [one.entry.kind for one in waiting] == [Kind.EMERGENCY_DECLARED, *[Kind.REVIEW_SAMPLED] * 3]
    assert waiting[0] == emergency
    assert all(one.due - one.entry.recorded == timedelta(days=14) for one in waiting[1:])
    assert [one.due for one in waiting] == sorted(one.due for one in waiting)
    assert due(MONDAY, "steekproef") > due(MONDAY, "noodinzage") == due(MONDAY)


def test_who_drew_may_judge_and_who_received_may_not(worked: Region, overseer: Officer) -> None:
    drew(worked, overseer, 1)
    lot = worked.newest(Kind.REVIEW_SAMPLED)
    opinion = Opinion(verdict=Verdict.JUSTIFIED, ground="er lag toestemming")

    with pytest.raises(NotAllowed):
        give_verdict(worked.officer(POLICE), lot.entry_id, opinion, worked.services)
    give_verdict(overseer, lot.entry_id, opinion, worked.services)

    assert worked.newest(Kind.REVIEW_VERDICT).core["about"] == lot.entry_id
    assert [one.entry.kind for one in queue(overseer, Aim.LAWFULNESS, worked.services)] == [Kind.EMERGENCY_DECLARED]


def test_nobody_is_named_in_a_lot(worked: Region, overseer: Officer) -> None:
    drew(worked, overseer, 3)

    for lot in worked.all_of(Kind.REVIEW_SAMPLED):
        assert lot.cells == ()
        assert set(lot.core) == {"about", "draw", "review", "provider", "recipient", "purpose", "counts"}


# ---- the pages


@pytest.fixture
def browser(worked: Region, overseer: Officer) -> Browser:
    """The overseer's browser."""
    return worked.browser(overseer)


def test_a_sample_is_drawn_from_the_page_and_judged_on_the_release_itself(worked: Region, browser: Browser) -> None:
    page = browser.get("/steekproef")
    assert "Er is nog geen steekproef getrokken." in page.text
    assert '<option value="2026-W10">2026-W10: 2 t/m 8 mrt 2026</option>' in page.text
    assert '<option value="2026-02">2026-02: 1 t/m 28 feb 2026</option>' in page.text
    assert "2026-W11" not in page.text

    done = browser.post("/steekproef", periode="2026-W10", omvang="2", eenheid="aantal")

    assert (done.status, done.location) == (303, "/portaal/steekproef?gedaan=getrokken")
    listed = browser.get("/steekproef?gedaan=getrokken").text
    assert "De steekproef is getrokken" in listed
    assert "<td>2 van 8</td>" in listed
    assert "Noor van Dijk" in listed
    lot = worked.newest(Kind.REVIEW_SAMPLED)
    queued = browser.get("/beoordelen").text
    assert f'href="/portaal/logboek/{lot.entry_id}">Steekproef</a>' in queued
    assert "1 van 2 gegevens" in queued

    shown = browser.get(f"/logboek/{lot.entry_id}").text
    release = worked.ledger.entry(str(lot.core["about"]))
    assert "<h1>Verstrekking: " in shown
    assert f"Regel {release.index}<" in shown
    assert "Om veilig aan te bellen" in shown
    assert f'action="/portaal/logboek/{lot.entry_id}/oordeel"' in shown
    viewed = [dict(one.cells)["actor"]["entry"] for one in worked.all_of(Kind.LOG_VIEWED)]  # type: ignore[index] # nobody was erased
    assert viewed[:2] == [release.entry_id, lot.entry_id]

    assert browser.post(f"/logboek/{lot.entry_id}/oordeel", oordeel="gerechtvaardigd", grond="akkoord").status == 303
    judged = browser.get(f"/logboek/{lot.entry_id}").text
    assert "Oordeel van een FG" in judged
    assert "Heropen de beoordeling" in judged
    assert "In een steekproef gevallen" in browser.get(f"/logboek/{release.entry_id}").text


@pytest.mark.parametrize(
    "fields", [{"omvang": "0"}, {"omvang": "301"}, {"omvang": "x"}, {"omvang": "101", "eenheid": "procent"}, {"eenheid": "veel"}]
)
def test_a_size_that_cannot_be_comes_back_as_it_was(worked: Region, browser: Browser, fields: dict[str, str]) -> None:
    page = browser.post("/steekproef", **{"periode": "2026-02", "omvang": "5", "eenheid": "aantal", **fields})

    assert page.status == 422
    assert "Deze omvang kan niet" in page.text
    assert '<option value="2026-02" selected>' in page.text
    assert not worked.all_of(Kind.SAMPLE_DRAWN)


def test_a_week_that_is_not_over_is_told(browser: Browser) -> None:
    page = browser.post("/steekproef", periode="2026-W11", omvang="5", eenheid="aantal")

    assert page.status == 409
    assert "Deze periode is nog niet voorbij" in page.text


def test_a_period_that_is_none_is_refused(worked: Region, browser: Browser) -> None:
    assert browser.post("/steekproef", periode="vorige week", omvang="5", eenheid="aantal").status == 422
    assert not worked.all_of(Kind.SAMPLE_DRAWN)


def test_an_auditor_sees_the_samples_and_no_form(worked: Region, browser: Browser) -> None:
    browser.post("/steekproef", periode="2026-W10", omvang="2", eenheid="aantal")
    auditor = worked.browser(worked.officer(None, "auditor"))

    page = auditor.get("/steekproef")

    assert "<td>2 van 8</td>" in page.text
    assert 'name="omvang"' not in page.text
    assert auditor.post("/steekproef", periode="2026-W10", omvang="2", eenheid="aantal").status == 403


@pytest.mark.parametrize(
    ("drawn", "meaning"), [(3, "zegt weinig: te klein"), (7, "hooguit ongeveer 43 van de 100 is fout"), (8, "alles is bekeken")]
)
def test_the_page_says_what_a_sample_without_a_fault_means(browser: Browser, drawn: int, meaning: str) -> None:
    browser.post("/steekproef", periode="2026-W10", omvang=str(drawn), eenheid="aantal")

    assert meaning in browser.get("/steekproef").text


def test_the_page_of_a_draw_shows_what_redoes_it(worked: Region, browser: Browser) -> None:
    browser.post("/steekproef", periode="2026-W10", omvang="2", eenheid="aantal")
    entry = worked.newest(Kind.SAMPLE_DRAWN)

    page = browser.get(f"/logboek/{entry.entry_id}")
    seed = entry.core["seed"]

    assert isinstance(seed, str)
    assert seed in page.text
    assert re.search(r"root: [0-9a-f]{64}", page.text)


def test_a_draw_of_another_format_does_not_spoil_the_page(worked: Region, browser: Browser) -> None:
    worked.ledger.append(
        EntryDraft(kind=Kind.SAMPLE_DRAWN, at=worked.world.clock.now(), core={"period": "eens", "checkpoint": 3})
    )

    assert browser.get("/steekproef").status == 200


def test_the_page_says_how_far_the_review_of_a_sample_is(worked: Region, browser: Browser, overseer: Officer) -> None:
    browser.post("/steekproef", periode="2026-W10", omvang="3", eenheid="aantal")
    assert "<td>0 van 3</td>" in browser.get("/steekproef").text

    first, second, _ = worked.all_of(Kind.REVIEW_SAMPLED)
    give_verdict(overseer, first.entry_id, Opinion(verdict=Verdict.JUSTIFIED, ground="ja"), worked.services)
    give_verdict(overseer, second.entry_id, Opinion(verdict=Verdict.UNLAWFUL, ground="nee"), worked.services)
    assert "<td>2 van 3; onrechtmatig: 1</td>" in browser.get("/steekproef").text

    reopen(overseer, second.entry_id, "er is een klacht", worked.services)
    assert "<td>1 van 3; onrechtmatig: 0</td>" in browser.get("/steekproef").text

    browser.post("/steekproef", periode="2026-W10", omvang="3", eenheid="aantal")
    assert "<td>niets nieuws in de rij gezet</td>" in browser.get("/steekproef").text


def test_progress_is_counted_without_opening_a_cell(worked: Region, overseer: Officer) -> None:
    drew(worked, overseer, 3)
    worked.vault.keys.clear()

    (only,) = progress(overseer, Aim.LAWFULNESS, worked.services).values()

    assert (only.lots, only.judged, only.unlawful) == (3, 0, 0)
