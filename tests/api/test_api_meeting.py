"""The list for a case meeting through the API: decisions in plain Dutch, never data."""

from __future__ import annotations

import pytest

from sluis.client import asks, casework, problems
from sluis.core.entry import Kind
from sluis.ports import LogQuery
from world.broker import GGZ, HOUSING, POLICE, STAFF, TOWN, Broker, Json, Told, consented

DAY = "2099-01-31"


def meeting(name: str, *cases: str) -> Json:
    return {"datum": "2028-01-31" if not cases else DAY, "casussen": list(cases), "medewerker": STAFF[name]}


def test_the_lead_gets_per_party_what_it_may_contribute_and_what_would_help(broker: Broker, told: Told) -> None:
    town = broker.as_(TOWN).client
    town.do(asks.appoint(told.case, {"trekker": TOWN, "medewerker": STAFF[TOWN]}))
    consented({GGZ: broker.as_(GGZ)}, told.case)
    found = town.do(casework.agenda({**meeting(TOWN), "casussen": [told.case]}))
    (point,) = found.points
    assert (point.case, point.lead) == (told.case, TOWN)
    (ggz,) = (party for party in point.parties if party.organisation == GGZ)
    (advice,) = (one for one in ggz.lines if one.category == "gezondheid.functioneel" and POLICE in one.recipients)
    assert (advice.decision, advice.precision) == ("verstrekken", "functioneel")
    assert advice.explanation == "Mag, als advies of signaal in gewone woorden."
    waits = [one for one in ggz.lines if one.category == "gezondheid.functioneel" and TOWN in one.recipients]
    assert waits[0].decision == "voorleggen"
    assert waits[0].explanation.startswith("Eerst beslist een professional van de verstrekker: ")
    assert any("toestemming" in one.helps for one in ggz.lines if one.category == "gezondheid.diagnose")
    (entry,) = broker.keepers.ledger.entries(LogQuery(kinds=(Kind.DECISION_EVALUATED,), limit=1))
    assert entry.entry_id == point.entry
    assert told.case not in str(entry.core)


def test_who_does_not_lead_gets_none_and_a_stranger_cannot_tell_the_case_from_one_that_does_not_exist(
    broker: Broker, told: Told
) -> None:
    broker.as_(TOWN).client.do(asks.appoint(told.case, {"trekker": TOWN, "medewerker": STAFF[TOWN]}))
    with pytest.raises(problems.NotPermitted):
        broker.as_(POLICE).client.do(casework.agenda(meeting(POLICE, told.case)))
    answers = [broker.as_(HOUSING).post("/v1/overleggen/_lijst", meeting(HOUSING, case)) for case in (told.case, "x" * 32)]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    with pytest.raises(problems.BadQuestion):
        broker.as_(TOWN).client.do(casework.agenda({**meeting(TOWN), "datum": "2020-01-31"}))
