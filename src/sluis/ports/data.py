"""Where case data comes from, and who is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sluis.core.record import Known, Record, Wanted


class Source(Protocol):
    """Where case data comes from: the built-in store, or the provider's own system."""

    def fetch(self, wanted: Wanted) -> Sequence[Record]:
        """The records of these categories, and of no other. An unknown person gives an empty answer.

        Raises `SourceUnavailable`, never an HTTP error; no message holds a value.
        """
        ...

    def known_values(self, wanted: Wanted) -> Sequence[Known]:
        """What the case file knows of the persons in it, for the redactor."""
        ...

    def gathered(self, wanted: Wanted) -> tuple[Sequence[Record], Sequence[Known]]:
        """What `fetch` and `known_values` answer, both for one release: what is kept here is read and opened once for the two."""
        ...


class SubjectIndex(Protocol):
    """Who is meant, without saying who (implemented by `sluis.keys`)."""

    def subject(self, identification: Mapping[str, str]) -> str:
        """The blind index of a person, from `{bsn: …}` or `{naam: …, geboortedatum: …}`, normalised.

        Costs the same for every person, known or not. Raises `BadInput` when the identification is incomplete.
        """
        ...

    def pseudonym(self, subject: str, *, recipient: str, purpose: str) -> str:
        """What that recipient may call that person for that purpose: shared with no other recipient or purpose."""
        ...
