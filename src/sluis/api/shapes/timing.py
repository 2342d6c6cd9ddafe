"""Time and people on the wire: how timely judgements are, which roles nobody fills."""

from __future__ import annotations

from pydantic import Field

from sluis.api.shapes.wire import Told

_FEW = "null: minder dan tien, of een aantal waaruit dat zou volgen"


class TimelinessRowTold(Told):
    """Hoe snel een verstrekker beslist over wat voor een doel wordt voorgelegd, met of zonder spoed."""

    verstrekker: str
    doel: str
    spoed: bool
    antwoord_binnen: str = Field(description="De termijn in de woorden van de verstrekker")
    beoordeeld: int | None = Field(description=f"Verzoeken die in dit kwartaal geheel zijn beoordeeld. {_FEW}")
    op_tijd: int | None = Field(description=f"Daarvan binnen de termijn. {_FEW}")
    mediaan: str | None = Field(
        description="De helft was binnen deze tijd beoordeeld (ISO 8601). null: minder dan tien",
        json_schema_extra={"format": "duration"},
    )
    p90: str | None = Field(
        description="Negen van de tien waren binnen deze tijd beoordeeld (ISO 8601). null: minder dan tien",
        json_schema_extra={"format": "duration"},
    )
    wacht: int | None = Field(description=f"Wacht nu op een beoordeling. {_FEW}")
    te_laat: int | None = Field(description=f"Daarvan voorbij de termijn. {_FEW}")


class VacancyTold(Told):
    """Een rol die niemand vervult, of binnenkort niemand meer."""

    rol: str | None = Field(description="null: er is niemand die voor de organisatie mag handelen")
    nu_leeg: bool = Field(description="Er is nu niemand; anders is er binnen dertig dagen niemand meer")
    vervuld_tot_tijdstip: str | None = Field(
        description="Tot wanneer de laatste haar mag vervullen, of mocht", json_schema_extra={"format": "date-time"}
    )


class StaffingTold(Told):
    """De bezetting van de eigen organisatie: lege rollen, en wat op een oordeel van haar mensen wacht."""

    lege_rollen: list[VacancyTold]
    wacht: int = Field(description="Verzoeken die nu op een oordeel van de eigen organisatie wachten")


class TimelinessTold(Told):
    """De tijdigheid van een kwartaal: van wat de eigen organisatie beoordeelde, en van wat zij zelf vroeg of aangeboden kreeg."""

    kwartaal: str
    van_datum: str = Field(json_schema_extra={"format": "date"})
    tot_en_met_datum: str = Field(json_schema_extra={"format": "date"})
    als_verstrekker: list[TimelinessRowTold]
    als_vrager: list[TimelinessRowTold]
