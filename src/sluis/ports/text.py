"""The redactor of Dutch free text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sluis.core.record import Known, RedactedText
from sluis.core.verdict import TextMode


class Redactor(Protocol):
    """The redactor of Dutch free text (`docs/redaction.md`)."""

    @property
    def version(self) -> str:
        """Name, version and hash of the word lists: part of what the log records."""
        ...

    def redact(self, texts: Sequence[str], known: Sequence[Known], mode: TextMode, seed: bytes) -> list[RedactedText]:
        """One result for each text, in order; one marker per person over all texts of this release.

        The proof pass has run over every result: a text in which a known value or a valid identifier can still be read
        comes back withheld. `seed` is fresh per release, so that markers of two releases can't be joined.
        """
        ...
