"""A rejected notification through the API: destroyed, and the notifier hears only that."""

from __future__ import annotations

from sluis.client import casework
from sluis.core.entry import Kind
from sluis.demo.notes import NOTIFICATION
from sluis.flows.retention import endings
from sluis.ports import LogQuery
from world.broker import HOUSING, KNOWN, POLICE, TOWN, Broker, Json, Told

NOTIFIED: Json = {
    "betrokkene": KNOWN,
    "contactpunt": POLICE,
    "gegevens": NOTIFICATION,
    "criteria": ["a", "b", "c", "d"],
    "motivering": "Oplopende overlast.",
    "eigenVisie": "Hij wil rust.",
    "feitenGetoetst": True,
}


def test_a_rejected_notification_is_gone_for_everybody_and_its_notifier_hears_a_status(broker: Broker, told: Told) -> None:
    case = broker.as_(TOWN).post("/v1/casussen", NOTIFIED).json()["casus"]["id"]
    town = broker.as_(TOWN).client
    assert town.do(casework.feedback(case)).became == "aangemeld"
    rejected = broker.as_(POLICE).post(f"/v1/casussen/{case}/opnamebesluiten", {"besluit": "afwijzen", "motivering": "Nee."})
    assert (rejected.status_code, rejected.json()["casus"]["status"]) == (201, "geen")
    assert town.do(casework.feedback(case)).became == "afgewezen"
    for who in (TOWN, POLICE):
        assert broker.as_(who).get(f"/v1/casussen/{case}").status_code == 404
        assert case not in broker.as_(who).get("/v1/casussen").text
    for stranger in (POLICE, HOUSING):
        assert broker.as_(stranger).get(f"/v1/casussen/{case}/terugkoppeling").status_code == 404
    assert broker.keepers.services.cases.find(case) is None
    assert endings(broker.keepers.services) == []
    (entry, *_) = broker.keepers.ledger.entries(LogQuery(kinds=(Kind.RETENTION_EXPIRED,), limit=1))
    assert case not in str(entry.core)
    assert broker.keepers.services.cases.find(told.case) is not None, "his other case stands"
    broker.keepers.sweep()
