"""The audit log in memory: a real Merkle tree, no signatures, and two ways to fail."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from threading import Lock
from typing import Literal

from sluis.core.entry import EntryDraft, Kind, LoggedEntry, Receipt
from sluis.core.errors import LedgerUnavailable, NotFound
from sluis.core.leaf import canonical
from sluis.core.merkle import inclusion_ranges, leaf_hash, root_of
from sluis.ports import LogHealth, LogQuery, LogState

Fails = Literal["before-commit", "after-commit"] | None
_OWN = {Kind.REVIEW_VERDICT: False, Kind.REVIEW_REOPENED: True}


class MemoryLedger:
    """`Ledger` in memory. `fails="after-commit"` raises although the entry is kept: the log may over-report."""

    origin = "sluis.test/log/geheugen"

    def __init__(self, *, fails: Fails = None) -> None:
        self.fails: Fails = fails
        self.only: Kind | None = None
        self.outside = LogHealth()
        self.kept: list[LoggedEntry] = []
        self.drafts: list[EntryDraft] = []
        self._leaves: list[bytes] = []
        self._subjects: list[frozenset[str]] = []
        self._lock = Lock()

    def append(self, draft: EntryDraft) -> Receipt:
        failing = self.fails if self.only in {None, draft.kind} else None
        if failing == "before-commit":
            raise LedgerUnavailable("the log cannot be written")
        with self._lock:
            index = len(self.kept)
            entry_id = sha256(f"regel {index}".encode()).hexdigest()[:32]
            cells = tuple((cell.role, dict(cell.data)) for cell in draft.cells)
            tags = tuple((c.role, sha256(f"{c.role}|{c.identifier}".encode()).digest()[:16]) for c in draft.cells)
            self._leaves.append(entry_id.encode() + canonical(draft.core) + canonical([data for _, data in cells]))
            self._subjects.append(frozenset(cell.identifier for cell in draft.cells if cell.role == "subject"))
            self.kept.append(
                LoggedEntry(
                    index=index,
                    entry_id=entry_id,
                    kind=draft.kind,
                    recorded=draft.at,
                    core=draft.core,
                    cells=cells,
                    tags=tags,
                )
            )
            self.drafts.append(draft)
        if failing == "after-commit":
            raise LedgerUnavailable("the log did not answer in time")
        return self.receipt(entry_id)

    def receipt(self, entry_id: str) -> Receipt:
        index = self.entry(entry_id).index
        hashes = [leaf_hash(leaf) for leaf in self._leaves]
        proof = tuple(root_of(hashes[start:end]) for start, end in inclusion_ranges(index, (0, len(hashes))))
        return Receipt(
            origin=self.origin,
            index=index,
            entry_id=entry_id,
            leaf=self._leaves[index],
            proof=proof,
            checkpoint=self.state().checkpoint,
        )

    def entry(self, entry_id: str) -> LoggedEntry:
        for kept in self.kept:
            if kept.entry_id == entry_id:
                return kept
        raise NotFound("no such entry")

    def entries(self, query: LogQuery) -> Sequence[LoggedEntry]:
        ordered = list(reversed(self.kept)) if query.after is None else self.kept
        found = [entry for entry in ordered if self._matches(entry, query)][: query.limit]
        return [replace(entry, cells=()) for entry in found] if query.bare else found

    def state(self) -> LogState:
        root = root_of([leaf_hash(leaf) for leaf in self._leaves])
        text = f"{self.origin}\n{len(self._leaves)}\n{b64encode(root).decode()}\n"
        return LogState(origin=self.origin, size=len(self._leaves), root=root, checkpoint=text, signed_at=None)

    def state_since(self, at: datetime) -> LogState | None:
        size = next((entry.index + 1 for entry in self.kept if entry.recorded >= at), None)
        if size is None:
            return None
        root = root_of([leaf_hash(leaf) for leaf in self._leaves[:size]])
        return LogState(origin=self.origin, size=size, root=root, checkpoint="", signed_at=self.kept[size - 1].recorded)

    def health(self) -> LogHealth:
        return self.outside

    def verify(self) -> LogState:
        return self.state()

    def of(self, *kinds: Kind) -> list[LoggedEntry]:
        """What was recorded of these kinds, oldest first."""
        return [entry for entry in self.kept if entry.kind in kinds]

    def _matches(self, entry: LoggedEntry, query: LogQuery) -> bool:
        core = entry.core
        return (
            (not query.kinds or entry.kind in query.kinds)
            and (query.party is None or query.party in {core.get("provider"), core.get("recipient")})
            and (query.provider is None or query.provider == core.get("provider"))
            and (query.recipient is None or query.recipient == core.get("recipient"))
            and (query.purpose is None or query.purpose == core.get("purpose"))
            and (query.about is None or query.about == core.get("about"))
            and (query.subject is None or query.subject in self._subjects[entry.index])
            and (query.since is None or entry.recorded >= query.since)
            and (query.until is None or entry.recorded < query.until)
            and (query.before is None or entry.index < query.before)
            and (query.after is None or entry.index > query.after)
            and (not query.awaiting_review or self._awaits(entry))
        )

    def _awaits(self, entry: LoggedEntry) -> bool:
        if entry.core.get("review") is None:
            return False
        acts = [_OWN[act.kind] for act in self.kept if act.kind in _OWN and act.core.get("about") == entry.entry_id]
        return acts[-1] if acts else True
