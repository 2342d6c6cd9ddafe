"""The world of the log's tests: a clock that stands still until told, a key, a vault with behaviour, drafts, places."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import HMAC
from hmac import new as keyed
from pathlib import Path
from ssl import RAND_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sluis.core.entry import CellDraft, EntryDraft, Json, Kind
from sluis.core.errors import KeyUnavailable
from sluis.ledger.log import TransparencyLog, open_postgres_log, open_sqlite_log
from sluis.ledger.model import LogParts
from sluis.ledger.opening import Outside
from sluis.ledger.postgres import Place
from sluis.ledger.signing import LineSigner

ORIGIN = "sluis.test/log/utrecht/2026"
START = datetime(2026, 7, 22, 10, 0, tzinfo=UTC)


@dataclass
class TestClock:
    """A clock that moves by a millisecond each time it is read, and by hand."""

    __test__ = False
    at: datetime = START
    step: timedelta = timedelta(milliseconds=1)

    def now(self) -> datetime:
        self.at += self.step
        return self.at


class TestSigner:
    """An Ed25519 key in memory, the same for the same seed."""

    __test__ = False

    def __init__(self, name: str = ORIGIN, seed: bytes = b"log") -> None:
        self.name = name
        self._key = Ed25519PrivateKey.from_private_bytes(sha256(seed).digest())

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)

    def public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()


@dataclass
class MemoryVault:
    """Keys of (tag, bucket) in memory, AES-256-GCM, a blind index under one key."""

    keys: dict[tuple[bytes, str], bytes] = field(default_factory=dict)
    ciphers: dict[tuple[bytes, str], AESGCM] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    index: HMAC = field(default_factory=lambda: keyed(b"index key", digestmod="sha256"))

    def tag(self, role: str, identifier: str) -> bytes:
        index = self.index.copy()
        index.update(f"{role}|{identifier}".encode())
        return index.digest()[:16]

    def seal(self, tag: bytes, bucket: str, plain: bytes, aad: bytes) -> bytes:
        cipher = self.ciphers.get((tag, bucket))
        if cipher is None:
            with self.lock:
                key = self.keys.setdefault((tag, bucket), os.urandom(32))
                cipher = self.ciphers[tag, bucket] = AESGCM(key)
        nonce = RAND_bytes(12)
        return nonce + cipher.encrypt(nonce, plain, aad)

    def open(self, tag: bytes, bucket: str, sealed: bytes, aad: bytes) -> bytes:
        key = self.keys.get((tag, bucket))
        if key is None:
            raise KeyUnavailable("no such key")
        try:
            return AESGCM(key).decrypt(sealed[:12], sealed[12:], aad)
        except InvalidTag as fault:
            raise KeyUnavailable("the sealed bytes were changed") from fault

    def erase(self, tag: bytes, bucket: str | None) -> int:
        with self.lock:
            doomed = [key for key in self.keys if key[0] == tag and bucket in (None, key[1])]
            for key in doomed:
                del self.keys[key]
                self.ciphers.pop(key, None)
        return len(doomed)


def make_parts(
    *,
    clock: TestClock | None = None,
    signer: TestSigner | None = None,
    vault: MemoryVault | None = None,
    timeout: float = 5.0,
    origin: str = ORIGIN,
    also: tuple[LineSigner, ...] = (),
) -> LogParts:
    """What a log is made of, each part replaceable."""
    return LogParts(
        origin=origin,
        clock=clock or TestClock(),
        signer=signer or TestSigner(origin),
        vault=vault or MemoryVault(),
        chance=RAND_bytes,
        timeout=timeout,
        also=also,
    )


def release(number: int = 0, *, subject: str = "burger-1", kind: Kind = Kind.RELEASE_AUTHORISED, **core: Json) -> EntryDraft:
    """An entry like those that a release makes, with a cell for the subject and one for the actor."""
    body: dict[str, Json] = {"provider": "ggz", "recipient": "politie", "purpose": "zvh-casus", "number": number, **core}
    return EntryDraft(
        kind=kind,
        at=START,
        core=body,
        cells=(
            CellDraft(role="subject", identifier=subject, bucket="2026", data={"pseudonym": subject, "case": f"casus-{number}"}),
            CellDraft(role="actor", identifier="wijkagent-7", bucket="2026", data={"user": "wijkagent-7"}),
        ),
    )


def plain(number: int = 0, *, kind: Kind = Kind.RELEASE_REFUSED, **core: Json) -> EntryDraft:
    """An entry without persons."""
    return EntryDraft(kind=kind, at=START, core={"number": number, **core})


@dataclass
class Where:
    """A place for a log, in one of the databases; opened as often as a test wants."""

    kind: str
    path: Path
    place: Place | None = None
    opened: list[TransparencyLog] = field(default_factory=list)

    def __call__(self, parts: LogParts, outside: Outside | None = None) -> TransparencyLog:
        """The log of this place, opened anew."""
        if self.place is None:
            log = open_sqlite_log(self.path, parts, outside)
        else:
            log = open_postgres_log(replace(self.place, timeout=parts.timeout), parts, outside)
        self.opened.append(log)
        return log
