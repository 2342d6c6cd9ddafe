"""The slow work around a log, in a thread of its own: publishing to the folder, asking the witnesses, having it time-stamped.

No caller waits for it. What it finds wrong it tells the log and the operator: a witness that knows another history stops the log.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import httpx2

from sluis import events
from sluis.core.errors import LedgerBroken, SluisError
from sluis.ledger.model import LogParts, Reader
from sluis.ledger.opening import Outside
from sluis.ledger.publishing import publish
from sluis.ledger.stamping import Stamping
from sluis.ledger.witnessing import Witnesses
from sluis.ports.log import Asked


class Tender:
    """One round at a time, by itself every so many seconds or when asked. `problem` is what the last round found."""

    def __init__(self, reader: Reader, parts: LogParts, outside: Outside, witnesses: Witnesses | None) -> None:
        self._reader, self._parts, self._outside, self._witnesses = reader, parts, outside, witnesses
        self.stamping = _stamping(reader, parts, outside)
        self._published = 0
        self._stop = threading.Event()
        self._turn = threading.Lock()
        self.broken: LedgerBroken | None = None
        self.problem = ""
        self._told: dict[str, str] = {}
        self.asked: list[Asked] = []
        self._thread: threading.Thread | None = None

    def start(self, published: int) -> None:
        """Go on from a folder that goes that far; start the thread when rounds were asked for."""
        self._published = published
        if self._outside.every > 0:
            self._thread = threading.Thread(target=self._run, name=f"tender {self._parts.origin}", daemon=True)
            self._thread.start()

    def round(self) -> None:
        """Ask the witnesses, then publish, so that the published checkpoint has their lines; then have it stamped.

        A time stamp that fails is only told of. Raises `LedgerBroken` for another history, other errors of the tree when
        something does not answer.
        """
        with self._turn:
            if self.broken is not None:
                raise LedgerBroken(str(self.broken))  # a new one: the same would grow with every round
            try:
                if self._witnesses is not None:
                    self.asked = self._witnesses.ask_all(self._parts.clock.now())
            except LedgerBroken as fault:
                events.emit(events.LEDGER_BROKEN, position=str(fault))
                self.broken = fault
                raise
            for one in self.asked:
                self._tell(one.name, one.problem)
            if self._outside.folder is not None:
                self._published = publish(self._reader, self._outside.folder, self._published)
            if self.stamping is not None:
                self.stamping.round()
                self._tell("stamp", self.stamping.problem)

    def close(self) -> None:
        """End the thread; a round that is under way is finished."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._outside.every):
            self.problem = _problem(self.round)
            self._tell("round", "" if self.broken else self.problem)

    def _tell(self, part: str, problem: str) -> None:
        """Tell the operator what is wrong with a part of a round, once, until something else is."""
        if problem and problem != self._told.get(part):
            events.emit(events.LEDGER_LAGS, part=part, problem=problem)
        self._told[part] = problem


def _stamping(reader: Reader, parts: LogParts, outside: Outside) -> Stamping | None:
    """The stamping of a log that has an authority, and a folder to keep its replies in."""
    if outside.authority is None or outside.folder is None:
        return None
    http = outside.http or httpx2.Client(timeout=10)
    return Stamping(outside.authority, outside.folder, reader, parts.clock, http)


def _problem(work: Callable[[], None]) -> str:
    """What was wrong with a round, in words; empty when nothing was."""
    try:
        work()
    except (SluisError, OSError) as fault:
        return str(fault)
    return ""
