"""Receipts as text: `.tlog-proof` as C2SP writes it, for whoever wants to check a release without us."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from sluis.core.entry import Receipt
from sluis.core.errors import BadInput, Flaw
from sluis.core.note import decode64

_MAGIC = "c2sp.org/tlog-proof@v1"
_LONGEST = 63


@dataclass(frozen=True, slots=True)
class WrittenReceipt:
    """What a receipt says: where the entry stands, the audit path (the leaf's sibling first), and the signed checkpoint."""

    index: int
    proof: tuple[bytes, ...]
    checkpoint: str
    extra: bytes | None = None

    def __str__(self) -> str:
        """The receipt in the form of the file."""
        extra = [] if self.extra is None else [f"extra {b64encode(self.extra).decode()}"]
        path = [b64encode(step).decode() for step in self.proof]
        return "\n".join([_MAGIC, *extra, f"index {self.index}", *path, "", self.checkpoint])


def receipt_text(receipt: Receipt) -> str:
    """The `.tlog-proof` of a receipt. It carries the leaf, which holds hashes only, as its extra data."""
    return str(WrittenReceipt(receipt.index, receipt.proof, receipt.checkpoint, receipt.leaf))


def parse_receipt(text: str) -> WrittenReceipt:
    """The receipt in a `.tlog-proof`; nothing is verified yet. Raises `BadInput`."""
    top, blank, checkpoint = text.partition("\n\n")
    lines = top.split("\n")
    if not blank or lines.pop(0) != _MAGIC or not lines:
        raise _bad("it is no tlog-proof of version 1")
    extra = decode64(lines.pop(0).removeprefix("extra ")) if lines[0].startswith("extra ") else None
    number = lines.pop(0) if lines else ""
    digits = number.removeprefix("index ")
    if digits == number or not digits.isascii() or not digits.isdecimal() or str(int(digits)) != digits:
        raise _bad("it names no index")
    proof = tuple(decode64(line) for line in lines)
    if len(proof) > _LONGEST or any(len(step) != 32 for step in proof):  # noqa: PLR2004 - SHA-256
        raise _bad("its path is no list of at most 63 hashes")
    return WrittenReceipt(int(digits), proof, checkpoint, extra)


def _bad(what: str) -> BadInput:
    return BadInput(Flaw(where="receipt", what=what))
