"""What Sluis keeps, in SQLite or PostgreSQL. Rows never leave this room; values of the core do."""

from __future__ import annotations

from sluis.store.answers import StoredAnswers
from sluis.store.cases import StoredCases
from sluis.store.contributions import StoredContributions
from sluis.store.database import Database
from sluis.store.employees import StoredEmployees
from sluis.store.erasure import Erased, Erasure
from sluis.store.evidence import StoredEvidence
from sluis.store.issuances import StoredIssuances
from sluis.store.partners import StoredPartners
from sluis.store.person_keys import StoredPersonKeys
from sluis.store.replay import StoredReplay
from sluis.store.schema import require_current, upgrade
from sluis.store.sealing import PayloadCipher
from sluis.store.searches import StoredSearches
from sluis.store.sessions import StoredSessions
from sluis.store.tasks import StoredTasks

__all__ = [
    "Database",
    "Erased",
    "Erasure",
    "PayloadCipher",
    "StoredAnswers",
    "StoredCases",
    "StoredContributions",
    "StoredEmployees",
    "StoredEvidence",
    "StoredIssuances",
    "StoredPartners",
    "StoredPersonKeys",
    "StoredReplay",
    "StoredSearches",
    "StoredSessions",
    "StoredTasks",
    "require_current",
    "upgrade",
]
