"""The errors of Sluis, one tree, without HTTP. No message ever holds a personal value.

SluisError
├── BadInput             what was given cannot be understood; says what, where and how to mend it
│   ├── PolicyFileError    a policy file cannot be understood (file, line, mend)
│   ├── UnknownTerm        a word that the vocabulary does not have
│   └── BadKey             a key, certificate or token key set is unusable
├── NotFound             no such thing, or not yours: the two look the same
├── NotAllowed           the caller may not do this, whatever the state
├── WrongState           the thing exists, but its state does not admit this
├── AlreadyUsed          an idempotency key came back with another question
├── LogPurpose           the log may not be read for this (`logdoel`)
├── PolicyUnavailable    there is no valid signed policy set to decide with
├── SourceUnavailable    a system of record did not answer
├── StoreUnavailable     the database did not answer or could not write
├── LedgerUnavailable    an entry could not be made durable: nothing leaves
├── LedgerBroken         the log does not verify
├── KeyUnavailable       a key is missing, destroyed, or cannot be opened
└── ResidualIdentifier   the proof pass still read an identifier in a redacted text

`sluis.api.problems` maps each leaf to an RFC 9457 problem; a test proves that table complete.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong with an input: where it is, what is wrong, how to mend it. Never the value itself."""

    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        """The flaw on one line, as the command line prints it."""
        return f"{self.where}: {self.what}" + (f" ({self.mend})" if self.mend else "")


class SluisError(Exception):
    """Root of every error that Sluis itself raises."""


class BadInput(SluisError):
    """What was given cannot be understood. `flaws` holds every flaw found, not only the first."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__("; ".join(map(str, flaws)))
        self.flaws = flaws


class PolicyFileError(BadInput):
    """A policy file cannot be understood; `where` in each flaw is `file:line`."""


class UnknownTerm(BadInput):
    """A question uses a word that the vocabulary does not have."""


class BadKey(BadInput):
    """A key, certificate or key set is malformed, too weak, or of the wrong kind."""


class NotFound(SluisError):
    """No such thing, or it is not the caller's: the answer does not tell which."""


class NotAllowed(SluisError):
    """The caller may not do this, whatever the state of the thing."""


class WrongState(SluisError):
    """The thing exists, but its state does not admit this step."""


class AlreadyUsed(SluisError):
    """An idempotency key came back with a different question."""


class LogPurpose(SluisError):
    """The log serves lawfulness control, internal checks, security and court proceedings only (Wpg 32a, WGS 1.8(4))."""


class PolicyUnavailable(SluisError):
    """There is no valid policy set to decide with; nothing is released."""


class SourceUnavailable(SluisError):
    """A system of record did not answer; nothing is released."""


class StoreUnavailable(SluisError):
    """The database did not answer or could not write; nothing is released."""


class LedgerUnavailable(SluisError):
    """An entry could not be made durable; nothing has left and nothing will."""


class LedgerBroken(SluisError):
    """The log does not verify; the message says which promise is broken and at which position."""


class KeyUnavailable(SluisError):
    """A key is missing, was destroyed (erasure), or cannot be opened."""


class ResidualIdentifier(SluisError):
    """The proof pass still read an identifier in a redacted text; that text is withheld and the alarm is raised."""
