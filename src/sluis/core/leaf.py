"""The bytes of one entry: canonical JSON, cells, commitments, and the leaf of 126 bytes that the tree holds for ever.

Laws of this file: the leaf holds hashes and a random id, nothing that can be erased; the same draft, id, salt and
times always give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import cast

from sluis.core.entry import Json
from sluis.core.errors import BadInput, Flaw

LEAF_SIZE = 126
_LEAF = b"audit-leaf/v1\0"
_SAFE = 2**53 - 1


_SURE = frozenset({str, bool, type(None)})


def _check(value: object, where: str) -> None:
    """Raise `BadInput` for what RFC 8785 and other programs could write differently.

    By exact types first and without recursion: every entry and every bundle passes here, and nearly all of it is plain text.
    """
    waiting = [value]
    for one in waiting:  # grows while it is walked
        kind = type(one)
        if kind in _SURE:
            continue
        if kind is dict or isinstance(one, Mapping):
            within = cast("Mapping[object, object]", one)
            _check_keys(within, where)
            waiting += [inner for inner in within.values() if type(inner) not in _SURE]
        else:
            waiting += [inner for inner in _unusual(one, where) if type(inner) not in _SURE]


def _check_keys(given: Mapping[object, object], where: str) -> None:
    try:
        plain = "".join(given).isascii()  # type: ignore[arg-type] # what is no text raises
    except TypeError:
        plain = False
    if not plain:
        raise BadInput(Flaw(where=where, what="a key that is not ASCII text"))


def _unusual(value: object, where: str) -> Sequence[object]:
    """What is in a value that is neither a mapping nor plainly text. Raises `BadInput` for what canonical JSON does not have."""
    if isinstance(value, str | bool):
        return ()
    if isinstance(value, int):
        if abs(value) > _SAFE:
            raise BadInput(Flaw(where=where, what="a whole number beyond 2**53", mend="write it as text"))
        return ()
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return value
    raise BadInput(Flaw(where=where, what="a value that canonical JSON does not have"))


def canonical(value: Json, where: str = "entry") -> bytes:
    """The value in the form of RFC 8785. Raises `BadInput` for floats, great numbers, keys beyond ASCII, lone surrogates.

    Within those bounds Python's own encoder with sorted keys *is* RFC 8785, at a tenth of the cost; a test holds it
    against the `rfc8785` package.
    """
    _check(value, where)
    try:
        return _encode(value).encode()
    except UnicodeEncodeError as fault:
        raise BadInput(Flaw(where=where, what="text that is not valid Unicode")) from fault


def _plain(value: object) -> object:
    """Mappings and sequences that are no dict or list, as those."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode


def moment(at: datetime) -> str:
    """A moment as the log writes it: UTC to the microsecond, `2026-07-22T10:00:00.000000Z`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def core_bytes(*, kind: str, body: bytes, started: str, recorded: str, salt: bytes) -> bytes:
    """The core of an entry in canonical form; `body` is the canonical form of the draft's core.

    Written out by hand because the names are in order and the values need no escape; a test holds it against `canonical`.
    """
    return (
        f'{{"core":{body.decode()},"kind":"{kind}","recorded":"{recorded}","salt":"{salt.hex()}","started":"{started}"}}'
    ).encode()


def cell_plain(data: Mapping[str, Json], salt: bytes) -> bytes:
    """What is encrypted about one person; the salt of 256 bits keeps a citizen number from being guessed."""
    return canonical({"d": data, "s": salt.hex()}, "cell")


def cell_aad(entry_id: bytes, tag: bytes, bucket: str) -> bytes:
    """What binds a cell to its entry, person and bucket."""
    return b"audit-cell/v1|" + entry_id + tag + bucket.encode()


def commitment(plain: bytes) -> bytes:
    """The commitment to the salted plaintext: AES-GCM alone would let one ciphertext be read in two ways."""
    return sha256(b"audit-commit/v1\0" + plain).digest()


def leaf_bytes(entry_id: bytes, core: bytes, cells: Sequence[tuple[bytes, bytes]]) -> bytes:
    """The leaf. `cells` holds the hash of the ciphertext and the commitment of each cell, in their order."""
    sealed = sha256(b"".join(ct_hash for ct_hash, _ in cells)).digest()
    said = sha256(b"".join(commit for _, commit in cells)).digest()
    return _LEAF + entry_id + sha256(core).digest() + sealed + said
