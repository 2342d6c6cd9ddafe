"""What is a name once is a name in every note of that release."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sluis.redaction.analysis import joined
from sluis.redaction.lexicon import PARTICLES
from sluis.redaction.page import Span
from sluis.redaction.sheet import Sheet

_TOKEN = re.compile(r"[^\W\d_]{2,}")


class Names(dict[str, tuple[str, ...]]):
    """The words of each name of one release, sorted, by the name as it stands there, folded; particles do not count."""

    def __missing__(self, name: str) -> tuple[str, ...]:
        """Cut a name not met before in this release."""
        one = name.isalpha() and len(name) > 1 and name not in PARTICLES
        self[name] = result = (name,) if one else tuple(sorted({*_TOKEN.findall(name)} - PARTICLES))
        return result


def over(sheets: Sequence[Sheet], found: list[list[Span]], names: Names) -> None:
    """Add, to each text's spans, the other places of words that were found as names: in small letters only unknown words."""
    words = frozenset[str]().union(
        *[
            names[sheet.folded[start:end]]
            for sheet, spans in zip(sheets, found, strict=True)
            for start, end, kind, _ in spans
            if kind == "PER"
        ]
    )
    if not words:
        return
    for place, sheet in enumerate(sheets):
        folded, at = sheet.folded, sheet.at
        more = [Span(at[i], at[i + 1], "PER") for i in sheet.analysis.loose if folded[at[i] : at[i + 1]] in words]
        if more:
            found[place] = joined(found[place], more)
