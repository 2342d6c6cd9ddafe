"""What a log says to a witness (C2SP tlog-witness, `add-checkpoint`), as text. Pure; `BadInput` for what cannot be read."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256

from sluis.core.errors import BadInput, Flaw
from sluis.core.note import decode64

MOST_PROOF_LINES = 63
MAX_REQUEST = 100_000


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign: the size that the witness cosigned last, the proof from there, and the signed checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        """The body of the request."""
        return "\n".join([f"old {self.old}", *(b64encode(step).decode() for step in self.proof), "", self.note])


def parse_request(body: bytes) -> AddCheckpoint:
    """The request in a body. Raises `BadInput`."""
    try:
        top, blank, note = body.decode().partition("\n\n")
    except UnicodeDecodeError as fault:
        raise _bad("it is not UTF-8") from fault
    first, *lines = top.split("\n")
    digits = first.removeprefix("old ")
    if not blank or digits == first or not digits.isascii() or not digits.isdecimal() or str(int(digits)) != digits:
        raise _bad("it does not start with an old size")
    if len(lines) > MOST_PROOF_LINES:
        raise _bad("it has more than 63 lines of proof")
    proof = tuple(decode64(line) for line in lines)
    if any(len(step) != 32 for step in proof):  # noqa: PLR2004 - SHA-256
        raise _bad("a line of proof is no hash")
    return AddCheckpoint(int(digits), proof, note)


def origin_path(origin: str) -> str:
    """Where a witness shows the newest checkpoint that it cosigned for that origin."""
    return f"{sha256(origin.encode()).hexdigest()}/checkpoint"


def _bad(what: str) -> BadInput:
    return BadInput(Flaw(where="request", what=what))
