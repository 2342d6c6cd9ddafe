"""The roles that nobody fills, or will fill soon, as far as an officer is told. No name of anybody."""

from __future__ import annotations

from dataclasses import dataclass

from sluis.core.staffing import Vacancy
from sluis.flows.staffing import vacancies_for
from sluis.portal import moments
from sluis.portal.rows import Mark
from sluis.portal.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyRow:
    """An empty role in words."""

    organisation: str
    role: str
    state: Mark
    until: str


def vacancy_rows(visit: Visit) -> tuple[VacancyRow, ...]:
    """The empty roles that this officer is told."""
    names = {partner.id: partner.name for partner in visit.services.partners.all()}
    return tuple(_row(one, visit, names.get(one.partner, one.partner)) for one in vacancies_for(visit.officer, visit.services))


def _row(one: Vacancy, visit: Visit, organisation: str) -> VacancyRow:
    say = visit.say
    return VacancyRow(
        organisation=organisation,
        role=one.role or say["staff_nobody"],
        state=Mark(text=say["staff_now"], tone="alarm") if one.now else Mark(text=say["staff_soon"], tone="waiting"),
        until=moments.day(one.until, visit.language) if one.until else say["staff_never"],
    )
