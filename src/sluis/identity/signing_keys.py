"""The keys that sign our tokens: files in a directory, rotated without a moment in which a good token fails.

A key is published first, signs from `signs_from` on, and verifies until the life of the last token it signed has passed:
that is, `overlap` after its successor began to sign. All of it follows from `signs_from`; a file never changes.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from joserfc.jwk import KeySet, RSAKey

from sluis.core.errors import BadKey, Flaw, KeyUnavailable
from sluis.identity.partner_keys import MIN_RSA_BITS, UNREADABLE
from sluis.ports import Clock

PUBLISHED_AHEAD = timedelta(minutes=15)  # longer than anybody caches our JWKS
OVERLAP = timedelta(minutes=20)  # longer than a token lives
REREAD = timedelta(minutes=1)
BITS = 3072


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One RSA key and the moment from which it signs. `kid` is the RFC 7638 thumbprint."""

    key: RSAKey = field(repr=False)
    signs_from: datetime
    kid: str = field(init=False)
    public: RSAKey = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kid = self.key.thumbprint()
        document = {**self.key.as_dict(private=False), "kid": kid, "alg": "PS256", "use": "sig"}
        object.__setattr__(self, "kid", kid)
        object.__setattr__(self, "public", RSAKey.import_key(document))


class SigningKeys:
    """The keys in `directory`, read again every minute, so that replicas that share it follow a rotation by themselves.

    `known` spares the reading of files that were read before: opening a private key takes a tenth of a second.
    """

    def __init__(self, directory: Path, clock: Clock, known: Sequence[SigningKey] = ()) -> None:
        self.directory = directory
        self.clock = clock
        self._state: tuple[datetime, tuple[SigningKey, ...]] = (clock.now(), read_keys(directory, known))

    def signing(self) -> SigningKey:
        """The newest key that may sign now. Raises `KeyUnavailable` when there is none."""
        ready = [key for key in self._keys() if key.signs_from <= self.clock.now()]
        if not ready:
            raise KeyUnavailable("there is no key that may sign tokens now")
        return ready[-1]

    def verifying(self) -> KeySet:
        """The public keys that may verify now, those that are yet to sign included."""
        return KeySet([key.public for key in self._living()])

    def jwks(self) -> dict[str, object]:
        """What `/oauth2/jwks` publishes."""
        return {"keys": [key.as_dict(private=False) for key in self.verifying()]}

    def rotate(self) -> SigningKey:
        """Publish a new key that signs after `PUBLISHED_AHEAD` (at once when it is the first), and remove the ended files."""
        now = self.clock.now()
        made = write_key(self.directory, signs_from=now + PUBLISHED_AHEAD if self._keys() else now)
        living = {key.kid for key in self._living()}
        for ended in (key for key in self._keys() if key.kid not in living):
            # If we die between two files an ended key stays on disk; it verifies nothing and goes at the next rotation.
            _path(self.directory, ended).unlink(missing_ok=True)
        self._state = (now, read_keys(self.directory, self._keys()))
        return made

    def _keys(self) -> tuple[SigningKey, ...]:
        read_at, keys = self._state
        now = self.clock.now()
        if now - read_at >= REREAD:
            keys = read_keys(self.directory, keys)
            self._state = (now, keys)
        return keys

    def _living(self) -> Sequence[SigningKey]:
        keys, now = self._keys(), self.clock.now()
        after = {key.kid: successor.signs_from for key, successor in pairwise(keys)}
        return [key for key in keys if key.kid not in after or now < after[key.kid] + OVERLAP]


def read_keys(directory: Path, known: Sequence[SigningKey] = ()) -> tuple[SigningKey, ...]:
    """The keys in a directory, oldest first; files of `known` keys are not read again, because a file never changes.

    Raises `BadKey` for a file that is unreadable, weak, or open to others.
    """
    by_name = {f"{key.kid}.json": key for key in known}
    paths = sorted(directory.glob("*.json")) if directory.is_dir() else []
    keys = [by_name.get(path.name) or _read(path) for path in paths]
    return tuple(sorted(keys, key=lambda key: (key.signs_from, key.kid)))


def write_key(directory: Path, *, signs_from: datetime, bits: int = BITS) -> SigningKey:
    """Make a key and keep it in a file of its own, readable by the owner only."""
    made = SigningKey(key=RSAKey.generate_key(bits), signs_from=signs_from)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    document = {"signs_from": signs_from.isoformat(), "jwk": made.key.as_dict(private=True)}
    target = _path(directory, made)
    draft = target.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(document, file)
        file.flush()
        os.fsync(file.fileno())
    # If we die here there is a draft that nobody reads, and no key.
    draft.rename(target)
    return made


def _path(directory: Path, key: SigningKey) -> Path:
    return directory / f"{key.kid}.json"


def _read(path: Path) -> SigningKey:
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadKey(Flaw(where=path.name, what="others may read this signing key", mend="chmod 600"))
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        key = RSAKey.import_key(document["jwk"])
        signs_from = datetime.fromisoformat(document["signs_from"])
        private, size = key.is_private, key.public_key.key_size
    except UNREADABLE as cause:
        raise BadKey(Flaw(where=path.name, what="this signing key cannot be read")) from cause
    if not private or size < MIN_RSA_BITS or signs_from.tzinfo is None:
        raise BadKey(Flaw(where=path.name, what="this is not a private RSA key of at least 2048 bits with a moment to sign from"))
    return SigningKey(key=key, signs_from=signs_from)
