"""The ports: what the flows ask of the world, and what each keeper promises.

A contract suite in `tests/contracts/` runs every promise below against every implementation, fakes included.
All moments are timezone-aware UTC. All methods may raise `StoreUnavailable` when their database does not answer.
"""

from __future__ import annotations

from sluis.ports.ambient import Clock, Ids
from sluis.ports.data import Source, SubjectIndex
from sluis.ports.identity import Issuances, PartnerDirectory, Replay, Session, Sessions
from sluis.ports.keeping import Answers, Cases, Contributions, Employees, EvidenceBook, SavedSearches, Tasks
from sluis.ports.log import CellVault, Ledger, LogHealth, LogQuery, LogState, Signer
from sluis.ports.text import Redactor

__all__ = [
    "Answers",
    "Cases",
    "CellVault",
    "Clock",
    "Contributions",
    "Employees",
    "EvidenceBook",
    "Ids",
    "Issuances",
    "Ledger",
    "LogHealth",
    "LogQuery",
    "LogState",
    "PartnerDirectory",
    "Redactor",
    "Replay",
    "SavedSearches",
    "Session",
    "Sessions",
    "Signer",
    "Source",
    "SubjectIndex",
    "Tasks",
]
