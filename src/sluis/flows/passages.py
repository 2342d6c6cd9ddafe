"""What went out of the free texts of a release, passage by passage, and why.

Laws of this file: all texts of a release go through the redactor in one call, as they did when it was made; what the rules hold
back does not go through it at all; a redactor that gives another number of marks than of passages has failed: nothing is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sluis.core.disclosure import PASSAGE_WITHHELD
from sluis.core.record import Known, RedactedText
from sluis.core.verdict import TextMode
from sluis.ports.services import Services
from sluis.ports.text import Finding, Replaced


class Why(StrEnum):
    """Why a passage went: three reasons of the redactor; or the whole text stayed, by the rules or after the proof pass."""

    KNOWN = "bekend"
    RULE = "regel"
    ELSEWHERE = "elders"
    POLICY = "beleid"
    PROOF = "proef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A passage that went: where its marker stands in the text as released, what stood there, its type, and why it went."""

    start: int
    end: int
    original: str = field(repr=False)
    type: str
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """One free text as the recipient would get it, and what went out of it, in order."""

    name: str
    recorded: date
    shown: str = field(repr=False)
    gone: tuple[Gone, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundText:
    """A free text in a record, cut to the precision of the release and not redacted yet. `opened`: it goes to the redactor."""

    category: str
    name: str
    recorded: date
    text: str = field(repr=False)
    opened: bool


Redacted = Mapping[str, tuple[str, tuple[Gone, ...]]]
"""Per text that was redacted, what leaves of it and what went."""


def read_text(one: FoundText, given: Redacted) -> ReadText:
    """That text as it was released; one that the rules hold back is one passage that went."""
    shown, gone = given[one.text] if one.opened else (PASSAGE_WITHHELD, (_whole(one.text, Why.POLICY),))
    return ReadText(name=one.name, recorded=one.recorded, shown=shown, gone=gone)


def redacted(texts: Sequence[str], known: Sequence[Known], services: Services, *, strict: bool) -> Redacted:
    """Per text what is released of it and what went: one call for all, as at the release, so that a name goes everywhere."""
    if not texts:
        return {}
    redactor = services.redactor
    results = redactor.redact(texts, known, TextMode.STRICT if strict else TextMode.MASK, services.seed())
    spans = redactor.spans(texts, known, strict=strict)
    return {
        text: (PASSAGE_WITHHELD, (_whole(text, Why.PROOF),))
        if result.withheld
        else (result.text, tuple(_gone(text, result, replaced, redactor.findings(text, known, strict=strict))))
        for text, result, replaced in zip(texts, results, spans, strict=True)
    }


def _gone(text: str, result: RedactedText, spans: Sequence[Replaced], findings: Sequence[Finding]) -> Iterator[Gone]:
    # As many marks as spans, or the redactor has failed: strict=True makes that an error, and nothing is shown.
    for (start, end, kind), span in zip(result.marks, spans, strict=True):
        reasons = {one.why for one in findings if one.start < span.end and span.start < one.end}
        why = next((word for word in (Why.KNOWN, Why.RULE) if word in reasons), Why.ELSEWHERE)
        yield Gone(start=start, end=end, original=text[span.start : span.end], type=kind, why=why)


def _whole(text: str, why: Why) -> Gone:
    return Gone(start=0, end=len(PASSAGE_WITHHELD), original=text, type="", why=why)
