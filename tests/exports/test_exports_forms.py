"""Each form of an export says what its standard asks, and nothing that it must not."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator

import httpx2
import pytest
from exports_collector import Collector
from exports_world import AT, BSN, FRAME, GGZ, NAME, OFFICER, POLICE, TRACE, USER, entry_of, event, every_kind, reading
from fhir.resources.R4B.auditevent import AuditEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sluis.core.books import Event, event_of
from sluis.core.entry import Kind, LoggedEntry
from sluis.core.errors import SourceUnavailable
from sluis.exports.fhir import DISCLOSURE, audit_event, fhir_lines
from sluis.exports.frame import Frame
from sluis.exports.ldv import feed, ldv_lines, otlp_body
from sluis.exports.nen7513 import nen_lines, record
from sluis.exports.tables import BOM, COLUMNS, csv_lines, row, safe
from sluis.exports.vng import action, vng_lines
from sluis.exports.whole import whole_lines

Render = Callable[[Iterator[Event], Frame], Iterator[str]]
WITH_USER: dict[str, Render] = {"csv": csv_lines, "fhir": fhir_lines, "nen7513": nen_lines}
WITHOUT_USER: dict[str, Render] = {
    "ldv": ldv_lines,
    "vng": vng_lines,
    "otlp": lambda events, frame: iter([json.dumps(otlp_body(events, frame))]),
}


def text(render: Render, events: Iterator[Event] | None = None) -> str:
    return "".join(render(events or every_kind(), FRAME))


# ---- what must not come out ------------------------------------------------------------------------


@pytest.mark.parametrize("form", [*WITH_USER, *WITHOUT_USER])
def test_no_form_but_the_whole_entries_holds_what_people_wrote(form: str) -> None:
    made = text({**WITH_USER, **WITHOUT_USER}[form])
    assert made
    for canary in (BSN, NAME, "doet niet open", "dak"):
        assert canary not in made


@pytest.mark.parametrize("form", WITHOUT_USER)
def test_ldv_and_vng_never_name_a_user(form: str) -> None:
    made = text(WITHOUT_USER[form])
    assert USER not in made
    assert OFFICER not in made


def test_a_collector_learns_of_no_person_and_no_trace_of_a_partner() -> None:
    made = text(WITHOUT_USER["otlp"])
    for canary in ("naam-0", "data_subject", "casus-1", "verzoek-1", "gezondheid", TRACE.split("-")[1]):
        assert canary not in made


@settings(max_examples=60)
@given(user=st.text(min_size=4, max_size=20).map(lambda word: f"gebr-{word}"), kind=st.sampled_from(Kind))
def test_no_user_whatever_his_name_comes_out_in_ldv(user: str, kind: Kind) -> None:
    plain = entry_of(kind)
    cells = (plain.cells[0], ("actor", {"user": user, "role": user, "trace": user}))
    changed = LoggedEntry(
        index=1, entry_id="ab" * 16, kind=kind, recorded=AT, core=plain.core, cells=cells
    )  # fmt: skip - one value
    (line,) = ldv_lines([event_of(changed)], FRAME)
    assert user not in json.dumps(json.loads(line), ensure_ascii=False)


@pytest.mark.parametrize("form", [*WITH_USER, *WITHOUT_USER])
def test_an_erased_person_still_leaves_a_readable_line(form: str) -> None:
    made = text({**WITH_USER, **WITHOUT_USER}[form], iter([event(erased=True)]))
    assert "naam-" not in made
    assert made


# ---- csv -------------------------------------------------------------------------------------------


def rows(made: str) -> list[dict[str, str]]:
    assert made.startswith(BOM)
    return list(csv.DictReader(io.StringIO(made.removeprefix(BOM), newline=""), delimiter=";"))


def test_csv_has_one_row_per_person() -> None:
    found = rows("".join(csv_lines([event(persons=3), reading(Kind.LOG_VIEWED)], FRAME)))
    assert [one["persoon"] for one in found] == ["naam-0", "naam-1", "naam-2", ""]
    assert found[0]["gebruiker"] == USER
    assert found[0]["ontvanger"] == "Politie Veen"
    assert set(found[0]) == set(COLUMNS)


@pytest.mark.parametrize(
    "cell", ['=HYPERLINK("http://x")', "+31", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\0=1"]
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell).startswith("'")


@settings(max_examples=100)
@given(cells=st.lists(st.text(max_size=30), min_size=2, max_size=6))
def test_a_row_reads_back_as_it_was_and_starts_no_formula(cells: list[str]) -> None:
    (found,) = csv.reader(io.StringIO(row(cells), newline=""), delimiter=";")
    kept = [cell.replace("\0", "") for cell in cells]
    assert [one.removeprefix("'") if one != cell else one for one, cell in zip(found, kept, strict=True)] == kept
    assert not any(one.lstrip()[:1] in set("=+-@＝＋－＠") for one in found if one.strip())


# ---- LDV and OTLP ----------------------------------------------------------------------------------


def test_ldv_has_one_line_per_person_and_a_refusal_is_no_fault() -> None:
    first, second, third = (json.loads(line) for line in ldv_lines([event(persons=3)], FRAME))
    assert first["trace_id"] == TRACE.split("-")[1]
    assert second["parent_span_id"] == third["parent_span_id"] == first["span_id"]
    assert first["attributes"]["dpl.core.data_subject_id"] == "naam-0"
    assert first["attributes"]["dpl.core.processing_activity_id"] == "https://sluis.test/verwerkingen/doel/zvh-casus@sha256:ab"
    assert first["end_time"] - first["start_time"] == 1000
    stati = {kind: json.loads(next(ldv_lines([event(kind)], FRAME)))["status"] for kind in Kind}
    assert stati[Kind.RELEASE_REFUSED] == "Ok"
    assert stati[Kind.RELEASE_REFERRED] == "Unset"
    assert [kind for kind, word in stati.items() if word == "Error"] == [Kind.RELEASE_FAILED]


def test_spans_have_the_lengths_that_otlp_asks() -> None:
    body = json.loads(json.dumps(otlp_body(every_kind(), FRAME)))
    spans = [one for part in body["resourceSpans"] for scope in part["scopeSpans"] for one in scope["spans"]]
    assert len(spans) == len(list(every_kind()))
    for span in spans:
        assert len(bytes.fromhex(span["traceId"])) == 16
        assert len(bytes.fromhex(span["spanId"])) == 8
        assert int(span["endTimeUnixNano"]) >= int(span["startTimeUnixNano"])


def fed(status: int, answer: bytes, events: list[Event]) -> tuple[int, list[bytes]]:
    with Collector(status, answer).running() as server, httpx2.Client(timeout=10) as http:
        return feed(events, FRAME, server.address, http), server.got


def test_a_feed_sends_everything_in_batches_and_counts_what_was_taken() -> None:
    sent, got = fed(200, b"{}", [event(index=number) for number in range(401)])
    assert sent == 401
    assert [len(json.loads(one)["resourceSpans"][0]["scopeSpans"][0]["spans"]) for one in got] == [200, 200, 1]


@pytest.mark.parametrize(
    ("status", "answer"),
    [(503, b"{}"), (400, b"no"), (200, b'{"partialSuccess": {"rejectedSpans": "1"}}'), (200, b"<html>")],
)
def test_a_collector_that_does_not_take_everything_is_an_error(status: int, answer: bytes) -> None:
    with pytest.raises(SourceUnavailable):
        fed(status, answer, [event()])


def test_a_collector_that_is_not_there_is_an_error() -> None:
    with httpx2.Client(timeout=5) as http, pytest.raises(SourceUnavailable):
        feed([event()], FRAME, "http://127.0.0.1:9", http)


# ---- VNG -------------------------------------------------------------------------------------------


def test_a_verwerkingsactie_has_what_the_standard_requires() -> None:
    made = action(event(persons=2), FRAME)
    required = {"url", "actieId", "vertrouwelijkheid", "tijdstip", "tijdstipRegistratie", "verwerkteObjecten"}
    assert required <= set(made)
    assert (made["vertrouwelijkheid"], made["uitvoerder"], made["afnemerId"]) == ("normaal", GGZ, POLICE)
    assert made["bewaartermijn"] == "P5Y"
    assert made["gebruiker"] == "gebruiker-1"
    first = json.loads(json.dumps(made))["verwerkteObjecten"][0]
    assert first["verwerkteSoortenGegevens"] == [{"soortGegeven": "gezondheid.functioneel"}]
    assert {"objecttype", "soortObjectId", "objectId", "betrokkenheid"} <= set(first)
    assert len(first["objectId"]) <= 40


def test_an_event_about_nobody_is_no_verwerkingsactie() -> None:
    assert list(vng_lines([reading(Kind.LOG_VIEWED)], FRAME)) == []


# ---- FHIR and NEN 7513 -----------------------------------------------------------------------------


def test_every_audit_event_is_valid_fhir() -> None:
    lines = list(fhir_lines(every_kind(), FRAME))
    assert len(lines) == 2 * len(Kind) + 1 + 3
    for line in lines:
        AuditEvent.model_validate_json(line)


@pytest.mark.parametrize("broken", ["type", "recorded", "agent", "source"])
def test_a_broken_audit_event_is_refused_by_the_validator(broken: str) -> None:
    made = audit_event(event(), event().persons[0], FRAME)
    del made[broken]
    with pytest.raises(ValidationError):
        AuditEvent.model_validate(made)


def test_a_release_is_a_privacy_disclosure_of_the_source() -> None:
    made = json.loads(next(fhir_lines([event()], FRAME)))
    assert made["meta"]["profile"] == [DISCLOSURE]
    assert (made["type"]["code"], made["subtype"][0]["code"], made["action"], made["outcome"]) == ("110106", "disclose", "R", "0")
    agents = {agent["type"]["coding"][0]["code"]: agent for agent in made["agent"]}
    assert agents["110153"]["who"]["identifier"]["value"] == GGZ == made["source"]["observer"]["identifier"]["value"]
    assert agents["110152"]["who"]["display"] == "Politie Veen"
    assert [code for code, agent in agents.items() if agent["requestor"]] == ["IRCP"]
    assert agents["IRCP"]["who"]["identifier"]["value"] == USER
    patient = next(one for one in made["entity"] if one["type"]["code"] == "1")
    assert patient["what"]["identifier"]["value"] == "naam-0"


def test_a_refusal_is_an_alert_with_its_reasons() -> None:
    made = json.loads(next(fhir_lines([event(Kind.RELEASE_REFUSED)], FRAME)))
    assert (made["type"]["code"], made["outcome"]) == ("110113", "4")
    assert made["outcomeDesc"].endswith("geheim")


def test_the_four_checks_of_nen_7513_rest_on_recorded_facts() -> None:
    made = json.loads(json.dumps(record(event(), event().persons[0], FRAME)))
    assert made["nl"]["controles"] == "TTTF"
    assert made["user"]["AlternateUserID"] == USER
    assert made["object"]["ParticipantObjectID"] == "naam-0"
    assert json.loads(next(nen_lines([event(erased=True)], FRAME)))["nl"]["controles"] == "FFFF"


# ---- whole entries ---------------------------------------------------------------------------------


def test_whole_entries_hold_everything_for_who_checks_lawfulness() -> None:
    entry = entry_of()
    (line,) = whole_lines([(entry, event())])
    told = json.loads(line)
    assert told["core"] == entry.core
    assert told["persons"][0]["motivation"]["gezondheid.functioneel"].startswith(NAME)
    assert told["actors"][0]["user"] == USER
    gone = entry_of(erased=True)
    assert json.loads(next(whole_lines([(gone, event(erased=True))])))["persons"] == [{"erased": True}]
