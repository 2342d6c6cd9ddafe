"""All keepers of the ports together, in memory or over a real database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fakes.ambient import CountedIds, SetClock
from fakes.identity import MemoryIssuances, MemoryPartners, MemoryReplay, MemorySessions
from fakes.keeping import MemoryAnswers, MemoryCases, MemoryContributions, MemoryEmployees, MemoryEvidence, MemoryTasks
from fakes.searches import MemorySearches
from sluis.keys import KeyRing
from sluis.ports import (
    Answers,
    Cases,
    Contributions,
    Employees,
    EvidenceBook,
    Issuances,
    PartnerDirectory,
    Replay,
    SavedSearches,
    Sessions,
    Tasks,
)
from sluis.store import (
    Database,
    StoredAnswers,
    StoredCases,
    StoredContributions,
    StoredEmployees,
    StoredEvidence,
    StoredIssuances,
    StoredPartners,
    StoredReplay,
    StoredSearches,
    StoredSessions,
    StoredTasks,
)

KINDS: Final = ("memory", "sqlite", "postgresql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """All keepers of one shape, with the clock they read."""

    clock: SetClock
    partners: PartnerDirectory
    employees: Employees
    cases: Cases
    contributions: Contributions
    evidence: EvidenceBook
    tasks: Tasks
    searches: SavedSearches
    answers: Answers
    replay: Replay
    issuances: Issuances
    sessions: Sessions


def memory_keepers(clock: SetClock) -> Keepers:
    """The fakes."""
    contributions, evidence, tasks = MemoryContributions(), MemoryEvidence(), MemoryTasks()
    return Keepers(
        clock=clock,
        partners=MemoryPartners(),
        employees=MemoryEmployees(),
        cases=MemoryCases(beside=(contributions, evidence, tasks)),
        contributions=contributions,
        evidence=evidence,
        tasks=tasks,
        searches=MemorySearches(),
        answers=MemoryAnswers(clock),
        replay=MemoryReplay(clock),
        issuances=MemoryIssuances(),
        sessions=MemorySessions(CountedIds()),
    )


def stored_keepers(database: Database, ring: KeyRing, clock: SetClock) -> Keepers:
    """The repositories over a real database and a real key ring."""
    return Keepers(
        clock=clock,
        partners=StoredPartners(database),
        employees=StoredEmployees(database, ring),
        cases=StoredCases(database, ring),
        contributions=StoredContributions(database, ring),
        evidence=StoredEvidence(database, ring),
        tasks=StoredTasks(database, ring),
        searches=StoredSearches(database, ring),
        answers=StoredAnswers(database, ring, clock),
        replay=StoredReplay(database, clock),
        issuances=StoredIssuances(database),
        sessions=StoredSessions(database, ring, CountedIds()),
    )
