"""VNG Verwerkingenlogging 0.9.0: one `verwerkingsactie` per event about persons, as JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from uuid import UUID

from sluis.core.books import Event, Person
from sluis.core.entry import Json
from sluis.exports.frame import KINDS, Frame, moment

_YEARS = re.compile(r"(\d{1,2}) ?(?:jaar|jaren)\b")
_NAME, _ID, _URL = 242, 40, 2042
"""The longest that the standard allows."""


def vng_lines(events: Iterable[Event], frame: Frame) -> Iterator[str]:
    """One line per event. An event about nobody is no processing of personal data, and is left out."""
    for event in events:
        if event.persons:
            yield json.dumps(action(event, frame), ensure_ascii=False) + "\n"


def action(event: Event, frame: Frame) -> dict[str, Json]:
    """The `verwerkingsactie` of an event about persons."""
    action_id = str(UUID(event.entry_id))
    activity = frame.activity(event)
    line: dict[str, Json] = {
        "url": f"{frame.base}/verwerkingsacties/{action_id}",
        "actieId": action_id,
        "actieNaam": KINDS[event.kind][:_NAME],
        "handelingNaam": KINDS[event.kind][:_NAME],
        "vertrouwelijkheid": event.withheld or "normaal",
        "tijdstip": moment(event.started),
        "tijdstipRegistratie": moment(event.recorded),
        "systeem": "sluis",
        "verwerkteObjecten": [_object(person) for person in event.persons],
    }
    known = {
        "verwerkingNaam": frame.purposes.get(event.text("purpose"), event.text("purpose"))[:_NAME],
        "verwerkingsactiviteitUrl": activity if len(activity) <= _URL else "",
        "bewaartermijn": _retention(event),
        "uitvoerder": event.text("provider"),
        "gegevensbron": event.text("provider"),
        "soortAfnemerId": "OIN" if event.text("recipient") else "",
        "afnemerId": event.text("recipient")[:_ID],
        "gebruiker": event.actor.pseudonym[:_ID] if event.actor else "",
    }
    return {**line, **{name: value for name, value in known.items() if value}}


def _object(person: Person) -> Json:
    return {
        "objecttype": "persoon",
        "soortObjectId": "pseudoniem",
        "objectId": person.pseudonym[:_ID] or "gewist",
        "betrokkenheid": person.person or "betrokkene",
        "verwerkteSoortenGegevens": [{"soortGegeven": name} for name in person.released],
    }


def _retention(event: Event) -> str:
    """The longest term in years, as ISO 8601; empty when the law names another kind of end."""
    years = [int(found[1]) for person in event.persons for term in person.retention.values() if (found := _YEARS.search(term))]
    return f"P{max(years)}Y" if years else ""
