"""A rule made ready to walk: what one rule asks for one category, in the order of testing.

Made by `core/plan.py`, walked by `core/decision.py`. Every denial is made once, when the path is: walking it only chooses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sluis.core.question import Truth
from sluis.core.verdict import Deny, Permit, Reason, Refer


class Test(NamedTuple):
    """A fact that must have one of the truths in `holds`; when it is unknown and a `judgement`, a human could make it so."""

    fact: str
    holds: tuple[Truth, ...]
    judgement: bool
    scoped: bool


class Choice(NamedTuple):
    """Tests that suffice together, the role that judges, and the duties of a release through here."""

    tests: tuple[Test, ...]
    role: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One condition in its place in the order of testing. Without `choices` it always fails.

    When it fails while one of `lapses` was recorded, the denial is `disputed` instead of `deny`.
    """

    order: int
    choices: tuple[Choice, ...]
    deny: Deny
    lapses: tuple[str, ...] = ()
    disputed: Deny | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A duty that is added unless the fact `unless` holds, and only once the fact `once` was recorded."""

    duty: str
    unless: str
    once: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One rule for one category: walk `steps`, then release as `permit` says, with the `extras` that apply.

    `simple` and `composite` are the same steps in another order, for the common case that all hold: the tests of the steps
    that rest on one fact, and the other steps. `permits` and `refers` remember what was made; that changes nothing seen.
    """

    rule: str
    steps: tuple[Step, ...]
    permit: Permit
    extras: tuple[Extra, ...] = ()
    duties_of_ways: bool = False
    permits: dict[tuple[str, ...], Permit] = field(default_factory=dict, compare=False, repr=False)
    refers: dict[tuple[int, ...], Refer] = field(default_factory=dict, compare=False, repr=False)
    simple: tuple[Test, ...] = field(init=False, compare=False, repr=False)
    composite: tuple[Step, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        single = [step for step in self.steps if len(step.choices) == 1 and len(step.choices[0].tests) == 1]
        object.__setattr__(self, "simple", tuple(dict.fromkeys(step.choices[0].tests[0] for step in single)))
        object.__setattr__(self, "composite", tuple(step for step in self.steps if step not in single))


class Shape(NamedTuple):
    """A question without its facts and categories: what a path depends on."""

    purpose: str
    provider: str
    requester: str
    direction: str
    person: str
    case_state: str


ORDER = {reason: position for position, reason in enumerate(Reason)}
"""Where each reason stands in the order of testing."""
