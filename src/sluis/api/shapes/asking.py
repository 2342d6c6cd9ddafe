"""Requests, dry runs, judgements and emergencies, as partners send them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from sluis.api.shapes.wire import Given, Handle, Line, Prose, Word


class EmployeeGiven(Given):
    """Wie er bij de partner handelt: een eigen, betekenisloos kenmerk en de rol waarin."""

    id: Line = Field(description="Kenmerk van de medewerker bij de partner, geen naam")
    rol: Word


class PersonGiven(Given):
    """Over wie het gaat: een burgerservicenummer, of naam met geboortedatum."""

    bsn: Annotated[str, StringConstraints(pattern=r"^\d{8,9}$")] | None = Field(default=None, repr=False)
    naam: Line | None = Field(default=None, repr=False)
    geboortedatum: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = Field(
        default=None, repr=False, json_schema_extra={"format": "date"}
    )

    @model_validator(mode="after")
    def _enough(self) -> PersonGiven:
        if self.bsn is None and (self.naam is None or self.geboortedatum is None):
            raise ValueError("geef een bsn, of naam en geboortedatum")
        return self

    def identification(self) -> dict[str, str]:
        """What the subject index needs: the keys that were given."""
        given = {"bsn": self.bsn, "naam": self.naam, "geboortedatum": self.geboortedatum}
        return {name: value for name, value in given.items() if value is not None}


class RequestGiven(Given):
    """Een verzoek om gegevens, of (richting aanbod) een ongevraagd aanbod aan een ontvanger."""

    doel: Word
    richting: Literal["opvraag", "aanbod"] = "opvraag"
    verstrekker: Word | None = Field(default=None, description="Bij een opvraag: de organisatie die de gegevens heeft")
    ontvanger: Word | None = Field(default=None, description="Bij een aanbod: de organisatie die zou ontvangen")
    gegevens: Annotated[list[Word], Field(min_length=1, max_length=60)]
    persoon: Word = "betrokkene"
    betrokkene: PersonGiven | None = None
    casus: Handle | None = None
    motivering: dict[Word, Prose] = Field(
        default_factory=dict, description="Per gegeven: waarom dit, waarom niet minder, waarom niet anders"
    )
    verklaringen: dict[Word, bool] = Field(
        default_factory=dict, description="Feiten die u zelf mag vaststellen, bijvoorbeeld acuut-gevaar"
    )
    spoed: bool = Field(default=False, description="Verkort de antwoordtijd, verruimt nooit wat wordt verstrekt")
    medewerker: EmployeeGiven

    @model_validator(mode="after")
    def _coherent(self) -> RequestGiven:
        if (self.verstrekker is None) == (self.richting == "opvraag"):
            raise ValueError("noem bij een opvraag de verstrekker en bij een aanbod de ontvanger")
        if (self.ontvanger is None) == (self.richting == "aanbod"):
            raise ValueError("noem bij een opvraag de verstrekker en bij een aanbod de ontvanger")
        if self.betrokkene is None and self.casus is None:
            raise ValueError("noem de betrokkene of de casus")
        if len(set(self.gegevens)) != len(self.gegevens):
            raise ValueError("een gegeven staat er twee keer")
        return self


class EmergencyGiven(Given):
    """Een noodinzage: een verzoek bij acuut gevaar, dat altijd achteraf wordt beoordeeld."""

    grond: Prose = Field(description="Welk gevaar er nu is, in gewone woorden")
    verzoek: RequestGiven


FactGiven = Literal["waar", "onwaar"] | list[Word]


class DryRunGiven(Given):
    """Mag ik dit vragen? Zonder persoon: soorten partners, gegevens en wat u veronderstelt."""

    doel: Word
    richting: Literal["opvraag", "aanbod"] = "opvraag"
    vrager: Word
    verstrekker: Word
    gegevens: Annotated[list[Word], Field(min_length=1, max_length=60)]
    persoon: Word = "betrokkene"
    casusstatus: Word = "geen"
    feiten: dict[Word, FactGiven] = Field(default_factory=dict)


class JudgementGiven(Given):
    """Een oordeel van een professional over een feit, voor deze gegevens, met de gronden."""

    feit: Word
    waarde: bool
    gegevens: Annotated[list[Word], Field(min_length=1, max_length=60)]
    gronden: dict[Word, Prose]


class JudgementsGiven(Given):
    """De beoordeling van een voorgelegd verzoek."""

    oordelen: Annotated[list[JudgementGiven], Field(min_length=1, max_length=60)]
    medewerker: EmployeeGiven


class CollectGiven(Given):
    """Wie een beoordeeld verzoek ophaalt."""

    medewerker: EmployeeGiven
