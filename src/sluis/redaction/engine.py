"""The redactor: rules, known values, propagation, markers, and the proof pass over what comes out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol

from sluis.core.errors import BadInput
from sluis.core.record import Known, RedactedText
from sluis.core.verdict import TextMode
from sluis.redaction.analysis import Analysis, analysed, by_rules, digest, joined
from sluis.redaction.known import find as find_known
from sluis.redaction.known import prepare
from sluis.redaction.lexicon import Lexicon
from sluis.redaction.markers import Cast, write
from sluis.redaction.page import Page, Span, open_page
from sluis.redaction.proof import Proof
from sluis.redaction.propagate import Names, over
from sluis.redaction.sheet import Sheet, lay, of_page
from sluis.redaction.signs import WITHHELD

ENGINE = "sluis-1"
_NOTHING = RedactedText(text=WITHHELD, withheld=True, marks=((0, len(WITHHELD), "WITHHELD"),))


class Recogniser(Protocol):
    """A recogniser from outside: its spans are added to those of the rules, never taken away from them."""

    @property
    def version(self) -> str:
        """What it is, with the hash of its files."""
        ...

    def spans(self, text: str) -> Sequence[tuple[int, int, str]]:
        """Offsets and types of what it finds, in the text as given."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Why a passage went, for an entitled reviewer: `bekend`, `regel` or `elders`. Offsets are in the text as written."""

    start: int
    end: int
    type: str
    why: str
    text: str = field(repr=False)


class LexiconRedactor:
    """Implements `ports.Redactor` by lexicon inversion. One instance serves all threads."""

    def __init__(self, *, tenant_terms: Iterable[str] = (), recogniser: Recogniser | None = None) -> None:
        self._lexicon = Lexicon(tenant_terms)
        self._recogniser = recogniser
        outside = f"+{recogniser.version}" if recogniser else ""
        self._version = f"{ENGINE}:{self._lexicon.digest[:16]}{outside}"

    @property
    def version(self) -> str:
        """Name, version and hash of the word lists, and of the recogniser when there is one."""
        return self._version

    def prepare(self, text: str) -> str:
        """What the rules find in a text, as a line to be kept beside it; see `ports.Redactor`."""
        return self.analyse(text).to_json()

    def redact(
        self, texts: Sequence[str], known: Sequence[Known], mode: TextMode, seed: bytes, *, prepared: Sequence[str] = ()
    ) -> list[RedactedText]:
        """One result for each text, in order; see `ports.Redactor`. `withhold` and `review` release nothing by themselves."""
        # A release brings the lines of all its records, and few of their texts are asked for: only those lines are read.
        asked = [digest(text) for text in texts]
        kept = [analysis for line in prepared if any(one in line for one in asked) and (analysis := _kept(line)) is not None]
        return self.release(texts, kept, known, mode, seed)

    def analyse(self, text: str) -> Analysis:
        """What the rules find in a text, to be kept beside it and used at each release (`release`)."""
        return self._analysed(open_page(text, self._lexicon))

    def release(
        self, texts: Sequence[str], analyses: Sequence[Analysis], known: Sequence[Known], mode: TextMode, seed: bytes,
    ) -> list[RedactedText]:  # fmt: skip
        """As `redact`, with analyses made at deposit: one that is of another engine or another text is not used."""
        if mode not in (TextMode.MASK, TextMode.STRICT):
            return [_NOTHING for _ in texts]
        stored = {analysis.digest: analysis for analysis in analyses if analysis.version == self._version}
        return self._released([self._laid(text, stored) for text in texts], known, seed, mode)

    def propose(self, texts: Sequence[str], known: Sequence[Known], seed: bytes) -> list[RedactedText]:
        """What a reviewer is shown beside the original in the mode `review`: as `strict`, proved like every output."""
        return self._released([self._laid(text, {}) for text in texts], known, seed, TextMode.STRICT)

    def spans(self, texts: Sequence[str], known: Sequence[Known], *, strict: bool = False) -> list[list[Span]]:
        """What would be replaced in each text of one release, in order, without overlap; offsets in the text as written."""
        sheets = [self._laid(text, {}) for text in texts]
        found = self._found(sheets, known, Names(), strict=strict)
        return [[sheet.as_written(span) for span in spans] for sheet, spans in zip(sheets, found, strict=True)]

    def findings(self, text: str, known: Sequence[Known], *, strict: bool = False) -> list[Finding]:
        """Every passage that goes, with why; for the eyes of a reviewer who may see the original."""
        sheet = self._laid(text, {})
        ruled = sheet.analysis.chosen(strict=strict)
        held = find_known(sheet, prepare(known, self._lexicon))
        result = []
        for span in self._found([sheet], known, Names(), strict=strict)[0]:
            why = "bekend" if _touches(span, held) else "regel" if _touches(span, ruled) else "elders"
            start, end = sheet.reading.raw_span(span.start, span.end)
            result.append(Finding(start=start, end=end, type=span.type, why=why, text=text[start:end]))
        return result

    def _analysed(self, page: Page) -> Analysis:
        found = by_rules(page)
        if self._recogniser is not None:
            found += [
                Span(start, end, kind)
                for start, end, kind in self._recogniser.spans(page.clean)
                if 0 <= start < end <= len(page.clean)
            ]
        return analysed(page, found, self._version)

    def _laid(self, text: str, stored: Mapping[str, Analysis]) -> Sheet:
        """The text with its stored analysis when there is one that fits, else with one made now."""
        kept = stored.get(digest(text)) if stored else None
        sheet = lay(text, kept, self._lexicon) if kept else None
        if sheet is None:
            page = open_page(text, self._lexicon)
            sheet = of_page(page, self._analysed(page))
        return sheet

    def _found(self, sheets: Sequence[Sheet], known: Sequence[Known], names: Names, *, strict: bool) -> list[list[Span]]:
        prepared = prepare(known, self._lexicon)
        found = [joined(sheet.analysis.chosen(strict=strict), find_known(sheet, prepared)) for sheet in sheets]
        over(sheets, found, names)
        return found

    def _released(self, sheets: Sequence[Sheet], known: Sequence[Known], seed: bytes, mode: TextMode) -> list[RedactedText]:
        names, proof, result = Names(), Proof(known), []
        found = self._found(sheets, known, names, strict=mode is TextMode.STRICT)
        for sheet, (text, marks) in zip(sheets, write(sheets, found, Cast(known, seed, names)), strict=True):
            shown = text.encode("utf-8", "replace").decode()
            safe = sheet.analysis.dutch and not proof.residues(shown)
            result.append(RedactedText(text=shown, withheld=False, marks=tuple(marks)) if safe else _NOTHING)
        return result


def _kept(line: str) -> Analysis | None:
    """The analysis in a line; None for one that is spoilt: the text is then analysed again."""
    try:
        return Analysis.from_json(line)
    except BadInput:
        return None


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(other.start < span.end and span.start < other.end for other in others)


@cache
def load() -> LexiconRedactor:
    """The redactor with the lists that are shipped, loaded once."""
    return LexiconRedactor()
