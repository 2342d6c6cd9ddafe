"""The ports: what the flows ask of the world, and what each keeper promises.

A contract suite in `tests/contracts/` runs every promise below against every implementation, fakes included.
All moments are timezone-aware UTC. All methods may raise `StoreUnavailable` when their database does not answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sluis.core.entry import EntryDraft, Kind, LoggedEntry, Receipt
from sluis.core.partner import Officer, Partner
from sluis.core.record import Known, Record, RedactedText, Wanted
from sluis.core.verdict import TextMode


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...


class Ids(Protocol):
    """Chance, as an argument."""

    def public(self) -> str:
        """A random handle for a path: 192 bits, base64url, meaning nothing."""
        ...


# ---- the audit log -------------------------------------------------------------------------------


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
        """The entries that match, newest first, cells opened as far as their keys exist."""
        ...

    def state(self) -> LogState:
        """Size, root and age of the newest checkpoint, as published."""
        ...

    def verify(self) -> LogState:
        """Recompute everything from the rows. Raises `LedgerBroken`, naming what is wrong and where."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuery:
    """A filter on the log: all that is given must match. `party` is provider or recipient; `before` an index to page on."""

    kinds: tuple[Kind, ...] = ()
    party: str | None = None
    recipient: str | None = None
    purpose: str | None = None
    about: str | None = None
    subject: str | None = field(default=None, repr=False)
    awaiting_review: bool = False
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """What the log commits to now."""

    origin: str
    size: int
    root: bytes
    checkpoint: str
    signed_at: datetime | None


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


# ---- free text -----------------------------------------------------------------------------------


class Redactor(Protocol):
    """The redactor of Dutch free text (`docs/redaction.md`)."""

    @property
    def version(self) -> str:
        """Name, version and hash of the word lists: part of what the log records."""
        ...

    def redact(self, texts: Sequence[str], known: Sequence[Known], mode: TextMode, seed: bytes) -> list[RedactedText]:
        """One result for each text, in order; one marker per person over all texts of this release.

        The proof pass has run over every result: a text in which a known value or a valid identifier can still be read
        comes back withheld. `seed` is fresh per release, so that markers of two releases can't be joined.
        """
        ...


# ---- case data -----------------------------------------------------------------------------------


class Source(Protocol):
    """Where case data comes from: the built-in store, or the provider's own system."""

    def fetch(self, wanted: Wanted) -> Sequence[Record]:
        """The records of these categories, and of no other. An unknown person gives an empty answer.

        Raises `SourceUnavailable`, never an HTTP error; no message holds a value.
        """
        ...

    def known_values(self, wanted: Wanted) -> Sequence[Known]:
        """What the case file knows of the persons in it, for the redactor."""
        ...


# ---- identity ------------------------------------------------------------------------------------


class PartnerDirectory(Protocol):
    """The partner organisations, with their effective dates."""

    def by_client(self, client_id: str) -> Partner | None:
        """The partner with that client id, active or not; None when there is none."""
        ...

    def by_id(self, partner_id: str) -> Partner | None:
        """The partner with that id, active or not; None when there is none."""
        ...

    def all(self) -> Sequence[Partner]:
        """Every partner, in order of id."""
        ...

    def save(self, partner: Partner) -> None:
        """Add or replace a partner, durably."""
        ...


class Replay(Protocol):
    """What may be used once, over all replicas."""

    def first_use(self, kind: str, owner: str, identifier: str, until: datetime) -> bool:
        """True exactly once for (kind, owner, identifier) until that moment, however many replicas ask at once."""
        ...


class Issuances(Protocol):
    """Tokens that were issued: that, to whom and bound to what; never the token."""

    def record(self, *, token_id: str, partner: str, expires: datetime, binding: str) -> None:
        """Put the issue on record, durably."""
        ...

    def revoke(self, token_id: str, partner: str) -> None:
        """Revoke a token of that partner; nothing happens when it is not that partner's."""
        ...

    def revoked(self, token_id: str) -> bool:
        """Whether the token was revoked."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An officer's session in the portal. `csrf` is the token of its forms."""

    officer: Officer
    csrf: str = field(repr=False)
    started: datetime
    last_seen: datetime


class Sessions(Protocol):
    """Server-side sessions of officers: idle and absolute limits are the caller's, the rows are kept here."""

    def open(self, session: Session) -> str:
        """Keep a session; return its random id (192 bits). Only a hash of the id is stored."""
        ...

    def find(self, session_id: str) -> Session | None:
        """The session with that id; None when there is none."""
        ...

    def touch(self, session_id: str, at: datetime) -> None:
        """Move `last_seen`."""
        ...

    def close(self, session_id: str) -> None:
        """End one session; no error when there is none."""
        ...

    def close_all(self, officer: str) -> int:
        """End every session of that officer (back-channel logout); return how many."""
        ...
