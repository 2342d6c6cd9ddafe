"""A person who moved, over HTTP: hit or no hit, then what the other house may give, as far as who brought it in agrees (S6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from fakes.samples import a_partner
from sluis.client import casework
from sluis.flows.enrolling import enrol
from world.broker import FUNCTIONAL, GGZ, KNOWN, POLICE, PROBATION, STAFF, TOWN, Broker, Json

HERE, THERE = "zvh-veenstad", "zvh-duin"
HOUSING, ADVICE = "wonen.situatie", "gezondheid.functioneel"
MOVED: Json = {"huis": THERE, "motivering": "Hij zegt dat hij tot juni in Duin woonde."}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of its own, with two houses."""
    with Broker(tmp_path_factory.mktemp("verhuizing")) as made:
        for name in (HERE, THERE):
            house = replace(a_partner(name), kind="zvh", active_until=None, active_from=made.keepers.services.clock.now())
            enrol(house, "tests", made.keepers.services)
        yield made


def case(broker: Broker, house: str, *participants: str, person: Mapping[str, str] = KNOWN) -> str:
    """A running case of that house, with these participants in it."""
    notification: Json = {
        "betrokkene": person,
        "contactpunt": POLICE,
        "gegevens": {"identiteit.basis": {"voornamen": "Sem"}},
        "criteria": ["a", "b", "c", "d"],
        "motivering": "Oplopende overlast en zorgmijding tegelijk.",
        "eigenVisie": "Hij wil rust.",
        "feitenGetoetst": True,
        "huis": house,
    }
    made = broker.as_(TOWN).post("/v1/casussen", notification)
    assert made.status_code == 201, made.text
    ident = str(made.json()["casus"]["id"])
    admitted = broker.as_(POLICE).post(f"/v1/casussen/{ident}/opnamebesluiten", {"besluit": "opnemen", "motivering": "Voldoet."})
    assert admitted.status_code == 201, admitted.text
    for one in participants:
        assert broker.as_(TOWN).post(f"/v1/casussen/{ident}/deelnemers", {"organisatie": one}).status_code == 201
    return ident


def question(ident: str, *categories: str) -> Json:
    return {
        "doel": "zvh-verhuizing",
        "verstrekker": THERE,
        "casus": ident,
        "gegevens": list(categories),
        "motivering": dict.fromkeys(categories, "Hij woont nu hier; wij zetten het plan voort."),
    }


def test_a_case_is_handed_on_after_a_hit_as_far_as_who_brought_it_in_agrees(broker: Broker) -> None:
    mine, theirs = case(broker, HERE), case(broker, THERE, GGZ)
    for who, category, fields in ((TOWN, HOUSING, {"huurstatus": "huur"}), (GGZ, ADVICE, FUNCTIONAL)):
        left = broker.as_(who).post(f"/v1/casussen/{theirs}/bijdragen", {"gegeven": category, "velden": fields})
        assert left.status_code == 201, left.text
    police = broker.as_(POLICE)
    before = police.post("/v1/verzoeken", question(mine, HOUSING))
    assert (before.status_code, before.json()["geweigerd"][HOUSING]["reden"]) == (403, "route")

    hit = police.client.do(casework.known_elsewhere(mine, {**MOVED, "medewerker": STAFF[POLICE]}))
    assert hit.hit
    assert hit.log.receipt.startswith("c2sp.org/tlog-proof@v1\n")

    part = police.post("/v1/verzoeken", question(mine, HOUSING, ADVICE))
    assert part.status_code == 201, part.text
    assert part.json()["geweigerd"][ADVICE]["reden"] == "verstrekker"
    assert "Spreek rustig" not in part.text
    agreed: Json = {
        "feit": "oorspronkelijke-verstrekker-akkoord",
        "waarde": True,
        "betrokkene": KNOWN,
        "verstrekker": THERE,
        "ontvangers": [POLICE],
        "doelen": ["zvh-verhuizing"],
        "gegevens": [ADVICE],
        "gronden": {"overweging": "De behandeling gaat in Veenstad door."},
    }
    said = broker.as_(GGZ).post("/v1/afwegingen", agreed)
    assert said.status_code == 201, said.text
    whole = police.post("/v1/verzoeken", question(mine, HOUSING, ADVICE))
    assert whole.status_code == 201, whole.text
    assert "Spreek rustig" in whole.text


def test_a_miss_and_a_question_that_may_not_be_asked_look_the_same(broker: Broker) -> None:
    mine = case(broker, HERE, PROBATION, person={"bsn": "999900043"})
    miss = broker.as_(POLICE).post(f"/v1/casussen/{mine}/bekendheidsvragen", MOVED)
    refused = broker.as_(PROBATION).post(f"/v1/casussen/{mine}/bekendheidsvragen", MOVED)
    assert miss.status_code == refused.status_code == 201
    assert miss.json()["treffer"] is refused.json()["treffer"] is False
    assert miss.json().keys() == refused.json().keys()
    assert miss.json()["logboek"].keys() == refused.json()["logboek"].keys()


def test_the_question_is_no_request_for_data_and_one_asks_another_house(broker: Broker) -> None:
    mine = case(broker, HERE)
    asked = broker.as_(POLICE).post("/v1/verzoeken", question(mine, "casus.bekend"))
    assert (asked.status_code, asked.json()["invalidParams"][0]["name"]) == (400, "gegevens")
    own = broker.as_(POLICE).post(f"/v1/casussen/{mine}/bekendheidsvragen", {**MOVED, "huis": HERE})
    assert (own.status_code, own.json()["invalidParams"][0]["name"]) == (400, "huis")
