"""Cases, contributions and evidence on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sluis.api.shapes.asking import EmployeeGiven, PersonGiven
from sluis.api.shapes.wire import Given, Handle, Moment, Prose, Told, Word
from sluis.core.informing import Ground, Way

Whole = Annotated[int, Field(gt=-(2**53), lt=2**53)]
"""A whole number that every JSON reader reads alike, and that the canonical form of a bundle can hold."""
FieldGiven = bool | Whole | Prose | dict[Word, Prose] | None
FieldsGiven = Annotated[dict[Word, FieldGiven], Field(min_length=1, max_length=30)]


class NotificationGiven(Given):
    """Een aanmelding bij het Zorg- en Veiligheidshuis."""

    betrokkene: PersonGiven
    contactpunt: Word = Field(description="De publieke deelnemer die de melding ontvangt")
    gegevens: Annotated[dict[Word, FieldsGiven], Field(min_length=1, max_length=10)]
    motivering: Prose
    criteria: list[Literal["a", "b", "c", "d"]] = Field(description="BGS 2.20 lid 1: welke criteria zijn onderbouwd")
    eigen_visie: Prose = Field(description="Wat de persoon er zelf van vindt, of waarom dat nog niet is gevraagd")
    feiten_getoetst: bool
    huis: Word | None = Field(default=None, description="Het Zorg- en Veiligheidshuis, als er in de regio meer zijn")
    medewerker: EmployeeGiven


class KnownGiven(Given):
    """De vraag of de persoon van deze casus bij een ander Zorg- en Veiligheidshuis bekend is."""

    huis: Word
    motivering: Prose
    medewerker: EmployeeGiven


class ResolutionGiven(Given):
    """Het besluit over opname van een aangemelde casus."""

    besluit: Literal["opnemen", "afwijzen"]
    motivering: Prose
    medewerker: EmployeeGiven


class BackGiven(Given):
    """Naar wie de casus teruggaat: een deelnemer, met de overdrachten waarin zij haar open afspraken ophaalde."""

    organisatie: Word
    overdrachten: Annotated[list[Handle], Field(max_length=20)] = Field(default_factory=list)


class ClosingGiven(Given):
    """De sluiting van een casus."""

    motivering: Prose
    terug_naar: Annotated[list[BackGiven], Field(max_length=10)] = Field(
        default_factory=list, description="Afschalen: iedere eigenaar van een open afspraak, en wie de zorg verder heeft"
    )
    medewerker: EmployeeGiven


class InvolvementGiven(Given):
    """Een deelnemer betrekken, of een derde uitnodigen."""

    organisatie: Word
    derde: bool = False
    medewerker: EmployeeGiven


class SigningGiven(Given):
    """De uitgenodigde derde tekent de geheimhoudingsverklaring."""

    medewerker: EmployeeGiven


class LeadsGiven(Given):
    """Wie de regie heeft: een trekker en ten hoogste twee meetrekkers."""

    trekker: Word
    meetrekkers: Annotated[list[Word], Field(max_length=2)] = Field(default_factory=list)
    medewerker: EmployeeGiven


class TellingGiven(Given):
    """Dat de betrokkene is geïnformeerd."""

    datum: Annotated[date, Field(description="De dag waarop hij het hoorde")]
    wijze: Way
    organisatie: Word = Field(description="De deelnemer die hem informeerde")
    toelichting: Prose | None = Field(default=None, description="Wat hiervan van belang is; blijft verzegeld in de casus")
    medewerker: EmployeeGiven


class PutOffGiven(Given):
    """Waarom de betrokkene nog niet is geïnformeerd."""

    grond: Ground
    eigenaar: Word = Field(description="De deelnemer die er opnieuw naar kijkt")
    herzien_datum: Annotated[date, Field(description="Uiterlijk dan wordt opnieuw gekeken; ten hoogste een half jaar vooruit")]
    toelichting: Prose = Field(description="Waarom deze grond er is; blijft verzegeld in de casus")
    medewerker: EmployeeGiven


class RenewalGiven(Given):
    """Een verlenging, voor de gegevens waarvan de verstrekker instemt."""

    gegevens: Annotated[list[Word], Field(min_length=1, max_length=60)]
    medewerker: EmployeeGiven


class ParticipantTold(Told):
    """Een organisatie in de casus."""

    organisatie: str
    sinds_op: str = Field(json_schema_extra={"format": "date-time"})
    derde: bool
    geheimhouding_getekend: bool


class InformingTold(Told):
    """Of de betrokkene weet dat zijn gegevens in deze casus worden verwerkt (AVG 14), zonder wat daarover is opgeschreven."""

    status: Literal["open", "geinformeerd", "uitgesteld"]
    organisatie: str = Field(description="Wie hem informeerde, of wie er nu over gaat")
    uiterlijk_datum: str | None = Field(
        default=None,
        json_schema_extra={"format": "date"},
        description="Dan is hij geïnformeerd, of wordt opnieuw naar de grond gekeken",
    )
    te_laat: bool
    datum: str | None = Field(default=None, json_schema_extra={"format": "date"})
    wijze: Literal["brief", "gesprek", "vertegenwoordiger"] | None = None
    grond: str | None = Field(
        default=None, description="Alleen voor wie hem informeert: een publieke deelnemer, of wie de regie heeft"
    )
    wet: str | None = None


class CaseTold(Told):
    """Een casus, zonder inhoud: status, deelnemers en regie."""

    id: str
    status: str
    aanmelder: str
    eerste_verwerking_op: str = Field(json_schema_extra={"format": "date-time"})
    deelnemers: list[ParticipantTold]
    trekker: str | None
    meetrekkers: list[str]
    informeren: InformingTold | None = Field(description="Zodra de casus is opgenomen")


class CaseRecordedTold(Told):
    """De casus na de handeling, met de regel in het logboek."""

    casus: CaseTold
    registratie: str


class FeedbackTold(Told):
    """Wat er van een aanmelding is geworden."""

    id: str
    uitkomst: Literal["aangemeld", "opgenomen", "afgewezen"]
    sinds_op: str = Field(json_schema_extra={"format": "date-time"})


class CasesTold(Told):
    """De casussen van de eigen organisatie."""

    casussen: list[CaseTold]


class ContributionGiven(Given):
    """Een bijdrage: een record van een gegeven. Zonder casus komt het uit het eigen dossier."""

    gegeven: Word
    velden: FieldsGiven
    betrokkene: PersonGiven | None = None
    medewerker: EmployeeGiven


class WithdrawalGiven(Given):
    """Een intrekking."""

    medewerker: EmployeeGiven


class ConsentGiven(Given):
    """Een toestemming die het geheim opheft: zij dekt precies wat zij zegt."""

    betrokkene: PersonGiven | None = None
    casus: Handle | None = None
    ontvangers: Annotated[list[Word], Field(min_length=1, max_length=60)]
    doelen: Annotated[list[Word], Field(min_length=1, max_length=10)]
    gegevens: Annotated[list[Word], Field(min_length=1, max_length=60)]
    geldig_tot_tijdstip: Moment | None = Field(default=None, json_schema_extra={"format": "date-time"})
    verleend: bool = Field(default=True, description="Onwaar: de toestemming is gevraagd en geweigerd")
    uitleg: Prose = Field(description="Welke uitleg is gegeven, in welke taal, en of er drang was")
    medewerker: EmployeeGiven


class WeighingGiven(Given):
    """Een vastgelegde afweging, een besluit of een toezegging: een feit met zijn gronden."""

    feit: Word
    waarde: bool = True
    betrokkene: PersonGiven | None = None
    casus: Handle | None = None
    verstrekker: Word | None = Field(default=None, description="De organisatie die verstrekt; leeg: de eigen organisatie")
    ontvangers: Annotated[list[Word], Field(min_length=1, max_length=60)]
    doelen: Annotated[list[Word], Field(min_length=1, max_length=10)]
    gegevens: Annotated[list[Word], Field(max_length=60)] | None = None
    geldig_tot_tijdstip: Moment | None = Field(default=None, json_schema_extra={"format": "date-time"})
    gronden: dict[Word, Prose] = Field(default_factory=dict)
    medewerker: EmployeeGiven
