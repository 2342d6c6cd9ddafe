"""The keys under a log's checkpoints, as files: the one that signs, and in a rotation the one before and the one to come."""

from __future__ import annotations

from dataclasses import dataclass

from sluis.core.errors import WrongState
from sluis.core.note import VerifierKey
from sluis.keys import KeyFiles, LogSigner
from sluis.ledger.log import TransparencyLog
from sluis.ledger.opening import known_keys
from sluis.ledger.rotating import announce_key
from sluis.ledger.signing import LineSigner, LogLine, PostQuantumLine, verifier_key
from sluis.ports.ambient import Clock


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The key files of one log; `mark` tells its files from those of other years."""

    files: KeyFiles
    origin: str
    mark: str

    def signer(self) -> LogSigner:
        """The key that signs; made when there is none."""
        return LogSigner(self.origin, self.files.secret(self._name()))

    def further(self, *, post_quantum: bool) -> tuple[LineSigner, ...]:
        """The further lines under each checkpoint: the key before this one until it is dropped, and ML-DSA-44 where asked for."""
        lines: list[LineSigner] = []
        if self.files.has(self._name("old")) and self._old().public() != self.signer().public():
            lines.append(LogLine(self._old()))
        if post_quantum:
            lines.append(PostQuantumLine(self.origin, self.files.secret(f"log-ml-dsa{self.mark}.key")))
        return tuple(lines)

    def rotate(self, log: TransparencyLog, clock: Clock) -> VerifierKey:
        """Make the next key, announce it under this one, and put it in its place: it signs from the next start on.

        The old key stays as a second line until it is dropped. Raises `WrongState` when one is still to be dropped;
        `LedgerUnavailable`, `KeyUnavailable`: run it again then.
        """
        if self.files.has(self._name("old")) and self._old().public() != self.signer().public():
            raise WrongState("the key before the last one is still there: drop it first")
        new = verifier_key(LogSigner(self.origin, self.files.secret(self._name("next"))))
        if new not in known_keys(log.reader):
            announce_key(log, new, clock.now())
        # If we die here the log knows a key that does not sign yet, and goes on under the old one; the next run puts it in place.
        self.files.succeed(self._name(), self._name("next"), self._name("old"))
        return new

    def drop_old(self) -> None:
        """Destroy the key before this one. Raises `WrongState` when there is none, or when it still signs."""
        if not self.files.has(self._name("old")):
            raise WrongState("there is no old key: the log was not rotated, or it was dropped already")
        if self._old().public() == self.signer().public():
            raise WrongState("the old key still signs: a rotation did not come to its end, run it again")
        self.files.destroy(self._name("old"))

    def _old(self) -> LogSigner:
        return LogSigner(self.origin, self.files.secret(self._name("old")))

    def _name(self, which: str = "") -> str:
        return f"log-signer{self.mark}{which and '.' + which}.key"
