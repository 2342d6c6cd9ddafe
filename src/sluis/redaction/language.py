"""Whether a text is Dutch: the lists know no other language, so what is not Dutch is withheld."""

from __future__ import annotations

from sluis.redaction.page import Page

_ENOUGH, _SHARE = 25, 0.45


def looks_dutch(page: Page) -> bool:
    """True for a short text, and for one of which enough words that count are ordinary Dutch; names and numbers do not count."""
    words = [kind for kind in page.classes[1::2] if kind in "wkrtpabvuWKRTPY"]
    if len(words) < _ENOUGH:
        return True
    return (
        sum(kind not in "vu" for kind in words) >= _SHARE * len(words)
        and sum(kind in "kpKP" for kind in words) > len(words) // _FEW
    )


_FEW = 12
