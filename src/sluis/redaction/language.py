"""Whether a text is Dutch: the lists know no other language, so what is not Dutch is withheld."""

from __future__ import annotations

from sluis.redaction.lists import words
from sluis.redaction.page import Page

_ENOUGH, _SHARE = 25, 0.12
_SHARED = words("language.shared")


def looks_dutch(page: Page) -> bool:
    """True for a short text, and for one of which enough words are the small words of Dutch; names and numbers do not count."""
    counted = [word for word, kind in zip(page.low, page.classes[1::2], strict=True) if kind in "wkrtpabvuWKRTPY"]
    if len(counted) < _ENOUGH:
        return True
    return sum(word in page.lexicon.function and word not in _SHARED for word in counted) >= _SHARE * len(counted)
