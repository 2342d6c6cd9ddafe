"""The rules as data: what a policy set says, without a single function in it.

Laws of this file: a rule can be listed, compared, explained and compiled, because every condition is a value. A `Clause` is
met when one of its `ways` holds; a `Way` holds when all its `needs` do. What all flows share stands once, in `Common`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from sluis.core.path import Path, Shape, Step
from sluis.core.question import Truth
from sluis.core.terms import Certainty, Vocabulary
from sluis.core.verdict import Precision, Reason, TextMode


class Must(StrEnum):
    """What a fact must be. `NIET_VASTGELEGD`: nobody recorded that it is so (an objection, a dispute)."""

    WAAR = "waar"
    ONWAAR = "onwaar"
    NIET_VASTGELEGD = "niet-vastgelegd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One fact that must be so. `judgement`: only a human can say it; `role` is who."""

    fact: str
    must: Must
    role: str
    judgement: bool
    scoped: bool
    absent: Truth

    def holds_when(self) -> tuple[Truth, ...]:
        """The truths under which this need is met. Unknown never is, save where the law reads it as 'nothing recorded'."""
        if self.must is Must.WAAR:
            return (Truth.WAAR,)
        if self.must is Must.NIET_VASTGELEGD or self.absent is Truth.ONWAAR:
            return (Truth.ONWAAR, Truth.ONBEKEND)
        return (Truth.ONWAAR,)

    def helps(self) -> str:
        """What would meet it, in words of the vocabulary."""
        return self.fact if self.must is Must.WAAR else f"geen {self.fact}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Facts that suffice together. A release through this way carries `duties`."""

    needs: tuple[Need, ...]
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A condition: one of `ways` must hold, else the category stays for `reason`. `source` is the rule that asks it."""

    source: str
    reason: Reason
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule:
    """A duty that comes with a release, always or only in a direction, unless a fact, or once a fact was recorded at all."""

    duty: str
    direction: str = ""
    unless: str = ""
    once: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrecy:
    """How a rule passes professional secrecy: by `ways` (facts), or by a `statute` that lifts it. Neither = it cannot."""

    ways: tuple[str, ...] = ()
    statute: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """A rule on trial: from the first moment of `since` to the first moment of `until` (UTC), to learn what `question` asks."""

    since: date
    until: date
    question: str

    def runs(self, at: datetime) -> bool:
        """Whether it holds at that moment. Before and after it, its rule permits nothing."""
        return self.since <= at.astimezone(UTC).date() < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sentence: `providers` may give `gives` to `requesters` for `purpose`, when every clause is met."""

    id: str
    domain: str
    title: str
    purpose: str
    providers: frozenset[str]
    requesters: frozenset[str]
    gives: Mapping[str, Precision]
    push_only: bool = False
    clauses: tuple[Clause, ...] = ()
    secrecy: Secrecy | None = None
    duties: tuple[DutyRule, ...] = ()
    grounds: tuple[str, ...] = ()
    retention: str = ""
    onward: str = ""
    certainty: Certainty = Certainty.VAST
    text: TextMode | None = None
    pilot: Pilot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What several flows share: where every selector that is given matches, these clauses and duties come on top."""

    id: str
    title: str
    purposes: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    motivations: frozenset[str] = frozenset()
    providers: frozenset[str] = frozenset()
    requesters: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    clauses: tuple[Clause, ...] = ()
    duties: tuple[DutyRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecrecyWay:
    """A fact that opens a secrecy: for which purposes (empty = all), never for which categories, with which duties."""

    way: Way
    purposes: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The general part of the set.

    `gate`: clauses of every question (step 1). `never`: categories that nobody gets, with the reason; `never_requesters`
    get nothing. `numbers`: classes for those only who may use the citizen service number. `both_routes`: the facts that may
    count in either route. `silent` providers answer neutrally. `secret`: providers whose data are secret, with the need (or None)
    that shows an item is not. `persons`: per purpose, per person, the categories (None = all). `push_only`: purposes that
    cannot be asked, with the reason. `extended`: (state, counts as, need).
    """

    gate: tuple[Clause, ...] = ()
    never: Mapping[str, Reason] = field(default_factory=dict)
    never_requesters: frozenset[str] = frozenset()
    numbers: Mapping[str, Reason] = field(default_factory=dict)
    both_routes: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    silent_duty: str = ""
    secret: Mapping[str, Need | None] = field(default_factory=dict)
    secrecy_ways: Mapping[str, SecrecyWay] = field(default_factory=dict)
    persons: Mapping[str, Mapping[str, frozenset[str] | None]] = field(default_factory=dict)
    push_only: Mapping[str, Reason] = field(default_factory=dict)
    extended: tuple[str, str, Need] | None = None
    shielded: frozenset[str] = frozenset()
    shared: tuple[Shared, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """A whole set. `policy` is its canonical hash; `carried` the duties that somebody can carry out.

    As it was read every pilot is among `rules`; `on` gives the set of a moment, with those that do not run then in `idle`.
    `index` leads from (purpose, provider, requester) to what may apply, so that a decision costs the same in a large set;
    `plans` and `steps` remember what was made of the rules, and change nothing that can be seen.
    """

    vocabulary: Vocabulary
    common: Common
    rules: tuple[Rule, ...]
    policy: str
    carried: frozenset[str]
    idle: tuple[Rule, ...] = ()
    index: Mapping[tuple[str, str], tuple[Rule, ...]] = field(init=False, repr=False, compare=False)
    opened: frozenset[str] = field(init=False, repr=False, compare=False)
    pilots: tuple[Rule, ...] = field(init=False, repr=False, compare=False)
    steps: dict[Hashable, Step] = field(default_factory=dict, init=False, repr=False, compare=False)
    plans: dict[Shape, dict[str, tuple[Path, ...]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[tuple[str, str], list[Rule]] = {}
        for rule in sorted(self.rules, key=lambda r: r.id):
            for provider in rule.providers:
                index.setdefault((rule.purpose, provider), []).append(rule)
        object.__setattr__(self, "index", {key: tuple(rules) for key, rules in index.items()})
        object.__setattr__(self, "opened", frozenset(rule.purpose for rule in self.rules))
        trials = (rule for rule in (*self.rules, *self.idle) if rule.pilot is not None)
        object.__setattr__(self, "pilots", tuple(sorted(trials, key=lambda rule: rule.id)))

    def rules_for(self, purpose: str, provider: str, requester: str) -> tuple[Rule, ...]:
        """The rules under which `provider` may give something to `requester`, in the order of their ids."""
        return tuple(rule for rule in self.index.get((purpose, provider), ()) if requester in rule.requesters)

    def opens(self, purpose: str) -> bool:
        """Whether any rule of the set opens a flow for that purpose."""
        return purpose in self.opened

    def on(self, at: datetime) -> Rulebook:
        """The same set at that moment: a pilot that has not begun, or has ended, gives nothing. Itself when nothing changes."""
        idle = tuple(rule for rule in self.pilots if rule.pilot is not None and not rule.pilot.runs(at))
        if idle == self.idle:
            return self
        resting = {rule.id for rule in idle}
        whole = sorted((*self.rules, *self.idle), key=lambda rule: rule.id)
        return replace(self, rules=tuple(rule for rule in whole if rule.id not in resting), idle=idle)

    def carrying(self, duties: frozenset[str]) -> Rulebook:
        """The same set, where only `duties` can be carried out; what needs another is withheld."""
        return replace(self, carried=duties)
