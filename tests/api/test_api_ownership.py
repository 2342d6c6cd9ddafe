"""All routes, two partners: what is not yours does not exist, and the answer does not tell which of the two."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from world.broker import AMBULANCE, GGZ, HOUSING, KNOWN, POLICE, PROBATION, STAFF, TOWN, Broker, Json, Told

NOWHERE = "x" * 32
MINE: Mapping[str, str] = {
    "GET /v1/verzoeken/{id}": "request",
    "POST /v1/verzoeken/{id}/beoordelingen": "request",
    "POST /v1/verzoeken/{id}/_ophalen": "request",
    "POST /v1/overdrachten/{id}/antwoorden": "request",
    "GET /v1/casussen/{id}": "case",
    "GET /v1/casussen/{id}/terugkoppeling": "case",
    "POST /v1/casussen/{id}/opnamebesluiten": "case",
    "POST /v1/casussen/{id}/sluitingen": "case",
    "POST /v1/casussen/{id}/deelnemers": "case",
    "POST /v1/casussen/{id}/bekendheidsvragen": "case",
    "POST /v1/casussen/{id}/geheimhoudingen": "case",
    "PUT /v1/casussen/{id}/regie": "case",
    "POST /v1/casussen/{id}/verlengingen": "case",
    "POST /v1/casussen/{id}/informeringen": "case",
    "POST /v1/casussen/{id}/uitstellen": "case",
    "POST /v1/casussen/{id}/acties": "case",
    "GET /v1/casussen/{id}/acties": "case",
    "PUT /v1/casussen/{id}/acties/{actie}": "case",
    "POST /v1/casussen/{id}/acties/{actie}/afmeldingen": "case",
    "POST /v1/casussen/{id}/bijdragen": "case",
    "POST /v1/bijdragen/{id}/intrekkingen": "contribution",
    "POST /v1/toestemmingen/{id}/intrekkingen": "consent",
    "POST /v1/afwegingen/{id}/intrekkingen": "consent",
    "GET /v1/verstrekkingen/{id}": "release",
    "GET /v1/verstrekkingen/{id}/bewijs": "release",
}
"""Every route with an id in it, and which of the ids it takes."""
BODIES: Mapping[str, Json] = {
    "beoordelingen": {
        "oordelen": [{"feit": "conflict-van-plichten", "waarde": True, "gegevens": ["gezondheid.functioneel"], "gronden": {}}]
    },
    "antwoorden": {"antwoord": "aannemen"},
    "opnamebesluiten": {"besluit": "opnemen", "motivering": "Voldoet."},
    "sluitingen": {"motivering": "Klaar."},
    "deelnemers": {"organisatie": HOUSING},
    "bekendheidsvragen": {"huis": HOUSING, "motivering": "Hij woonde daar."},
    "regie": {"trekker": HOUSING},
    "verlengingen": {"gegevens": ["wonen.situatie"]},
    "informeringen": {"datum": "2026-01-01", "wijze": "brief", "organisatie": HOUSING},
    "uitstellen": {"grond": "veiligheid", "eigenaar": HOUSING, "herzienDatum": "2099-01-31", "toelichting": "Om haar."},
    "acties": {"wat": "Bellen.", "eigenaar": HOUSING, "uiterlijkDatum": "2099-01-31"},
    "{actie}": {"eigenaar": HOUSING, "uiterlijkDatum": "2099-01-31"},
    "afmeldingen": {"uitkomst": "gedaan"},
    "bijdragen": {"gegeven": "wonen.situatie", "velden": {"woonvorm": "zelfstandig"}},
}
LISTS = {
    "/v1/verzoeken": "verzoeken",
    "/v1/verzoeken?rol=verstrekker": "verzoeken",
    "/v1/casussen": "casussen",
    "/v1/overdrachten": "overdrachten",
    "/v1/overdrachten?rol=gever": "overdrachten",
    "/v1/acties": "acties",
    "/v1/acties?rol=regie": "acties",
    "/v1/verstrekkingen": "verstrekkingen",
}


def test_the_table_names_every_route_with_an_id(broker: Broker) -> None:
    served = {
        f"{method.upper()} {path}" for path, item in broker.paths().items() for method in item if "{id}" in path
    }  # fmt: skip - one set
    assert served == set(MINE)


def calls(broker: Broker, who: str, route: str, ident: str) -> tuple[int, bytes]:
    method, _, path = route.partition(" ")
    body = {**BODIES.get(path.rpartition("/")[2], {}), "medewerker": STAFF[who]}
    client = broker.as_(who).client
    concrete = path.replace("{id}", ident).replace("{actie}", NOWHERE)
    given = client.request(method, concrete, json=None if method == "GET" else body)
    return given.status_code, given.content


@pytest.mark.parametrize("stranger", [HOUSING, AMBULANCE])
@pytest.mark.parametrize("route", MINE)
def test_a_stranger_cannot_tell_my_thing_from_one_that_does_not_exist(
    broker: Broker, told: Told, route: str, stranger: str
) -> None:
    mine = calls(broker, stranger, route, getattr(told, MINE[route]))
    nothing = calls(broker, stranger, route, NOWHERE)
    assert mine == nothing
    assert mine[0] == 404


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("stranger", [HOUSING, AMBULANCE])
@pytest.mark.parametrize("path", LISTS)
def test_a_stranger_finds_empty_lists(broker: Broker, path: str, stranger: str) -> None:
    route, _, query = path.partition("?")
    given = broker.as_(stranger).get(route, **dict(part.split("=") for part in query.split("&") if part))
    assert given.status_code == 200
    assert given.json()[LISTS[path]] == []


@pytest.mark.parametrize("side", [POLICE, GGZ])
def test_both_sides_of_a_release_read_it_with_its_proof(broker: Broker, told: Told, side: str) -> None:
    shown = broker.as_(side).get(f"/v1/verstrekkingen/{told.release}")
    assert (shown.status_code, shown.json()["ontvanger"], shown.json()["verstrekker"]) == (200, POLICE, GGZ)
    proof = broker.as_(side).get(f"/v1/verstrekkingen/{told.release}/bewijs")
    assert proof.text.startswith("c2sp.org/tlog-proof@v1\n")


@pytest.mark.parametrize("side", [TOWN, PROBATION])
def test_a_colleague_in_the_same_case_does_not_read_a_release_between_two_others(broker: Broker, told: Told, side: str) -> None:
    assert broker.as_(side).get(f"/v1/verstrekkingen/{told.release}").status_code == 404


def test_only_the_provider_reads_why_it_is_asked(broker: Broker, told: Told) -> None:
    assert broker.as_(GGZ).get(f"/v1/verzoeken/{told.request}").json()["motivering"]
    assert broker.as_(PROBATION).get(f"/v1/verzoeken/{told.request}").json()["motivering"] == {}


def test_a_colleague_in_the_case_cannot_take_back_what_another_brought(broker: Broker, told: Told) -> None:
    for who in (POLICE, TOWN, PROBATION):
        for path in (f"/v1/bijdragen/{told.contribution}/intrekkingen", f"/v1/toestemmingen/{told.consent}/intrekkingen"):
            assert broker.as_(who).post(path, {}).status_code == 404


def test_the_requester_does_not_judge_its_own_request_and_the_provider_does_not_collect_it(broker: Broker, told: Told) -> None:
    judged = broker.as_(PROBATION).post(f"/v1/verzoeken/{told.request}/beoordelingen", BODIES["beoordelingen"])
    collected = broker.as_(GGZ).post(f"/v1/verzoeken/{told.request}/_ophalen", {})
    assert (judged.status_code, collected.status_code) == (404, 404)


def test_nobody_asks_in_the_name_of_another(broker: Broker, told: Told) -> None:
    """The requester of an `opvraag` is the partner of the token; a body cannot name another one."""
    body: Json = {
        "doel": "zvh-casus",
        "verstrekker": GGZ,
        "ontvanger": POLICE,
        "casus": told.case,
        "gegevens": ["gezondheid.functioneel"],
        "motivering": {"gezondheid.functioneel": "Omdat."},
    }  # fmt: skip - one body
    assert broker.as_(HOUSING).post("/v1/verzoeken", body).status_code == 400
    del body["ontvanger"]
    refused = broker.as_(HOUSING).post("/v1/verzoeken", body)
    assert refused.status_code == 403
    assert "bundel" not in refused.json()


def test_an_employee_of_another_organisation_is_nobody_here(broker: Broker, told: Told) -> None:
    body = {
        "doel": "zvh-casus",
        "verstrekker": GGZ,
        "casus": told.case,
        "gegevens": ["gezondheid.functioneel"],
        "motivering": {"gezondheid.functioneel": "Omdat."},
        "medewerker": STAFF[TOWN],
    }  # fmt: skip - one body
    refused = broker.as_(POLICE).client.post("/v1/verzoeken", body)
    assert refused.status_code == 403
    assert refused.json()["geweigerd"]["gezondheid.functioneel"]["reden"] == "gebruiker"


def test_two_partners_know_the_same_person_by_different_names(broker: Broker) -> None:
    """Two recipients of the same record cannot join what they got on the pseudonym."""
    for who in (TOWN, HOUSING):
        given = broker.as_(who).post(
            "/v1/bijdragen", {"betrokkene": KNOWN, "gegeven": "risico.signaal", "velden": {"bron": "melding"}}
        )
        assert given.status_code == 201, given.text
    request: Json = {
        "doel": "vitaal-belang",
        "verstrekker": TOWN,
        "betrokkene": KNOWN,
        "gegevens": ["risico.signaal"],
        "verklaringen": {"acuut-gevaar": True},
        "motivering": {"risico.signaal": "Brand."},
    }  # fmt: skip - one body
    found = [broker.as_(who).post("/v1/verzoeken", request) for who in (POLICE, AMBULANCE)]
    assert [given.status_code for given in found] == [201, 201], [given.text for given in found]
    assert len({given.json()["bundel"]["betrokkene"] for given in found}) == 2
