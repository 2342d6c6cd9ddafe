"""Figures: each number is counted from the log, each chart says what its table says, and nothing about anybody is opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from portal_world import Browser, Region, Relay

from sluis.core.entry import Json, Kind, LoggedEntry
from sluis.core.errors import NotAllowed
from sluis.core.partner import Officer
from sluis.flows.audit import Aim
from sluis.flows.review import Opinion, Verdict, give_verdict, reopen
from sluis.flows.tallies import Tallies, tally
from sluis.portal.drawing import HEIGHT, WIDTH, Column, ceiling, columns_of, row_of
from sluis.ports.log import LogQuery
from world.people import AMBULANCE, CLINIC, GGZ, POLICE, TOWN

MONDAY = datetime(2026, 3, 1, 23, tzinfo=UTC)
BOUNDS = [MONDAY + timedelta(days=7 * number) for number in range(4)]


@pytest.fixture
def overseer(region: Region) -> Officer:
    """An officer of no organisation who may judge."""
    return region.officer(None, "coordinerend-fg", name="Noor van Dijk")


def told(region: Region, officer: Officer, party: str | None = None) -> Tallies:
    return tally(officer, BOUNDS, party, Aim.INTERNAL, region.services)


def oin(region: Region, name: str) -> str:
    return region.world.partners.kept[name].oin


def test_each_week_counts_what_was_recorded_in_it(region: Region, overseer: Officer) -> None:
    region.release()
    region.refusal()
    region.refusal()
    region.world.clock.at = BOUNDS[1] - timedelta(microseconds=1)
    region.referral()
    region.world.clock.at = BOUNDS[1]
    region.emergency()
    region.world.clock.at = BOUNDS[3]
    region.release()

    spans = told(region, overseer).spans

    assert [(one.released, one.refused, one.referred, one.emergencies) for one in spans] == [
        (1, 2, 1, 0),
        (1, 0, 0, 1),
        (0, 0, 0, 0),
    ]
    assert [one.total for one in spans] == [4, 1, 0]


def test_streams_stand_with_the_busiest_first(region: Region, overseer: Officer) -> None:
    region.busy(2)

    streams = told(region, overseer).streams

    assert [stream for stream, _ in streams] == [
        (oin(region, GGZ), oin(region, POLICE)),
        (oin(region, GGZ), oin(region, TOWN)),
        (oin(region, CLINIC), oin(region, AMBULANCE)),
    ]
    assert sum(one.total for _, one in streams) == sum(one.total for one in told(region, overseer).spans)


def test_an_officer_counts_what_his_organisation_gave_or_got(region: Region, overseer: Officer) -> None:
    region.busy(2)

    own = told(region, region.officer(CLINIC))

    assert [stream for stream, _ in own.streams] == [(oin(region, CLINIC), oin(region, AMBULANCE))]
    assert own == told(region, overseer, oin(region, CLINIC))
    assert told(region, region.officer(POLICE), oin(region, CLINIC)).spans[0].refused == 2, "another party is not asked for"


def test_a_verdict_that_was_revised_does_not_count(region: Region, overseer: Officer) -> None:
    entry, other = region.emergency(), region.emergency()
    give_verdict(overseer, entry.entry_id, Opinion(verdict=Verdict.JUSTIFIED, ground="ja"), region.services)
    reopen(overseer, entry.entry_id, "er is een klacht", region.services)
    give_verdict(overseer, entry.entry_id, Opinion(verdict=Verdict.UNLAWFUL, ground="nee"), region.services)
    give_verdict(overseer, other.entry_id, Opinion(verdict=Verdict.NOTED, ground="bijna"), region.services)

    counts = told(region, overseer).verdicts

    assert {verdict: count for verdict, count in counts.items() if count} == {Verdict.UNLAWFUL: 1, Verdict.NOTED: 1}
    assert set(counts) == set(Verdict)


def test_counting_is_on_record_with_its_aim_and_opens_no_cell(region: Region, overseer: Officer) -> None:
    region.busy(1)
    opened = Opened(region)

    tally(overseer, BOUNDS, None, Aim.INTERNAL, replace(region.services, ledger=opened))

    searches = region.all_of(Kind.SEARCH_PERFORMED)
    assert len(searches) == 3
    assert {one.core["aim"] for one in searches} == {"interne-controle"}
    assert opened.asked
    assert all(query.bare for query in opened.asked)
    recorded = dict(searches[-1].cells)["actor"]
    assert recorded is not None
    said: Json = recorded["query"]
    assert isinstance(said, dict)
    assert said["since"] == BOUNDS[0].isoformat()


class Opened(Relay):
    """A log that writes down what it is asked."""

    def __init__(self, region: Region) -> None:
        super().__init__(region.ledger)
        self.asked: list[LogQuery] = []

    def entries(self, query: LogQuery) -> Sequence[LoggedEntry]:
        self.asked.append(query)
        return super().entries(query)


def test_who_sees_no_content_counts_nothing(region: Region) -> None:
    with pytest.raises(NotAllowed):
        told(region, region.officer(None, "beheerder"))


# ---- the drawing

COLUMNS = st.lists(
    st.lists(st.integers(0, 10_000), min_size=3, max_size=3).map(
        lambda counts: Column(name="w", parts=tuple(zip(counts, ("released", "refused", "waiting"), strict=True)))
    ),
    max_size=52,
)


@given(columns=COLUMNS)
def test_no_bar_leaves_the_drawing_and_none_is_missing(columns: list[Column]) -> None:
    chart = columns_of(columns)

    assert len(chart.bars) == sum(count > 0 for column in columns for count, _ in column.parts)
    for bar in chart.bars:
        assert 0 <= float(bar.x) <= float(bar.x) + float(bar.width) <= WIDTH + 0.1
        assert 0 <= float(bar.y) <= float(bar.y) + float(bar.height) <= HEIGHT
    assert 1 <= len(chart.lines) <= 7
    assert not columns or chart.names


@given(counts=st.lists(st.integers(1, 1000), min_size=2, max_size=8))
def test_bars_are_as_tall_as_their_numbers(counts: list[int]) -> None:
    chart = columns_of([Column(name=str(count), parts=((count, "released"),)) for count in counts])
    scale = max(float(bar.height) for bar in chart.bars) / max(counts)

    for count, bar in zip(counts, chart.bars, strict=True):
        assert abs(float(bar.height) - scale * count) <= 0.2


@given(most=st.integers(0, 10**7))
def test_the_scale_reaches_what_it_shows(most: int) -> None:
    assert max(1, most) <= ceiling(most) <= max(5, 2 * most)


@given(counts=st.lists(st.integers(0, 500), min_size=1, max_size=4), room=st.integers(0, 500))
def test_a_strip_is_filled_from_the_left_without_overlap(counts: list[int], room: int) -> None:
    bars = row_of([(count, "plain") for count in counts], sum(counts) + room)

    ends = [float(bar.x) + float(bar.width) for bar in bars]
    assert all(abs(float(bar.x) - end) <= 0.2 for bar, end in zip(bars[1:], ends, strict=False))
    assert all(end <= 100.2 for end in ends)


# ---- the page


@pytest.fixture
def browser(region: Region, overseer: Officer) -> Browser:
    """The overseer's browser."""
    return region.browser(overseer)


def cells(text: str, name: str) -> list[int]:
    """The numbers on the line of that name."""
    line = re.search(rf'<th scope="row">(?:<a [^>]+>)?{name}.*?</tr>', text, re.DOTALL)
    assert line is not None
    return [int(number) for number in re.findall(r'<td class="number">(\d+)</td>', line[0])]


def test_the_page_tells_every_number_in_a_table(region: Region, browser: Browser) -> None:
    region.busy(2)

    text = browser.get("/cijfers").text

    assert cells(text, "2026-W10") == cells(text, "Samen") == [6, 4, 2, 12, 2]
    assert cells(text, "2026-W09") == [0] * 5
    assert cells(text, "GGZ De Linde aan Politie Veen") == [4, 2, 2, 8, 0]
    assert cells(text, "Verslavingszorg Kompas aan Ambulancedienst Veen") == [2, 0, 0, 2, 2]
    assert cells(text, "minder dan 2 dagen") == [2, 0, 2]
    assert "2 te beoordelen, waarvan 0 te laat" in text
    assert "In deze periode is niets beoordeeld." in text


def test_the_links_of_the_page_lead_to_as_many_entries_as_it_counts(region: Region, browser: Browser) -> None:
    region.busy(2)
    text = browser.get("/cijfers").text

    for name, count in (("2026-W10", 12), ("GGZ De Linde aan Gemeente Veen", 2)):
        found = re.search(rf'<a href="/portaal([^"]+)">{name}', text)
        assert found is not None
        listed = browser.get(found[1].replace("&amp;", "&")).text
        shown = [region.ledger.entry(one).kind for one in re.findall(r"/portaal/logboek/([0-9a-f]{32})", listed)]
        assert sum(kind in {Kind.RELEASE_AUTHORISED, Kind.RELEASE_REFUSED, Kind.RELEASE_REFERRED} for kind in shown) == count


def test_the_age_of_what_waits_says_what_is_late(region: Region, browser: Browser) -> None:
    region.emergency()
    region.world.clock.move(timedelta(days=3))
    region.emergency()

    text = browser.get("/cijfers").text

    assert cells(text, "2 tot 7 dagen") == [0, 1, 1]
    assert cells(text, "minder dan 2 dagen") == [1, 0, 1]


def test_verdicts_are_counted_by_name(region: Region, browser: Browser, overseer: Officer) -> None:
    entry = region.emergency()
    give_verdict(overseer, entry.entry_id, Opinion(verdict=Verdict.UNLAWFUL, ground="nee"), region.services)

    text = browser.get("/cijfers").text

    assert "Oordelen in deze periode: 1;" in text
    assert cells(text, "Onrechtmatig") == [1]


def test_an_empty_period_says_so_and_draws_nothing(browser: Browser) -> None:
    text = browser.get("/cijfers?weken=4").text

    assert "In deze periode is niets gevraagd." in text
    assert "Er wacht niets op een beoordeling." in text
    assert "<svg" not in text


@pytest.mark.parametrize("weeks", ["4", "8", "13", "26", "52"])
def test_as_many_weeks_as_chosen_are_counted(region: Region, browser: Browser, weeks: str) -> None:
    region.release()

    text = browser.get(f"/cijfers?weken={weeks}").text

    assert len(re.findall(r'<th scope="row"><a href="[^"]+">20\d\d-W', text)) == int(weeks)
    assert f'<option value="{weeks}" selected>' in text


@pytest.mark.parametrize("weeks", ["0", "5", "x", "4000", "-4"])
def test_another_number_of_weeks_is_refused(browser: Browser, weeks: str) -> None:
    assert browser.get(f"/cijfers?weken={weeks}").status == 422


def test_an_overseer_narrows_it_to_one_organisation_and_an_officer_cannot_widen_it(region: Region, browser: Browser) -> None:
    region.busy(1)

    assert cells(browser.get(f"/cijfers?organisatie={CLINIC}").text, "Samen")[3] == 1
    own = region.browser(region.officer(CLINIC)).get(f"/cijfers?organisatie={GGZ}").text
    assert cells(own, "Samen")[3] == 1
    assert 'name="organisatie"' not in own


def test_no_chart_carries_a_style_or_a_script(region: Region, browser: Browser) -> None:
    region.busy(1)
    text = browser.get("/cijfers").text

    assert "<svg" in text
    assert not re.search(r"style=|<script|<style| on[a-z]+=", text)
    assert len(re.findall(r'role="img"', text)) == 1
    assert len(re.findall("<svg", text)) == 1 + len(re.findall(r'aria-hidden="true"', text))
