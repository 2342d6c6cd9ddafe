"""Case data that providers deposited with Sluis."""

from __future__ import annotations

from collections.abc import Sequence

from sluis.core.errors import KeyUnavailable, SourceUnavailable, StoreUnavailable
from sluis.core.record import Contribution, Known, Record, Wanted
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
        return known_of(contribution.record for contribution in self._about(wanted))

    def gathered(self, wanted: Wanted) -> tuple[Sequence[Record], Sequence[Known]]:
        """Both. What the redactor must know is all that there is, so the records are among it. Raises `SourceUnavailable`."""
        kept = self._about(wanted)
        return [one.record for one in kept if _answers(one, wanted)], known_of(one.record for one in kept)

    def _about(self, wanted: Wanted) -> Sequence[Contribution]:
        try:
            return self._contributions.about(wanted.subject)
        except (StoreUnavailable, KeyUnavailable) as error:
            raise SourceUnavailable(f"the deposited records cannot be read: {error}") from None


def _answers(kept: Contribution, wanted: Wanted) -> bool:
    """Whether it is what `Contributions.matching` would give for that question."""
    place = (kept.provider, kept.case) == (wanted.provider, wanted.case)
    return place and kept.withdrawn is None and kept.record.category in wanted.categories
