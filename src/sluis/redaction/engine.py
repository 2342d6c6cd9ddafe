"""The redactor: rules, known values, propagation, markers, and the proof pass over what comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sluis.core.record import Known, RedactedText
from sluis.core.verdict import TextMode
from sluis.redaction import known as knowns
from sluis.redaction import markers, propagate
from sluis.redaction.analysis import by_rules, merged
from sluis.redaction.lexicon import Lexicon
from sluis.redaction.page import Page, Span, open_page
from sluis.redaction.proof import Proof
from sluis.redaction.signs import WITHHELD

ENGINE = "sluis-1"
_NOTHING = RedactedText(text=WITHHELD, withheld=True, marks=((0, len(WITHHELD), "WITHHELD"),))


class LexiconRedactor:
    """Implements `ports.Redactor` by lexicon inversion. One instance serves all threads."""

    def __init__(self, *, tenant_terms: Iterable[str] = ()) -> None:
        self._lexicon = Lexicon(tenant_terms)

    @property
    def version(self) -> str:
        """Name, version and hash of the word lists."""
        return f"{ENGINE}:{self._lexicon.digest[:16]}"

    def redact(self, texts: Sequence[str], known: Sequence[Known], mode: TextMode, seed: bytes) -> list[RedactedText]:
        """One result for each text, in order; see `ports.Redactor`. `withhold` and `review` release nothing by themselves."""
        if mode not in (TextMode.MASK, TextMode.STRICT):
            return [_NOTHING for _ in texts]
        return self.propose(texts, known, seed, strict=mode is TextMode.STRICT)

    def propose(self, texts: Sequence[str], known: Sequence[Known], seed: bytes, *, strict: bool = True) -> list[RedactedText]:
        """What a reviewer is shown beside the original in the mode `review`; proved like every output."""
        pages = [open_page(text, self._lexicon) for text in texts]
        found = self._found(pages, known, strict=strict)
        result = []
        proof = Proof(known)
        for text, marks in markers.write(pages, found, known, seed):
            shown = text.encode("utf-8", "replace").decode()
            result.append(_NOTHING if proof.residues(shown) else RedactedText(text=shown, withheld=False, marks=tuple(marks)))
        return result

    def spans(self, texts: Sequence[str], known: Sequence[Known], *, strict: bool = False) -> list[list[Span]]:
        """What would be replaced in each text of one release, in order, without overlap; offsets in the text as written."""
        pages = [open_page(text, self._lexicon) for text in texts]
        found = self._found(pages, known, strict=strict)
        return [[Span(*page.reading.raw_span(s.start, s.end), s.type, s.strict) for s in spans] for page, spans in zip(pages, found, strict=True)]

    def _found(self, pages: Sequence[Page], known: Sequence[Known], *, strict: bool) -> list[list[Span]]:
        prepared = knowns.prepare(known, self._lexicon)
        found = [[span for span in by_rules(page) if strict or not span.strict] for page in pages]
        for page, spans in zip(pages, found, strict=True):
            spans.extend(knowns.find(page, prepared))
        propagate.over(pages, found)
        return [merged(spans) for spans in found]


@cache
def load() -> LexiconRedactor:
    """The redactor with the lists that are shipped, loaded once."""
    return LexiconRedactor()
