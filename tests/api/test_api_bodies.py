"""Bad input: said at once, by place, in the same form everywhere, and never repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import httpx2
import pytest

from sluis.api.document import API_VERSION
from sluis.core.entry import Kind
from sluis.ports import LogQuery
from world.broker import GGZ, KNOWN, POLICE, STAFF, Broker, Json, Told, question

JSON = {"Content-Type": "application/json"}
CANARY = "Kanarievogel-4711"
MANDATORY = {
    "api-version": API_VERSION,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
}
DOORS = (
    "/v1/verzoeken",
    "/v1/verzoeken/_toets",
    "/v1/noodinzagen",
    "/v1/casussen",
    "/v1/bijdragen",
    "/v1/toestemmingen",
    "/v1/afwegingen",
    "/access/v1/evaluation",
)  # fmt: skip - a list


def problem(given: httpx2.Response, status: int) -> Json:
    """The problem in an answer, which has every mandatory header and the form of RFC 9457."""
    assert given.status_code == status, given.text
    assert given.headers["content-type"] == "application/problem+json"
    assert {name: given.headers.get(name) for name in MANDATORY} == MANDATORY
    assert "server" not in given.headers
    said: Json = given.json()
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    assert CANARY not in given.text
    assert CANARY not in str(given.headers)
    return said


def names(said: Json) -> list[str]:
    flaws = said["invalidParams"]
    assert isinstance(flaws, list)
    assert all(flaw["reason"] for flaw in flaws)
    return [flaw["name"] for flaw in flaws]


def send(broker: Broker, content: bytes, path: str = "/v1/verzoeken", headers: Mapping[str, str] = JSON) -> httpx2.Response:
    return broker.as_(POLICE).raw("POST", path, content=content, headers=headers)


def raw_bodies() -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "half", b'{"doel": "zvh-casus"'
    yield "no object", b'["zvh-casus"]'
    yield "null", b"null"
    yield "a key twice", b'{"doel": "zvh-casus", "doel": "zvh-resultaat"}'
    yield "a key twice, deep", b'{"medewerker": {"id": "a", "id": "b", "rol": "c"}}'
    yield "NaN", b'{"doel": NaN}'
    yield "infinity", b'{"doel": -Infinity}'
    yield "a number without end", b'{"doel": 1e400}'
    yield "a lone surrogate", b'{"medewerker": {"id": "\\ud800", "rol": "x"}}'
    yield "NUL", b'{"medewerker": {"id": "a\\u0000b", "rol": "x"}}'
    yield "a raw NUL", b'{"doel": "zvh\x00"}'
    yield "a byte that is no UTF-8", b'{"doel": "\xff"}'
    yield "UTF-16", '{"doel": "x"}'.encode("utf-16")
    yield "a byte order mark", b"\xef\xbb\xbf{}"
    yield "deep", b"[" * 60_000 + b"]" * 60_000
    yield "a very long number", b'{"doel": ' + b"9" * 5_000 + b"}"
    yield "an unknown key", json.dumps({CANARY: CANARY}).encode()
    yield "a comment", b'{"doel": "x" /* hier */}'
    yield "two documents", b"{}{}"


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize(("what", "content"), list(raw_bodies()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_body_that_is_no_proper_json_is_a_400(broker: Broker, path: str, what: str, content: bytes) -> None:
    assert what
    assert names(problem(send(broker, content, path), 400))


def test_all_flaws_are_told_at_once_and_by_place(broker: Broker) -> None:
    body = {"doel": "HOOFDLETTERS", "gegevens": [], "spoed": "ja", "onbekend": 1, "medewerker": {"id": ""}}
    found = names(problem(send(broker, json.dumps(body).encode()), 400))
    assert {"doel", "gegevens", "spoed", "(sleutel)", "medewerker.id", "medewerker.rol"} <= set(found)


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"doel": "kanarievogel-4711"}, "doel"),
        ({"gegevens": ["kanarievogel.4711"], "motivering": {}}, "gegevens[0]"),
        ({"verstrekker": "kanarievogel-4711"}, "verstrekker"),
        ({"persoon": "kanarievogel-4711"}, "persoon"),
        ({"motivering": {"kanarievogel.4711": "Omdat."}}, "motivering[0]"),
        ({"verklaringen": {"kanarievogel-4711": True}}, "verklaringen"),
        ({"casus": "kanarie vogel 4711"}, "casus"),
        ({"betrokkene": {"bsn": "kanarievogel"}}, "betrokkene.bsn"),
        ({"betrokkene": {"bsn": "123456789"}}, "bsn"),
        ({"betrokkene": {"naam": "Kanarievogel"}}, "betrokkene"),
    ],
)
def test_an_unknown_word_is_pointed_at_and_never_repeated(broker: Broker, told: Told, changed: Json, place: str) -> None:
    body = {**question(told.case), "medewerker": STAFF[POLICE], **changed}
    given = send(broker, json.dumps(body).encode())
    assert any(place in name for name in names(problem(given, 400)))
    assert "kanarie" not in given.text.lower()


@pytest.mark.parametrize("fact", ["conflict-van-plichten", "toestemming", "gebruiker-bevoegd", "wpg20-besluit"])
def test_a_fact_that_somebody_else_establishes_cannot_be_stated(broker: Broker, told: Told, fact: str) -> None:
    body = {**question(told.case), "medewerker": STAFF[POLICE], "verklaringen": {fact: True}}
    assert names(problem(send(broker, json.dumps(body).encode()), 400)) == [f"verklaringen.{fact}"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data", ""]
)
@pytest.mark.parametrize("path", DOORS)
def test_a_body_of_another_kind_is_a_415(broker: Broker, path: str, kind: str) -> None:
    problem(send(broker, b"{}", path, {"Content-Type": kind}), 415)


@pytest.mark.parametrize("accept", ["text/csv", "text/html, application/xml;q=0.9", "image/*"])
def test_whoever_takes_no_json_gets_a_406(broker: Broker, accept: str) -> None:
    problem(send(broker, b"{}", headers={**JSON, "Accept": accept}), 406)
    problem(broker.as_(POLICE).raw("GET", "/v1/deelnemers", headers={"Accept": accept}), 406)


@pytest.mark.parametrize(
    "accept", ["*/*", "application/*", "application/json;q=0.1", "text/html, */*;q=0.1", "application/problem+json"]
)
def test_whoever_takes_json_among_others_is_served(broker: Broker, accept: str) -> None:
    assert broker.as_(POLICE).raw("GET", "/v1/deelnemers", headers={"Accept": accept}).status_code == 200


def test_a_body_over_the_limit_is_a_413_also_when_it_lies_about_its_length(broker: Broker) -> None:
    large = b'{"doel": "' + b"x" * broker.region.settings.max_body + b'"}'
    problem(send(broker, large), 413)
    problem(send(broker, b"{}", headers={**JSON, "Content-Length": str(10**9)}), 413)


def test_a_trailing_slash_is_a_404_and_no_redirect(broker: Broker) -> None:
    problem(broker.as_(POLICE).raw("GET", "/v1/verzoeken/"), 404)
    problem(send(broker, b"{}", "/v1/verzoeken/"), 404)


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/", "/v2/verzoeken", "/v1/verzoek", "/admin", "/docs", "/redoc", "/openapi.json"]
)
def test_what_does_not_exist_is_a_problem_too(broker: Broker, path: str) -> None:
    problem(broker.http.get(path), 404)


def test_every_wrong_method_is_a_405_that_names_all_the_right_ones(broker: Broker) -> None:
    for path, item in broker.paths().items():
        concrete, right = path.replace("{id}", "x" * 32), {method.upper() for method in item}
        if path == "/v1/verzoeken/_toets":
            right = {"GET", "POST"}  # `_toets` could be the id of a request: GET finds none
        for wrong in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"} - right:
            given = broker.http.request(wrong, concrete)
            assert (given.status_code, set(given.headers["allow"].split(", "))) == (405, right), (wrong, path)
            if wrong != "HEAD":
                problem(given, 405)


def test_every_answer_has_the_mandatory_headers_the_good_ones_too(broker: Broker, told: Told) -> None:
    for path in ("/v1/deelnemers", f"/v1/casussen/{told.case}", f"/v1/verstrekkingen/{told.release}/bewijs"):
        given = broker.as_(POLICE).get(path)
        assert given.status_code == 200
        assert {name: given.headers.get(name) for name in MANDATORY} == MANDATORY


@pytest.mark.parametrize("query", [{"voor": "kanarie"}, {"voor": "-1"}, {"aantal": "0"}, {"aantal": "51"}, {"voor": "9" * 400}])
def test_a_bad_parameter_is_a_400_that_names_it_and_repeats_nothing(broker: Broker, query: dict[str, str]) -> None:
    given = broker.as_(POLICE).get("/v1/verstrekkingen", **query)
    (name,) = query
    assert names(problem(given, 400)) == [f"query.{name}"]
    assert "kanarie" not in given.text


@pytest.mark.parametrize("ident", ["a b", "a" * 65, "%00", "..%2f..%2fetc", "é", "*"])
def test_a_bad_id_in_the_path_is_a_400_or_404(broker: Broker, ident: str) -> None:
    given = broker.as_(POLICE).raw("GET", f"/v1/verzoeken/{ident}")
    problem(given, given.status_code)
    assert given.status_code in {400, 401, 404}


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**30])
def test_a_number_that_json_readers_read_differently_is_refused_when_it_comes_in(broker: Broker, number: int) -> None:
    body: Json = {"betrokkene": KNOWN, "gegeven": "financien.schulden", "velden": {"bedrag": number}, "medewerker": STAFF[GGZ]}
    given = broker.as_(GGZ).raw("POST", "/v1/bijdragen", content=json.dumps(body).encode(), headers=JSON)
    assert any(name.startswith("velden.") for name in names(problem(given, 400)))


def test_mistakes_are_not_in_the_log_and_release_nothing(broker: Broker, told: Told) -> None:
    ledger = broker.keepers.ledger
    size = ledger.state().size
    send(broker, b"{")
    send(broker, json.dumps({**question(told.case), "medewerker": STAFF[POLICE], "doel": "onbekend"}).encode())
    assert ledger.state().size == size
    assert all(entry.kind is Kind.RELEASE_AUTHORISED for entry in ledger.entries(LogQuery(kinds=(Kind.RELEASE_AUTHORISED,))))


def test_the_dutch_texts_of_a_record_come_through_unharmed(broker: Broker) -> None:
    """Every letter of the Netherlands and its visitors, and what JSON escapes."""
    words = "Ĳsbrand & Çelik-Özgür zei: \"ja\", 'nee', 50% – € 3,– 🙂\n\tnieuwe regel"
    body: Json = {
        "betrokkene": KNOWN,
        "gegeven": "wonen.situatie",
        "velden": {"overlast": {"advies": words}},
        "medewerker": STAFF[GGZ],
    }  # fmt: skip - one body
    for ascii_only in (True, False):
        content = json.dumps(body, ensure_ascii=ascii_only).encode()
        assert broker.as_(GGZ).raw("POST", "/v1/bijdragen", content=content, headers=JSON).status_code == 201
