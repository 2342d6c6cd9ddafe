"""What those outside the operator said last of the log: its witnesses, and who stamps it with the time."""

from __future__ import annotations

from dataclasses import dataclass

from sluis.portal import moments
from sluis.portal.rows import Mark
from sluis.portal.visit import Visit
from sluis.ports import LogHealth
from sluis.ports.log import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRow:
    """Somebody outside in words; `problem` is what was wrong, as the operator's log has it too (in English)."""

    name: str
    state: Mark
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideView:
    """All of them. `broken` is why the log has stopped: somebody outside knows another history."""

    broken: str
    cosigned: str
    rows: tuple[OutsideRow, ...]


def outside_view(visit: Visit) -> OutsideView:
    """What this process heard last."""
    health, say = visit.services.ledger.health(), visit.say
    cosigned = moments.full(health.cosigned_at, visit.language) if health.cosigned_at else say["outside_no_quorum"]
    rows = [_witness(one, visit) for one in health.witnesses]
    return OutsideView(broken=health.broken, cosigned=cosigned, rows=(*rows, *_authority(health, visit)))


def _witness(asked: Asked, visit: Visit) -> OutsideRow:
    if asked.size is None:
        return OutsideRow(name=asked.name, state=Mark(text=visit.say["outside_failed"], tone="alarm"), problem=asked.problem)
    return OutsideRow(name=asked.name, state=Mark(text=visit.say["outside_cosigned"].format(n=asked.size), tone="released"))


def _authority(health: LogHealth, visit: Visit) -> tuple[OutsideRow, ...]:
    """The time-stamping authority, where there is one."""
    if not health.stamping:
        return ()
    if health.stamp is None:
        text, tone = visit.say["outside_unstamped"], "waiting"
    else:
        at = moments.full(health.stamp.at, visit.language)
        text, tone = visit.say["outside_stamped"].format(n=health.stamp.size, at=at), "released"
    name = health.stamp.authority if health.stamp else visit.say["outside_authority"]
    state = Mark(text=text, tone="alarm" if health.stamp_problem else tone)
    return (OutsideRow(name=name, state=state, problem=health.stamp_problem),)
