"""`/v1/tijdigheid` and `/v1/bezetting`: how timely humans judge, and which roles of the own organisation nobody fills."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from sluis.api import answers
from sluis.api.deps import Reading, Wired
from sluis.api.document import tells
from sluis.api.shapes.timing import StaffingTold, TimelinessRowTold, TimelinessTold, VacancyTold
from sluis.api.shapes.wire import moment
from sluis.core.staffing import Vacancy
from sluis.core.timeliness import Figures, parse_quarter, quarter_of
from sluis.flows.escalate import term_in_words
from sluis.flows.staffing import own_staffing
from sluis.flows.timeliness import own_timeliness
from sluis.ports.services import Services

router = APIRouter(tags=["wegwijzer"])
_DAY = timedelta(days=1)


@router.get("/tijdigheid", **tells({200: TimelinessTold}))
def show_timeliness(
    caller: Reading,
    services: Wired,
    kwartaal: Annotated[str | None, Query(description="Een kwartaal (UTC), zoals 2026-K4; zonder: dit kwartaal")] = None,
) -> Response:
    """Hoe snel mensen beslissen over wat is voorgelegd, als aantallen: van de eigen organisatie, en van wie zij iets vroeg.

    Aantallen onder de tien worden niet genoemd, en wat ze zou verraden ook niet. Er staat geen persoon in.
    """
    quarter = parse_quarter(kwartaal) if kwartaal is not None else quarter_of(services.clock.now())
    found = own_timeliness(caller.partner, quarter, services)
    return answers.told(
        TimelinessTold(
            kwartaal=quarter.word,
            van_datum=quarter.since.date().isoformat(),
            tot_en_met_datum=(quarter.until - _DAY).date().isoformat(),
            als_verstrekker=[_row(one, services) for one in found.as_provider],
            als_vrager=[_row(one, services) for one in found.as_requester],
        )
    )


@router.get("/bezetting", **tells({200: StaffingTold}))
def show_staffing(caller: Reading, services: Wired) -> Response:
    """Welke rollen van de eigen organisatie niemand vervult, of binnen dertig dagen niemand meer.

    Dan eindigt van de laatste de screening, de opleiding of de waarneming. Een waarnemer telt zolang zijn einddatum
    in de toekomst ligt. Er staat geen medewerker in.
    """
    found = own_staffing(caller.partner, services)
    return answers.told(StaffingTold(lege_rollen=[_vacancy(one) for one in found.vacancies], wacht=found.waiting))


def _vacancy(one: Vacancy) -> VacancyTold:
    return VacancyTold(rol=one.role, nu_leeg=one.now, vervuld_tot_tijdstip=moment(one.until) if one.until else None)


def _row(one: Figures, services: Services) -> TimelinessRowTold:
    return TimelinessRowTold(
        verstrekker=one.lane.provider,
        doel=one.lane.purpose,
        spoed=one.lane.urgent,
        antwoord_binnen=term_in_words(one.lane.provider, services, urgent=one.lane.urgent),
        beoordeeld=one.judged,
        op_tijd=one.in_time,
        mediaan=duration(one.median),
        p90=duration(one.p90),
        wacht=one.waiting,
        te_laat=one.late,
    )


def duration(length: timedelta | None) -> str | None:
    """A length of whole minutes as ISO 8601 writes it: `PT2H5M`."""
    if length is None:
        return None
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    return f"PT{hours}H{minutes}M"
