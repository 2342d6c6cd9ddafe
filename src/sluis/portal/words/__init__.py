"""Every text of the portal in Dutch and English, side by side, so that neither can miss one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from sluis.portal.words.claims import CLAIMS
from sluis.portal.words.clock import CLOCK
from sluis.portal.words.common import COMMON
from sluis.portal.words.entry import ENTRY
from sluis.portal.words.figures import FIGURES
from sluis.portal.words.kinds import KINDS
from sluis.portal.words.outside import OUTSIDE
from sluis.portal.words.oversight import OVERSIGHT
from sluis.portal.words.pages import PAGES
from sluis.portal.words.screening import SCREENING
from sluis.portal.words.texts import TEXTS_READ

Pairs = Mapping[str, tuple[str, str]]


class Language(StrEnum):
    """The languages of the portal."""

    NL = "nl"
    EN = "en"


TEXTS: Pairs = MappingProxyType(
    {**COMMON, **PAGES, **ENTRY, **TEXTS_READ, **OVERSIGHT, **FIGURES, **KINDS, **CLOCK, **CLAIMS, **OUTSIDE, **SCREENING}
)
"""Every text by name: Dutch, English."""

_SIDES: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        language: MappingProxyType({name: pair[side] for name, pair in TEXTS.items()})
        for side, language in enumerate((Language.NL, Language.EN))
    }
)


def say(language: Language) -> Mapping[str, str]:
    """The texts of one language, by name."""
    return _SIDES[language]


def named(language: Language, prefix: str, word: str) -> str:
    """The text of a word of a closed list (a kind, a verdict); the word itself when the list does not have it."""
    return _SIDES[language].get(f"{prefix}_{word.replace('.', '_').replace('-', '_')}", word)
