"""Logboek dataverwerkingen (Logius 0.8.0): one line per person, as JSON lines; and the same as OTLP without personal data.

Laws of this file: no user, ever; a refusal is no technical fault, so its status is `Ok`; what goes to a collector is made from
the core of an entry alone, in which no person is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256

import httpx2

from sluis.core.books import Event, Person
from sluis.core.entry import Json, Kind
from sluis.core.errors import SourceUnavailable
from sluis.exports.frame import KINDS, Frame

BATCH = 200
_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_UNDECIDED = frozenset({Kind.RELEASE_REFERRED, Kind.RELEASE_OFFERED, Kind.HANDOVER_OFFERED})
_CODES = {"Unset": 0, "Ok": 1, "Error": 2}
_INTERNAL = 1


def ldv_lines(events: Iterable[Event], frame: Frame) -> Iterator[str]:
    """One line per person; the persons of one event after the first are child spans of the first."""
    for event in events:
        for number, person in event.each():
            yield json.dumps(_line(event, number, person, frame), ensure_ascii=False) + "\n"


def status(event: Event) -> str:
    """`Error` for a technical fault only, `Unset` while nothing was decided, else `Ok`, refusals too."""
    if event.kind is Kind.RELEASE_FAILED:
        return "Error"
    return "Unset" if event.kind in _UNDECIDED else "Ok"


def _line(event: Event, number: int, person: Person | None, frame: Frame) -> dict[str, Json]:
    trace = _TRACEPARENT.fullmatch(event.actor.trace) if event.actor is not None else None
    line: dict[str, Json] = {
        "trace_id": trace[1] if trace else event.entry_id,
        "span_id": span(event.entry_id, number),
        "status": status(event),
        "name": KINDS[event.kind],
        "start_time": _milliseconds(event.started),
        "end_time": _milliseconds(event.recorded),
        "resource": {"attributes": dict(_resource(event, frame))},
        "attributes": {**_attributes(event, frame), "sluis.log.entry": event.entry_id, **_subject(person)},
    }
    if number:
        line["parent_span_id"] = span(event.entry_id, 0)
    elif trace:
        line["parent_span_id"] = trace[2]
    return line


def span(entry_id: str, number: int) -> str:
    """The span of one person of an entry: eight bytes, the same at every export."""
    return sha256(f"sluis-span/v1|{entry_id}|{number}".encode()).hexdigest()[:16]


def _attributes(event: Event, frame: Frame) -> dict[str, str]:
    found = {"dpl.core.processing_activity_id": frame.activity(event)}
    if recipient := event.text("recipient"):
        found["dpl.core.foreign_operation.processor"] = f"urn:nl-gov:oin:{recipient}"
    return found


def _subject(person: Person | None) -> Mapping[str, str]:
    if person is None or not person.pseudonym:
        return {}
    return {"dpl.core.data_subject_id": person.pseudonym, "dpl.core.data_subject_id_type": "pseudoniem"}


def _resource(event: Event, frame: Frame) -> Mapping[str, str]:
    found = {"service.name": "sluis", "sluis.log.origin": frame.origin}
    if provider := event.text("provider"):
        found["sluis.provider"] = f"urn:nl-gov:oin:{provider}"
    return found


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def otlp_body(events: Iterable[Event], frame: Frame) -> dict[str, Json]:
    """The body of an OTLP/HTTP export in JSON. It names no person, no user, and no trace of anybody else's system."""
    grouped: dict[tuple[tuple[str, str], ...], list[Json]] = {}
    for event in events:
        grouped.setdefault(tuple(_resource(event, frame).items()), []).append(_span(event, frame))
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": _key_values(dict(resource))},
                "scopeSpans": [{"scope": {"name": "sluis.ldv"}, "spans": spans}],
            }
            for resource, spans in grouped.items()
        ]
    }


def _span(event: Event, frame: Frame) -> Json:
    return {
        "traceId": event.entry_id,  # a parent's trace leads to a person in somebody else's system
        "spanId": span(event.entry_id, 0),
        "name": KINDS[event.kind],
        "kind": _INTERNAL,
        "startTimeUnixNano": str(_milliseconds(event.started) * 1_000_000),
        "endTimeUnixNano": str(_milliseconds(event.recorded) * 1_000_000),
        "attributes": _key_values(_attributes(event, frame)),
        "status": {"code": _CODES[status(event)]},
    }


def _key_values(told: Mapping[str, str]) -> list[Json]:
    return [{"key": name, "value": {"stringValue": value}} for name, value in told.items()]


def feed(events: Iterable[Event], frame: Frame, collector: str, http: httpx2.Client) -> int:
    """Send the events to a collector (OTLP/HTTP, its `/v1/traces`), in batches; return how many it took.

    Raises `SourceUnavailable` when it does not answer or takes only a part: every write is confirmed. Repeating is harmless, a
    span has the same id each time.
    """
    sent, batch = 0, list[Event]()
    for event in events:
        batch.append(event)
        if len(batch) == BATCH:
            sent += _post(batch, frame, collector, http)
            batch.clear()
    return sent + (_post(batch, frame, collector, http) if batch else 0)


def _post(batch: list[Event], frame: Frame, collector: str, http: httpx2.Client) -> int:
    try:
        answer = http.post(f"{collector.rstrip('/')}/v1/traces", json=otlp_body(batch, frame))
        told = answer.json() if answer.content else {}
    except (httpx2.HTTPError, ValueError) as fault:
        raise SourceUnavailable(f"the collector does not answer: {type(fault).__name__}") from fault
    partial = told.get("partialSuccess") if isinstance(told, dict) else None
    if answer.status_code != httpx2.codes.OK or (partial and int(partial.get("rejectedSpans", 0))):
        raise SourceUnavailable(f"the collector did not take everything: status {answer.status_code}")
    return len(batch)
