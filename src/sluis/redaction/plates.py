"""Number plates: the Dutch sidecodes with and without hyphens, anything after `kenteken`."""

from __future__ import annotations

import re

from sluis.redaction.clusters import Cluster, before
from sluis.redaction.lists import words
from sluis.redaction.page import Page, Span

_SHAPES = sorted(words("plates.shapes"))
_HYPHENED = re.compile("|".join(shape.replace("L", "[a-z]").replace("9", r"\d") for shape in _SHAPES if "-" in shape))
_TIGHT = re.compile("|".join(shape.replace("-", "").replace("L", "[A-Z]").replace("9", r"\d") for shape in _SHAPES))
_SPACED = re.compile(r"[A-Z]{1,3} \d{2,4} [A-Z]{1,3}(?![\w-])|\d{2,3} [A-Z]{2,3} \d{1,3}(?![\w-])")
_ANY = re.compile(r"[a-z0-9]{1,8}(?:[ -](?=[a-z0-9-]*\d|[a-z]{1,3}\b)[a-z0-9]{1,4}\b){0,3}")
_WORDS = words("plates.words")
_LETTERS, _ROOM = 3, 12


def at(page: Page, cluster: Cluster) -> Span | None:
    """The number plate that this cluster is a part of."""
    if _HYPHENED.fullmatch(cluster.text):
        return Span(cluster.start, cluster.end, "PLATE")
    front = _front(page, cluster)
    own = page.clean[front : cluster.end + _ROOM]
    if page.careless:
        own = own.upper()
    if _TIGHT.fullmatch(own, cluster.start - front, cluster.end - front):
        return Span(cluster.start, cluster.end, "PLATE")
    spaced = _SPACED.match(own)
    if spaced and front + spaced.end() >= cluster.end:
        return Span(front, front + spaced.end(), "PLATE")
    for back in (1, 2, 3):
        word = before(page, cluster, back)
        if back > 1 and (not word or len(before(page, cluster, back - 1)) > _LETTERS):
            break
        if word in _WORDS:
            match = _ANY.match(page.folded, front if back > 1 else cluster.start)
            return Span(match.start(), max(match.end(), cluster.end), "PLATE") if match else None
    return None


def _front(page: Page, cluster: Cluster) -> int:
    """Where a plate in three groups begins: at the letters just before the digits."""
    index = cluster.first - 2
    if (
        index > 0
        and page.parts[index + 1] in (" ", "-")
        and len(page.parts[index]) <= _LETTERS
        and page.classes[index] not in "kpbaw"
    ):
        return page.at[index]
    return cluster.start
