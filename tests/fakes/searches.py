"""The searches that officers keep, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from fakes.keeping import Fails, Memory
from sluis.core.errors import NotFound, WrongState
from sluis.core.search import SavedSearch


class MemorySearches(Memory):
    """`SavedSearches` in memory."""

    def __init__(self, *, fails: Fails = None) -> None:
        super().__init__(fails)
        self.kept: dict[str, SavedSearch] = {}

    def add(self, search: SavedSearch) -> None:
        with self.writing():
            if search.id in self.kept:
                raise WrongState("this is kept already")
            self.kept[search.id] = search

    def of(self, officer: str) -> Sequence[SavedSearch]:
        self.reading()
        return sorted((one for one in self.kept.values() if one.officer == officer), key=lambda one: (one.saved, one.id))

    def remove(self, officer: str, search_id: str) -> None:
        with self.writing():
            found = self.kept.get(search_id)
            if found is None or found.officer != officer:
                raise NotFound("no such search")
            del self.kept[search_id]
