"""Events to render: a release, a refusal, a family, an erased person, and everything that must not come out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sluis.core.books import Event, Outside, event_of
from sluis.core.entry import Json, Kind, LoggedEntry
from sluis.exports.frame import Frame

AT = datetime(2026, 3, 2, 12, 0, 1, tzinfo=UTC)
GGZ, POLICE = "00000000000000000004", "00000000000000000001"
USER, OFFICER = "m-politie-kanarie", "fg|kanarie"
BSN, NAME = "999900018", "Sem Kanarie"
FRAME = Frame(
    base="https://sluis.test",
    origin="sluis.test/log/2026",
    organisations={GGZ: "GGZ De Linde", POLICE: "Politie Veen"},
    purposes={"zvh-casus": "Casusoverleg in het zorg- en veiligheidshuis"},
    categories={"gezondheid.functioneel": "Functioneel advies"},
)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def subject_cell(**changed: Json) -> dict[str, Json]:
    return {
        "request": "verzoek-1",
        "case": "casus-1",
        "person": "betrokkene",
        "question": {
            "feiten": {
                "gebruiker-bevoegd": "waar",
                "vrager-betrokken": "waar",
                "toestemming": ["gezondheid.functioneel"],
                "spoed": "onwaar",
            }
        },
        "released": {"gezondheid.functioneel": "functioneel"},
        "refused": {"gezondheid.diagnose": "geheim"},
        "grounds": {"gezondheid.functioneel": ["WGS 1.7"]},
        "retention": {"gezondheid.functioneel": "eerste verwerking + 5 jaar; verlengen met ten hoogste 2 jaar"},
        "motivation": {"gezondheid.functioneel": f"{NAME} ({BSN}) doet niet open"},
        "emergency": f"{NAME} staat op het dak",
        **changed,
    }


def entry_of(kind: Kind = Kind.RELEASE_AUTHORISED, *, index: int = 7, erased: bool = False, persons: int = 1) -> LoggedEntry:
    cell = None if erased else subject_cell()
    actor: dict[str, Json] = {"user": USER, "role": "wijkagent", "organisation": POLICE, "trace": TRACE}
    return LoggedEntry(
        index=index,
        entry_id=f"{index:032x}",
        kind=kind,
        recorded=AT,
        core={
            "decision": "verstrekken",
            "purpose": "zvh-casus",
            "processing": "doel/zvh-casus@sha256:ab",
            "provider": GGZ,
            "recipient": POLICE,
            "policy": "sha256:ab",
            "rules": ["ggz-zvh-casus"],
            "duties": ["niet-doorgeven"],
            "bundle": "sha256:cd",
            "urgent": False,
            "emergency": False,
        },
        cells=(*(("subject", cell) for _ in range(persons)), ("actor", actor)),
    )


def event(kind: Kind = Kind.RELEASE_AUTHORISED, *, index: int = 7, erased: bool = False, persons: int = 1) -> Event:
    names = tuple("" if erased else f"naam-{number}" for number in range(persons))
    outside = Outside(started=AT - timedelta(seconds=1), pseudonyms=(*names, "gebruiker-1"))
    return event_of(entry_of(kind, index=index, erased=erased, persons=persons), outside)


def reading(kind: Kind, *, index: int = 9) -> Event:
    """An officer reads: nobody is it about."""
    cell: dict[str, Json] = {"officer": OFFICER, "roles": ["fg"], "name": NAME}
    entry = LoggedEntry(
        index=index, entry_id=f"{index:032x}", kind=kind, recorded=AT, core={"aim": "interne-controle"}, cells=(("actor", cell),)
    )
    return event_of(entry)


def every_kind() -> Iterator[Event]:
    """An event of each kind, with and without persons, and one whose person was erased."""
    for number, kind in enumerate(Kind):
        yield event(kind, index=number)
        yield reading(kind, index=100 + number)
    yield event(index=200, erased=True)
    yield event(index=201, persons=3)
