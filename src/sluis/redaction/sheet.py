"""A text at a release: what its analysis says of its words, laid over the text as it is read now, without cutting it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sluis.redaction.analysis import Analysis
from sluis.redaction.fold import Reading, read
from sluis.redaction.lexicon import Lexicon
from sluis.redaction.page import Page, Span, without_markers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A text ready for known values and markers: `at` has the offset of each part, the words stand at the odd places."""

    reading: Reading = field(repr=False)
    folded: str = field(repr=False)
    classes: str = field(repr=False)
    at: Sequence[int] = field(repr=False)
    analysis: Analysis = field(repr=False)

    def word(self, index: int) -> str:
        """The folded word at that place."""
        return self.folded[self.at[index] : self.at[index + 1]]

    def starts_sentence(self, index: int) -> bool:
        """Whether a capital at this place says nothing, because a sentence begins there."""
        return self.classes[index - 1] in "nEoD"

    def as_written(self, span: Span) -> Span:
        """The span with its offsets in the text as written."""
        return Span(*self.reading.raw_span(span.start, span.end), span.type, span.strict)


def of_page(page: Page, analysis: Analysis) -> Sheet:
    """The sheet of a page that was opened just now."""
    return Sheet(reading=page.reading, folded=page.folded, classes=analysis.classes, at=analysis.at, analysis=analysis)


def lay(text: str, analysis: Analysis, lexicon: Lexicon) -> Sheet | None:
    """The sheet of a text with the analysis that was stored for it; None when the two do not fit together."""
    reading = read(text)
    folded = reading.folded
    if not analysis.fits(len(folded)):
        return None
    if "[" in folded:
        _, folded = without_markers(reading.clean, folded, lexicon)
    return Sheet(reading=reading, folded=folded, classes=analysis.classes, at=analysis.at, analysis=analysis)
