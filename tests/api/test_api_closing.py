"""Scaling down through the API: what remains is handed over, then the case closes and is shielded (seed S5)."""

from __future__ import annotations

import pytest

from sluis.client import asks, casework, heard, problems
from sluis.core.entry import Kind
from sluis.demo.notes import NOTIFICATION
from sluis.ports import LogQuery
from world.broker import KNOWN, POLICE, PROBATION, STAFF, TOWN, Broker, Json

NOTIFIED: Json = {
    "betrokkene": KNOWN,
    "contactpunt": POLICE,
    "gegevens": NOTIFICATION,
    "criteria": ["a", "b", "c", "d"],
    "motivering": "Oplopende overlast.",
    "eigenVisie": "Hij wil rust.",
    "feitenGetoetst": True,
}


def running(broker: Broker) -> str:
    """A case of the town and the police, with probation in it; the town leads."""
    case = str(broker.as_(TOWN).post("/v1/casussen", NOTIFIED).json()["casus"]["id"])
    broker.as_(POLICE).post(f"/v1/casussen/{case}/opnamebesluiten", {"besluit": "opnemen", "motivering": "Voldoet."})
    broker.as_(POLICE).post(f"/v1/casussen/{case}/deelnemers", {"organisatie": PROBATION})
    broker.as_(TOWN).client.do(asks.appoint(case, {"trekker": TOWN, "medewerker": STAFF[TOWN]}))
    return case


def test_a_case_closes_when_what_remains_was_taken_over_and_then_it_is_shielded(broker: Broker) -> None:
    case, town, probation = running(broker), broker.as_(TOWN).client, broker.as_(PROBATION).client
    action = {"wat": "Elke week bij Sem langs.", "eigenaar": PROBATION, "uiterlijkDatum": "2099-01-31"}
    town.do(casework.agree(case, {**action, "medewerker": STAFF[TOWN]}))
    closing: Json = {"motivering": "Het gaat goed.", "medewerker": STAFF[TOWN]}
    with pytest.raises(problems.BadQuestion) as caught:
        town.do(casework.close(case, closing))
    assert [flaw.name for flaw in caught.value.flaws] == ["terugNaar"]

    request: Json = {
        "doel": "zvh-casus",
        "richting": "aanbod",
        "ontvanger": PROBATION,
        "casus": case,
        "gegevens": ["plan.afspraken"],
        "motivering": {"plan.afspraken": "Zij houden het contact."},
        "medewerker": STAFF[TOWN],
    }
    offered = town.do(casework.hand_over({"verzoek": request, "gesprekDatum": "2099-01-31"}))
    assert isinstance(offered, heard.Waiting)
    ident = offered.id
    probation.do(casework.answer_handover(ident, {"antwoord": "aannemen", "medewerker": STAFF[PROBATION]}))
    probation.do(asks.collect(ident, STAFF[PROBATION]))
    back = [{"organisatie": PROBATION, "overdrachten": [ident]}]
    assert town.do(casework.close(case, {**closing, "terugNaar": back})).case.status == "afgesloten"
    for who in (TOWN, POLICE, PROBATION):
        assert broker.as_(who).get(f"/v1/casussen/{case}").status_code == 404
    (entry,) = broker.keepers.ledger.entries(LogQuery(kinds=(Kind.CASE_CHANGED,), limit=1))
    assert entry.core["change"] == "sluiten"
    assert "langs" not in str(entry)
