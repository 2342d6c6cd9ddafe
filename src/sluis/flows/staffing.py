"""The vacancy alarm: which roles nobody fills, for the organisation itself, its officers, and the operator.

Laws of this file: an organisation is told its own roles, who oversees the region those of every organisation that takes part;
nobody's name, number or count of colleagues is in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sluis.core.partner import Officer, Partner
from sluis.core.staffing import Vacancy, vacancies
from sluis.flows.audit import SEES_ALL
from sluis.ports.services import Services

OPERATOR = "beheerder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """What an organisation is told about itself: its empty roles, and how much waits for somebody to judge."""

    vacancies: tuple[Vacancy, ...]
    waiting: int


def own_staffing(partner: Partner, services: Services) -> Staffing:
    """The empty roles of that organisation, and how many questions wait for its people."""
    return Staffing(vacancies=_of(partner, services), waiting=len(services.tasks.waiting_at(partner.id)))


def vacancies_everywhere(services: Services) -> Sequence[Vacancy]:
    """The empty roles of every organisation that takes part now, in order of organisation."""
    at = services.clock.now()
    return [one for partner in services.partners.all() if partner.active(at) for one in _of(partner, services)]


def vacancies_for(officer: Officer, services: Services) -> Sequence[Vacancy]:
    """The empty roles that this officer is told: of his own organisation, or all for who oversees or operates the region."""
    if officer.roles & (SEES_ALL | {OPERATOR}):
        return vacancies_everywhere(services)
    partner = services.partners.by_id(officer.organisation or "")
    return () if partner is None else _of(partner, services)


def _of(partner: Partner, services: Services) -> tuple[Vacancy, ...]:
    return vacancies(partner.id, services.employees.of_partner(partner.id), services.clock.now())
