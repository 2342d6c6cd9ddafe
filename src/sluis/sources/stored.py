"""Case data that providers deposited with Sluis."""

from __future__ import annotations

from collections.abc import Sequence

from sluis.core.errors import KeyUnavailable, SourceUnavailable, StoreUnavailable
from sluis.core.record import Known, Record, Wanted
from sluis.ports.keeping import Contributions
from sluis.sources.known import known_of


class StoredSource:
    """`Source` over the contributions that are kept here."""

    def __init__(self, contributions: Contributions) -> None:
        self._contributions = contributions

    def fetch(self, wanted: Wanted) -> Sequence[Record]:
        """The records of these categories, and of no other. Raises `SourceUnavailable`."""
        try:
            kept = self._contributions.matching(wanted)
        except (StoreUnavailable, KeyUnavailable) as error:
            raise SourceUnavailable(f"the deposited records cannot be read: {error}") from None
        return [contribution.record for contribution in kept]

    def known_values(self, wanted: Wanted) -> Sequence[Known]:
        """Every name, number, address and date of birth in all that anyone deposited about that subject, withdrawn or not.

        What one provider knows must not be readable in another's note, and a name stays a name after its withdrawal.
        Raises `SourceUnavailable`.
        """
        try:
            kept = self._contributions.about(wanted.subject)
        except (StoreUnavailable, KeyUnavailable) as error:
            raise SourceUnavailable(f"the deposited records cannot be read: {error}") from None
        return known_of(contribution.record for contribution in kept)
