"""Warm handovers on the wire."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from sluis.api.shapes.asking import EmployeeGiven, RequestGiven
from sluis.api.shapes.wire import Given, Told, Word
from sluis.core.handover import Declined


class HandoverGiven(Given):
    """Een warme overdracht: een gesprek, met het minimum aan gegevens als aanbod."""

    verzoek: RequestGiven = Field(description="Wat meegaat, met richting aanbod: getoetst onder zijn doel als elk aanbod")
    gesprek_datum: Annotated[date, Field(description="De dag van het gesprek waarin u overdraagt")]
    rol: Word | None = Field(default=None, description="Wie bij de ontvanger overneemt: een rol, geen persoon")

    @model_validator(mode="after")
    def _an_offer(self) -> HandoverGiven:
        if self.verzoek.richting != "aanbod":
            raise ValueError("een overdracht is een aanbod")
        return self


class HandoverAnswerGiven(Given):
    """Het antwoord van de ontvanger."""

    antwoord: Literal["aannemen", "afwijzen"]
    reden: Literal["geen-ruimte", "niet-onze-taak", "al-betrokken", "eerst-overleg"] | None = None
    medewerker: EmployeeGiven

    @model_validator(mode="after")
    def _with_its_reason(self) -> HandoverAnswerGiven:
        if (self.reden is None) == (self.antwoord == "afwijzen"):
            raise ValueError("noem bij afwijzen een reden, en alleen dan")
        return self

    def declined(self) -> Declined | None:
        """The reason of a no; None for a yes."""
        return Declined(self.reden) if self.reden is not None else None


class HandoverTold(Told):
    """Een overdracht zonder inhoud: van wie aan wie, wanneer het gesprek is, en of zij is aangenomen."""

    id: str = Field(description="Het kenmerk van het aanbod: na aannemen op te halen bij /verzoeken/{id}/_ophalen")
    status: Literal["aangeboden", "aangenomen", "afgewezen"]
    gever: str
    ontvanger: str
    rol: str | None
    doel: str
    casus: str | None
    gesprek_datum: str = Field(json_schema_extra={"format": "date"})
    aangeboden_op: str = Field(json_schema_extra={"format": "date-time"})
    uiterlijk_op: str = Field(json_schema_extra={"format": "date-time"})
    te_laat: bool
    wacht_op_oordeel: bool = Field(description="Eerst beslist een professional van de gever of dit mee mag")
    beantwoord_op: str | None = Field(json_schema_extra={"format": "date-time"})
    reden: str | None


class HandoversTold(Told):
    """Overdrachten: wat op antwoord wacht eerst, het vroegst te beantwoorden bovenaan."""

    overdrachten: list[HandoverTold]
