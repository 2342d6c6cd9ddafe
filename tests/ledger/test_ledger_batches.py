"""How the sequencer makes batches: who rides along, who is told when it fails, and that nobody waits for nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

import pytest
from ledger_world import make_parts, plain

from sluis.core.errors import LedgerUnavailable
from sluis.core.merkle import Frontier
from sluis.ledger.model import Batch, Head, LogParts
from sluis.ledger.prepare import Prepared, prepare
from sluis.ledger.sequencer import MOST_IN_A_BATCH, Sequencer, Ticket


@dataclass
class GatedWriter:
    """A log in memory that can be locked by somebody else: `begin` waits at the gate, and fails when it is told to."""

    head: Head = field(default_factory=lambda: Head(Frontier(), 0, 0))
    gate: threading.Event = field(default_factory=threading.Event)
    asked: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    sizes: list[int] = field(default_factory=list)
    refuses: int = 0
    given_up: int = 0

    def begin(self) -> Head:
        self.asked.release()
        self.gate.wait(10)
        if self.refuses:
            self.refuses -= 1
            raise LedgerUnavailable("the log cannot be locked")
        return self.head

    def commit(self, batch: Batch) -> None:
        self.sizes.append(len(batch.entries))
        self.head = batch.after

    def recover(self) -> None:
        self.given_up += 1

    def close(self) -> None:
        self.gate.set()


@pytest.fixture
def parts() -> LogParts:
    return make_parts()


def entry(parts: LogParts, number: int = 0) -> Prepared:
    return prepare(plain(number), parts)


def lock_and_fill(sequencer: Sequencer, writer: GatedWriter, parts: LogParts, count: int) -> list[Ticket]:
    """One caller for whom the log is being locked, and the rest of them while it is."""
    first = sequencer.submit(entry(parts))
    assert writer.asked.acquire(timeout=10)
    return [first, *(sequencer.submit(entry(parts, number)) for number in range(1, count))]


def test_who_comes_while_the_log_is_being_locked_rides_along(parts: LogParts) -> None:
    writer = GatedWriter()
    sequencer = Sequencer(writer, parts)
    tickets = lock_and_fill(sequencer, writer, parts, 7)
    writer.gate.set()
    assert [ticket.wait(10).index for ticket in tickets] == list(range(7))
    assert writer.sizes == [7]
    sequencer.close()


def test_a_batch_has_a_most_and_the_rest_comes_next(parts: LogParts) -> None:
    writer = GatedWriter()
    sequencer = Sequencer(writer, parts)
    tickets = lock_and_fill(sequencer, writer, parts, MOST_IN_A_BATCH + 3)
    writer.gate.set()
    assert [ticket.wait(10).index for ticket in tickets] == list(range(MOST_IN_A_BATCH + 3))
    assert writer.sizes == [MOST_IN_A_BATCH, 3]
    sequencer.close()


def test_everybody_who_waits_is_told_when_the_log_cannot_be_locked(parts: LogParts) -> None:
    writer = GatedWriter(refuses=1)
    sequencer = Sequencer(writer, parts)
    tickets = lock_and_fill(sequencer, writer, parts, 5)
    writer.gate.set()
    for ticket in tickets:
        with pytest.raises(LedgerUnavailable, match="cannot be locked"):
            ticket.wait(10)
    assert sequencer.submit(entry(parts)).wait(10).index == 0
    assert writer.given_up == 1
    sequencer.close()


def test_a_lock_for_callers_who_all_gave_up_is_given_back(parts: LogParts) -> None:
    writer = GatedWriter()
    sequencer = Sequencer(writer, parts)
    tickets = lock_and_fill(sequencer, writer, parts, 3)
    for ticket in tickets:
        with pytest.raises(LedgerUnavailable, match="in time"):
            ticket.wait(0.01)
    writer.gate.set()
    assert sequencer.submit(entry(parts)).wait(10).index == 0
    sequencer.close()
    assert (writer.sizes, writer.given_up <= 1) == ([1], True)


def test_closing_finishes_what_waits_and_takes_nothing_more(parts: LogParts) -> None:
    writer = GatedWriter()
    sequencer = Sequencer(writer, parts)
    tickets = lock_and_fill(sequencer, writer, parts, MOST_IN_A_BATCH + 3)
    closing = threading.Thread(target=sequencer.close)
    closing.start()
    writer.gate.set()
    closing.join(10)
    assert [ticket.wait(10).index for ticket in tickets] == list(range(MOST_IN_A_BATCH + 3))
    with pytest.raises(LedgerUnavailable, match="stopped"):
        sequencer.submit(entry(parts))


def test_submitting_and_closing_at_once_leaves_nobody_waiting(parts: LogParts) -> None:
    for _ in range(40):
        writer = GatedWriter()
        writer.gate.set()
        sequencer = Sequencer(writer, parts)
        confirmed, refused = list[int](), list[str]()

        def call(sequencer: Sequencer = sequencer, confirmed: list[int] = confirmed, refused: list[str] = refused) -> None:
            while not refused:
                try:
                    confirmed.append(sequencer.submit(entry(parts)).wait(10).index)
                except LedgerUnavailable as fault:
                    refused.append(str(fault))

        callers = [threading.Thread(target=call) for _ in range(4)]
        for caller in callers:
            caller.start()
        sequencer.close()
        for caller in callers:
            caller.join(10)
        assert set(refused) == {"the sequencer has stopped"}
        assert sorted(confirmed) == list(range(len(confirmed)))
