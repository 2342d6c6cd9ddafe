"""The set in force (port `Rules`), read again when its folder changes.

Laws of this file: a set that is bad, unsigned, not in force, or of which the change could not be recorded never replaces the one
that decides; a set that has ended decides nothing; no thread: whoever asks for the set pays for looking, now and then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sluis.core.errors import BadInput, Flaw, PolicyUnavailable, SluisError
from sluis.core.rules import Rulebook
from sluis.policy_files.signing import Released, read_trust, unsigned, verified
from sluis.ports.ambient import Clock

Activated = Callable[[Released], None]
"""Called before a set takes effect. When it raises, the set does not take effect."""

Refused = Callable[[tuple[Flaw, ...]], None]
"""Called once for each change of the folder that gave no usable set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What to watch. Without `trust` nobody needs to sign: only for a demonstration. `last` is the hash that the log has last.

    `carried` are the duties that this broker can carry out; without it all.
    """

    directory: Path
    trust: Path | None
    every: timedelta = timedelta(seconds=5)
    last: str = ""
    carried: frozenset[str] | None = None


class WatchedRules:
    """The last good set of a folder."""

    def __init__(self, watched: Watched, clock: Clock, *, on_activated: Activated, on_refused: Refused) -> None:
        self._watched, self._clock = watched, clock
        self._on_activated, self._on_refused = on_activated, on_refused
        self._looking = threading.Lock()
        self._active: Released | None = None
        self._book: Rulebook | None = None
        self._seen: object = None
        self._told: tuple[Flaw, ...] = ()
        self._looked = clock.now()
        self._look(self._looked)

    def current(self) -> Rulebook:
        """The set in force now; a pilot outside its days gives nothing. Raises `PolicyUnavailable` when none is in force."""
        whole = self.released().rulebook
        kept = self._book
        # The set of a moment remembers what was made of its rules: a new one only when a pilot begins or ends.
        same = kept is not None and kept.policy == whole.policy and kept.carried == whole.carried
        self._book = book = (kept if kept is not None and same else whole).on(self._clock.now())
        return book

    def released(self) -> Released:
        """The set in force, with who released it. Raises `PolicyUnavailable` when there is none, or when it has ended."""
        now = self._clock.now()
        if not (timedelta(0) <= now - self._looked < self._watched.every) and self._looking.acquire(blocking=False):
            try:
                self._looked = now
                self._look(now)
            finally:
                self._looking.release()
        active = self._active
        if active is None:
            raise PolicyUnavailable("no valid policy set was loaded")
        ends = active.declaration.valid_until if active.declaration is not None else None
        if ends is not None and now >= ends:
            raise PolicyUnavailable("the policy set has ended")
        return active

    def _look(self, now: datetime) -> None:
        """Read the folder when it changed, or when what was refused before could be good by now."""
        seen = self._state()
        if seen == self._seen:
            return
        try:
            found = self._read(now)
            self._continues(found)
            if self._is_new(found):
                # If we die after this line the log names a set that never decided: it may over-report, never under-report.
                self._on_activated(found)
        except BadInput as error:
            self._seen = seen
            self._refuse(error.flaws)
        except SluisError as error:
            # Not in force yet, or the change could not be recorded: look again at the next turn.
            self._refuse((Flaw(where=str(self._watched.directory), what=str(error)),))
        else:
            self._seen, self._told = seen, ()
            carried = self._watched.carried
            self._active = found if carried is None else replace(found, rulebook=found.rulebook.carrying(carried))

    def _read(self, now: datetime) -> Released:
        if self._watched.trust is None:
            return unsigned(self._watched.directory)
        active = self._active.rulebook if self._active is not None else None
        return verified(self._watched.directory, read_trust(self._watched.trust), now, active)

    def _continues(self, found: Released) -> None:
        """After a restart the old set is gone: then the signers must have compared with the one the log names, or have advice."""
        last, declared = self._watched.last, found.declaration
        if self._active is not None or declared is None or last in ("", found.policy, declared.replaces):
            return
        if not (declared.rac_advice.strip() or declared.deviation.strip()):
            what = "het beleid is met een ander vergeleken dan het laatst gold"
            raise BadInput(Flaw(where="vervangt", what=what, mend="vergelijk met --vorig, of noem advies of redenen"))

    def _is_new(self, found: Released) -> bool:
        if self._active is None:
            return found.policy != self._watched.last
        return (found.policy, found.declaration) != (self._active.policy, self._active.declaration)

    def _refuse(self, flaws: tuple[Flaw, ...]) -> None:
        if flaws != self._told:
            self._told = flaws
            self._on_refused(flaws)

    def _state(self) -> object:
        """What changes when the folder does."""
        trust = self._watched.trust
        paths = [*self._watched.directory.rglob("*"), *([trust] if trust is not None else [])]
        return frozenset((str(path), *_stamp(path)) for path in paths)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_size, found.st_ino)
