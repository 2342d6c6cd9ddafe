"""The directory on the wire: who takes part, for what may be asked, which words exist."""

from __future__ import annotations

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
