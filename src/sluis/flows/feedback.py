"""What became of a notification, for whoever made it: a status and a day, never content (`law.md` 6, 23; acceptance L10).

Law of this file: a rejected case is destroyed, so its status is read from the log; of a closed one nobody hears anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sluis.core.case import Case, CaseState
from sluis.core.entry import Kind, LoggedEntry
from sluis.core.errors import NotFound
from sluis.flows.acting import Actor
from sluis.flows.every import every
from sluis.ports.log import LogQuery
from sluis.ports.services import Services


class Became(StrEnum):
    """What a notifier hears."""

    AANGEMELD = "aangemeld"
    OPGENOMEN = "opgenomen"
    AFGEWEZEN = "afgewezen"


_BECAME = {CaseState.AANGEMELD: Became.AANGEMELD, CaseState.OPGENOMEN: Became.OPGENOMEN, CaseState.GEEN: Became.AFGEWEZEN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What became of a notified case, and since when."""

    case: str
    became: Became
    since: datetime


def feedback_on(case_id: str, actor: Actor, services: Services) -> Feedback:
    """What became of a case that the actor's organisation notified. Raises `NotFound` for anybody else and for a closed case."""
    case = services.cases.find(case_id)
    if case is None:
        return _from_the_log(case_id, actor, services)
    if case.notifier != actor.partner.id or case.state not in _BECAME:
        raise NotFound("no such notification")
    return Feedback(case=case_id, became=_BECAME[case.state], since=_since(case))


def _since(case: Case) -> datetime:
    return case.resolutions[0].at if case.resolutions else case.first_processed


def _from_the_log(case_id: str, actor: Actor, services: Services) -> Feedback:
    for entry in every(LogQuery(kinds=(Kind.RETENTION_EXPIRED,), party=actor.partner.oin), services.ledger):
        if _is_about(entry, case_id):
            return Feedback(case=case_id, became=Became.AFGEWEZEN, since=entry.recorded)
    raise NotFound("no such notification")


def _is_about(entry: LoggedEntry, case_id: str) -> bool:
    said = next((data for role, data in entry.cells if role == "subject" and data is not None), {})
    return said.get("case") == case_id and said.get("admitted") is False
