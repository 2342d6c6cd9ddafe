"""Signed notes, key ids, verifier keys and checkpoints, byte for byte as C2SP writes them (signed-note, tlog-checkpoint).

Pure text: whether a signature holds is asked of whoever has the cryptography (`sluis.ledger.signing`).
What cannot be read raises `BadInput`.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass, field
from hashlib import sha256

from sluis.core.errors import BadInput, Flaw
from sluis.core.proof import TreeHead

ED25519 = 0x01
COSIGNATURE = 0x04
ML_DSA_44 = 0x06
MAX_NOTE = 1_000_000
MAX_SIGNATURES = 100
_DASH = "\u2014"


def _bad(what: str) -> BadInput:
    return BadInput(Flaw(where="note", what=what))


def decode64(text: str) -> bytes:
    """The bytes of standard base64 with padding, in its one canonical spelling. Raises `BadInput`."""
    try:
        raw = b64decode(text, validate=True)
    except (Base64Error, ValueError) as fault:
        raise _bad("not base64") from fault
    if b64encode(raw).decode() != text:
        raise _bad("not canonical base64")
    return raw


def check_name(name: str) -> str:
    """The name itself when it may name a key: not empty, no space, no plus sign. Raises `BadInput`."""
    if not name or "+" in name or any(char.isspace() for char in name):
        raise _bad("a key name is not empty and has no space or plus sign")
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key under its name; `kind` is the C2SP signature type."""

    name: str
    kind: int
    public: bytes = field(repr=False)

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before each signature of this key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        """The key as a vkey: `name+hex key id+base64(kind || public)`."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"


def parse_vkey(text: str) -> VerifierKey:
    """The key that a vkey line gives. Raises `BadInput`, also when the key id is not the key's."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:  # noqa: PLR2004 - name, key id and key
        raise _bad("a vkey is name+id+key")
    raw = decode64(parts[2])
    if not raw:
        raise _bad("a vkey without a key")
    key = VerifierKey(name=check_name(parts[0]), kind=raw[0], public=raw[1:])
    if key.key_id.hex() != parts[1]:
        raise _bad("the key id of a vkey does not belong to its key")
    return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who, under which key id, and the bytes after the key id."""

    name: str
    key_id: bytes
    payload: bytes = field(repr=False)

    def __str__(self) -> str:
        """The line without its line end."""
        return f"{_DASH} {self.name} {b64encode(self.key_id + self.payload).decode()}"


def parse_signature(line: str) -> Signature:
    """The signature on one line. Raises `BadInput`."""
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:  # noqa: PLR2004 - dash, name and signature
        raise _bad("a signature line is dash, name, base64")
    raw = decode64(parts[2])
    if len(raw) <= 4:  # noqa: PLR2004 - the key id alone is no signature
        raise _bad("a signature line without a signature")
    return Signature(check_name(parts[1]), raw[:4], raw[4:])


@dataclass(frozen=True, slots=True)
class Note:
    """A signed text. `text` ends in a line end."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """The note as it is published."""
        return self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)

    def with_signatures(self, *more: Signature) -> Note:
        """The note with further signature lines; a line that is already there is not repeated."""
        return Note(self.text, self.signatures + tuple(line for line in more if line not in self.signatures))


def parse_note(text: str) -> Note:
    """The note; nothing is verified yet. Raises `BadInput`."""
    if len(text) > MAX_NOTE or any((ord(char) < 0x20 and char != "\n") or char == "\x7f" for char in text):  # noqa: PLR2004 - control characters
        raise _bad("too long, or with a control character")
    body, blank, tail = text.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise _bad("no blank line before the signatures, or no line end at the end")
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise _bad("too many signatures")
    return Note(body + "\n", tuple(parse_signature(line) for line in lines))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the operator of a log signs: the origin, the size and the root."""

    origin: str
    head: TreeHead

    def __str__(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.head.size}\n{b64encode(self.head.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in the text of a note; extension lines are allowed and not read. Raises `BadInput`."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:  # noqa: PLR2004 - origin, size, root and the end of the last line
        raise _bad("a checkpoint is origin, size, root")
    origin, size, root = lines[0], lines[1], decode64(lines[2])
    if not size.isascii() or not size.isdecimal() or (size[0] == "0" and size != "0"):
        raise _bad("the size is a decimal number without leading zero")
    if len(root) != 32 or "" in lines[:-1]:  # noqa: PLR2004 - SHA-256
        raise _bad("the root is 32 bytes, and no line is empty")
    return Checkpoint(check_name(origin), TreeHead(int(size), root))


def cosignature_message(text: str, seconds: int) -> bytes:
    """What a witness signs over the text of a checkpoint (type 0x04)."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def subtree_message(*, name: str, seconds: int, span: tuple[int, int], checkpoint: Checkpoint) -> bytes:
    """What an ML-DSA-44 cosignature (type 0x06) covers, for the subtree `span` whose hash is the checkpoint's root."""
    start, end = span
    names = [bytes([len(raw)]) + raw for raw in (name.encode(), checkpoint.origin.encode())]
    times = [number.to_bytes(8, "big") for number in (seconds, start, end)]
    return b"subtree/v1\n\0" + names[0] + times[0] + names[1] + times[1] + times[2] + checkpoint.head.root
