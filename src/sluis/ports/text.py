"""The redactor of Dutch free text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sluis.core.record import Known, RedactedText
from sluis.core.verdict import TextMode


class Replaced(Protocol):
    """A passage that a redactor replaces: offsets in the text as written, and what it is taken for (`PER`, `BSN`, …)."""

    @property
    def start(self) -> int:
        """Where it begins."""
        ...

    @property
    def end(self) -> int:
        """Where it ends."""
        ...

    @property
    def type(self) -> str:
        """What it is taken for."""
        ...


class Finding(Replaced, Protocol):
    """A replaced passage with why: `bekend` (the case file knows it), `regel` (recognised) or `elders` (stood elsewhere)."""

    @property
    def why(self) -> str:
        """One of the three words."""
        ...


class Redactor(Protocol):
    """The redactor of Dutch free text (`docs/redaction.md`)."""

    @property
    def version(self) -> str:
        """Name, version and hash of the word lists: part of what the log records."""
        ...

    def prepare(self, text: str) -> str:
        """What can be found in a text without knowing the case: a line to keep beside it, encrypted as it is.

        It holds offsets and no letter of the text, and is used only by the engine that made it, for that very text.
        """
        ...

    def redact(
        self, texts: Sequence[str], known: Sequence[Known], mode: TextMode, seed: bytes, *, prepared: Sequence[str] = ()
    ) -> list[RedactedText]:
        """One result for each text, in order; one marker per person over all texts of this release.

        `prepared` are lines of `prepare`, in any order; the result is the same without them, only later. A line that is
        spoilt, of another engine or of another text is not used.

        The proof pass has run over every result: a text in which a known value or a valid identifier can still be read
        comes back withheld. `seed` is fresh per release, so that markers of two releases can't be joined.
        """
        ...

    def spans(self, texts: Sequence[str], known: Sequence[Known], *, strict: bool = False) -> Sequence[Sequence[Replaced]]:
        """What `redact` replaces in each text of one release, in order, without overlap: one for each of its marks.

        `strict` is the mode `strict`. A text that comes back withheld has spans all the same: they are not why it was.
        """
        ...

    def findings(self, text: str, known: Sequence[Known], *, strict: bool = False) -> Sequence[Finding]:
        """Every passage of this one text that goes, with why, in order; for who may see the original, and for nobody else.

        A passage that goes only because another text of the release has it is in `spans` and not here.
        """
        ...
