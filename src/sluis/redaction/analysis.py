"""What the rules find in one text, before anything is known of the case: made at deposit, kept with the engine's version.

`Analysis` serialises to JSON and is thrown away when the engine changes.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import repeat
from typing import Final

import orjson

from sluis.core.errors import BadInput, Flaw
from sluis.redaction.ages import at as age_at
from sluis.redaction.clusters import Cluster, clusters
from sluis.redaction.dates import at as date_at
from sluis.redaction.dates import spelled
from sluis.redaction.language import looks_dutch
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
    """What the rules of the engine of that `version` say of one text; `digest` is of the text it belongs to.

    `spans` are sure, in order, without overlap; `doubts` are for the mode `strict`. The rest spares a release cutting the text
    into words again: `at` is the offset of each part, `classes` its class (see `page`), `loose` the words that are a name when
    another note says so, `odd` those that may be a known name misspelt; `dutch` is whether the text is Dutch.
    The offsets are in the text as read (`fold.read`), which the same engine reads the same way.
    """

    version: str
    digest: str
    spans: tuple[Span, ...] = field(repr=False)
    doubts: tuple[Span, ...] = field(default=(), repr=False)
    classes: str = field(default="", repr=False)
    at: array[int] = field(default_factory=lambda: array(_OFFSET), repr=False)
    loose: array[int] = field(default_factory=lambda: array(_OFFSET), repr=False)
    odd: array[int] = field(default_factory=lambda: array(_OFFSET), repr=False)
    dutch: bool = True

    def fits(self, size: int) -> bool:
        """Whether every offset lies in a text of that many characters, and every place among its parts."""
        if not self.at or self.at[-1] != size or len(self.at) != len(self.classes) + 1:
            return False
        last = max(self.loose[-1] if self.loose else 0, self.odd[-1] if self.odd else 0)
        ends = max(self.spans[-1].end if self.spans else 0, max((span.end for span in self.doubts), default=0))
        return last < len(self.classes) and ends <= size

    def chosen(self, *, strict: bool) -> list[Span]:
        """The spans that go in the mode `strict`, or else the sure ones."""
        return merged([*self.spans, *self.doubts]) if strict and self.doubts else list(self.spans)

    def to_json(self) -> str:
        """The analysis as one line of JSON, for a store: offsets, types and classes only, no text."""
        numbers = [row.typecode + row.tobytes().hex() for row in (self.at, self.loose, self.odd)]
        rows = [_columns(self.spans), _columns(self.doubts), self.classes, *numbers, self.dutch]
        return orjson.dumps([self.version, self.digest, *rows]).decode()

    @classmethod
    def from_json(cls, line: str) -> Analysis:
        """The analysis that `to_json` wrote. Raises `BadInput` for anything else."""
        try:
            version, text_digest, sure, doubts, classes, at, loose, odd, dutch = orjson.loads(line)
            if not (isinstance(version, str) and isinstance(text_digest, str) and isinstance(classes, str)):
                raise BadInput(_SPOILT)
            return cls(version=version, digest=text_digest, spans=_spans(sure, strict=False), doubts=_spans(doubts, strict=True),
                       classes=classes, at=_row(at), loose=_row(loose), odd=_row(odd), dutch=dutch is True)  # fmt: skip
        except (ValueError, TypeError, AttributeError) as error:
            raise BadInput(_SPOILT) from error


_OFFSET: Final = "I"
_SHORT: Final = "H"
_SHORT_ENDS = 1 << 16
_SPOILT = Flaw(where="analysis", what="is no stored analysis", mend="analyse the text again")


def _columns(spans: tuple[Span, ...]) -> list[list[int] | str]:
    return [[span.start for span in spans], [span.end for span in spans], " ".join(span.type for span in spans)]


def _spans(columns: tuple[list[int], list[int], str], *, strict: bool) -> tuple[Span, ...]:
    """The spans of three columns. Raises ValueError or TypeError when they are none."""
    starts, ends, kinds = columns
    rows = zip(array(_OFFSET, starts), array(_OFFSET, ends), kinds.split(), repeat(strict), strict=False)
    spans = tuple(map(_SPAN, rows))
    if not len(spans) == len(starts) == len(ends):
        raise ValueError(len(spans))
    return spans


_SPAN = partial(tuple.__new__, Span)


def _row(packed: str) -> array[int]:
    """Offsets as `to_json` packs them, in the order of bytes of this machine: of another one they fit no text."""
    return array(_OFFSET if packed[:1] == _OFFSET else _SHORT, bytes.fromhex(packed[1:]))


def analysed(page: Page, found: Iterable[Span], version: str) -> Analysis:
    """The analysis of a page of which these spans were found."""
    every = list(found)
    sure = merged(span for span in every if not span.strict)
    loose = _uncovered(page, sure)
    size = _SHORT if page.at[-1] < _SHORT_ENDS else _OFFSET
    return Analysis(
        version=version,
        digest=digest(page.reading.raw),
        spans=tuple(sure),
        doubts=tuple(span for span in every if span.strict),
        classes=page.classes,
        at=array(size, page.at),
        loose=array(size, loose),
        odd=array(size, _odd(page, set(loose))),
        dutch=looks_dutch(page),
    )


def _uncovered(page: Page, sure: Sequence[Span]) -> list[int]:
    """The words that may be names and lie in none of the spans."""
    ends = [span.end for span in sure]
    at, loose = page.at, []
    for match in _NAMELIKE.finditer(page.classes):
        index = match.start()
        if index % 2:
            place = bisect_left(ends, at[index + 1])
            if place == len(ends) or sure[place].start > at[index]:
                loose.append(index)
    return loose


_NAMELIKE = re.compile("[uvNXgGWY]")
_ODD_FROM = 5


def _odd(page: Page, loose: set[int]) -> list[int]:
    """The words that are no Dutch: a known name may be misspelt there. One in a span counts when a particle goes before."""
    lexicon, found = page.lexicon, []
    for match in _UNKNOWN.finditer(page.classes):
        index, word = match.start(), page.low[match.start() // 2]
        if index not in loose and page.classes[max(index - 2, 0)] not in "pPI":
            continue
        plain = word in lexicon.roles or word in lexicon.function or lexicon.harmless(word)
        if index % 2 and len(word) >= _ODD_FROM and word.isalpha() and not plain:
            found.append(index)
    return found


_UNKNOWN = re.compile("[uvNXg]")


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


def joined(spans: list[Span], more: Iterable[Span]) -> list[Span]:
    """Spans in order without overlap, with more of them taken in; one that lies inside another changes nothing."""
    ends = [span.end for span in spans]
    new = []
    for span in more:
        place = bisect_left(ends, span.end)
        if place == len(ends) or spans[place].start > span.start or span < spans[place]:
            new.append(span)
    return merged([*spans, *new]) if new else spans
