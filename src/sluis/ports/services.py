"""Everything a flow may ask of the world, in one frozen value that `wiring` fills."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from sluis.core.rules import Rulebook
from sluis.ports.ambient import Clock, Ids
from sluis.ports.data import Source, SubjectIndex
from sluis.ports.identity import PartnerDirectory
from sluis.ports.keeping import Cases, Contributions, Employees, EvidenceBook, SavedSearches, Tasks
from sluis.ports.log import Ledger
from sluis.ports.text import Redactor


class Rules(Protocol):
    """The policy set in force."""

    def current(self) -> Rulebook:
        """The last good set. Raises `PolicyUnavailable` when there never was one."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTables:
    """What cutting fields needs besides the vocabulary: the fixed lists of kinds, the inhabitants per postcode area."""

    kinds: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))
    inhabitants: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The keepers. A flow takes this as its last argument and reaches the world through it only."""

    clock: Clock
    ids: Ids
    rules: Rules
    ledger: Ledger
    source: Source
    redactor: Redactor
    partners: PartnerDirectory
    employees: Employees
    cases: Cases
    contributions: Contributions
    evidence: EvidenceBook
    tasks: Tasks
    searches: SavedSearches
    subjects: SubjectIndex
    tables: Callable[[], FieldTables] = FieldTables
    seed: Callable[[], bytes]
