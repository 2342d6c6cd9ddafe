"""Who acts, and what goes on record of an act that is no request: cases, contributions, evidence, judgements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sluis.core.entry import CellDraft, EntryDraft, Json, Kind
from sluis.core.errors import NotAllowed
from sluis.core.partner import Partner
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An employee of a partner, as that partner names him in the call."""

    partner: Partner
    user: str = field(repr=False)
    role: str


def authorised(actor: Actor, services: Services, at: datetime) -> None:
    """Return when the employee is designated, screened and trained; raise `NotAllowed` otherwise (WGS 1.8(2), BGS 1.11)."""
    employee = services.employees.find(actor.partner.id, actor.user)
    if employee is None or not employee.authorised(actor.role, at):
        raise NotAllowed("this employee is not designated, screened and trained for that role")


def act_entry(
    kind: Kind, actor: Actor, at: datetime, *, subject: str, core: Mapping[str, Json], data: Mapping[str, Json]
) -> EntryDraft:
    """The entry of an act about one person. `core` names no person; `data` goes into the person's cell."""
    return EntryDraft(
        kind=kind,
        at=at,
        core={"recipient": actor.partner.oin, **core},
        cells=(
            CellDraft(role="subject", identifier=subject, bucket=str(at.year), data=data),
            CellDraft(
                role="actor",
                identifier=f"{actor.partner.id}/{actor.user}",
                bucket=str(at.year),
                data={"user": actor.user, "role": actor.role, "organisation": actor.partner.oin},
            ),
        ),
    )
