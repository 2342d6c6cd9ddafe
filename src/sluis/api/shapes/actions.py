"""Actions of a case meeting on the wire. No shape that is told holds their words: those leave as a release only."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from sluis.api.shapes.asking import EmployeeGiven
from sluis.api.shapes.wire import Given, Prose, Told, Word

Day = Annotated[date, Field(description="Een dag; te laat is het vanaf de dag erna")]


class ActionGiven(Given):
    """Een afspraak: wat er gebeurt, wie het doet en uiterlijk wanneer."""

    wat: Prose = Field(description="De afspraak in gewone woorden; zij vertrekt alleen als verstrekking van plan.afspraken")
    eigenaar: Word = Field(description="De organisatie in de casus die het doet")
    rol: Word | None = Field(default=None, description="Wie het daar doet: een rol, geen persoon")
    uiterlijk_datum: Day
    medewerker: EmployeeGiven


class AssignmentGiven(Given):
    """Een andere eigenaar of dag voor een open afspraak."""

    eigenaar: Word
    rol: Word | None = None
    uiterlijk_datum: Day
    medewerker: EmployeeGiven


class SettlementGiven(Given):
    """Wat er van een afspraak is geworden."""

    uitkomst: Literal["gedaan", "vervallen"]
    toelichting: Prose | None = Field(default=None, description="Nodig bij vervallen; staat alleen in het logboek")
    medewerker: EmployeeGiven


class ActionTold(Told):
    """Een afspraak zonder haar woorden: van wie, uiterlijk wanneer, en hoe het ermee staat."""

    id: str
    casus: str
    eigenaar: str
    rol: str | None
    uiterlijk_datum: str = Field(json_schema_extra={"format": "date"})
    status: Literal["open", "gedaan", "vervallen"]
    te_laat: bool
    opgesteld_door: str = Field(description="De organisatie die de afspraak opschreef: de verstrekker van haar woorden")
    afgesproken_op: str = Field(json_schema_extra={"format": "date-time"})
    afgerond_door: str | None
    afgerond_op: str | None = Field(json_schema_extra={"format": "date-time"})


class ActionRecordedTold(Told):
    """De afspraak na de handeling, met de regel in het logboek."""

    actie: ActionTold
    registratie: str


class ActionsTold(Told):
    """Afspraken: wat open staat eerst, de vroegste dag bovenaan."""

    acties: list[ActionTold]
