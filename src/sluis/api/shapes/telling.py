"""Answers to requests, as partners get them."""

from __future__ import annotations

from pydantic import Field

from sluis.api.shapes.wire import Told


class RecordTold(Told):
    """Een record zoals het mag worden verstrekt."""

    vastgelegd_datum: str = Field(json_schema_extra={"format": "date"})
    velden: dict[str, bool | int | str]


class CategoryTold(Told):
    """Een gegeven: tot welke precisie, of er iets bekend is, en de records."""

    precisie: str
    bekend: bool
    records: list[RecordTold]


class BundleTold(Told):
    """Wat wordt verstrekt. De canonieke vorm (RFC 8785) hiervan geeft de hash in het logboek."""

    verzoek: str
    betrokkene: str = Field(description="Pseudoniem, alleen voor deze ontvanger en dit doel")
    doel: str
    beleid: str
    zout: str
    gegevens: dict[str, CategoryTold]


class RefusalTold(Told):
    """Waarom een gegeven niet wordt verstrekt, en wat zou helpen."""

    reden: str
    uitleg: str
    wat_helpt: list[str]


class ReferralTold(Told):
    """Wie eerst moet beslissen over een gegeven, en waarover."""

    rol: str
    feiten: list[str]


class DutyTold(Told):
    """Een plicht die bij de verstrekking hoort."""

    plicht: str
    tekst: str


class ProofTold(Told):
    """Waar dit in het logboek staat. De ontvangst is los na te rekenen (`c2sp.org/tlog-proof`)."""

    registratie: str = Field(description="Kenmerk van de regel in het logboek")
    positie: int
    bewijs: str


class AnswerTold(Told):
    """Het antwoord op een verzoek: verstrekt, geheel of gedeeltelijk."""

    id: str
    besluit: str
    bundel: BundleTold
    bundel_hash: str
    bewaren: dict[str, str] = Field(description="Per gegeven: hoe lang het bewaard mag worden")
    geweigerd: dict[str, RefusalTold]
    voorgelegd: dict[str, ReferralTold]
    antwoord_binnen: str | None
    plichten: list[DutyTold]
    regels: list[str]
    beleid: str
    logboek: ProofTold


class PendingTold(Told):
    """Het antwoord op een verzoek waarover eerst een mens beslist, of op een aanbod dat klaarstaat."""

    id: str
    besluit: str
    status: str
    geweigerd: dict[str, RefusalTold]
    voorgelegd: dict[str, ReferralTold]
    antwoord_binnen: str | None
    plichten: list[DutyTold]
    regels: list[str]
    beleid: str
    logboek: ProofTold


class DecisionTold(Told):
    """Het antwoord op 'mag ik dit vragen?': het besluit, zonder gegevens."""

    besluit: str
    gegevens: dict[str, str]
    geweigerd: dict[str, RefusalTold]
    voorgelegd: dict[str, ReferralTold]
    plichten: list[DutyTold]
    regels: list[str]
    grondslagen: dict[str, list[str]]
    beleid: str


class TaskTold(Told):
    """Hoe het met een verzoek staat."""

    id: str
    status: str
    doel: str
    richting: str
    vrager: str
    verstrekker: str
    ingediend_op: str = Field(json_schema_extra={"format": "date-time"})
    spoed: bool
    uiterlijk_op: str | None = Field(json_schema_extra={"format": "date-time"})
    antwoord_binnen: str | None = Field(description="De termijn in de woorden van de verstrekker; zonder termijn null")
    te_laat: bool = Field(description="De termijn is voorbij en er is niet beslist. Het verruimt niets")
    geescaleerd_op: str | None = Field(
        description="Wanneer is vastgelegd dat de termijn voorbij was", json_schema_extra={"format": "date-time"}
    )
    wacht_op: dict[str, list[str]]
    motivering: dict[str, str] = Field(description="Alleen voor de verstrekker die moet beslissen")


class TasksTold(Told):
    """Verzoeken: als vrager nieuwste eerst, als verstrekker wat het eerst moet worden beslist."""

    verzoeken: list[TaskTold]


class ReleaseTold(Told):
    """Een verstrekking in het register: wat, door wie, aan wie, waarvoor; nooit de inhoud."""

    registratie: str
    vastgelegd_op: str = Field(json_schema_extra={"format": "date-time"})
    doel: str
    verstrekker: str
    ontvanger: str
    gegevens: dict[str, str]
    geweigerd: dict[str, str]
    plichten: list[str]
    regels: list[str]
    beleid: str
    bundel_hash: str


class ReleasesTold(Told):
    """Verstrekkingen, nieuwste eerst. `volgende` is de positie voor de volgende bladzijde."""

    verstrekkingen: list[ReleaseTold]
    volgende: int | None


class KnownTold(Told):
    """Bekend of niet, en verder niets. Geen treffer staat ook voor: u mag dit niet vragen."""

    treffer: bool
    logboek: ProofTold


class RecordedTold(Told):
    """Vastgelegd: het kenmerk en de regel in het logboek."""

    id: str
    logboek: ProofTold
