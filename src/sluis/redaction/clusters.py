"""Where digits stand: every rule about numbers looks only here, from a fixed place, so that no pattern ever searches the text.

A cluster is a chain of words joined by hyphens, slashes, full stops or apostrophes without a space, with a digit in it:
`06-12`, `PL1700-2023288104`, `12a`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sluis.redaction.page import Page

_DIGITAL = re.compile("[0m]")


class Cluster(NamedTuple):
    """First and last word, offsets, the folded text, and how many digits it has."""

    first: int
    last: int
    start: int
    end: int
    text: str
    digits: int


def clusters(page: Page) -> Iterator[Cluster]:
    """Every cluster, in order, without overlap; linear in the length of the text."""
    classes, at, limit = page.classes, page.at, -1
    size = len(classes)
    for match in _DIGITAL.finditer(classes):
        here = match.start()
        if here <= limit:
            continue
        first = last = here
        while first - 2 > limit and classes[first - 1] in "hldq":
            first -= 2
        while last + 2 < size and classes[last + 1] in "hld":
            last += 2
        limit = last
        start, end = at[first], at[last + 1]
        text = page.folded[start:end]
        yield Cluster(first, last, start, end, text, len(text) if text.isdigit() else sum(map(str.isdigit, text)))


def before(page: Page, cluster: Cluster, back: int = 1) -> str:
    """The folded word so many places before a cluster; empty over the end of a sentence."""
    index = cluster.first - 2 * back
    gaps = page.classes[index + 1 : cluster.first : 2] if index > 0 else "n"
    if "n" in gaps or "E" in gaps:
        return ""
    return page.low[index // 2]
