"""An example of every body and answer, for the OpenAPI document. Everybody in it is invented; a test holds each to its schema."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sluis.api.examples_casework import CASEWORK_GIVEN, CASEWORK_TOLD, INFORMING
from sluis.api.examples_timing import TIMING

Example = Mapping[str, object]

_POLICY = "sha256:9b1fd6a0d6c5e3b2a7c1fe94bb0a3ec4f5be2dd1c05ac8c8ad6a35b1b7a1d0e2"
_WORKER: Final[Example] = {"id": "z-077", "rol": "behandelaar"}
_PERSON: Final[Example] = {"bsn": "999900018"}
_RECEIPT = "c2sp.org/tlog-proof@v1\nindex 41\n…\n\nsluis.example/log\n42\n…\n\n— sluis.example/log …\n"
_LOGGED: Final[Example] = {"registratie": "d83b2f3df45986663868faf817e2416f", "positie": 41, "bewijs": _RECEIPT}
_DUTY: Final[Example] = {"plicht": "bewaartermijn", "tekst": "Niet langer bewaren dan bij het gegeven staat."}
_REFUSED: Final[Example] = {
    "gezondheid.diagnose": {
        "reden": "geheim",
        "uitleg": "Dit valt onder het medisch beroepsgeheim.",
        "watHelpt": ["Vraag de betrokkene om toestemming."],
    }
}
_REFERRED: Final[Example] = {"gezondheid.functioneel": {"rol": "behandelaar", "feiten": ["conflict-van-plichten"]}}
_QUESTION: Final[Example] = {
    "doel": "zvh-casus",
    "verstrekker": "ggz-de-linde",
    "casus": "bYb3ZpQ5gUxN1oXw0pN8mCwqR2fS7tLk",
    "gegevens": ["gezondheid.functioneel"],
    "motivering": {"gezondheid.functioneel": "Wij komen bij hem aan de deur en willen escalatie voorkomen."},
    "medewerker": {"id": "p-204", "rol": "wijkagent"},
}
_CASE: Final[Example] = {
    "id": "bYb3ZpQ5gUxN1oXw0pN8mCwqR2fS7tLk",
    "status": "opgenomen",
    "aanmelder": "gemeente-veenstad",
    "eersteVerwerkingOp": "2026-11-02T09:00:00Z",
    "deelnemers": [
        {
            "organisatie": "politie-veenstad",
            "sindsOp": "2026-11-02T09:00:00Z",
            "derde": False,
            "geheimhoudingGetekend": False,
        }
    ],
    "trekker": "gemeente-veenstad",
    "meetrekkers": ["politie-veenstad"],
    "informeren": INFORMING,
}
_RELEASE: Final[Example] = {
    "registratie": "d83b2f3df45986663868faf817e2416f",
    "vastgelegdOp": "2026-11-02T10:15:00Z",
    "doel": "zvh-casus",
    "verstrekker": "ggz-de-linde",
    "ontvanger": "politie-veenstad",
    "gegevens": {"gezondheid.functioneel": "functioneel"},
    "geweigerd": {"gezondheid.diagnose": "geheim"},
    "plichten": ["bewaartermijn"],
    "regels": ["ggz/casus-met-toestemming"],
    "beleid": _POLICY,
    "bundelHash": "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
}
_TASK: Final[Example] = {
    "id": "-sYeYLOh2Iw8D5uov9p333syx6F6y4Vs",
    "status": "voorgelegd",
    "doel": "zvh-casus",
    "richting": "opvraag",
    "vrager": "reclassering-veenstad",
    "verstrekker": "ggz-de-linde",
    "ingediendOp": "2026-11-02T10:15:00Z",
    "spoed": False,
    "uiterlijkOp": "2026-11-05T10:15:00Z",
    "antwoordBinnen": "binnen drie dagen",
    "teLaat": True,
    "geescaleerdOp": "2026-11-05T10:15:30Z",
    "wachtOp": {"gezondheid.functioneel": ["conflict-van-plichten"]},
    "motivering": {"gezondheid.functioneel": "Hij staat onder toezicht en dreigt uit te vallen."},
}
_DECIDED: Final[Example] = {
    "id": "-sYeYLOh2Iw8D5uov9p333syx6F6y4Vs",
    "geweigerd": _REFUSED,
    "plichten": [_DUTY],
    "regels": ["ggz/casus-met-toestemming"],
    "beleid": _POLICY,
    "logboek": _LOGGED,
}

GIVEN: Mapping[str, Example] = MappingProxyType(
    {
        "RequestGiven": _QUESTION,
        "EmergencyGiven": {
            "grond": "Bewusteloos in de opvang, vermoeden van ghb.",
            "verzoek": {
                "doel": "vitaal-belang",
                "verstrekker": "kompas",
                "betrokkene": _PERSON,
                "gegevens": ["gezondheid.medicatie"],
                "verklaringen": {"acuut-gevaar": True, "niet-aanspreekbaar": True},
                "medewerker": {"id": "a-112", "rol": "verpleegkundige"},
            },
        },
        "DryRunGiven": {
            "doel": "zvh-casus",
            "vrager": "politie",
            "verstrekker": "ggz",
            "casusstatus": "opgenomen",
            "gegevens": ["gezondheid.functioneel", "gezondheid.diagnose"],
            "feiten": {"gebruiker-bevoegd": "waar", "toestemming": ["gezondheid.functioneel"]},
        },
        "JudgementsGiven": {
            "oordelen": [
                {
                    "feit": "conflict-van-plichten",
                    "waarde": True,
                    "gegevens": ["gezondheid.functioneel"],
                    "gronden": {"ernstige-schade": "Concrete dreiging naar de buurvrouw."},
                }
            ],
            "medewerker": _WORKER,
        },
        "CollectGiven": {"medewerker": _WORKER},
        "NotificationGiven": {
            "betrokkene": _PERSON,
            "contactpunt": "politie-veenstad",
            "gegevens": {"wonen.situatie": {"omschrijving": "Oplopende overlast in de portiek."}},
            "motivering": "Overlast en zorgmijding tegelijk; geen partij lost dit alleen op.",
            "criteria": ["a", "b", "c", "d"],
            "eigenVisie": "Hij wil rust aan de deur.",
            "feitenGetoetst": True,
            "medewerker": {"id": "g-310", "rol": "regisseur"},
        },
        "ResolutionGiven": {"besluit": "opnemen", "motivering": "Voldoet aan BGS 2.20.", "medewerker": _WORKER},
        "KnownGiven": {"huis": "zvh-duin", "motivering": "Hij zegt dat hij tot juni in Duin woonde.", "medewerker": _WORKER},
        "ClosingGiven": {
            "motivering": "Het gaat al drie maanden goed; het wijkteam houdt contact.",
            "terugNaar": [{"organisatie": "gemeente-veenstad", "overdrachten": ["-sYeYLOh2Iw8D5uov9p333syx6F6y4Vs"]}],
            "medewerker": _WORKER,
        },
        "InvolvementGiven": {"organisatie": "reclassering-veenstad", "medewerker": _WORKER},
        "SigningGiven": {"medewerker": _WORKER},
        "LeadsGiven": {"trekker": "gemeente-veenstad", "meetrekkers": ["politie-veenstad"], "medewerker": _WORKER},
        "RenewalGiven": {"gegevens": ["wonen.situatie"], "medewerker": _WORKER},
        "ContributionGiven": {
            "gegeven": "gezondheid.functioneel",
            "velden": {"bejegening": {"advies": "Spreek rustig en kom met niet meer dan twee mensen."}},
            "medewerker": _WORKER,
        },
        "WithdrawalGiven": {"medewerker": _WORKER},
        "ConsentGiven": {
            "betrokkene": _PERSON,
            "ontvangers": ["politie-veenstad"],
            "doelen": ["zvh-casus"],
            "gegevens": ["gezondheid.functioneel"],
            "geldigTotTijdstip": "2027-11-02T00:00:00Z",
            "uitleg": "In gewone taal uitgelegd, geen drang, zus erbij.",
            "medewerker": _WORKER,
        },
        **CASEWORK_GIVEN,
        "WeighingGiven": {
            "feit": "bezwaar-betrokkene",
            "betrokkene": _PERSON,
            "ontvangers": ["politie-veenstad"],
            "doelen": ["zvh-casus"],
            "gegevens": ["gezondheid.functioneel"],
            "gronden": {"reden": "Hij vreest dat zijn verhuurder het hoort."},
            "medewerker": _WORKER,
        },
    }
)
"""By the name of the shape that a route reads."""

TOLD: Mapping[str, Example] = MappingProxyType(
    {
        "AnswerTold": {
            **_DECIDED,
            "besluit": "verstrekken",
            "bundel": {
                "verzoek": "-sYeYLOh2Iw8D5uov9p333syx6F6y4Vs",
                "betrokkene": "k3v9T0bq2mXz",
                "doel": "zvh-casus",
                "beleid": _POLICY,
                "zout": "pJDEsl9oxQzUGk0qhoBFo1mG31jbd0jU",
                "gegevens": {
                    "gezondheid.functioneel": {
                        "precisie": "functioneel",
                        "bekend": True,
                        "records": [
                            {"vastgelegdDatum": "2026-10-28", "velden": {"bejegening": "Spreek rustig; noem [NAAM-1] niet."}}
                        ],
                    }
                },
            },
            "bundelHash": _RELEASE["bundelHash"],
            "bewaren": {"gezondheid.functioneel": "tot de casus sluit"},
            "voorgelegd": {"gezondheid.medicatie": {"rol": "behandelaar", "feiten": ["conflict-van-plichten"]}},
            "antwoordBinnen": "drie werkdagen",
        },
        "PendingTold": {
            **_DECIDED,
            "besluit": "voorleggen",
            "status": "voorgelegd",
            "voorgelegd": _REFERRED,
            "antwoordBinnen": "drie werkdagen",
        },
        "DecisionTold": {
            "besluit": "verstrekken",
            "gegevens": {"gezondheid.functioneel": "functioneel"},
            "geweigerd": _REFUSED,
            "voorgelegd": {},
            "plichten": [_DUTY],
            "regels": ["ggz/casus-met-toestemming"],
            "grondslagen": {"gezondheid.functioneel": ["WGS 2.30"]},
            "beleid": _POLICY,
        },
        "TaskTold": _TASK,
        "TasksTold": {"verzoeken": [_TASK]},
        "CaseTold": _CASE,
        "CasesTold": {"casussen": [_CASE]},
        "CaseRecordedTold": {"casus": _CASE, "registratie": _LOGGED["registratie"]},
        "KnownTold": {"treffer": True, "logboek": _LOGGED},
        "RecordedTold": {"id": "elU5l2zvy5oLJU3-osua3A3Q9W5HyiO0", "logboek": _LOGGED},
        "ReleaseTold": _RELEASE,
        "ReleasesTold": {"verstrekkingen": [_RELEASE], "volgende": 17},
        "PartnersTold": {
            "deelnemers": [{"id": "ggz-de-linde", "oin": "00000000000000000004", "soort": "ggz", "naam": "GGZ De Linde"}]
        },
        "PurposesTold": {
            "doelen": [
                {
                    "doel": "zvh-casus",
                    "titel": "Casus in het Zorg- en Veiligheidshuis",
                    "route": "casus",
                    "wet": "WGS 2.25",
                    "zekerheid": "vast",
                }
            ]
        },
        "PolicyTold": {
            "beleid": _POLICY,
            "versie": "2026.11",
            "regels": 214,
            "gegevens": [{"woord": "gezondheid.functioneel", "titel": "Omgaan met iemand, in gewone woorden"}],
            "feiten": [{"woord": "toestemming", "titel": "De betrokkene heeft toestemming gegeven"}],
            "soorten": [{"woord": "ggz", "titel": "Geestelijke gezondheidszorg"}],
            "redenen": [{"woord": "geheim", "titel": "Er geldt een beroepsgeheim"}],
            "plichten": [{"woord": "bewaartermijn", "titel": "Niet langer bewaren dan mag"}],
            "proeven": [
                {
                    "regel": "politie-burgemeester",
                    "doel": "openbare-orde",
                    "vanDatum": "2026-10-01",
                    "totDatum": "2027-04-01",
                    "leervraag": "Komt de burgemeester hiermee eerder in actie?",
                    "loopt": True,
                }
            ],
        },
    }
)
"""By the name of the shape that a route answers with."""
EXAMPLES: Mapping[str, Example] = MappingProxyType({**GIVEN, **TOLD, **CASEWORK_TOLD, **TIMING})
PROOF = _RECEIPT
"""A receipt, cut short."""
