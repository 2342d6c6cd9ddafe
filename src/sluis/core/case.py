"""A case in the Zorg- en Veiligheidshuis: its states, who takes part, who leads.

Laws of this file: the transitions are the table below and nothing else; admission, involvement and closing are acts of the
public participants (WGS 2.31); there is one lead and at most two co-leads; five years after first processing a case is
`verlopen`, unless renewed for a category (WGS 1.8(7), BGS 1.16); a closed case is shielded (WGS 2.31(8)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from sluis.core.action import Action
from sluis.core.claims import answer_by
from sluis.core.errors import NotAllowed, WrongState
from sluis.core.informing import Informed, Informing, Postponed

RETENTION_YEARS = 5
RENEWAL = timedelta(days=730)
MAX_CO_LEADS = 2
JOINT_CASE = "zvh"
"""The kind of the joint case itself: what it holds was brought in by its participants."""


class CaseState(StrEnum):
    """The states of the vocabulary (`casusstatussen`)."""

    GEEN = "geen"
    AANGEMELD = "aangemeld"
    OPGENOMEN = "opgenomen"
    AFGESLOTEN = "afgesloten"
    VERLOPEN = "verlopen"


class Act(StrEnum):
    """What the public participants do with a case."""

    OPNEMEN = "opnemen"
    AFWIJZEN = "afwijzen"
    SLUITEN = "sluiten"


TRANSITIONS: Mapping[tuple[CaseState, Act], CaseState] = MappingProxyType(
    {
        (CaseState.AANGEMELD, Act.OPNEMEN): CaseState.OPGENOMEN,
        (CaseState.AANGEMELD, Act.AFWIJZEN): CaseState.GEEN,
        (CaseState.OPGENOMEN, Act.SLUITEN): CaseState.AFGESLOTEN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """An organisation in one case. A `third` was invited (WGS 2.31(9)); `signed` is when it signed the secrecy statement."""

    partner: str
    since: datetime
    third: bool = False
    signed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Who resolved to do something with the case, when, and why: a recorded human decision (BGS 2.20(3))."""

    act: Act
    by: tuple[str, ...]
    user: str = field(repr=False)
    at: datetime
    reasons: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case. `subject` is the blind index of the person; `renewed` maps a category to the moment its renewal ends.

    `house` is the Zorg- en Veiligheidshuis (partner id) it is a case of; empty where a region has none, or has not said which.
    `informing` is what was last put on record of telling the person (AVG 14); None as long as nothing was.
    `version` counts the changes: a repository refuses to save over a version that it was not read from.
    """

    id: str
    subject: str = field(repr=False)
    notifier: str
    state: CaseState
    first_processed: datetime
    participants: tuple[Participant, ...] = ()
    lead: str | None = None
    co_leads: tuple[str, ...] = ()
    criteria: frozenset[str] = frozenset()
    own_view: str = field(default="", repr=False)
    resolutions: tuple[Resolution, ...] = field(default=(), repr=False)
    renewed: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    actions: tuple[Action, ...] = field(default=(), repr=False)
    informing: Informing | None = field(default=None, repr=False)
    house: str = ""
    version: int = 0

    def state_at(self, at: datetime) -> CaseState:
        """The state at that moment: a running case has expired five years after first processing."""
        if self.state is CaseState.OPGENOMEN and at >= anniversary(self.first_processed, RETENTION_YEARS):
            return CaseState.VERLOPEN
        return self.state

    @property
    def ends(self) -> datetime:
        """When all that is kept of it is destroyed: five years after first processing, or with its last renewal (WGS 1.8(7))."""
        return max((anniversary(self.first_processed, RETENTION_YEARS), *self.renewed.values()))

    @property
    def informing_due(self) -> date | None:
        """By the end of which day he is told, or his ground is looked at again; None once he was told, or before admission.

        A month after the house got his data, so after first processing (AVG 14(3)(a)).
        """
        if self.state is not CaseState.OPGENOMEN or isinstance(self.informing, Informed):
            return None
        return self.informing.review if self.informing else answer_by(self.first_processed.date())

    def informing_late(self, today: date) -> bool:
        """Whether he should have been told, or his ground looked at again, before that day."""
        due = self.informing_due
        return due is not None and due < today

    @property
    def informs(self) -> str:
        """The organisation that sees to it: who took the ground on, else who leads, else who admitted the case."""
        if isinstance(self.informing, Postponed):
            return self.informing.owner
        admitted = next((one.by[0] for one in self.resolutions if one.act is Act.OPNEMEN), self.notifier)
        return self.lead or admitted

    def participant(self, partner: str) -> Participant | None:
        """That organisation in this case, or None."""
        return next((p for p in self.participants if p.partner == partner), None)


def anniversary(moment: datetime, years: int) -> datetime:
    """The same day `years` later; 29 February becomes 28 February."""
    try:
        return moment.replace(year=moment.year + years)
    except ValueError:
        return moment.replace(year=moment.year + years, day=28)


def resolve(case: Case, resolution: Resolution) -> Case:
    """The case after that act. Raises `WrongState` when the table has no such transition."""
    try:
        state = TRANSITIONS[case.state, resolution.act]
    except KeyError:
        raise WrongState(f"a case that is {case.state} cannot be the object of {resolution.act}") from None
    return replace(case, state=state, resolutions=(*case.resolutions, resolution))


def involve(case: Case, participant: Participant) -> Case:
    """The case with that organisation in it, once. Raises `WrongState` unless the case is running."""
    if case.state is not CaseState.OPGENOMEN:
        raise WrongState(f"a case that is {case.state} takes no participants")
    others = tuple(p for p in case.participants if p.partner != participant.partner)
    return replace(case, participants=(*others, participant))


def appoint(case: Case, lead: str, co_leads: tuple[str, ...]) -> Case:
    """The case with one lead and at most two co-leads, all of them participants (seed S2)."""
    if case.state is not CaseState.OPGENOMEN:
        raise WrongState(f"a case that is {case.state} has no leads to appoint")
    named = (lead, *co_leads)
    if len(co_leads) > MAX_CO_LEADS or len(set(named)) != len(named):
        raise NotAllowed("a case has one lead and at most two other co-leads")
    if any((p := case.participant(name)) is None or p.third for name in named):
        raise NotAllowed("lead and co-leads take part in the case")
    return replace(case, lead=lead, co_leads=co_leads)


def inform(case: Case, said: Informing) -> Case:
    """The case with that on record about telling the person; `by` and `owner` take part in it.

    Raises `WrongState` unless the case is running, and for putting off what was done; `NotAllowed`.
    """
    if case.state is not CaseState.OPGENOMEN:
        raise WrongState(f"the person of a case that is {case.state} is not told through it")
    if isinstance(said, Postponed) and isinstance(case.informing, Informed):
        raise WrongState("the person was told before")
    seat = case.participant(said.owner if isinstance(said, Postponed) else said.by)
    if seat is None or seat.third:
        raise NotAllowed("who tells the person, or sees to it, takes part in the case")
    return replace(case, informing=said)


def renew(case: Case, categories: frozenset[str], at: datetime) -> Case:
    """The case renewed for those categories, for two years at most (BGS 1.16(2)-(3))."""
    if case.state is not CaseState.OPGENOMEN:
        raise WrongState(f"a case that is {case.state} cannot be renewed")
    return replace(case, renewed=MappingProxyType({**case.renewed, **dict.fromkeys(categories, at + RENEWAL)}))
