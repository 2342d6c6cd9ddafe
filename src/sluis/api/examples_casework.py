"""Examples of the calls around a case meeting. Everybody in them is invented."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Example = Mapping[str, object]

_CASE = "bYb3ZpQ5gUxN1oXw0pN8mCwqR2fS7tLk"
_ENTRY = "d83b2f3df45986663868faf817e2416f"
_WORKER: Final[Example] = {"id": "g-310", "rol": "regisseur"}
_ACTION: Final[Example] = {
    "id": "Zk1rT0dQ3o8mJxwq9sVb2nHyL5cAe7Uf",
    "casus": _CASE,
    "eigenaar": "ggz-de-linde",
    "rol": "behandelaar",
    "uiterlijkDatum": "2026-11-16",
    "status": "gedaan",
    "teLaat": False,
    "opgesteldDoor": "gemeente-veenstad",
    "afgesprokenOp": "2026-11-02T10:30:00Z",
    "afgerondDoor": "ggz-de-linde",
    "afgerondOp": "2026-11-12T15:00:00Z",
}

_HANDOVER: Final[Example] = {
    "id": "-sYeYLOh2Iw8D5uov9p333syx6F6y4Vs",
    "status": "afgewezen",
    "gever": "politie-veenstad",
    "ontvanger": "gemeente-veenstad",
    "rol": "wijkteam",
    "doel": "zvh-casus",
    "casus": _CASE,
    "gesprekDatum": "2026-11-12",
    "aangebodenOp": "2026-11-09T10:30:00Z",
    "uiterlijkOp": "2026-11-12T10:30:00Z",
    "teLaat": False,
    "wachtOpOordeel": False,
    "beantwoordOp": "2026-11-10T08:15:00Z",
    "reden": "al-betrokken",
}

INFORMING: Final[Example] = {
    "status": "uitgesteld",
    "organisatie": "gemeente-veenstad",
    "uiterlijkDatum": "2027-01-15",
    "teLaat": False,
    "grond": "veiligheid",
    "wet": "UAVG 41 lid 1 onder i",
}
"""How it is with telling the person, in the answer about a case."""

CASEWORK_GIVEN: Mapping[str, Example] = MappingProxyType(
    {
        "ActionGiven": {
            "wat": "Kennismaken thuis, samen met de wijkagent, en een bejegeningsadvies opschrijven.",
            "eigenaar": "ggz-de-linde",
            "rol": "behandelaar",
            "uiterlijkDatum": "2026-11-16",
            "medewerker": _WORKER,
        },
        "AgendaGiven": {"datum": "2026-11-16", "casussen": [_CASE], "medewerker": _WORKER},
        "AssignmentGiven": {"eigenaar": "ggz-de-linde", "uiterlijkDatum": "2026-11-30", "medewerker": _WORKER},
        "HandoverGiven": {
            "verzoek": {
                "doel": "zvh-casus",
                "richting": "aanbod",
                "ontvanger": "gemeente-veenstad",
                "casus": _CASE,
                "gegevens": ["risico.signaal"],
                "motivering": {"risico.signaal": "Zij nemen het contact over; dit moeten zij weten om veilig te beginnen."},
                "medewerker": {"id": "p-204", "rol": "wijkagent"},
            },
            "gesprekDatum": "2026-11-12",
            "rol": "wijkteam",
        },
        "HandoverAnswerGiven": {"antwoord": "afwijzen", "reden": "al-betrokken", "medewerker": _WORKER},
        "PutOffGiven": {
            "grond": "veiligheid",
            "eigenaar": "gemeente-veenstad",
            "herzienDatum": "2027-01-15",
            "toelichting": "Zolang zijn zus nog bij hem woont weet hij dan wie er meldde.",
            "medewerker": _WORKER,
        },
        "TellingGiven": {
            "datum": "2026-11-20",
            "wijze": "gesprek",
            "organisatie": "ggz-de-linde",
            "toelichting": "In gewone taal, met zijn begeleider erbij; hij kreeg de folder mee.",
            "medewerker": _WORKER,
        },
        "SettlementGiven": {"uitkomst": "gedaan", "medewerker": _WORKER},
    }
)
"""By the name of the shape that a route reads."""

CASEWORK_TOLD: Mapping[str, Example] = MappingProxyType(
    {
        "FeedbackTold": {"id": _CASE, "uitkomst": "afgewezen", "sindsOp": "2026-11-09T14:00:00Z"},
        "ActionRecordedTold": {"actie": _ACTION, "registratie": _ENTRY},
        "AgendaTold": {
            "datum": "2026-11-16",
            "doel": "zvh-casus",
            "beleid": "sha256:9b1fd6a0d6c5e3b2a7c1fe94bb0a3ec4f5be2dd1c05ac8c8ad6a35b1b7a1d0e2",
            "casussen": [
                {
                    "casus": _CASE,
                    "trekker": "gemeente-veenstad",
                    "meetrekkers": ["politie-veenstad"],
                    "openActies": 2,
                    "teLateActies": 1,
                    "informerenTeLaat": False,
                    "partijen": [
                        {
                            "organisatie": "ggz-de-linde",
                            "gegevens": [
                                {
                                    "gegeven": "gezondheid.functioneel",
                                    "titel": "Wat iemand kan en nodig heeft, zonder diagnose",
                                    "aan": ["politie-veenstad"],
                                    "besluit": "verstrekken",
                                    "precisie": "functioneel",
                                    "uitleg": "Mag, als advies of signaal in gewone woorden.",
                                    "watHelpt": [],
                                }
                            ],
                        }
                    ],
                    "registratie": _ENTRY,
                }
            ],
        },
        "WaysUpTold": {
            "soort": "wijkteam",
            "beleid": "sha256:9b1fd6a0d6c5e3b2a7c1fe94bb0a3ec4f5be2dd1c05ac8c8ad6a35b1b7a1d0e2",
            "opschalingen": [
                {
                    "doel": "zvh-melding",
                    "titel": "Een complexe zaak melden bij het ZVH en beoordelen of zij past",
                    "wet": "WGS 2.31 lid 1-3, BGS 1.6, 2.20",
                    "regel": "deelnemers-zvh-melding",
                    "soorten": ["politie", "college"],
                    "organisaties": ["politie-veenstad", "gemeente-veenstad"],
                    "gegevens": [{"gegeven": "identiteit.basis", "titel": "Identificerende gegevens", "precisie": "exact"}],
                    "nodig": [
                        {
                            "uitleg": "feiten-getoetst (De aanmelder heeft zijn eigen feiten op juistheid getoetst)",
                            "watHelpt": ["feiten-getoetst"],
                            "gegevens": ["identiteit.basis"],
                        }
                    ],
                    "criteria": [{"criterium": "a", "tekst": "De persoon of iemand in zijn gezin heeft problemen."}],
                }
            ],
        },
        "HandoverTold": _HANDOVER,
        "HandoversTold": {"overdrachten": [_HANDOVER]},
        "ActionsTold": {"acties": [_ACTION]},
    }
)
"""By the name of the shape that a route answers with."""
