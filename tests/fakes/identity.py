"""Partners, used-once marks, token records and sessions in memory, with the failures of `fakes.keeping`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from fakes.keeping import Fails, Memory
from sluis.core.errors import WrongState
from sluis.core.partner import Partner
from sluis.ports.ambient import Clock, Ids
from sluis.ports.identity import Session


class MemoryPartners(Memory):
    """`PartnerDirectory` in memory."""

    def __init__(self, *kept: Partner, fails: Fails = None) -> None:
        super().__init__(fails)
        self.kept = {partner.id: partner for partner in kept}

    def by_client(self, client_id: str) -> Partner | None:
        self.reading()
        return next((partner for partner in self.kept.values() if partner.client_id == client_id), None)

    def by_id(self, partner_id: str) -> Partner | None:
        self.reading()
        return self.kept.get(partner_id)

    def all(self) -> Sequence[Partner]:
        self.reading()
        return sorted(self.kept.values(), key=lambda partner: partner.id)

    def save(self, partner: Partner) -> None:
        with self.writing():
            if any(p.client_id == partner.client_id and p.id != partner.id for p in self.kept.values()):
                raise WrongState("this client id is another partner's")
            self.kept[partner.id] = partner


class MemoryReplay(Memory):
    """`Replay` in memory."""

    def __init__(self, clock: Clock, *, fails: Fails = None) -> None:
        super().__init__(fails)
        self.used: dict[tuple[str, str, str], datetime] = {}
        self._clock = clock

    def first_use(self, kind: str, owner: str, identifier: str, until: datetime) -> bool:
        with self.writing():
            before = self.used.get((kind, owner, identifier))
            first = before is None or before <= self._clock.now()
            if first:
                self.used[kind, owner, identifier] = until
        return first


class MemoryIssuances(Memory):
    """`Issuances` in memory."""

    def __init__(self, *, fails: Fails = None) -> None:
        super().__init__(fails)
        self.issued: dict[str, tuple[str, datetime, str]] = {}
        self.gone: set[str] = set()

    def record(self, *, token_id: str, partner: str, expires: datetime, binding: str) -> None:
        with self.writing():
            if token_id in self.issued:
                raise WrongState("this token id is on record already")
            self.issued[token_id] = (partner, expires, binding)

    def revoke(self, token_id: str, partner: str) -> None:
        with self.writing():
            if token_id in self.issued and self.issued[token_id][0] == partner:
                self.gone.add(token_id)

    def revoked(self, token_id: str) -> bool:
        self.reading()
        return token_id in self.gone


class MemorySessions(Memory):
    """`Sessions` in memory."""

    def __init__(self, ids: Ids, *, fails: Fails = None) -> None:
        super().__init__(fails)
        self.kept: dict[str, Session] = {}
        self._ids = ids

    def open(self, session: Session) -> str:
        with self.writing():
            session_id = self._ids.public()
            self.kept[session_id] = session
        return session_id

    def find(self, session_id: str) -> Session | None:
        self.reading()
        return self.kept.get(session_id)

    def touch(self, session_id: str, at: datetime) -> None:
        with self.writing():
            there = self.kept.get(session_id)
            if there is not None:
                self.kept[session_id] = replace(there, last_seen=max(at, there.last_seen))

    def close(self, session_id: str) -> None:
        with self.writing():
            self.kept.pop(session_id, None)

    def close_all(self, officer: str) -> int:
        with self.writing():
            mine = [session_id for session_id, session in self.kept.items() if session.officer.subject == officer]
            for session_id in mine:
                del self.kept[session_id]
        return len(mine)
