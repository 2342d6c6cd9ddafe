"""The NEN 7513 view: the record model that the norm names, per person, as JSON lines. For officers: it has the user."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from sluis.core.books import Actor, Event, Person
from sluis.core.entry import Json, Kind
from sluis.core.question import Truth
from sluis.exports.fhir import audit_event
from sluis.exports.frame import KINDS, Frame, moment

RELATION = ("vrager-betrokken", "verstrekker-betrokken")
CONSENT = ("toestemming", "toestemming-jongere")
NOT_KEPT = "-"


def nen_lines(events: Iterable[Event], frame: Frame) -> Iterator[str]:
    """One line per person of each event."""
    for event in events:
        for _, person in event.each():
            yield json.dumps(record(event, person or Person(), frame), ensure_ascii=False) + "\n"


def record(event: Event, person: Person, frame: Frame) -> dict[str, Json]:
    """The four groups of the norm, and the Dutch additions."""
    coded = audit_event(event, person, frame)
    return {
        "event": {
            "EventID": frame.activity(event),
            "EventActionCode": coded["action"],
            "EventDateTime": moment(event.started),
            "EventOutcomeIndicator": coded["outcome"],
            "EventTypeCode": event.kind.value,
            "EventTypeName": KINDS[event.kind],
        },
        "user": _user(event, event.actor or Actor()),
        "object": _object(event, person),
        "source": {
            "AuditEnterpriseSiteID": event.text("provider") or frame.origin,
            "AuditSourceID": frame.origin,
            "AuditSourceTypeCode": "4",
        },
        "nl": {
            "autorisatieProtocol": event.text("policy"),
            "behandelrelatieProtocol": ", ".join(event.texts("rules")),
            "toestemmingsProfiel": ", ".join(name for name in CONSENT if name in person.facts),
            "controles": checks(event, person),
        },
        "integriteit": {"origin": frame.origin, "index": event.index, "id": event.entry_id},
    }


def _user(event: Event, actor: Actor) -> Json:
    return {
        "UserID": event.text("recipient") or actor.organisation,
        "AlternateUserID": "gewist" if actor.erased else actor.user,
        "UserName": NOT_KEPT,
        "UserIsRequestor": bool(actor.user),
        "RoleIDCode": actor.role,
        "PurposeOfUse": event.text("purpose"),
        "NetworkAccessPointTypeCode": "5",
        "NetworkAccessPointID": f"urn:nl-gov:oin:{event.text('recipient')}" if event.text("recipient") else NOT_KEPT,
    }


def _object(event: Event, person: Person) -> Json:
    return {
        "ParticipantObjectTypeCode": "1",
        "ParticipantObjectTypeCodeRole": person.person or "betrokkene",
        "ParticipantObjectDataLifeCycle": "disclosure" if event.text("bundle") else NOT_KEPT,
        "ParticipantObjectIDTypeCode": "pseudoniem",
        "ParticipantObjectPermissionPolicySet": event.text("policy"),
        "ParticipantObjectSensitivity": event.withheld or "normaal",
        "ParticipantObjectID": "gewist" if person.erased else person.pseudonym,
        "ParticipantObjectName": NOT_KEPT,
        "ParticipantObjectDetail": {**person.released, **{name: f"geweigerd: {why}" for name, why in person.refused.items()}},
        "ParticipantObjectDescription": event.text("bundle"),
    }


def checks(event: Event, person: Person) -> str:
    """Four positions, T or F: authorised, involved with this person, consent, emergency. What is not on record is F."""
    emergency = event.flag("emergency") or event.kind is Kind.EMERGENCY_DECLARED
    told = (
        _established(person.facts, "gebruiker-bevoegd"),
        any(_established(person.facts, name) for name in RELATION),
        any(_established(person.facts, name) for name in CONSENT),
        emergency,
    )
    return "".join("T" if one else "F" for one in told)


def _established(facts: Mapping[str, Json], name: str) -> bool:
    """Whether the fact was established, for the whole question or for one of its categories at least."""
    value = facts.get(name)
    if isinstance(value, Mapping):
        return Truth.WAAR.value in value.values()
    return value == Truth.WAAR.value or (isinstance(value, list) and bool(value))
