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
