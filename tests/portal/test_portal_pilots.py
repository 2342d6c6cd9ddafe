"""Rules on trial stand on the page of the rules, with their days and their question (story S4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from portal_world import Region

from sluis.core.entry import Kind
from sluis.core.rules import Pilot
from world.people import GGZ, rulebook

RULE = "ggz-zvh-casus"
DAY = timedelta(days=1)


def try_out(region: Region, begins: int, lasts: int) -> None:
    """Let that rule be on trial from so many days ahead, in the set of this moment."""
    now = region.world.clock.now()
    since = now.date() + begins * DAY
    pilot = Pilot(since=since, until=since + lasts * DAY, question="Komt de politie rustiger aan de deur?")
    book = rulebook()
    whole = replace(book, rules=tuple(replace(r, pilot=pilot) if r.id == RULE else r for r in book.rules))
    region.world.rules.book = whole.on(now)


@pytest.mark.parametrize(("begins", "said"), [(0, "Loopt"), (3, "Nog niet begonnen"), (-30, "Voorbij")])
def test_a_pilot_stands_there_with_its_state_and_its_question(region: Region, begins: int, said: str) -> None:
    try_out(region, begins, 20)
    page = region.browser(region.officer(GGZ)).get("/beleid").text
    assert "Komt de politie rustiger aan de deur?" in page
    assert said in page


def test_without_pilots_there_is_no_word_of_them(region: Region) -> None:
    assert "Proeven" not in region.browser(region.officer(GGZ)).get("/beleid").text


def test_a_release_of_a_pilot_that_is_over_still_comes_out_the_same_when_decided_again(region: Region) -> None:
    try_out(region, 0, 5)
    released = region.release()
    region.world.clock.move(9 * DAY)
    book = region.world.rules.book
    assert book is not None
    region.world.rules.book = book.on(region.world.clock.now())
    assert [rule.id for rule in region.world.rules.book.idle] == [RULE]
    page = region.browser(region.officer(GGZ)).get(f"/logboek/{released.entry_id}").text
    assert "andere uitkomst" not in page.lower()
    assert RULE in page
    assert region.newest(Kind.RELEASE_AUTHORISED).entry_id == released.entry_id
