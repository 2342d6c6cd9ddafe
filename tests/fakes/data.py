"""Case data and subjects in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Literal

from sluis.core.errors import BadInput, Flaw, SourceUnavailable
from sluis.core.record import Known, Record, Wanted

SourceFails = Literal["fetch", "known", "both"] | None


class MemorySource:
    """`Source` in memory: records by (subject, provider, case). `asked` holds every question that came."""

    def __init__(self, *, fails: SourceFails = None) -> None:
        self.fails: SourceFails = fails
        self.records: dict[tuple[str, str, str | None], list[Record]] = {}
        self.known: dict[str, list[Known]] = {}
        self.asked: list[Wanted] = []

    def add(self, subject: str, record: Record, *, case: str | None = None) -> None:
        """Let that record exist."""
        self.records.setdefault((subject, record.provider, case), []).append(record)

    def fetch(self, wanted: Wanted) -> Sequence[Record]:
        self.asked.append(wanted)
        if self.fails in {"fetch", "both"}:
            raise SourceUnavailable("the source does not answer")
        kept = self.records.get((wanted.subject, wanted.provider, wanted.case), [])
        return [record for record in kept if record.category in wanted.categories]

    def known_values(self, wanted: Wanted) -> Sequence[Known]:
        if self.fails in {"known", "both"}:
            raise SourceUnavailable("the source does not answer")
        return self.known.get(wanted.subject, [])

    def gathered(self, wanted: Wanted) -> tuple[Sequence[Record], Sequence[Known]]:
        return self.fetch(wanted), self.known_values(wanted)


class MemorySubjects:
    """`SubjectIndex` in memory: a plain hash, for tests only."""

    def subject(self, identification: Mapping[str, str]) -> str:
        if set(identification) not in ({"bsn"}, {"naam", "geboortedatum"}) or not all(identification.values()):
            raise BadInput(Flaw(where="identificatie", what="is incomplete or says too much"))
        return hashlib.sha256(repr(sorted(identification.items())).lower().encode()).hexdigest()[:32]

    def pseudonym(self, subject: str, *, recipient: str, purpose: str) -> str:
        return hashlib.sha256(f"{subject}|{recipient}|{purpose}".encode()).hexdigest()[:24]
