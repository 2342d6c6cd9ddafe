"""The policy set in force: signed by two people outside the demo, read again when it changes, on record before it decides."""

from __future__ import annotations

from dataclasses import dataclass, field

from sluis import events
from sluis.core.duties import CARRIED
from sluis.core.entry import CellDraft, EntryDraft, Json, Kind
from sluis.core.errors import Flaw, PolicyFileError, PolicyUnavailable
from sluis.policy_files.signing import Released
from sluis.policy_files.watching import Watched, WatchedRules
from sluis.ports.ambient import Clock
from sluis.ports.log import Ledger, LogQuery
from sluis.settings import Mode, Settings


@dataclass(frozen=True, slots=True)
class Announcer:
    """Puts a change of policy on record, and tells the operator of a set that was refused."""

    ledger: Ledger
    clock: Clock
    refused: list[Flaw] = field(default_factory=list)

    def last(self) -> str:
        """The hash of the set that the log has last; nothing when it never had one."""
        found = self.ledger.entries(LogQuery(kinds=(Kind.POLICY_ACTIVATED,), limit=1))
        return str(found[0].core["policy"]) if found else ""

    def activated(self, released: Released) -> None:
        """Record the set before it takes effect. Raises `LedgerUnavailable`: the set before then stays."""
        at = self.clock.now()
        declared = released.declaration
        signers = tuple(
            CellDraft(role="actor", identifier=f"ondertekenaar/{name}", bucket=str(at.year), data={"signer": name})
            for name in released.signers
        )
        core: dict[str, Json] = {
            "policy": released.policy,
            "rules": len(released.rulebook.rules),
            "signatures": len(released.signers),
            "replaces": declared.replaces if declared else "",
            "rac_advice": declared.rac_advice if declared else "",
            "deviation": bool(declared and declared.deviation),
            "wider": list(declared.wider) if declared else [],
        }
        self.ledger.append(EntryDraft(kind=Kind.POLICY_ACTIVATED, at=at, core=core, cells=signers))
        events.emit(events.POLICY_ACTIVATED, policy=released.policy, rules=len(released.rulebook.rules))

    def turned_down(self, flaws: tuple[Flaw, ...]) -> None:
        """Tell the operator; the last good set stays in force."""
        self.refused[:] = flaws
        events.emit(events.POLICY_REFUSED, flaws=len(flaws))


def watch_policies(settings: Settings, ledger: Ledger, clock: Clock) -> WatchedRules:
    """The rules of this broker. Raises `PolicyFileError` with every flaw when there is no good set to start with."""
    announcer = Announcer(ledger, clock)
    trust = None if settings.mode is Mode.DEMO else settings.policy_trust
    watched = Watched(directory=settings.policies, trust=trust, last=announcer.last(), carried=CARRIED)
    rules = WatchedRules(watched, clock, on_activated=announcer.activated, on_refused=announcer.turned_down)
    try:
        rules.current()
    except PolicyUnavailable:
        if announcer.refused:
            raise PolicyFileError(*announcer.refused) from None
        raise
    return rules
