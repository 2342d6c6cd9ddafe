"""The stories of the field, over real HTTP against a broker in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sluis.core.entry import Kind
from sluis.core.errors import LedgerBroken
from sluis.demo import notes
from sluis.demo.region import DORUS
from sluis.demo.walk import _change_one_byte
from sluis.ports import LogQuery
from sluis.wiring import log_path, open_keepers
from world.broker import (
    AMBULANCE,
    CLINIC,
    GGZ,
    HOUSING,
    KNOWN,
    POLICE,
    PROBATION,
    STAFF,
    TOWN,
    UNKNOWN,
    Caller,
    Json,
    Process,
    consented,
    opened,
    question,
    running,
)

HELD = {"gebruiker-bevoegd": "waar", "motivering": "waar", "vrager-betrokken": "waar", "verstrekker-betrokken": "waar"}


@pytest.fixture(scope="module")
def call(process: Process) -> dict[str, Caller]:
    return {name: process.client(name) for name in STAFF}


@pytest.fixture(scope="module")
def case(call: dict[str, Caller]) -> str:
    return opened(call)


def test_s12_may_i_ask_this_is_answered_without_a_name_and_without_a_trace(process: Process, call: dict[str, Caller]) -> None:
    before = call[TOWN].client.http.get(f"{process.url}/log/checkpoint").text
    asked: Json = {
        "doel": "zvh-casus",
        "vrager": "politie",
        "verstrekker": "ggz",
        "casusstatus": "opgenomen",
        "gegevens": ["gezondheid.functioneel", "gezondheid.diagnose"],
        "feiten": HELD,
    }  # fmt: skip - one body
    without = call[POLICE].client.post("/v1/verzoeken/_toets", asked).json()
    with_consent = {**HELD, "toestemming": ["gezondheid.functioneel"]}
    given = call[POLICE].client.post("/v1/verzoeken/_toets", {**asked, "feiten": with_consent}).json()
    assert without["besluit"] == "voorleggen"
    assert without["voorgelegd"]["gezondheid.functioneel"]["feiten"] == ["conflict-van-plichten"]
    assert "toestemming" in str(without["geweigerd"]["gezondheid.diagnose"]["watHelpt"])
    assert (given["besluit"], given["gegevens"]) == ("verstrekken", {"gezondheid.functioneel": "functioneel"})
    assert call[TOWN].client.http.get(f"{process.url}/log/checkpoint").text == before


def test_s1_before_admission_nobody_gives_anything_and_after_consent_the_minimum(call: dict[str, Caller], case: str) -> None:
    sector: Json = {
        "doel": "onbegrepen-gedrag",
        "verstrekker": GGZ,
        "gegevens": ["gezondheid.bestaat"],
        "motivering": {"gezondheid.bestaat": "Is hij bij u bekend?"},
    }  # fmt: skip - one body
    known, unknown = (call[POLICE].post("/v1/verzoeken", {**sector, "betrokkene": one}) for one in (KNOWN, UNKNOWN))
    assert known.status_code == unknown.status_code == 403
    assert known.json()["geweigerd"] == unknown.json()["geweigerd"]

    consented(call, case)
    asked = question(case, "gezondheid.functioneel", "gezondheid.diagnose")
    answer = call[POLICE].post("/v1/verzoeken", asked)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert set(told["bundel"]["gegevens"]) == {"gezondheid.functioneel"}
    assert told["geweigerd"]["gezondheid.diagnose"]["reden"] == "geheim"
    assert "Spreek rustig" in json.dumps(told["bundel"])
    assert told["logboek"]["bewijs"].startswith("c2sp.org/tlog-proof@v1")
    assert answer.headers["location"] == f"/v1/verstrekkingen/{told['logboek']['registratie']}"


def test_s1_a_consent_taken_back_gives_nothing_more_not_even_on_an_older_one(call: dict[str, Caller], case: str) -> None:
    consent = consented(call, case)
    assert call[POLICE].post("/v1/verzoeken", question(case)).status_code == 201
    assert call[GGZ].post(f"/v1/toestemmingen/{consent}/intrekkingen", {}).status_code == 201
    after = call[POLICE].post("/v1/verzoeken", question(case))
    assert after.status_code == 202, "the consent before it was replaced, and does not come back to life"


def test_s2_the_list_for_the_meeting_says_beforehand_who_may_bring_what_and_who_leads(call: dict[str, Caller], case: str) -> None:
    answers = {
        kind: call[TOWN]
        .client.post(
            "/v1/verzoeken/_toets",
            {
                "doel": "zvh-casus",
                "vrager": "college",
                "verstrekker": kind,
                "casusstatus": "opgenomen",
                "gegevens": [category],
                "feiten": HELD,
            },
        )
        .json()["besluit"]
        for kind, category in (
            ("politie", "politie.artikel-8"),
            ("ggz", "gezondheid.functioneel"),
            ("politie", "politie.artikel-12"),
        )
    }  # fmt: skip - one call
    assert set(answers.values()) <= {"verstrekken", "voorleggen", "weigeren"}
    leads = {"trekker": TOWN, "meetrekkers": [POLICE, PROBATION], "medewerker": STAFF[TOWN]}
    put = call[TOWN].client.request("PUT", f"/v1/casussen/{case}/regie", json=leads)
    assert (put.status_code, put.json()["casus"]["trekker"]) == (200, TOWN)
    strangers = {**leads, "meetrekkers": [HOUSING]}
    assert call[TOWN].client.request("PUT", f"/v1/casussen/{case}/regie", json=strangers).status_code == 403


def test_s3_the_advice_goes_along_and_the_score_stays(call: dict[str, Caller], case: str) -> None:
    left = call[GGZ].post(f"/v1/casussen/{case}/bijdragen", {"gegeven": "gezondheid.lvb", "velden": notes.LVB})
    consent: Json = {
        "casus": case,
        "betrokkene": KNOWN,
        "ontvangers": [POLICE],
        "doelen": ["zvh-casus"],
        "gegevens": ["gezondheid.lvb"],
        "uitleg": "In gewone taal.",
    }  # fmt: skip - one body
    assert (left.status_code, call[GGZ].post("/v1/toestemmingen", consent).status_code) == (201, 201)
    answer = call[POLICE].post("/v1/verzoeken", question(case, "gezondheid.lvb"))
    assert answer.status_code == 201, answer.text
    assert "korte zinnen" in answer.text
    assert "63" not in json.dumps(answer.json()["bundel"]["gegevens"])


def test_s4_urgency_shortens_the_time_a_human_decides_and_then_it_is_released(call: dict[str, Caller], case: str) -> None:
    calm = call[PROBATION].post("/v1/verzoeken", question(case))
    urgent = call[PROBATION].post("/v1/verzoeken", {**question(case), "spoed": True})
    assert (calm.status_code, urgent.status_code) == (202, 202)
    same = ("besluit", "geweigerd", "voorgelegd", "plichten", "regels", "beleid")
    assert [calm.json()[key] for key in same] == [urgent.json()[key] for key in same]
    assert (calm.json()["antwoordBinnen"], urgent.json()["antwoordBinnen"]) == ("binnen drie dagen", "binnen een dag")

    ident = urgent.json()["id"]
    early = call[PROBATION].post(f"/v1/verzoeken/{ident}/_ophalen", {})
    assert early.status_code == 202, "nothing is released before the human has judged"
    ground = dict.fromkeys(
        ("toestemming-geprobeerd", "ernstige-schade", "gewetensnood", "geen-andere-weg", "voorkomt-schade", "minimum-aan-wie"),
        "Ja.",
    )
    judgement = {"feit": "conflict-van-plichten", "waarde": True, "gegevens": ["gezondheid.functioneel"], "gronden": ground}
    hasty = call[GGZ].post(f"/v1/verzoeken/{ident}/beoordelingen", {"oordelen": [judgement]})
    assert hasty.status_code == 400, "one of the seven questions is not answered"
    ground["collega-geraadpleegd"] = "Ja."
    assert call[GGZ].post(f"/v1/verzoeken/{ident}/beoordelingen", {"oordelen": [judgement]}).status_code == 201
    released = call[PROBATION].post(f"/v1/verzoeken/{ident}/_ophalen", {})
    assert released.status_code == 201, released.text
    assert call[PROBATION].get(f"/v1/verzoeken/{ident}").json()["status"] == "verstrekt"


def test_s7_in_acute_danger_now_and_accounted_for_afterwards(process: Process, call: dict[str, Caller]) -> None:
    left: Json = {"betrokkene": {"bsn": DORUS.bsn}, "gegeven": "gezondheid.medicatie", "velden": notes.MEDICATION}
    assert call[CLINIC].post("/v1/bijdragen", left).status_code == 201
    request: Json = {
        "doel": "vitaal-belang",
        "verstrekker": CLINIC,
        "betrokkene": {"bsn": DORUS.bsn},
        "gegevens": ["gezondheid.medicatie"],
        "verklaringen": {"acuut-gevaar": True, "niet-aanspreekbaar": True},
        "medewerker": STAFF[AMBULANCE],
    }  # fmt: skip - one body
    given = call[AMBULANCE].client.post("/v1/noodinzagen", {"grond": "Bewusteloos, vermoeden van ghb.", "verzoek": request})
    assert given.status_code == 201, given.text
    assert "motivering-achteraf" in [duty["plicht"] for duty in given.json()["plichten"]]
    refused = call[POLICE].post("/v1/verzoeken", {**request, "medewerker": STAFF[POLICE]})
    assert refused.status_code == 403
    entry = given.json()["logboek"]["registratie"]
    assert call[HOUSING].get(f"/v1/verstrekkingen/{entry}").status_code == 404
    proof = call[AMBULANCE].get(f"/v1/verstrekkingen/{entry}/bewijs")
    assert (proof.status_code, proof.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert process.url


def test_s9_the_log_verifies_until_somebody_changes_one_byte(tmp_path: Path) -> None:
    with running(tmp_path / "regio") as process:
        call = {name: process.client(name) for name in (POLICE, TOWN, GGZ, PROBATION)}
        case = opened(call)
        consented(call, case)
        assert call[POLICE].post("/v1/verzoeken", question(case)).status_code == 201
    keepers = open_keepers(process.region.settings)
    assert keepers.ledger.verify().size > 5
    assert [e.kind for e in keepers.ledger.entries(LogQuery(kinds=(Kind.RELEASE_DELIVERED,)))] == [Kind.RELEASE_DELIVERED]
    keepers.close()
    position = _change_one_byte(log_path(process.region.settings))
    with pytest.raises(LedgerBroken, match=str(position)):
        open_keepers(process.region.settings).ledger.verify()


@pytest.mark.slow
def test_the_demo_tells_all_its_stories_and_ends_well(tmp_path: Path, checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "sluis", "demo", "--folder", str(tmp_path / "demo")],
        cwd=checkout,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )  # fmt: skip - one call
    assert done.returncode == 0, done.stderr
    for story in ("S12", "S1 ", "S2", "S3", "S4", "S7", "S9", "betrapt"):
        assert story in done.stdout
