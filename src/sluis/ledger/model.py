"""The rows of the log as values, and what a database must do for it. Nothing here knows which database it is.

Moments in rows are whole microseconds since 1970 (UTC), so that no driver has its own idea of time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sluis.core.merkle import Frontier
from sluis.ledger.signing import LineSigner
from sluis.ports import CellVault, Clock, Signer

Row = tuple[Any, ...]
"""A row as a driver gives it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """A moment as whole microseconds since 1970."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def from_micros(value: int) -> datetime:
    """The moment of those microseconds."""
    return _EPOCH + timedelta(microseconds=value)


def raw(value: object) -> bytes:
    """The bytes of a column; of what somebody put there that is no bytes, none: it then matches no hash."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def peaks_of(stored: object) -> tuple[bytes, ...]:
    """The hashes of the largest subtrees, as the head row keeps them side by side."""
    joined = raw(stored)
    return tuple(joined[at : at + 32] for at in range(0, len(joined), 32))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogParts:
    """What a log is made of besides its database.

    `chance` gives that many random bytes; `also` puts further lines under each checkpoint (an old key, ML-DSA-44);
    `timeout` is how many seconds an append may wait; `clock_slack` how many seconds the clock may step back before the
    log refuses to write.
    """

    origin: str
    clock: Clock
    signer: Signer
    vault: CellVault
    chance: Callable[[int], bytes]
    also: tuple[LineSigner, ...] = ()
    timeout: float = 5.0
    clock_slack: float = 60.0


@dataclass(frozen=True, slots=True)
class CellRow:
    """What an entry says about one person, sealed. Only `tag` and `ct` may ever change, and only to nothing."""

    role: str
    tag: bytes | None = field(repr=False)
    bucket: str
    ct: bytes | None = field(repr=False)
    ct_hash: bytes
    commit: bytes


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry with its position, its leaf, and the columns that queries use (copies of what `core` says)."""

    seq: int
    entry_id: bytes
    leaf: bytes
    core: bytes
    kind: str
    recorded: int
    provider: str | None
    recipient: str | None
    purpose: str | None
    decision: str | None
    about: bytes | None
    review: str | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands: the right edge of the tree, the newest moment in it, and how many batches came before."""

    frontier: Frontier
    recorded: int
    epoch: int


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A checkpoint as it is kept: one per size, for ever."""

    size: int
    root: bytes
    note: str
    signed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one transaction writes: entries, cells, the nodes that they complete, the new head and its checkpoint."""

    before: Head
    entries: Sequence[EntryRow]
    cells: Sequence[Sequence[CellRow]]
    nodes: Sequence[bytes]
    after: Head
    signed: SignedHead


class Writer(Protocol):
    """The one connection that appends. Every driver error comes out as `LedgerUnavailable`."""

    def begin(self) -> Head:
        """Start a transaction that shuts out every other writer, and read the head in it."""
        ...

    def commit(self, batch: Batch) -> None:
        """Write the batch and return only when it survives a power cut."""
        ...

    def recover(self) -> None:
        """After a failure: give up the transaction and make sure that what the disk shows is what the disk holds."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


class Keeper(Protocol):
    """Small durable changes beside the log itself: cosignatures, and what is erased. From any thread."""

    def write(self, changes: Sequence[tuple[str, Sequence[object]]]) -> int:
        """All changes in one transaction; return how many rows changed. SQL has `?`. Raises `LedgerUnavailable`."""
        ...

    def purge(self) -> None:
        """Make what was erased unreadable in the files too. Raises `LedgerUnavailable` when readers keep it from that."""
        ...


class Reader(Protocol):
    """Reads that never block the writer. SQL has `?` for arguments. Driver errors come out as `StoreUnavailable`."""

    def rows(self, sql: str, args: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        ...

    def stream(self, sql: str, args: Sequence[object] = ()) -> Iterator[Row]:
        """The rows of a query one after the other, all as of one moment."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...
