"""Telling the person of a case through the API: on record, seen by the participants, the ground by those only who see to it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sluis.client import asks, casework, problems
from sluis.core.entry import Kind
from sluis.ports import LogQuery
from world.broker import GGZ, HOUSING, POLICE, PROBATION, STAFF, TOWN, Broker, Told

WORDS = "Zolang zijn zus Anouk bij hem woont weet hij dan wie er meldde."


def test_a_ground_is_put_on_record_with_a_day_and_after_that_he_is_told(broker: Broker, told: Told) -> None:
    town, police, ggz = (broker.as_(name).client for name in (TOWN, POLICE, GGZ))
    town.do(asks.appoint(told.case, {"trekker": TOWN, "medewerker": STAFF[TOWN]}))
    before = ggz.do(asks.case(told.case)).informing
    assert before is not None
    assert (before.status, before.organisation, before.late) == ("open", TOWN, False)

    today = broker.keepers.services.clock.now().date()
    review = (today + timedelta(days=60)).isoformat()
    reasons = {"grond": "veiligheid", "eigenaar": TOWN, "herzienDatum": review, "toelichting": WORDS}
    put = police.do(casework.put_off(told.case, {**reasons, "medewerker": STAFF[POLICE]})).case.informing
    assert put is not None
    assert (put.status, put.ground, put.article, put.due) == (
        "uitgesteld",
        "veiligheid",
        "UAVG 41 lid 1 onder i",
        today + timedelta(days=60),
    )
    seen = ggz.do(asks.case(told.case)).informing
    assert seen is not None
    assert (seen.status, seen.ground, seen.article) == ("uitgesteld", None, None)

    telling = {"datum": today.isoformat(), "wijze": "gesprek", "organisatie": GGZ, "medewerker": STAFF[TOWN]}
    done = town.do(casework.inform(told.case, telling)).case.informing
    assert done is not None
    assert (done.status, done.way, done.organisation, done.on, done.due) == ("geinformeerd", "gesprek", GGZ, today, None)
    listed = {one.id: one for one in ggz.do(asks.cases()).cases}
    assert listed[told.case].informing == done
    assert "Anouk" not in broker.as_(TOWN).get(f"/v1/casussen/{told.case}").text
    entries = broker.keepers.ledger.entries(LogQuery(kinds=(Kind.CASE_CHANGED,), limit=2))
    assert [one.core["change"] for one in entries] == ["betrokkene geïnformeerd", "informeren uitgesteld"]
    with pytest.raises(problems.WrongMoment):
        police.do(casework.put_off(told.case, {**reasons, "medewerker": STAFF[POLICE]}))


def test_another_ground_and_another_way_are_refused_by_name_and_strangers_find_no_case(broker: Broker, told: Told) -> None:
    given = {"grond": "geen-zin", "eigenaar": TOWN, "herzienDatum": "2099-01-01", "toelichting": WORDS}
    answer = broker.as_(TOWN).post(f"/v1/casussen/{told.case}/uitstellen", given)
    assert answer.status_code == 400
    assert "Anouk" not in answer.text
    telling = {"datum": "2026-01-01", "wijze": "sms", "organisatie": TOWN}
    assert broker.as_(TOWN).post(f"/v1/casussen/{told.case}/informeringen", telling).status_code == 400
    right = {**telling, "wijze": "brief"}
    assert broker.as_(PROBATION).post(f"/v1/casussen/{told.case}/informeringen", right).status_code == 403
    assert broker.as_(HOUSING).post(f"/v1/casussen/{told.case}/informeringen", right).status_code == 404
