"""The audit log, and what it needs of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sluis.core.entry import EntryDraft, Kind, LoggedEntry, Receipt


class Ledger(Protocol):
    """The append-only log (`docs/audit-log.md`)."""

    def append(self, draft: EntryDraft) -> Receipt:
        """Return only once the entry survives a power cut; raise `LedgerUnavailable` otherwise.

        Two appends at once get two positions, or one of them raises; none is lost. An append that raises may still have
        been recorded (over-report), never the reverse.
        """
        ...

    def receipt(self, entry_id: str) -> Receipt:
        """A receipt of an entry against the newest checkpoint. Raises `NotFound`."""
        ...

    def entry(self, entry_id: str) -> LoggedEntry:
        """The entry with its cells opened as far as their keys exist. Raises `NotFound`; `LedgerBroken` on a mismatch."""
        ...

    def entries(self, query: LogQuery) -> Sequence[LoggedEntry]:
        """The entries that match, newest first (the oldest first when `after` is given), cells opened as far as keys exist."""
        ...

    def state(self) -> LogState:
        """Size, root and age of the newest checkpoint, as published."""
        ...

    def state_since(self, at: datetime) -> LogState | None:
        """What the first checkpoint signed at or after that moment commits to; None when there is none yet.

        It holds every entry recorded before `at`, never changes once it is there, and is not that of an empty log.
        """
        ...

    def health(self) -> LogHealth:
        """What those outside the operator said last of the log."""
        ...

    def verify(self) -> LogState:
        """Recompute everything from the rows. Raises `LedgerBroken`, naming what is wrong and where."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """A filter on the log: all that is given must match. `party` is provider or recipient; `before` an index to page on.

    `after` is an index too: only what comes after it, and the oldest first, for who reads the log in its order.
    `bare`: no cell is opened, so that who only counts decrypts nothing about anybody; `cells` of what is found is then empty.
    """

    kinds: tuple[Kind, ...] = ()
    party: str | None = None
    provider: str | None = None
    recipient: str | None = None
    purpose: str | None = None
    about: str | None = None
    subject: str | None = field(default=None, repr=False)
    awaiting_review: bool = False
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    after: int | None = None
    limit: int = 50
    bare: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """What the log commits to now."""

    origin: str
    size: int
    root: bytes
    checkpoint: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """How it went with one witness: the size that it cosigned, or what was wrong."""

    name: str
    size: int | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Stamped:
    """That the first `size` entries existed at that moment, as a time-stamping authority says."""

    size: int
    at: datetime
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHealth:
    """How a log is doing. `broken`: why it has stopped; `problem`: what kept the last round from its end; both else empty.

    `published` is the size in the folder, `cosigned_at` the moment of the newest quorum, `stamp` the newest time stamp; None
    where there is no such thing (yet). `stamping` tells whether there is an authority, `stamp_problem` why there is no newer
    stamp, else empty. `witnesses` are as they were last asked by this process.
    """

    broken: str = ""
    problem: str = ""
    published: int | None = None
    witnesses: tuple[Asked, ...] = ()
    cosigned_at: datetime | None = None
    stamping: bool = False
    stamp: Stamped | None = None
    stamp_problem: str = ""


class CellVault(Protocol):
    """Encryption of what the log says about a person (implemented by `sluis.keys`)."""

    def tag(self, role: str, identifier: str) -> bytes:
        """The blind index of a person: 16 bytes of a keyed hash, equal for equal persons."""
        ...

    def seal(self, tag: bytes, bucket: str, plain: bytes, aad: bytes) -> bytes:
        """`nonce12 || AES-256-GCM` under the key of (tag, bucket); the key is made, durably, when there is none yet."""
        ...

    def open(self, tag: bytes, bucket: str, sealed: bytes, aad: bytes) -> bytes:
        """The plain bytes. Raises `KeyUnavailable` when the key was destroyed or the bytes were changed."""
        ...

    def erase(self, tag: bytes, bucket: str | None) -> int:
        """Destroy the keys of a person, of one bucket or (None) of all; return how many were destroyed."""
        ...


class Signer(Protocol):
    """The Ed25519 key that signs checkpoints."""

    name: str

    def sign(self, message: bytes) -> bytes:
        """64 bytes of Ed25519 over `message`."""
        ...

    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        ...
