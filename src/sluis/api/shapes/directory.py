"""The directory on the wire: who takes part, for what may be asked, which words exist."""

from __future__ import annotations

from pydantic import Field

from sluis.api.shapes.wire import Told


class PartnerTold(Told):
    """Een organisatie die meedoet."""

    id: str
    oin: str
    soort: str
    naam: str


class PartnersTold(Told):
    """De organisaties die nu meedoen."""

    deelnemers: list[PartnerTold]


class PurposeTold(Told):
    """Een doel: waarvoor gegevens kunnen worden gevraagd."""

    doel: str
    titel: str
    route: str
    wet: str
    zekerheid: str


class PurposesTold(Told):
    """De doelen."""

    doelen: list[PurposeTold]


class WordTold(Told):
    """Een woord met zijn betekenis."""

    woord: str
    titel: str


class PilotTold(Told):
    """Een regel op proef: buiten zijn dagen staat hij niets toe."""

    regel: str
    doel: str
    van_datum: str = Field(json_schema_extra={"format": "date"})
    tot_datum: str = Field(description="De eerste dag (UTC) waarop hij niet meer geldt", json_schema_extra={"format": "date"})
    leervraag: str
    loopt: bool


class PolicyTold(Told):
    """Het beleid: de hash van de set, en de woorden per soort."""

    beleid: str
    versie: str
    regels: int
    gegevens: list[WordTold]
    feiten: list[WordTold]
    soorten: list[WordTold]
    redenen: list[WordTold]
    plichten: list[WordTold]
    proeven: list[PilotTold]


class NeededTold(Told):
    """Een voorwaarde: wat er nodig is, welke feiten helpen, en voor welke gegevens."""

    uitleg: str = Field(description="Leeg: niets opent dit")
    wat_helpt: list[str]
    gegevens: list[str]


class GivenTold(Told):
    """Een gegeven, en hoe nauwkeurig het ten hoogste meegaat."""

    gegeven: str
    titel: str
    precisie: str


class CriterionTold(Told):
    """Een criterium voor opname in het Zorg- en Veiligheidshuis, in gewone woorden (BGS 2.20 lid 1)."""

    criterium: str
    tekst: str


class WayUpTold(Told):
    """Een weg: waarvoor, bij wie, wat er mee mag en wat daarvoor nodig is."""

    doel: str
    titel: str
    wet: str
    regel: str
    soorten: list[str]
    organisaties: list[str] = Field(description="Wie hier van die soorten meedoen; leeg: nog niemand")
    gegevens: list[GivenTold]
    nodig: list[NeededTold]
    criteria: list[CriterionTold]


class WaysUpTold(Told):
    """Bij wie de eigen organisatie een zorg kan neerleggen, volgens het beleid dat nu geldt."""

    soort: str
    beleid: str
    opschalingen: list[WayUpTold]
