"""Verifying the logs of all years, each by itself and that each continues the one before; and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sluis.cli.audit_reach import settings_of
from sluis.cli.audit_stamps import Stamps, find_stamps
from sluis.core.errors import BadInput, Flaw, LedgerBroken
from sluis.core.note import VerifierKey
from sluis.ledger.family import check_continues
from sluis.ledger.offline import Kept, from_folder
from sluis.ledger.reading import newest_checkpoint
from sluis.ledger.verify import Progress

MOST_FLAWS = 100
"""How many flaws of a log are printed; the count tells of the others."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of one log: what it is, its stamps, what is wrong."""

    said: dict[str, object]
    stamps: Stamps
    flaws: Sequence[Flaw]

    def lines(self) -> Iterator[dict[str, object]]:
        """The lines that tell of it, its flaws first, itself last."""
        for flaw in self.flaws[:MOST_FLAWS]:
            yield {"where": flaw.where, "what": flaw.what}
        if self.stamps.count:
            yield self.stamps.said()
        yield {**self.said, "flaws": len(self.flaws)}


def verify_years(
    years: Sequence[tuple[Kept, Path]], anchor: VerifierKey | None, tsa_ca: Path | None, told: Progress, *, configured: bool
) -> Iterator[Verified]:
    """Each log, oldest first. A known key counts for the log of its name, else for the newest: older ones hang on that one."""
    names = [kept.origin for kept, _ in years]
    anchored = anchor.name if anchor is not None and anchor.name in names else names[-1]
    wrong = dict(_successions([kept for kept, _ in years]))
    for kept, folder in years:
        flaws = list(kept.flaws(anchor if kept.origin == anchored else None, told))
        known = settings_of(None).log_tsa_ca if configured else None
        # That there is a stamp is demanded of the newest log alone: older ones may be from before there was an authority.
        asked = (tsa_ca, known) if kept.origin == names[-1] else (None, tsa_ca or known)
        stamps = find_stamps(kept.grown(), from_folder(folder), *asked, told=told)
        flaws += [*stamps.flaws, *([wrong[kept.origin]] if kept.origin in wrong else [])]
        if len(years) > 1:
            flaws = [Flaw(where=f"{kept.origin}, {flaw.where}", what=flaw.what) for flaw in flaws]
        size = newest_checkpoint(kept.reader).size
        yield Verified({"origin": kept.origin, "size": size, "key": str(kept.key)}, stamps, flaws)


def _successions(years: Sequence[Kept]) -> Iterator[tuple[str, Flaw]]:
    """The logs that do not continue the one before."""
    for old, new in pairwise(years):
        try:
            check_continues(old.reader, old.origin, new.reader, new.origin)
        except (LedgerBroken, BadInput) as fault:
            yield new.origin, Flaw(where="entry 0", what=str(fault))
