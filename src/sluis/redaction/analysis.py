"""What the rules find in one text, before anything is known of the case: made when a note is deposited, kept with the engine's version.

The spans are offsets in the text as written. `Analysis` serialises to plain JSON values and is thrown away when the engine changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sluis.redaction import dates, names, numbers, online, places
from sluis.redaction.page import Page, Span

Row = tuple[int, int, str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The spans of one text, by the engine of that `version`; `digest` is of the text they belong to."""

    version: str
    digest: str
    spans: tuple[Span, ...] = field(repr=False)

    def as_json(self) -> dict[str, str | list[list[int | str | bool]]]:
        """Plain values for a store."""
        return {"version": self.version, "digest": self.digest, "spans": [list(span) for span in self.spans]}


def by_rules(page: Page) -> list[Span]:
    """Every span that the rules find in a page, offsets in `page.clean`; they may overlap."""
    found = list(dates.find(page))
    found.extend(numbers.find(page, found))
    found.extend(online.find(page))
    found.extend(places.find(page))
    found.extend(names.find(page))
    return found


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, overlapping ones joined; the type of the longest stands for all, and one that is sure makes all sure."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start < result[-1].end:
            last = result[-1]
            longer = span if span.end - span.start > last.end - last.start else last
            result[-1] = Span(last.start, max(last.end, span.end), longer.type, last.strict and span.strict)
        else:
            result.append(span)
    return result
