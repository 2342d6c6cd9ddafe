"""The end of a case: a rejected notification is destroyed at once, every other case when its term ends (WGS 1.8(7), BGS 1.16).

Laws of this file: that something is destroyed is on record before it is; the entry says on which ground and names nobody outside
the person's own cell; what the person has in other cases stays; after it only the log's entries are left. A process that dies
between two steps leaves a case that `endings` finds again.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sluis.core.case import RETENTION_YEARS, Case, CaseState, anniversary
from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, Receipt
from sluis.core.errors import WrongState
from sluis.core.record import Contribution
from sluis.ports.services import Services

NOT_ADMITTED = "BGS 1.16 lid 1 onder b: niet opgenomen"
TERM_ENDED = "WGS 1.8 lid 7: vijf jaar na eerste verwerking"
NOT_RENEWED = "WGS 1.8 lid 7: niet verlengd voor deze gegevens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A case, or (`lapsed`) only what was deposited for it in categories that nobody renewed, whose time is over."""

    case: Case = field(repr=False)
    ground: str
    lapsed: tuple[Contribution, ...] = field(default=(), repr=False)


def endings(services: Services) -> Sequence[Ending]:
    """What would be destroyed now. Reads only: this is the dry run."""
    at = services.clock.now()
    # A day more: who was first processed on 29 February has his anniversary on the 28th.
    first = anniversary(at, -RETENTION_YEARS) + timedelta(days=1)
    found = (_ending(case, at, services) for case in services.cases.ending(first))
    return [one for one in found if one is not None]


def sweep(services: Services) -> Sequence[Receipt]:
    """Destroy everything whose time is over; the receipts prove it without naming anybody. Harmless to repeat."""
    done: list[Receipt] = []
    for one in endings(services):
        with suppress(WrongState):  # somebody else changed or destroyed it since: the next sweep sees how it stands then
            done.append(end(one, services))
    return done


def end(ending: Ending, services: Services) -> Receipt:
    """Destroy a case, or what lapsed of it. Raises `StoreUnavailable` when it is not finished: repeat it then."""
    receipt = services.ledger.append(_entry(ending, services))
    # If we die here the log says that something was destroyed which still stands: the next sweep does it, on record again.
    if ending.lapsed:
        services.contributions.destroy(ending.lapsed)
    else:
        services.cases.destroy(ending.case)
    return receipt


def _ending(case: Case, at: datetime, services: Services) -> Ending | None:
    if case.state is CaseState.GEEN:
        return Ending(case=case, ground=NOT_ADMITTED)
    if at >= case.ends:
        return Ending(case=case, ground=TERM_ENDED)
    if at < anniversary(case.first_processed, RETENTION_YEARS):
        return None
    renewed = {category for category, until in case.renewed.items() if at < until}
    left = services.contributions.about(case.subject)
    lapsed = tuple(one for one in left if one.case == case.id and one.record.category not in renewed)
    return Ending(case=case, ground=NOT_RENEWED, lapsed=lapsed) if lapsed else None


def _entry(ending: Ending, services: Services) -> EntryDraft:
    at, case = services.clock.now(), ending.case
    notifier = services.partners.by_id(case.notifier)
    data: dict[str, Json] = {
        "case": case.id,
        "destroyed": sorted({one.record.category for one in ending.lapsed}) if ending.lapsed else "all",
        "admitted": case.state is not CaseState.GEEN,
    }
    return EntryDraft(
        kind=Kind.RETENTION_EXPIRED,
        at=at,
        # The notifier is named so that it can be told what became of what it notified (`flows/notify.py`).
        core={"ground": ending.ground, "provider": notifier.oin if notifier else ""},
        cells=(CellDraft(role="subject", identifier=case.subject, bucket=str(at.year), data=data),),
    )
