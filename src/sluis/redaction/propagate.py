"""What is a name once is a name in every note of that release."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sluis.redaction.page import Page, Span

_TOKEN = re.compile(r"[^\W\d_]{2,}")


def over(pages: Sequence[Page], found: Sequence[list[Span]]) -> None:
    """Add, to each page's spans, the other places of words that were found as names: in small letters only unknown words."""
    names: set[str] = set()
    for page, spans in zip(pages, found, strict=True):
        for span in spans:
            if span.type == "PER":
                names.update(_TOKEN.findall(page.folded, span.start, span.end))
    if not names:
        return
    for page, spans in zip(pages, found, strict=True):
        for place in [place for place, word in enumerate(page.low) if word in names]:
            if page.classes[2 * place + 1] in "uvNXgGWY":
                spans.append(Span(page.at[2 * place + 1], page.at[2 * place + 2], "PER"))
