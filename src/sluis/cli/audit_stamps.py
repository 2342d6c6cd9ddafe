"""The time stamps of a log, as `sluis audit` finds and checks them: offline, against the authority's own certificates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sluis.core.errors import BadInput, Flaw, LedgerBroken
from sluis.ledger.publishing import Fetch
from sluis.ledger.stamps import Grown, Stamp, check_stamps, parse_authority, stamped_sizes
from sluis.ledger.verify import Progress, silent

AuthorityFile = Annotated[
    Path | None,
    typer.Option("--tsa-ca", help="CA certificates (PEM) of the time-stamping authority; there must then be a stamp."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """What was found: how many stamps, those that hold, and what is wrong with the others. Unchecked when no CA is known."""

    count: int
    checked: bool
    good: tuple[Stamp, ...] = ()
    flaws: tuple[Flaw, ...] = ()

    def newest(self) -> dict[str, object] | None:
        """Until which moment how much of the log provably existed; None when no stamp says so."""
        return None if not self.good else _said(max(self.good, key=lambda stamp: stamp.head.size))

    def covering(self, index: int) -> dict[str, object] | None:
        """By which moment that entry provably existed."""
        over = [stamp for stamp in self.good if stamp.head.size > index]
        return None if not over else _said(min(over, key=lambda stamp: stamp.at))

    def said(self) -> dict[str, object]:
        """The line that tells of them."""
        return {"stamps": self.count, "checked": self.checked, **(self.newest() or {})}


def find_stamps(
    log: Grown, fetch: Fetch, given: Path | None, configured: Path | None = None, *, told: Progress = silent
) -> Stamps:
    """The stamps beside a log, checked when the authority is known.

    Raises `LedgerBroken` when they were asked for and there are none: whoever takes stamps away leaves no other trace.
    """
    count = len(stamped_sizes(fetch))
    if given is not None and not count:
        raise LedgerBroken("stamps: the log has none")
    file = given or configured
    if file is None or not count:
        return Stamps(count=count, checked=False)
    roots = parse_authority(_bytes(file), str(file))
    found: list[Stamp | Flaw] = []
    for one in check_stamps(fetch, log, roots):
        found.append(one)
        told(len(found), count)
    good = tuple(one for one in found if isinstance(one, Stamp))
    return Stamps(count=count, checked=True, good=good, flaws=tuple(one for one in found if isinstance(one, Flaw)))


def _said(stamp: Stamp) -> dict[str, object]:
    return {"entries": stamp.head.size, "existed_by": stamp.at.isoformat(), "authority": stamp.authority}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise BadInput(Flaw(where=str(path), what="it cannot be read")) from fault
