"""The list for a case meeting on the wire: decisions, never data."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sluis.api.shapes.asking import EmployeeGiven
from sluis.api.shapes.wire import Given, Handle, Told


class AgendaGiven(Given):
    """Een vraag om de lijst voor een casusoverleg."""

    datum: Annotated[date, Field(description="De dag van het overleg: getoetst wordt wat dan geldt")]
    casussen: Annotated[list[Handle], Field(max_length=50)] = Field(
        default_factory=list, description="Leeg: alle casussen waarin de eigen organisatie de regie heeft"
    )
    medewerker: EmployeeGiven


class AgendaLineTold(Told):
    """Een gegeven van een partij: of het mag worden ingebracht, bij wie, en anders waarom niet en wat helpt."""

    gegeven: str
    titel: str
    aan: list[str] = Field(description="De deelnemers voor wie dit geldt")
    besluit: Literal["verstrekken", "voorleggen", "weigeren"]
    precisie: str | None
    uitleg: str
    wat_helpt: list[str]


class AgendaPartyTold(Told):
    """Een deelnemer en wat zij mag inbrengen."""

    organisatie: str
    gegevens: list[AgendaLineTold]


class AgendaPointTold(Told):
    """Een casus op de lijst."""

    casus: str
    trekker: str | None
    meetrekkers: list[str]
    open_acties: int
    te_late_acties: int
    informeren_te_laat: bool = Field(description="Of de betrokkene al geïnformeerd had moeten zijn, of opnieuw gekeken")
    partijen: list[AgendaPartyTold]
    registratie: str


class AgendaTold(Told):
    """De lijst voor een casusoverleg: casussen met te late afspraken eerst."""

    datum: str = Field(json_schema_extra={"format": "date"})
    doel: str
    beleid: str
    casussen: list[AgendaPointTold]
