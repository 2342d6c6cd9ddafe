"""Reading claims that somebody else wrote: each function gives the value in its type, or raises `ValueError`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from joserfc.errors import JoseError

SLACK = 10.0  # seconds two clocks may differ
UNTRUSTED = (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError)
"""What reading a hostile token can raise; each means refusal."""


def text(claims: Mapping[str, object], name: str) -> str:
    """A claim that must be a text with something in it."""
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(name)
    return value


def identifier(claims: Mapping[str, object], name: str, *, at_least: int) -> str:
    """A claim that must be a text of a sensible length, such as `jti`."""
    value = text(claims, name)
    if not at_least <= len(value) <= 256:  # noqa: PLR2004 - what a replay row holds
        raise ValueError(name)
    return value


def seconds(claims: Mapping[str, object], name: str) -> float:
    """A claim that must be a finite number of seconds since 1970."""
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(name)
    return float(value)


def not_ahead(claims: Mapping[str, object], name: str, now: datetime) -> None:
    """A moment (`iat`, `nbf`) that, if it is given, may not lie ahead of our clock by more than the slack."""
    if name in claims and seconds(claims, name) > now.timestamp() + SLACK:
        raise ValueError(name)
