"""A citizen's number and a name in every field: in no log line, error, address, header or token."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

import httpx2
import pytest

from sluis.wiring import log_path
from world.broker import AMBULANCE, CLINIC, GGZ, POLICE, STAFF, TOWN, Caller, Json, Process, running

BSN, NAME, SECRET = "999900067", "Zjoerd Kanariestein", "kanarie-4711"
PERSON = {"bsn": BSN}
ADVICE = f"Bel {NAME} ({BSN}) niet na tienen, {SECRET}."


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A broker of its own, so that every line of its log is about the canary."""
    with running(tmp_path_factory.mktemp("kanarie")) as made:
        yield made


def traces(text: str) -> list[str]:
    """What of the canary stands in that text, also with accents of encoding on it."""
    found = [word for word in (BSN, NAME, "Kanariestein", SECRET) if word.lower() in text.lower()]
    return found + [word for word in (BSN, NAME, SECRET) if base64.b64encode(word.encode()).decode()[:-4] in text]


def everywhere(call: dict[str, Caller]) -> Iterator[tuple[Caller, httpx2.Response]]:
    """Calls with the canary in every place where a partner can write something: the good, the refused and the broken."""
    person: Json = {"naam": NAME, "geboortedatum": "1980-01-02"}
    employee = {"id": SECRET, "rol": "wijkagent"}
    why = {"gezondheid.functioneel": f"Omdat {NAME} {BSN} {SECRET}"}
    for one in (PERSON, person):
        for kind, fields in (
            ("gezondheid.functioneel", {"bejegening": {"advies": ADVICE, "gelakt": ADVICE}}),
            ("gezondheid.medicatie", {"middel": f"{NAME} {SECRET}"}),
            ("identiteit.basis", {"naam": NAME}),
            ("wonen.situatie", {SECRET: NAME}),
            (SECRET, {"naam": NAME}),
        ):  # fmt: skip - one list
            body: Json = {"betrokkene": one, "gegeven": kind, "velden": fields}
            yield call[CLINIC], call[CLINIC].post("/v1/bijdragen", body)
        request: Json = {
            "doel": "vitaal-belang",
            "verstrekker": CLINIC,
            "betrokkene": one,
            "gegevens": ["gezondheid.functioneel"],
            "motivering": why,
            "verklaringen": {"acuut-gevaar": True, "niet-aanspreekbaar": True},
        }  # fmt: skip - one body
        for who in (POLICE, AMBULANCE):
            yield call[who], call[who].post("/v1/verzoeken", request)
            emergency = {"grond": f"{NAME} {BSN} {SECRET}", "verzoek": {**request, "medewerker": STAFF[who]}}
            yield call[who], call[who].client.post("/v1/noodinzagen", emergency)
            yield call[who], call[who].client.post("/v1/verzoeken", {**request, "medewerker": employee})
    for changed in (
        {"doel": SECRET},
        {"verstrekker": SECRET},
        {"gegevens": [SECRET]},
        {"casus": SECRET},
        {"persoon": SECRET},
        {"verklaringen": {SECRET: True}},
        {"motivering": {SECRET: NAME}},
        {SECRET: NAME},
        {"betrokkene": {"bsn": NAME}},
        {"betrokkene": {"bsn": "123456780"}},
        {"betrokkene": {SECRET: BSN}},
        {"gegevens": BSN},
        {"spoed": NAME},
        {"medewerker": {"id": NAME, "rol": NAME}},
    ):  # fmt: skip - one list
        yield call[POLICE], call[POLICE].client.post("/v1/verzoeken", {**request, "medewerker": STAFF[POLICE], **changed})
    yield call[POLICE], call[POLICE].client.post("/v1/casussen", {"betrokkene": person, "eigenVisie": ADVICE, SECRET: NAME})
    yield (
        call[GGZ],
        call[GGZ].post(
            "/v1/toestemmingen",
            {
                "betrokkene": person,
                "ontvangers": [SECRET],
                "doelen": [SECRET],
                "gegevens": [SECRET],
                "uitleg": ADVICE,
            },
        ),
    )  # fmt: skip - one call
    yield (
        call[GGZ],
        call[GGZ].post(
            "/v1/afwegingen",
            {
                "feit": SECRET,
                "betrokkene": person,
                "ontvangers": [POLICE],
                "doelen": ["zvh-casus"],
                "gronden": {SECRET: ADVICE},
            },
        ),
    )  # fmt: skip - one call
    for path in (f"/v1/verzoeken/{SECRET}", f"/v1/casussen/{SECRET}", f"/v1/verstrekkingen/{SECRET}/bewijs", f"/{NAME}/{BSN}"):
        yield call[TOWN], call[TOWN].raw("GET", path)
    for raw in (f'{{"bsn": "{BSN}"', f'{{"{NAME}": NaN}}', f'{{"a": "{SECRET}", "a": "{BSN}"}}'):
        content = {"Content-Type": "application/json", "traceparent": SECRET, "X-Request-Id": NAME, "User-Agent": SECRET}
        yield call[TOWN], call[TOWN].raw("POST", "/v1/verzoeken", content=raw.encode(), headers=content)


def test_the_canary_is_heard_nowhere(alone: Process) -> None:
    call = {name: alone.client(name) for name in (POLICE, AMBULANCE, CLINIC, GGZ, TOWN)}
    statuses = set()
    for caller, answer in everywhere(call):
        statuses.add(answer.status_code)
        assert answer.status_code < 500, answer.text
        assert traces(str(answer.headers)) == []
        if answer.status_code != 201:
            assert traces(answer.text) == [], answer.text
        elif "bundel" in answer.json():
            bundle = answer.json().pop("bundel")
            assert traces(json.dumps(bundle["betrokkene"])) == []
            assert BSN not in json.dumps(bundle), "the redactor lets a citizen's number through"
        assert traces(caller.client.token()) == []
        middle = caller.client.token().split(".")[1]
        assert traces(base64.urlsafe_b64decode(middle + "==").decode()) == []
    assert {201, 400, 403, 404} <= statuses
    alone.stop()
    lines = alone.lines()
    assert lines.count("\n") > len(statuses)
    assert traces(lines) == [], "the operator's log"


def test_the_canary_is_in_no_file_of_the_broker_in_plain_text(alone: Process) -> None:
    """Encrypted under the person's key, or not there at all; also in the write-ahead logs."""
    files = [path for path in alone.region.settings.data.rglob("*") if path.is_file()]
    assert log_path(alone.region.settings) in files
    for path in files:
        content = path.read_bytes()
        assert [word for word in (BSN, NAME, SECRET) if word.encode() in content] == [], path.name
