"""The data-encryption keys: one per person and bucket, random, kept wrapped, destroyed to erase.

Laws of this file: a key is durable before the first byte is sealed under it; nothing is ever wrapped under an epoch that a
rotation has left (the rows refuse it); after `erase` returns this process can no longer open anything of that person, and no
other process can once its copy has grown older than `LIFETIME`.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from sluis.core.errors import KeyUnavailable, WrongState
from sluis.ports.ambient import Clock

DEK_SIZE: Final = 32
LIFETIME: Final = timedelta(seconds=60)
_BATCH: Final = 500
_ATTEMPTS: Final = 5


class KekStore(Protocol):
    """Where the key-encryption keys live: files now, a token or a key service behind the same promises."""

    def kek(self, epoch: int) -> bytes:
        """The key of that epoch. Raises `KeyUnavailable` when there is none."""
        ...

    def make_kek(self, epoch: int) -> bytes:
        """The key of that epoch, made durably when there is none."""
        ...

    def destroy_keks_before(self, epoch: int) -> int:
        """Destroy the keys of all earlier epochs, for good; return how many there were."""
        ...


class DekRows(Protocol):
    """Where the wrapped keys live. Each method is one transaction, durable when it returns."""

    def epoch(self) -> int:
        """The epoch under which new keys must be wrapped; 0 before the first."""
        ...

    def advance(self, epoch: int) -> None:
        """Make `epoch` the current one if the one before it is current; nothing happens otherwise."""
        ...

    def get(self, tag: bytes, bucket: str) -> tuple[bytes, int] | None:
        """The wrapped key and its epoch; None when there is none."""
        ...

    def of(self, tag: bytes) -> Mapping[str, tuple[bytes, int]]:
        """All keys of a person, by bucket: one look-up, as dear for an unknown person as for a known one."""
        ...

    def put_if_absent(self, tag: bytes, bucket: str, wrapped: bytes, epoch: int) -> tuple[bytes, int]:
        """The key that is kept after this: the given one, or the one that was there first.

        Raises `WrongState` when `epoch` is not the current one.
        """
        ...

    def rewrap(self, tag: bytes, bucket: str, wrapped: bytes, epoch: int) -> None:
        """Replace the wrapping of a key; nothing happens when it was destroyed meanwhile."""
        ...

    def older_than(self, epoch: int, limit: int) -> Sequence[tuple[bytes, str, bytes, int]]:
        """At most `limit` keys (tag, bucket, wrapped, epoch) of earlier epochs."""
        ...

    def delete(self, tag: bytes, bucket: str | None) -> int:
        """Destroy the keys of a person, of one bucket or of all; return how many there were."""
        ...

    def delete_bucket(self, bucket: str) -> int:
        """Destroy the keys of everybody in that bucket; return how many there were."""
        ...


class Deks:
    """The keys of persons, unwrapped on demand; at most `size` of them are remembered, for at most `LIFETIME`."""

    def __init__(self, keks: KekStore, rows: DekRows, clock: Clock, *, size: int = 1024) -> None:
        self._keks = keks
        self._rows = rows
        self._clock = clock
        self._size = size
        self._known: OrderedDict[tuple[bytes, str], tuple[AESGCM, datetime]] = OrderedDict()
        self._erasures = 0
        self._lock = threading.Lock()

    def existing(self, tag: bytes, bucket: str) -> AESGCM | None:
        """The key of that person and bucket; None when there is none, or no more."""
        if (known := self._recall(tag, bucket)) is not None:
            return known
        seen = self._erasures
        row = self._rows.get(tag, bucket)
        return None if row is None else self._remember(tag, bucket, self._unwrap_newest(tag, bucket, row), seen)

    def all_of(self, tag: bytes) -> dict[str, AESGCM]:
        """Every key of a person by bucket, always looked up: known and unknown persons cost the same look-up."""
        return {bucket: AESGCM(self._unwrap_newest(tag, bucket, row)) for bucket, row in self._rows.of(tag).items()}

    def existing_or_new(self, tag: bytes, bucket: str) -> AESGCM:
        """The key of that person and bucket, made durably when there is none. Two makers end with one key."""
        if (known := self.existing(tag, bucket)) is not None:
            return known
        fresh = secrets.token_bytes(DEK_SIZE)
        for _ in range(_ATTEMPTS):
            seen = self._erasures
            epoch = self._current_epoch()
            wrapped = aes_key_wrap(self._keks.kek(epoch), fresh)
            try:
                # The row may be another maker's: what counts is what was kept.
                row = self._rows.put_if_absent(tag, bucket, wrapped, epoch)
            except WrongState:
                continue  # a rotation went on meanwhile: wrap it under the newer key
            return self._remember(tag, bucket, self._unwrap_newest(tag, bucket, row), seen)
        raise KeyUnavailable("the key-encryption key changes too often to make a key")

    def erase(self, tag: bytes, bucket: str | None) -> int:
        """Destroy the keys of a person, durably, and forget every key that is remembered."""
        try:
            return self._rows.delete(tag, bucket)
        finally:
            self.forget()

    def expire(self, bucket: str) -> int:
        """Destroy the keys of everybody in that bucket, durably, and forget every key that is remembered."""
        try:
            return self._rows.delete_bucket(bucket)
        finally:
            self.forget()

    def forget(self) -> None:
        """Forget what is remembered; a key being read at this moment is not remembered either."""
        with self._lock:
            self._erasures += 1
            self._known.clear()

    def rotate(self) -> int:
        """Wrap every key anew under a new key-encryption key and destroy the older ones; return the new epoch.

        It can die between any two steps: both key-encryption keys then exist, every key opens, and the next call (or
        `finish_rotation`) ends what was begun.
        """
        # (1) end a rotation that died.
        self.finish_rotation()
        epoch = self._current_epoch() + 1
        # (2) the new key is on disk before anything refers to it; if we die here it is found and used by the next rotation.
        self._keks.make_kek(epoch)
        # (3) from here no key can be put under the old one, by no process.
        self._rows.advance(epoch)
        # (4) re-wrap and destroy.
        self.finish_rotation()
        return epoch

    def finish_rotation(self) -> None:
        """Re-wrap what is wrapped under an earlier epoch; only when nothing is left, destroy the earlier keys."""
        epoch = self._current_epoch()
        kek = self._keks.kek(epoch)
        while older := self._rows.older_than(epoch, _BATCH):
            for tag, bucket, wrapped, old in older:
                self._rows.rewrap(tag, bucket, aes_key_wrap(kek, self._unwrap(wrapped, old)), epoch)
        self._keks.destroy_keks_before(epoch)

    def _current_epoch(self) -> int:
        epoch = self._rows.epoch()
        if epoch == 0:
            self._keks.make_kek(1)
            # If we die here the first key exists and nothing is wrapped under it; the next start goes on with it.
            self._rows.advance(1)
            epoch = self._rows.epoch()
        return epoch

    def _unwrap(self, wrapped: bytes, epoch: int) -> bytes:
        try:
            return aes_key_unwrap(self._keks.kek(epoch), wrapped)
        except (InvalidUnwrap, ValueError):
            raise KeyUnavailable(f"a key does not open under the key-encryption key of epoch {epoch}") from None

    def _unwrap_newest(self, tag: bytes, bucket: str, row: tuple[bytes, int]) -> bytes:
        """The key of that row, or of the row as it is now when a rotation re-wrapped it since it was read."""
        try:
            return self._unwrap(*row)
        except KeyUnavailable:
            newer = self._rows.get(tag, bucket)
            if newer is None or newer == row:
                raise
            return self._unwrap(*newer)

    def _recall(self, tag: bytes, bucket: str) -> AESGCM | None:
        with self._lock:
            known = self._known.get((tag, bucket))
            if known is None:
                return None
            if self._clock.now() - known[1] >= LIFETIME:
                del self._known[tag, bucket]
                return None
            self._known.move_to_end((tag, bucket))
            return known[0]

    def _remember(self, tag: bytes, bucket: str, dek: bytes, seen: int) -> AESGCM:
        cipher = AESGCM(dek)
        with self._lock:
            if seen == self._erasures:  # else somebody was erased since we read the row, maybe this person
                self._known[tag, bucket] = (cipher, self._clock.now())
                while len(self._known) > self._size:
                    self._known.popitem(last=False)
        return cipher
