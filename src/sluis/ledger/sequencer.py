"""The sequencer: one thread that gives entries their positions and makes them durable, a whole batch per sync.

Laws of this file:
1. A caller gets a receipt only after COMMIT has returned; there is no other place that makes one for an append.
2. Nothing of the tree is remembered between batches: each starts from the head row it reads inside its own
   transaction. So memory cannot run ahead of the disk, and a second process cannot make a fork.
3. Rows, nodes, head and signed checkpoint are one transaction; two heads of one size cannot exist.
4. When this thread ends, whoever waits is told that the log is unavailable, and the log is let go for others.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue

from sluis.core.entry import Receipt
from sluis.core.errors import LedgerUnavailable, SluisError
from sluis.core.leaf import moment
from sluis.core.merkle import Frontier, bag, leaf_hash, nodes_before, position, range_nodes
from sluis.core.note import Checkpoint
from sluis.core.proof import TreeHead
from sluis.ledger.model import Batch, EntryRow, Head, LogParts, SignedHead, Writer, from_micros, micros
from sluis.ledger.prepare import Prepared
from sluis.ledger.signing import LogLine, sign_text

MOST_IN_A_BATCH = 256
MOST_WAITING = 8192


@dataclass(slots=True, eq=False)
class Ticket:
    """One caller's place in the queue. `done` is released once there is a receipt or an error."""

    prepared: Prepared
    done: threading.Lock = field(default_factory=threading.Lock)
    abandoned: bool = False
    receipt: Receipt | None = None
    error: SluisError | None = None

    def __post_init__(self) -> None:
        """Nobody passes `done` until the writer lets go of it."""
        self.done.acquire()

    def wait(self, timeout: float) -> Receipt:
        """The receipt. Raises `LedgerUnavailable` when there is none in time, or the error of the batch."""
        if not self.done.acquire(timeout=timeout):
            self.abandoned = True
            # A batch that has already taken the entry may still make it durable: recorded, and not released. Never the reverse.
            raise LedgerUnavailable("the log did not confirm the entry in time")
        if self.receipt is None:
            raise LedgerUnavailable(str(self.error or "the sequencer has stopped"))
        return self.receipt


class Sequencer:
    """Takes whatever is waiting, as one batch, each time the log is free. Start it once; close it to drain."""

    def __init__(self, writer: Writer, parts: LogParts) -> None:
        self._writer, self._parts = writer, parts
        self._waiting: SimpleQueue[Ticket | None] = SimpleQueue()
        self._open, self._ended = True, False
        self._thread = threading.Thread(target=self._run, name=f"sequencer {parts.origin}", daemon=True)
        self._thread.start()

    def submit(self, prepared: Prepared) -> Ticket:
        """Queue an entry. Raises `LedgerUnavailable` when the sequencer is closed or too much is waiting."""
        if not self._open:
            raise LedgerUnavailable("the sequencer has stopped")
        if self._waiting.qsize() >= MOST_WAITING:
            raise LedgerUnavailable("too many entries are waiting for the disk")
        ticket = Ticket(prepared)
        self._waiting.put(ticket)
        if self._ended:  # between the first look and the queue: perhaps nobody comes for it any more
            ticket.abandoned = True
            raise LedgerUnavailable("the sequencer has stopped")
        return ticket

    def close(self) -> None:
        """Take no more, finish what is waiting, let go of the database."""
        self._open = False
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        taken: list[Ticket] = []
        try:
            while (first := self._waiting.get()) is not None:
                taken = [first]
                self._serve(taken)
        finally:
            # Reached on close with nothing left, or on an error that nobody foresaw: then those who wait must not hang.
            self._open, self._ended = False, True
            _release(taken)
            while not self._waiting.empty():
                _release([left] if (left := self._waiting.get()) else [])
            # Between `begin` and `commit` the log is locked for every other broker too: whoever dies there must not keep it.
            self._writer.close()

    def _more(self, most: int) -> Iterator[Ticket]:
        """Whoever else waits at this moment."""
        for _ in range(min(self._waiting.qsize(), most)):
            ticket = self._waiting.get()
            if ticket is None:  # closing: those before it are in, and the loop must meet it again
                self._waiting.put(None)
                return
            yield ticket

    def _serve(self, taken: list[Ticket]) -> None:
        """One batch, from head to receipts, for these and whoever comes while the log is being locked. It fails as a whole.

        Nobody else takes from the queue, and while the lock is awaited the callers of the batch before have time to come
        back: so batches grow as the log gets busier, and nobody lingers for company.
        """
        try:
            head = self._writer.begin()
        except SluisError as fault:
            self._fail([*taken, *self._more(MOST_IN_A_BATCH)], fault)
            return
        taken.extend(self._more(MOST_IN_A_BATCH - len(taken)))
        live = [ticket for ticket in taken if not ticket.abandoned]
        if not live:
            self._recover()  # gives up the transaction that was begun
            return
        try:
            batch = build(head, [ticket.prepared for ticket in live], self._parts)
            # If we die here, nothing was written and nobody was told.
            self._writer.commit(batch)
            # If we die here, the entries are durable and nobody was told: recorded, not released.
        except SluisError as fault:
            self._fail(live, fault)
            return
        for ticket, receipt in zip(live, receipts(batch, self._parts.origin), strict=True):
            ticket.receipt = receipt
        _release(live)

    def _fail(self, tickets: Sequence[Ticket], fault: SluisError) -> None:
        for ticket in tickets:
            ticket.error = fault
        _release(tickets)
        # What the failed batch left behind is settled before the next one reads a head.
        self._recover()

    def _recover(self) -> None:
        try:
            self._writer.recover()
        except SluisError:
            return  # still broken: the next batch will find it so, and say it to its callers


def _release(tickets: Sequence[Ticket]) -> None:
    for ticket in tickets:
        if ticket.done.locked():
            ticket.done.release()


def build(head: Head, waiting: Sequence[Prepared], parts: LogParts) -> Batch:
    """The batch that follows `head`. Raises `LedgerUnavailable` when the clock went back further than its slack."""
    now = micros(parts.clock.now())
    if now < head.recorded - parts.clock_slack * 1_000_000:
        raise LedgerUnavailable("the clock stands before the newest entry of the log")
    recorded, start = max(now, head.recorded), head.frontier.size
    stamp = moment(from_micros(recorded))
    entries = [prepared.placed(start + offset, recorded, stamp) for offset, prepared in enumerate(waiting)]
    frontier, nodes = head.frontier.grow(leaf_hash(entry.leaf) for entry in entries)
    return Batch(
        before=head,
        entries=entries,
        cells=[prepared.cells for prepared in waiting],
        nodes=nodes,
        after=Head(frontier, recorded, head.epoch + 1),
        signed=sign_head(frontier, recorded, parts),
    )


def sign_head(frontier: Frontier, at: int, parts: LogParts) -> SignedHead:
    """The checkpoint of a tree. Called inside the transaction that stores the tree, and nowhere else."""
    root = frontier.root()
    text = str(Checkpoint(parts.origin, TreeHead(frontier.size, root)))
    return SignedHead(frontier.size, root, str(sign_text(text, from_micros(at), LogLine(parts.signer), *parts.also)), at)


def receipts(batch: Batch, origin: str) -> list[Receipt]:
    """The receipts of a batch that is durable, from what is in memory: the old peaks and the new nodes.

    Every sibling on the path of a new entry is a peak of the old tree, a node that this batch completed, or the bag of
    the new peaks to its right.
    """
    old, new = batch.before.frontier, batch.after.frontier
    known = dict(zip(range_nodes(0, old.size), old.peaks, strict=True))
    first, peaks, made = nodes_before(old.size), range_nodes(0, new.size), batch.nodes
    found: list[Receipt] = []
    place = 0
    for entry in batch.entries:
        while entry.seq >= (peaks[place][1] + 1) << peaks[place][0]:
            place += 1
        path = []
        for level in range(peaks[place][0]):
            sibling = (level, (entry.seq >> level) ^ 1)
            path.append(known.get(sibling) or made[position(*sibling) - first])
        if place + 1 < len(peaks):
            path.append(bag(new.peaks[place + 1 :]))
        path.extend(reversed(new.peaks[:place]))
        found.append(_receipt(entry, tuple(path), batch.signed, origin))
    return found


def _receipt(entry: EntryRow, path: tuple[bytes, ...], signed: SignedHead, origin: str) -> Receipt:
    return Receipt(
        origin=origin, index=entry.seq, entry_id=entry.entry_id.hex(), leaf=entry.leaf, proof=path, checkpoint=signed.note
    )
