"""Which roles at a partner nobody fills, or will fill no longer: before work waits for somebody who is gone (seed S8).

Laws of this file: a role is filled exactly when somebody would be let through in it (`Employee.authorised`), deputies included;
what is told names a role and a day, never a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sluis.core.partner import Employee

SOON = timedelta(days=30)
"""How long beforehand a role that will be empty is told: screening and training take weeks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """A role that is empty (`now`), or will be from `until` on. `role` None: nobody at all may act for the organisation."""

    partner: str
    role: str | None
    until: datetime | None
    now: bool


def vacancies(partner: str, people: Iterable[Employee], at: datetime, *, within: timedelta = SOON) -> tuple[Vacancy, ...]:
    """The roles of that organisation that are empty at that moment or will be within that time, in order of role.

    A role is known once somebody was kept in it, for himself or as a deputy; it is forgotten when nobody is.
    """
    staff = tuple(people)
    roles = sorted({role for one in staff for role in (*one.roles, *one.deputises)})
    found = [
        Vacancy(partner=partner, role=role, until=_last_day(staff, role), now=not _filled(staff, role, at))
        for role in roles
        if not _filled(staff, role, at + within)
    ]
    if all(not _filled(staff, role, at) for role in roles):
        ended = max((one.until for one in found if one.until is not None), default=None)
        found.insert(0, Vacancy(partner=partner, role=None, until=ended, now=True))
    return tuple(found)


def _filled(staff: Iterable[Employee], role: str, at: datetime) -> bool:
    return any(one.authorised(role, at) for one in staff)


def _last_day(staff: Iterable[Employee], role: str) -> datetime:
    return max(_ends(one, role) for one in staff if role in one.roles or role in one.deputises)


def _ends(one: Employee, role: str) -> datetime:
    """Until when he may fill that role: his own, or as a deputy."""
    mine = min(one.screened_until, one.trained_until)
    return mine if role in one.roles else min(mine, one.deputises[role])
