"""Why a screening rule flagged an entry, in plain words, with the entries on which that rests."""

from __future__ import annotations

from dataclasses import dataclass

from sluis.core.entry import Kind, LoggedEntry
from sluis.flows.audit import Aim
from sluis.flows.screening import entries_behind
from sluis.portal import moments, reading
from sluis.portal.frame import Link
from sluis.portal.rows import entry_link
from sluis.portal.visit import Visit
from sluis.portal.words import named


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """The rule in words, why it hit, and the entries within the officer's reach; `elsewhere` says how many are not."""

    rule: str
    why: str
    entries: tuple[Link, ...]
    elsewhere: str


def flagged_of(entry: LoggedEntry, visit: Visit, aim: Aim) -> Flagged | None:
    """What that entry says of a rule that hit; None for an entry that is no hit."""
    if entry.kind is not Kind.REVIEW_FLAGGED:
        return None
    core = entry.core
    count = reading.number(core, "count")
    shown = entries_behind(visit.officer, entry, visit.services)
    more = count - len(shown)
    return Flagged(
        rule=rule_named(entry, visit),
        why=named(visit.language, "rule_help", reading.text(core, "rule")).format(
            count=count, bound=reading.number(core, "bound")
        ),
        entries=tuple(
            Link(href=entry_link(one.entry_id, visit, aim), text=moments.full(one.recorded, visit.language), here=False)
            for one in shown
        ),
        elsewhere=visit.say["flagged_elsewhere"].format(n=more) if more > 0 else "",
    )


def rule_named(entry: LoggedEntry, visit: Visit) -> str:
    """The rule that hit, in words; empty for an entry that is no hit."""
    return named(visit.language, "rule", reading.text(entry.core, "rule")) if entry.kind is Kind.REVIEW_FLAGGED else ""
