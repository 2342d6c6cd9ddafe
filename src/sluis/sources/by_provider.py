"""One source over all providers: those that deposit with Sluis, and those that leave their data at home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sluis.core.record import Known, Record, Wanted
from sluis.ports.data import Source


class SourceByProvider:
    """Asks `at_home[provider]` for its records, and `stored` for everybody else's."""

    def __init__(self, stored: Source, at_home: Mapping[str, Source]) -> None:
        self._stored = stored
        self._at_home = at_home

    def fetch(self, wanted: Wanted) -> Sequence[Record]:
        """The records of the one provider that is asked; no other hears of the question. Raises `SourceUnavailable`."""
        return self._at_home.get(wanted.provider, self._stored).fetch(wanted)

    def known_values(self, wanted: Wanted) -> Sequence[Known]:
        """What is known here and at that provider; when either does not answer, neither counts. Raises `SourceUnavailable`."""
        here = self._stored.known_values(wanted)
        there = self._at_home[wanted.provider].known_values(wanted) if wanted.provider in self._at_home else ()
        return [*here, *(known for known in there if known not in here)]

    def gathered(self, wanted: Wanted) -> tuple[Sequence[Record], Sequence[Known]]:
        """Both, from here at once; a provider that has its data at home is asked twice. Raises `SourceUnavailable`."""
        if wanted.provider in self._at_home:
            return self.fetch(wanted), self.known_values(wanted)
        return self._stored.gathered(wanted)
