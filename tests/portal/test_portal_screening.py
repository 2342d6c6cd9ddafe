"""A screening rule hits: the officer sees which and why, judges it, and counts what was a false positive."""

from __future__ import annotations

import re

import pytest
from portal_world import Region

from sluis.core.entry import Kind, LoggedEntry
from sluis.core.errors import NotAllowed
from sluis.core.screening import Parameters, RuleName
from sluis.flows.audit import Aim
from sluis.flows.review import Opinion, Verdict, give_verdict
from sluis.flows.screening import screen
from sluis.portal.words import Language, say
from world.people import CLINIC, GGZ, POLICE, TOWN

EAGER = Parameters(searches=3)
ID = re.compile(r"/logboek/([0-9a-f]{32})")


@pytest.fixture
def flag(region: Region) -> LoggedEntry:
    """The town asked three times for nothing; the rule about that hit."""
    for _ in range(3):
        region.refusal()
    region.emergency()
    screen(EAGER, region.services)
    return region.newest(Kind.REVIEW_FLAGGED)


def test_a_hit_is_seen_judged_on_the_question_itself_and_counted(region: Region, flag: LoggedEntry) -> None:
    browser = region.browser(region.officer(None, "coordinerend-fg", name="Noor van Dijk"))
    queued = browser.get("/beoordelen").text
    assert f'href="/portaal/logboek/{flag.entry_id}">Veel vragen zonder verstrekking</a>' in queued

    shown = browser.get(f"/logboek/{flag.entry_id}").text

    question = region.ledger.entry(str(flag.core["about"]))
    assert "<h1>Weigering: " in shown
    assert f"Regel {question.index}<" in shown
    assert "Toetsregel: Veel vragen zonder verstrekking" in shown
    assert "Een gebruiker stelde op een dag 3 vragen, en geen ervan leidde tot een verstrekking. De grens is 3." in shown
    assert set(ID.findall(shown)) >= {one.entry_id for one in region.all_of(Kind.RELEASE_REFUSED)}
    assert "andere zijn van organisaties" not in shown
    assert f'action="/portaal/logboek/{flag.entry_id}/oordeel"' in shown

    done = browser.post(f"/logboek/{flag.entry_id}/oordeel", oordeel="fout-positief", grond="het was een oefening")

    assert done.status == 303
    assert flag.entry_id not in browser.get("/beoordelen").text
    figures = browser.get("/cijfers").text
    row = re.search(r"Veel vragen zonder verstrekking</th>(.*?)</tr>", figures)
    assert row is not None
    assert re.findall(r">(\d+)<", row[1]) == ["1", "1", "1"]


def test_the_queue_and_the_log_can_be_filtered_on_it(region: Region, flag: LoggedEntry) -> None:
    browser = region.browser(region.officer(None, "coordinerend-fg"))
    emergency = region.newest(Kind.EMERGENCY_DECLARED)
    queued = browser.get("/beoordelen").text
    assert '<option value="zoekgedrag">Veel vragen zonder verstrekking</option>' in queued
    assert '<option value="noodinzage">Noodinzage</option>' in queued

    chosen = browser.get("/beoordelen?waarom=zoekgedrag").text
    assert flag.entry_id in chosen
    assert emergency.entry_id not in chosen
    assert "Voor deze keuze wacht er niets." in browser.get("/beoordelen?waarom=aftasten").text
    assert "&lt;b&gt;" in browser.get("/beoordelen?waarom=<b>").text
    assert flag.entry_id in browser.get("/logboek?soort=review.flagged").text


def test_who_may_not_see_the_question_does_not_see_the_hit(region: Region, flag: LoggedEntry) -> None:
    assert region.browser(region.officer(CLINIC)).get(f"/logboek/{flag.entry_id}").status == 404
    assert region.browser(region.officer(None, "beheerder")).get(f"/logboek/{flag.entry_id}").status == 403
    assert flag.entry_id not in region.browser(region.officer(CLINIC)).get("/beoordelen").text
    assert "Beoordeeld" not in region.browser(region.officer(CLINIC)).get("/cijfers").text
    for role in (region.officer(GGZ), region.officer(TOWN), region.officer(None, "auditor")):
        assert "Veel vragen zonder verstrekking" in region.browser(role).get(f"/logboek/{flag.entry_id}").text


def test_an_officer_of_the_organisation_that_asked_does_not_judge_it(region: Region, flag: LoggedEntry) -> None:
    opinion = Opinion(verdict=Verdict.FALSE_ALARM, ground="niets aan de hand")
    for officer in (region.officer(TOWN), region.officer(None, "auditor")):
        with pytest.raises(NotAllowed):
            give_verdict(officer, flag.entry_id, opinion, region.services)
    give_verdict(region.officer(GGZ), flag.entry_id, opinion, region.services)


def test_of_entries_of_others_an_officer_learns_only_how_many(region: Region) -> None:
    for provider in (POLICE, POLICE, GGZ):
        region.ask(TOWN, provider, "gezondheid.diagnose")
    screen(EAGER, region.services)
    flag = region.newest(Kind.REVIEW_FLAGGED)

    shown = region.browser(region.officer(GGZ)).get(f"/logboek/{flag.entry_id}").text

    assert "2 andere zijn van organisaties waar u niet over gaat" in shown
    others = [one.entry_id for one in region.all_of(Kind.RELEASE_REFUSED)][1:]
    assert not set(others) & set(ID.findall(shown))


def test_that_an_officer_reads_a_hit_is_on_record(region: Region, flag: LoggedEntry) -> None:
    before = len(region.all_of(Kind.LOG_VIEWED))
    region.browser(region.officer(GGZ)).get(f"/logboek/{flag.entry_id}?logdoel={Aim.INTERNAL.value}")
    assert len(region.all_of(Kind.LOG_VIEWED)) == before + 2


def test_after_erasure_the_hit_stays_and_names_nobody(region: Region, flag: LoggedEntry) -> None:
    region.erase()
    shown = region.browser(region.officer(GGZ)).get(f"/logboek/{flag.entry_id}").text
    assert "Veel vragen zonder verstrekking" in shown
    assert flag.cells == ()
    assert flag.tags == ()
    region.ledger.verify()


@pytest.mark.parametrize("language", list(Language))
def test_every_rule_is_explained_in_both_languages(language: Language) -> None:
    for rule in RuleName:
        name = rule.value.replace("-", "_")
        assert say(language)[f"rule_{name}"]
        assert say(language)[f"rule_help_{name}"].format(count=1, bound=1)
