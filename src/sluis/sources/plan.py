"""The actions of a case as records of `plan.afspraken`: at the organisation that wrote them down, and all at the joint case.

Law of this file: a recipient is given its own actions, and who leads the case all of them (the note at `plan.afspraken` in
`policies/begrippen.yaml`); a settled action is not given any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sluis.core.action import Action
from sluis.core.agreements import readable
from sluis.core.case import JOINT_CASE
from sluis.core.errors import KeyUnavailable, SourceUnavailable, StoreUnavailable
from sluis.core.record import FieldValue, Known, Record, Wanted
from sluis.ports.data import Source
from sluis.ports.identity import PartnerDirectory
from sluis.ports.keeping import Cases

PLAN = "plan.afspraken"


class PlanSource:
    """`Source` that adds the actions of the case to what another source holds."""

    def __init__(self, others: Source, cases: Cases, partners: PartnerDirectory) -> None:
        self._others = others
        self._cases = cases
        self._partners = partners

    def fetch(self, wanted: Wanted) -> Sequence[Record]:
        """The records of these categories, and of no other. Raises `SourceUnavailable`."""
        return [*self._others.fetch(wanted), *self._actions(wanted)]

    def known_values(self, wanted: Wanted) -> Sequence[Known]:
        """What the other source knows. Raises `SourceUnavailable`."""
        return self._others.known_values(wanted)

    def gathered(self, wanted: Wanted) -> tuple[Sequence[Record], Sequence[Known]]:
        """Both. Raises `SourceUnavailable`."""
        found, known = self._others.gathered(wanted)
        return [*found, *self._actions(wanted)], known

    def _actions(self, wanted: Wanted) -> list[Record]:
        if PLAN not in wanted.categories or wanted.case is None:
            return []
        try:
            case = self._cases.find(wanted.case)
            provider = self._partners.by_id(wanted.provider)
        except (StoreUnavailable, KeyUnavailable) as error:
            raise SourceUnavailable(f"the actions of the case cannot be read: {error}") from None
        if case is None or case.subject != wanted.subject:
            return []
        joint = provider is not None and provider.kind == JOINT_CASE
        actions = readable(case, wanted.recipient, None if joint else wanted.provider)
        return [_record(one, wanted.provider) for one in actions]


def _record(action: Action, provider: str) -> Record:
    fields: Mapping[str, FieldValue] = {
        "actie": {"gelakt": action.what},
        "eigenaar": action.owner,
        "termijn": action.due.isoformat(),
    }
    return Record(category=PLAN, provider=provider, recorded=action.agreed, fields=fields)
