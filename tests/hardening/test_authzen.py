"""AuthZEN 1.0 at our second door, module by module of the official plan, and one record in the log for each decision."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType

import httpx2
import pytest

from sluis.core.entry import Kind
from sluis.ports.log import LogQuery
from world.broker import GGZ, KNOWN, POLICE, STAFF, Broker, Json

ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
JSON = {"content-type": "application/json"}
PERMITTED: dict[str, object] = {
    "subject": {"type": "soort", "id": "ambulance"},
    "action": {"name": "opvraag", "properties": {"processing_activity_id": "https://register.example/doel/vitaal-belang"}},
    "resource": {"type": "gegeven", "id": "gezondheid.medicatie", "properties": {"verstrekker": "verslavingszorg"}},
    "context": {
        "feiten": {"gebruiker-bevoegd": "waar", "acuut-gevaar": "waar", "niet-aanspreekbaar": "waar"},
        "traceparent": TRACE,
        "time": "2026-11-21T12:00:00Z",
    },
}


def denied() -> dict[str, object]:
    """The same question, asked by the police: the rules give it nothing."""
    return with_part("subject", {"type": "soort", "id": "politie"})


def with_part(name: str, part: object) -> dict[str, object]:
    return {**deepcopy(PERMITTED), name: part}


def without(name: str) -> dict[str, object]:
    return {key: part for key, part in PERMITTED.items() if key != name}


def sends(
    broker: Broker, body: object, *, path: str = ONE, method: str = "POST", headers: Mapping[str, str] = JSON
) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return broker.as_(POLICE).raw(method, path, content=content, headers=headers)


def good(given: httpx2.Response) -> Json:
    assert given.status_code == 200, given.text
    assert given.headers["content-type"].startswith("application/json")
    told: Json = given.json()
    return told


def records(broker: Broker) -> int:
    """How many decisions stand in the log."""
    return len(broker.keepers.ledger.entries(LogQuery(kinds=(Kind.DECISION_EVALUATED,), limit=500)))


# ---- the single form -----------------------------------------------------------------------------


def test_a_permit_and_a_deny_are_both_200_with_a_boolean(broker: Broker) -> None:
    assert good(sends(broker, PERMITTED))["decision"] is True
    told = good(sends(broker, denied()))
    assert told["decision"] is False
    assert "gezondheid.medicatie" in str(told["context"])


@pytest.mark.parametrize("part", ["subject", "action", "resource"])
def test_a_missing_part_is_a_bad_request(broker: Broker, part: str) -> None:
    assert sends(broker, without(part)).status_code == 400


@pytest.mark.parametrize("part", ["subject", "action", "resource"])
@pytest.mark.parametrize("wrong", [None, "tekst", 1, True, [], {}, {"type": 1, "id": 2, "name": 3}])
def test_a_part_of_another_type_is_a_bad_request(broker: Broker, part: str, wrong: object) -> None:
    given = sends(broker, with_part(part, wrong))
    assert given.status_code == 400
    assert given.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("part", "member"), [("subject", "type"), ("subject", "id"), ("action", "name"), ("resource", "type"), ("resource", "id")]
)
@pytest.mark.parametrize("wrong", [None, "", 1, False, [], {}])
def test_a_required_member_that_is_missing_empty_or_mistyped_is_a_bad_request(
    broker: Broker, part: str, member: str, wrong: object
) -> None:
    question = deepcopy(PERMITTED)
    inner = question[part]
    assert isinstance(inner, dict)
    inner[member] = wrong
    assert sends(broker, question).status_code == 400
    del inner[member]
    assert sends(broker, question).status_code == 400


def test_a_context_that_is_no_object_is_a_bad_request(broker: Broker) -> None:
    wrongs: tuple[object, ...] = ("tekst", 1, [])
    for wrong in wrongs:
        assert sends(broker, with_part("context", wrong)).status_code == 400


def test_unknown_members_are_ignored_wherever_they_stand(broker: Broker) -> None:
    question = deepcopy(PERMITTED)
    for part in ("subject", "action", "resource", "context"):
        inner = question[part]
        assert isinstance(inner, dict)
        inner["onbekend"] = {"wat": ["dan", 1, None]}
        inner.setdefault("properties", {})["onbekend"] = True
    assert good(sends(broker, {**question, "onbekend": 1})) == good(sends(broker, PERMITTED))


@pytest.mark.parametrize("content", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_refused(broker: Broker, content: str) -> None:
    assert sends(broker, PERMITTED, headers={"content-type": content}).status_code == 415


@pytest.mark.parametrize("content", ["application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"])
def test_json_with_a_charset_is_accepted(broker: Broker, content: str) -> None:
    assert good(sends(broker, PERMITTED, headers={"content-type": content}))["decision"] is True


@pytest.mark.parametrize("path", [ONE, MANY])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_only_post_is_served(broker: Broker, path: str, method: str) -> None:
    given = sends(broker, PERMITTED, path=path, method=method)
    assert given.status_code == 405
    assert given.headers["allow"] == "POST"


@pytest.mark.parametrize("path", [ONE, MANY])
@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b"1", b'"x"', b"{", b"[{}]", b"\xff", b'{"subject": NaN}'])
def test_an_empty_body_an_array_or_no_json_is_a_bad_request(broker: Broker, path: str, body: bytes) -> None:
    assert sends(broker, body, path=path).status_code == 400


@pytest.mark.parametrize("path", [ONE, MANY])
@pytest.mark.parametrize("token", [None, "Bearer onzin", "DPoP onzin", "Basic eDp5"])
def test_without_a_good_token_the_door_is_shut_and_says_how_to_open_it(broker: Broker, path: str, token: str | None) -> None:
    headers = {**JSON, **({"authorization": token} if token else {})}
    given = broker.http.post(path, content=json.dumps(PERMITTED), headers=headers)
    assert given.status_code == 401
    assert given.headers["www-authenticate"].split()[0] in {"Bearer", "DPoP"}
    assert "decision" not in given.text


@pytest.mark.parametrize("path", [ONE, MANY])
@pytest.mark.parametrize("body", [PERMITTED, {}])
def test_the_request_id_comes_back_with_an_answer_and_with_a_problem(broker: Broker, path: str, body: object) -> None:
    given = sends(broker, body, path=path, headers={**JSON, "x-request-id": "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"})
    assert given.headers["x-request-id"] == "bfe9eb29-ab87-4ca3-be83-a1d5d8305716"
    assert "x-request-id" not in sends(broker, body, path=path).headers
    for no_id in ("Zjoerd Kanariestein", "x" * 129, "a,b"):
        assert "x-request-id" not in sends(broker, body, path=path, headers={**JSON, "x-request-id": no_id}).headers
    assert "x-request-id" not in sends(broker, body, path="/v1/verzoeken", headers={**JSON, "x-request-id": "a-1"}).headers


def test_the_same_question_has_the_same_answer(broker: Broker) -> None:
    assert len({json.dumps(good(sends(broker, PERMITTED))) for _ in range(5)}) == 1
    assert len({json.dumps(good(sends(broker, denied()))) for _ in range(5)}) == 1


def test_a_question_without_a_trace_is_refused_as_the_dutch_profile_asks(broker: Broker) -> None:
    question = deepcopy(PERMITTED)
    context = question["context"]
    assert isinstance(context, dict)
    del context["traceparent"]
    assert sends(broker, question).status_code == 400
    assert good(sends(broker, question, headers={**JSON, "traceparent": TRACE}))["decision"] is True


def test_the_answer_holds_no_data_and_no_receipt(broker: Broker) -> None:
    told = good(sends(broker, PERMITTED))
    assert told.keys() == {"decision", "context"}
    assert isinstance(told["context"], dict)
    assert told["context"].keys() == {"besluit", "precisie", "redenen", "voorleggen", "plichten", "beleid"}


# ---- several questions ---------------------------------------------------------------------------


def several(
    broker: Broker, *items: object, semantic: str | None = None, shared: Mapping[str, object] = MappingProxyType({})
) -> list[bool]:
    options = {"options": {"evaluations_semantic": semantic}} if semantic else {}
    told = good(sends(broker, {**shared, **options, "evaluations": list(items)}, path=MANY))
    assert told.keys() == {"evaluations"}
    found = told["evaluations"]
    assert isinstance(found, list)
    return [one["decision"] for one in found]


def test_all_are_answered_in_their_order_unless_asked_otherwise(broker: Broker) -> None:
    items = (PERMITTED, denied(), PERMITTED)
    assert several(broker, *items) == several(broker, *items, semantic="execute_all") == [True, False, True]


def test_the_first_deny_ends_it(broker: Broker) -> None:
    assert several(broker, PERMITTED, denied(), PERMITTED, semantic="deny_on_first_deny") == [True, False]


def test_the_first_permit_ends_it(broker: Broker) -> None:
    assert several(broker, denied(), PERMITTED, denied(), semantic="permit_on_first_permit") == [False, True]


def test_another_semantic_is_a_bad_request(broker: Broker) -> None:
    body = {**PERMITTED, "evaluations": [{}], "options": {"evaluations_semantic": "wat-dan-ook"}}
    assert sends(broker, body, path=MANY).status_code == 400


def test_what_an_item_leaves_out_comes_from_the_shared_parts_and_what_it_has_replaces_them(broker: Broker) -> None:
    assert several(broker, {}, {"subject": {"type": "soort", "id": "politie"}}, shared=PERMITTED) == [True, False]
    assert several(broker, {"resource": PERMITTED["resource"]}, shared=without("resource")) == [True]


def test_an_item_that_stays_incomplete_is_a_bad_request(broker: Broker) -> None:
    body = {**without("action"), "evaluations": [{"action": PERMITTED["action"]}, {}]}
    before = records(broker)
    assert sends(broker, body, path=MANY).status_code == 400
    assert records(broker) == before


@pytest.mark.parametrize("evaluations", [{}, {"evaluations": []}])
def test_no_items_is_the_single_form(broker: Broker, evaluations: dict[str, object]) -> None:
    assert good(sends(broker, {**PERMITTED, **evaluations}, path=MANY)) == good(sends(broker, PERMITTED))


def test_evaluations_of_another_type_are_a_bad_request(broker: Broker) -> None:
    wrongs: tuple[object, ...] = ("tekst", {}, 1, ["tekst"], [1], [None])
    for wrong in wrongs:
        assert sends(broker, {**PERMITTED, "evaluations": wrong}, path=MANY).status_code == 400


# ---- the Authorization Decision Log --------------------------------------------------------------


def test_each_decision_has_exactly_one_record_whatever_it_says(broker: Broker) -> None:
    before = records(broker)
    good(sends(broker, PERMITTED))
    good(sends(broker, denied()))
    assert records(broker) == before + 2
    several(broker, denied(), PERMITTED, denied(), semantic="permit_on_first_permit")
    assert records(broker) == before + 4
    sends(broker, without("subject"))
    sends(broker, PERMITTED, method="GET")
    assert records(broker) == before + 4


def test_the_record_can_be_decided_again_and_a_deny_is_no_error(broker: Broker) -> None:
    unsampled = TRACE[:-1] + "0"
    good(sends(broker, {**denied(), "context": {**_context(), "traceparent": unsampled}}))
    entry = broker.keepers.ledger.entries(LogQuery(kinds=(Kind.DECISION_EVALUATED,), limit=1))[0]
    adl = entry.core["adl"]
    assert isinstance(adl, Mapping)
    assert (adl["trace_id"], adl["parent_span_id"], adl["status"]) == (TRACE[3:35], TRACE[36:52], "Ok")
    assert isinstance(adl["timestamp"], int)
    assert len(str(adl["span_id"])) == 16
    assert adl["span_id"] != adl["parent_span_id"]
    for part in ("request", "response", "policies", "information", "configuration"):
        assert adl[f"adl.core.{part}"], part


FSC = "0190163d-8694-739b-aea5-966c26f8ad91"


def test_the_transaction_of_fsc_is_kept_beside_the_trace_when_it_is_one(broker: Broker) -> None:
    for given, kept in ((FSC, FSC), (FSC.upper(), FSC), ("999900018", None), (FSC.replace("-7", "-4"), None)):
        good(sends(broker, PERMITTED, headers={**JSON, "fsc-transaction-id": given}))
        entry = broker.keepers.ledger.entries(LogQuery(kinds=(Kind.DECISION_EVALUATED,), limit=1))[0]
        adl = entry.core["adl"]
        assert isinstance(adl, Mapping)
        assert adl.get("adl.fsc.transaction_id") == kept


def test_the_transaction_of_a_request_stands_with_its_actor(broker: Broker) -> None:
    request = {
        "doel": "vitaal-belang",
        "verstrekker": GGZ,
        "betrokkene": KNOWN,
        "gegevens": ["gezondheid.medicatie"],
        "medewerker": STAFF[POLICE],
    }
    headers = {**JSON, "fsc-transaction-id": FSC, "traceparent": TRACE}
    given = sends(broker, request, path="/v1/verzoeken", headers=headers)
    assert given.status_code == 403
    entry = broker.keepers.ledger.entry(given.json()["logboek"]["registratie"])
    (actor,) = [data for role, data in entry.cells if role == "actor"]
    assert actor is not None
    assert (actor["trace"], actor["transaction"]) == (TRACE, FSC)
    assert FSC not in str(entry.core)


def _context() -> dict[str, object]:
    context = PERMITTED["context"]
    assert isinstance(context, dict)
    return context
