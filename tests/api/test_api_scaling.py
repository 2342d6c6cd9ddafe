"""The directory says to whom one may pass a worry on, for what, and what that takes (seed S5)."""

from __future__ import annotations

from sluis.client import casework
from world.broker import AMBULANCE, GGZ, HOUSING, OM, POLICE, TOWN, Broker


def test_the_housing_corporation_and_the_clinic_each_read_their_own_ways(broker: Broker) -> None:
    ways = broker.as_(GGZ).client.do(casework.ways_up())
    assert ways.kind == "ggz"
    assert ways.policy == broker.keepers.services.rules.current().policy
    (way,) = [one for one in ways.ways if one.purpose == "zvh-melding"]
    assert set(way.organisations) == {POLICE, OM, TOWN}
    assert [one.criterion for one in way.criteria] == ["a", "b", "c", "d"]
    assert any("toestemming" in one.helps for one in way.needs)
    assert "zvh-casus" not in {one.purpose for one in ways.ways}
    assert "zvh-melding" not in {one.purpose for one in broker.as_(HOUSING).client.do(casework.ways_up()).ways}


def test_for_one_purpose_only_its_ways_and_nobody_is_his_own_way_up(broker: Broker) -> None:
    ways = broker.as_(POLICE).client.do(casework.ways_up("zvh-melding")).ways
    assert {one.purpose for one in ways} == {"zvh-melding"}
    assert all(POLICE not in one.organisations for one in ways)
    assert broker.as_(AMBULANCE).client.do(casework.ways_up("zvh-melding")).ways == ()
