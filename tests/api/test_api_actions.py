"""Actions of a case meeting through the API: agreed, listed without words, read as a release, done."""

from __future__ import annotations

import pytest

from sluis.client import asks, casework, heard, problems
from sluis.core.entry import Kind
from sluis.ports import LogQuery
from world.broker import GGZ, HOUSING, POLICE, PROBATION, STAFF, TOWN, Broker, Told

WORDS = "Samen met de wijkagent kennismaken bij de voordeur van Sem."
DAY = "2099-01-31"


def test_the_lead_gives_an_action_its_owner_reads_it_as_a_release_and_says_that_it_was_done(broker: Broker, told: Told) -> None:
    town, ggz, police = (broker.as_(name).client for name in (TOWN, GGZ, POLICE))
    town.do(asks.appoint(told.case, {"trekker": TOWN, "meetrekkers": [POLICE], "medewerker": STAFF[TOWN]}))
    given = {"wat": WORDS, "eigenaar": GGZ, "rol": "behandelaar", "uiterlijkDatum": DAY, "medewerker": STAFF[TOWN]}
    action = town.do(casework.agree(told.case, given)).action
    assert (action.owner, action.role, action.status, action.late) == (GGZ, "behandelaar", "open", False)
    for found in (ggz.do(casework.actions()), police.do(casework.actions(leading=True)), police.do(casework.actions(told.case))):
        assert action in found.actions
    lists = broker.as_(GGZ).get("/v1/acties").text + broker.as_(POLICE).get(f"/v1/casussen/{told.case}/acties").text
    assert "kennismaken" not in lists

    request = {
        "doel": "zvh-casus",
        "verstrekker": action.written_by,
        "casus": told.case,
        "gegevens": ["plan.afspraken"],
        "motivering": {"plan.afspraken": "Om de afspraak uit te voeren."},
        "medewerker": STAFF[GGZ],
    }
    answer = ggz.do(asks.request(request))
    assert isinstance(answer, heard.Released)
    (item,) = answer.bundle.categories["plan.afspraken"].items
    assert "kennismaken" in str(item.fields["actie"])
    assert item.fields["termijn"] == DAY

    moved = ggz.do(
        casework.assign(told.case, action.id, {"eigenaar": GGZ, "uiterlijkDatum": "2099-02-28", "medewerker": STAFF[GGZ]})
    )
    assert moved.action.due.isoformat() == "2099-02-28"
    done = ggz.do(casework.settle(told.case, action.id, {"uitkomst": "gedaan", "medewerker": STAFF[GGZ]}))
    assert (done.action.status, done.action.settled_by) == ("gedaan", GGZ)
    assert ggz.do(casework.actions()).actions == ()
    entries = broker.keepers.ledger.entries(LogQuery(kinds=(Kind.CASE_CHANGED,), limit=3))
    assert [one.core["change"] for one in entries] == ["afspraak gedaan", "afspraak gewijzigd", "afspraak gemaakt"]
    assert "kennismaken" not in str(entries)


def test_who_does_not_lead_gives_nobody_else_an_action_and_flaws_are_named(broker: Broker, told: Told) -> None:
    broker.as_(TOWN).client.do(asks.appoint(told.case, {"trekker": TOWN, "medewerker": STAFF[TOWN]}))
    probation = broker.as_(PROBATION).client
    given = {"wat": WORDS, "eigenaar": GGZ, "uiterlijkDatum": DAY, "medewerker": STAFF[PROBATION]}
    with pytest.raises(problems.NotPermitted):
        probation.do(casework.agree(told.case, given))
    with pytest.raises(problems.BadQuestion) as caught:
        probation.do(casework.agree(told.case, {**given, "eigenaar": PROBATION, "uiterlijkDatum": "2020-01-01"}))
    assert [flaw.name for flaw in caught.value.flaws] == ["uiterlijkDatum"]
    with pytest.raises(problems.NotPermitted):
        broker.as_(TOWN).client.do(casework.agree(told.case, {**given, "eigenaar": HOUSING, "medewerker": STAFF[TOWN]}))
    with pytest.raises(problems.Missing):
        broker.as_(TOWN).client.do(casework.settle(told.case, "x" * 32, {"uitkomst": "gedaan", "medewerker": STAFF[TOWN]}))
