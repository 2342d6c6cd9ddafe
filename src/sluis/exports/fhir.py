"""FHIR R4 AuditEvent, in the patterns of IHE BALP 1.1.5: one resource per person of an event, as NDJSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sluis.core.books import Event, Person
from sluis.core.entry import Json, Kind
from sluis.exports.frame import KINDS, Frame, moment

DCM = "http://dicom.nema.org/resources/ontology/DCM"
LIFECYCLE = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle"
BALP = "https://profiles.ihe.net/ITI/BALP"
DISCLOSURE = f"{BALP}/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source"
ENTITY_TYPE = "http://terminology.hl7.org/CodeSystem/audit-entity-type"
ENTITY_ROLE = "http://terminology.hl7.org/CodeSystem/object-role"
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
OIN = "http://fhir.nl/fhir/NamingSystem/oin"
_URI = "5"


@dataclass(frozen=True, slots=True)
class Sort:
    """How a kind of event is coded: type, subtype (system, code), action."""

    type: tuple[str, str]
    subtype: tuple[str, str] | None
    action: str


_EXPORT, _ALERT, _RECORD = ("110106", "Export"), ("110113", "Security Alert"), ("110110", "Patient Record")
_LOG_USED, _ACTIVITY = ("110101", "Audit Log Used"), ("110100", "Application Activity")
_DISCLOSE = (LIFECYCLE, "disclose")
_SORTS: Mapping[Kind, Sort] = {
    Kind.RELEASE_AUTHORISED: Sort(_EXPORT, _DISCLOSE, "R"),
    Kind.KNOWN_ASKED: Sort(_EXPORT, _DISCLOSE, "R"),
    Kind.HANDOVER_ACCEPTED: Sort(_EXPORT, _DISCLOSE, "R"),
    Kind.RELEASE_REFUSED: Sort(_ALERT, None, "E"),
    Kind.RELEASE_FAILED: Sort(_EXPORT, None, "E"),
    Kind.EMERGENCY_DECLARED: Sort(_ALERT, (DCM, "110127"), "E"),
    Kind.SEARCH_PERFORMED: Sort(_LOG_USED, None, "R"),
    Kind.LOG_VIEWED: Sort(_LOG_USED, None, "R"),
    Kind.LOG_EXPORTED: Sort(_LOG_USED, None, "R"),
    Kind.PARTNER_CHANGED: Sort(_ALERT, (DCM, "110137"), "U"),
    Kind.CASE_CHANGED: Sort(_RECORD, None, "U"),
    Kind.EVIDENCE_RECORDED: Sort(_RECORD, None, "C"),
    Kind.CONTRIBUTION_CHANGED: Sort(_RECORD, None, "U"),
    Kind.JUDGEMENT_RECORDED: Sort(_RECORD, None, "C"),
    Kind.ERASURE_EXECUTED: Sort(_RECORD, (LIFECYCLE, "destroy"), "D"),
    Kind.RETENTION_EXPIRED: Sort(_RECORD, (LIFECYCLE, "destroy"), "D"),
}
_OTHER = Sort(_ACTIVITY, None, "E")


def fhir_lines(events: Iterable[Event], frame: Frame) -> Iterator[str]:
    """One AuditEvent a line, one per person."""
    for event in events:
        for number, person in event.each():
            yield json.dumps(audit_event(event, person, frame, number=number), ensure_ascii=False) + "\n"


def audit_event(event: Event, person: Person | None, frame: Frame, *, number: int = 0) -> dict[str, Json]:
    """The AuditEvent of an event, about one person or nobody."""
    sort = _SORTS.get(event.kind, _OTHER)
    found: dict[str, Json] = {
        "resourceType": "AuditEvent",
        "id": event.entry_id if not number else f"{event.entry_id}-{number}",
        "type": _coding(DCM, *sort.type),
        "action": sort.action,
        "period": {"start": moment(event.started), "end": moment(event.recorded)},
        "recorded": moment(event.recorded),
        "outcome": {Kind.RELEASE_FAILED: "8", Kind.RELEASE_REFUSED: "4"}.get(event.kind, "0"),
        "outcomeDesc": _described(event, person),
        "agent": _agents(event, frame),
        "source": {"site": frame.origin, "observer": _organisation(event.text("provider"), frame)},
        "entity": _entities(event, person),
    }
    if sort.subtype == _DISCLOSE:
        found["meta"] = {"profile": [DISCLOSURE]}
    if sort.subtype is not None:
        found["subtype"] = [_coding(*sort.subtype)]
    if purposes := _purposes(event, frame):
        found["purposeOfEvent"] = purposes
    return found


def _described(event: Event, person: Person | None) -> str:
    """What happened, and for a refusal the reason codes."""
    reasons = dict.fromkeys(person.refused.values()) if person is not None and event.kind is Kind.RELEASE_REFUSED else {}
    return KINDS[event.kind] + (f": {', '.join(reasons)}" if reasons else "")


def _purposes(event: Event, frame: Frame) -> list[Json]:
    found: list[Json] = []
    if purpose := event.text("purpose"):
        coded = _coding(f"{frame.base}/doelen", purpose, frame.purposes.get(purpose, ""))
        found.append({"coding": [coded]})
    if event.flag("emergency") or event.kind is Kind.EMERGENCY_DECLARED:
        found.append({"coding": [_coding(REASON, "BTG", "break the glass")]})
    return found


def _agents(event: Event, frame: Frame) -> list[Json]:
    found: list[Json] = []
    policy = [frame.activity(event)]
    for role, name, field in (("110153", "Source Role ID", "provider"), ("110152", "Destination Role ID", "recipient")):
        if oin := event.text(field):
            agent = _agent((DCM, role, name), _organisation(oin, frame))
            found.append({**agent, "policy": policy, "network": {"address": f"urn:nl-gov:oin:{oin}", "type": _URI}})
    actor = event.actor
    if actor is not None:
        who: Json = {"display": "gewist"} if actor.erased else {"identifier": {"value": actor.user}}
        asked = {**_agent((PARTICIPATION, "IRCP", "information recipient"), who), "requestor": True}
        found.append({**asked, "role": [{"text": actor.role}]} if actor.role else asked)
    elif not found:
        found.append(_agent((DCM, "110153", "Source Role ID"), {"display": "Sluis"}))
    return found


def _agent(kind: tuple[str, str, str], who: Json) -> dict[str, Json]:
    return {"type": {"coding": [_coding(*kind)]}, "who": who, "requestor": False}


def _organisation(oin: str, frame: Frame) -> dict[str, Json]:
    if not oin:
        return {"display": "Sluis", "identifier": {"value": frame.origin}}
    return {"identifier": {"system": OIN, "value": oin}, "display": frame.organisation(oin)}


def _entities(event: Event, person: Person | None) -> list[Json]:
    found: list[Json] = [_entity((f"{BALP}/CodeSystem/BasicAuditEntityType", "XrequestId"), event.entry_id)]
    if person is not None:
        name = person.pseudonym or "gewist"
        patient = _entity((ENTITY_TYPE, "1", "Person"), name, (ENTITY_ROLE, "1", "Patient"))
        found.append({**patient, **_confidential(event)})
    if digest := event.text("bundle"):
        data = _entity((ENTITY_TYPE, "2", "System Object"), digest, (ENTITY_ROLE, "4", "Domain Resource"))
        told = () if person is None else _details(person)
        found.append({**data, "detail": told} if told else data)
    return found


def _entity(kind: Sequence[str], value: str, role: tuple[str, str, str] | None = None) -> dict[str, Json]:
    made: dict[str, Json] = {"what": {"identifier": {"value": value}}, "type": _coding(*kind)}
    return {**made, "role": _coding(*role)} if role else made


def _confidential(event: Event) -> Mapping[str, Json]:
    restricted = _coding("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", "restricted")
    return {"securityLabel": [restricted]} if event.withheld == "vertrouwelijk" else {}


def _details(person: Person) -> list[Json]:
    pairs = [*person.released.items(), *((name, f"geweigerd: {reason}") for name, reason in person.refused.items())]
    return [{"type": name, "valueString": word} for name, word in pairs]


def _coding(system: str, code: str, display: str = "") -> dict[str, Json]:
    made: dict[str, Json] = {"system": system, "code": code}
    return {**made, "display": display} if display else made
