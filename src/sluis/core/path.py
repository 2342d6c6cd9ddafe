"""A rule made ready to walk: what one rule asks for one category, in the order of testing.

Made by `core/plan.py`, walked by `core/decision.py`. Every denial is made once, when the path is: walking it only chooses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from sluis.core.question import Truth
from sluis.core.verdict import Deny, Permit, Reason


class Test(NamedTuple):
    """A fact that must have one of the truths in `holds`; when it is unknown and a `judgement`, a human could make it so."""

    fact: str
    holds: frozenset[Truth]
    judgement: bool
    scoped: bool


class Choice(NamedTuple):
    """Tests that suffice together, the role that judges, and the duties of a release through here."""

    tests: tuple[Test, ...]
    role: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One condition in its place in the order of testing. Without `choices` it always fails."""

    order: int
    choices: tuple[Choice, ...]
    deny: Deny


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """A duty that is added unless the fact `unless` holds, and only once the fact `once` was recorded."""

    duty: str
    unless: str
    once: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One rule for one category: walk `steps`, then release as `permit` says, with the `extras` that apply.

    `variants` remembers the permits already made with extras; it changes nothing that can be seen.
    """

    rule: str
    steps: tuple[Step, ...]
    permit: Permit
    extras: tuple[Extra, ...] = ()
    duties_of_ways: bool = False
    variants: dict[tuple[str, ...], Permit] = field(default_factory=dict, compare=False, repr=False)


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
