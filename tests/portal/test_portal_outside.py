"""Those outside the operator stand on the integrity page: who cosigned, who did not, who stamped, and two histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal_world import Region

from sluis.ports import LogHealth
from sluis.ports.log import Asked, Stamped
from world.ledger import MemoryLedger


def page(region: Region, health: LogHealth, *, query: str = "") -> str:
    ledger = MemoryLedger()
    ledger.outside = health
    app = region.app(services=replace(region.services, ledger=ledger))
    return region.browser(region.officer(None, "coordinerend-fg"), app=app).get(f"/integriteit{query}").text


def test_without_anybody_outside_the_page_says_what_that_means(region: Region) -> None:
    text = region.browser(region.officer(None, "auditor")).get("/integriteit").text
    assert "Zonder getuige buiten de beheerder" in text
    assert "geen getuigen ingesteld" in text
    assert "tijdstempel" not in text


def test_each_witness_is_named_with_what_it_cosigned_or_why_not(region: Region) -> None:
    asked = (Asked("fg-ggz", 41), Asked("fg-<politie>", None, "witness `fg-politie` answers 503"))
    text = page(region, LogHealth(witnesses=asked, cosigned_at=region.world.clock.now() - timedelta(hours=1)))
    assert "tekende 41 regels mee" in text
    assert "fg-&lt;politie&gt;" in text
    assert "answers 503" in text
    assert "nog nooit" not in text


def test_a_time_stamp_says_how_much_existed_when(region: Region) -> None:
    stamp = Stamped(40, region.world.clock.now(), "CN=Qualified TSA")
    text = page(region, LogHealth(stamping=True, stamp=stamp))
    assert "CN=Qualified TSA" in text
    assert "40 regels bestonden op" in text
    assert "nog geen tijdstempel" in page(region, LogHealth(stamping=True))


def test_an_authority_that_lies_is_shown_beside_the_last_good_stamp(region: Region) -> None:
    stamp = Stamped(40, region.world.clock.now(), "CN=Qualified TSA")
    text = page(region, LogHealth(stamping=True, stamp=stamp, stamp_problem="nonce: it answers another request"))
    assert "40 regels bestonden op" in text
    assert "nonce: it answers another request" in text


def test_two_histories_stand_above_everything_in_both_languages(region: Region) -> None:
    health = LogHealth(broken="fork: witness `fg-ggz` has cosigned another history than this database holds")
    for query, words in (("", "er zijn twee geschiedenissen"), ("?taal=en", "there are two histories")):
        text = page(region, health, query=query)
        assert text.index('role="alert"') < text.index(words) < text.index('id="controle"')
        assert "fork: witness" in text
