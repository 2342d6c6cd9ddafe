"""What the rules find in one text, before anything is known of the case: made at deposit, kept with the engine's version.

`Analysis` serialises to JSON and is thrown away when the engine changes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sluis.core.errors import BadInput, Flaw
from sluis.redaction.ages import at as age_at
from sluis.redaction.clusters import Cluster, clusters
from sluis.redaction.dates import at as date_at
from sluis.redaction.dates import spelled
from sluis.redaction.names import find as find_names
from sluis.redaction.numbers import addresses, hangs_together
from sluis.redaction.numbers import at as number_at
from sluis.redaction.online import find as find_online
from sluis.redaction.page import Page, Span, open_page
from sluis.redaction.places import at as address_at
from sluis.redaction.places import postcode as postcode_at
from sluis.redaction.plates import at as plate_at

_GROUPS, _DOUBT_FROM = 12, 4
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-/](?:19|20)?\d\d)?")
_MEASURE = re.compile(r"(?:,\d+)? ?(?:euro|eur|€|mg|ml|kg|gram|km|meter|stuks|keer|uur|planten|personen|liter|kilo|volt|watt)")
_BROKEN = re.compile(r"\d\n(?=\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The spans of one text, by the engine of that `version`; `digest` is of the text they belong to.

    The offsets are in the text as read (`fold.read`), which the same engine reads the same way.
    """

    version: str
    digest: str
    spans: tuple[Span, ...] = field(repr=False)

    def to_json(self) -> str:
        """The analysis as one line of JSON, for a store: offsets and types only, no text."""
        return json.dumps([self.version, self.digest, [list(span) for span in self.spans]], separators=(",", ":"))

    @classmethod
    def from_json(cls, line: str) -> Analysis:
        """The analysis that `to_json` wrote. Raises `BadInput` for anything else."""
        try:
            version, text_digest, rows = json.loads(line)
            spans = tuple(Span(int(start), int(end), str(kind), bool(strict)) for start, end, kind, strict in rows)
        except (ValueError, TypeError) as error:
            raise BadInput(Flaw(where="analysis", what="is no stored analysis", mend="analyse the text again")) from error
        return cls(version=str(version), digest=str(text_digest), spans=spans)


def digest(text: str) -> str:
    """What ties an analysis to its text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def by_rules(page: Page) -> list[Span]:
    """Every span that the rules find in a page, offsets in `page.clean`; they may overlap."""
    found = list(_numeric(page))
    if _BROKEN.search(page.reading.clean):
        found.extend(_glued(page))
    found.extend(addresses(page))
    found.extend(spelled(page))
    found.extend(find_online(page))
    found.extend(find_names(page))
    return found


def _glued(page: Page) -> Iterator[Span]:
    """The numbers of a page once more, lines that break between two digits made whole."""
    clean = page.reading.clean
    cuts = {match.start() + 1 for match in _BROKEN.finditer(clean)}
    kept = [place for place in range(len(clean)) if place not in cuts]
    whole = open_page("".join(clean[place] for place in kept), page.lexicon)
    for span in (*_numeric(whole), *find_online(whole)):
        yield Span(kept[span.start], kept[span.end - 1] + 1, span.type, span.strict)


def _numeric(page: Page) -> Iterator[Span]:
    """What the digits of a page say: a date first, then an address, a plate, a number, an age."""
    every = list(clusters(page))
    done = 0
    for place, cluster in enumerate(every):
        if cluster.start < done:
            continue
        last = place + 1
        while last < len(every) and last - place < _GROUPS and hangs_together(page, every[last - 1], every[last]):
            last += 1
        found = date_at(page, cluster) or plate_at(page, cluster) or _first(page, every[place:last])
        if found:
            done = max(done, found.end)
            yield found


def _first(page: Page, run: Sequence[Cluster]) -> Span | None:
    """A long or keyed number before a house number before an age."""
    if run[0].digits == 4 and (postcode := postcode_at(page, run[0])):  # noqa: PLR2004 - a postcode has four
        return postcode
    found = number_at(page, run) or address_at(page, run[0]) or age_at(page, run[0])
    return found or (Span(run[0].start, run[0].end, "ID", strict=True) if _doubtful(page, run[0]) else None)


def _doubtful(page: Page, cluster: Cluster) -> bool:
    """Whether a number without any context may be one that identifies: four digits or more, no year, no amount."""
    plain = cluster.digits >= _DOUBT_FROM and not _YEAR.fullmatch(cluster.text)
    return plain and _MEASURE.match(page.folded, cluster.end) is None and "€" not in page.parts[cluster.first - 1]


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
