"""A real store with a real key ring, for tests of what lies below the ports."""

from __future__ import annotations

from pathlib import Path

from fakes.ambient import SetClock
from fakes.keepers import Keepers, stored_keepers
from fakes.samples import a_case, a_contribution, a_task, an_evidence
from sluis.keys import KeyFiles, KeyRing
from sluis.store import Database, Erasure, StoredPersonKeys


class Store:
    """The keepers over `database`, their key ring with its files in `directory`, and the eraser."""

    def __init__(self, database: Database, directory: Path, clock: SetClock) -> None:
        self.database = database
        self.clock = clock
        self.files = KeyFiles(directory / "keys")
        self.rows = StoredPersonKeys(database)
        self.ring = KeyRing(self.files, self.rows, clock)
        self.keepers: Keepers = stored_keepers(database, self.ring, clock)
        self.erasure = Erasure(database, self.ring)

    def fill(self, *subjects: str) -> None:
        """Keep one of everything about each of these subjects."""
        for subject in subjects:
            self.keepers.cases.save(a_case(subject=subject, partners=("ggz",)))
            self.keepers.contributions.deposit(a_contribution(subject=subject, naam="Hakan Doganberg", bsn="999990019"))
            self.keepers.evidence.record(an_evidence(subject=subject))
            self.keepers.tasks.add(a_task(subject=subject))
