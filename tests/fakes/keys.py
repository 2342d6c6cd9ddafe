"""Wrapped keys in memory, and a wrapper that dies at a chosen step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import RLock
from typing import TypeVar

from sluis.core.errors import WrongState
from sluis.keys import DekRows, KekStore

Result = TypeVar("Result")


class MemoryDekRows:
    """What a key ring keeps, in memory."""

    def __init__(self) -> None:
        self.current = 0
        self.kept: dict[tuple[bytes, str], tuple[bytes, int]] = {}
        self._lock = RLock()

    def epoch(self) -> int:
        return self.current

    def advance(self, epoch: int) -> None:
        with self._lock:
            if self.current == epoch - 1:
                self.current = epoch

    def get(self, tag: bytes, bucket: str) -> tuple[bytes, int] | None:
        return self.kept.get((tag, bucket))

    def of(self, tag: bytes) -> Mapping[str, tuple[bytes, int]]:
        return {bucket: row for (owner, bucket), row in self.kept.items() if owner == tag}

    def put_if_absent(self, tag: bytes, bucket: str, wrapped: bytes, epoch: int) -> tuple[bytes, int]:
        with self._lock:
            if epoch != self.current:
                raise WrongState("the key-encryption key was rotated meanwhile")
            return self.kept.setdefault((tag, bucket), (wrapped, epoch))

    def rewrap(self, tag: bytes, bucket: str, wrapped: bytes, epoch: int) -> None:
        with self._lock:
            if (there := self.kept.get((tag, bucket))) is not None and there[1] < epoch:
                self.kept[tag, bucket] = (wrapped, epoch)

    def older_than(self, epoch: int, limit: int) -> Sequence[tuple[bytes, str, bytes, int]]:
        older = [(tag, bucket, wrapped, old) for (tag, bucket), (wrapped, old) in self.kept.items() if old < epoch]
        return older[:limit]

    def delete(self, tag: bytes, bucket: str | None) -> int:
        return self._drop(lambda owner, of: owner == tag and bucket in {None, of})

    def delete_bucket(self, bucket: str) -> int:
        return self._drop(lambda _, of: of == bucket)

    def _drop(self, doomed: Callable[[bytes, str], bool]) -> int:
        with self._lock:
            gone = [key for key in self.kept if doomed(*key)]
            for key in gone:
                del self.kept[key]
        return len(gone)


class Died(Exception):
    """The process died here."""


class Death:
    """Counts the steps of everything that goes through it and dies before or after step `at`."""

    def __init__(self, at: int, *, after: bool) -> None:
        self.steps = 0
        self._at = at
        self._after = after

    def step(self, act: Callable[[], Result]) -> Result:
        """Do that one step, unless it is the last."""
        self.steps += 1
        if self.steps == self._at and not self._after:
            raise Died
        result = act()
        if self.steps == self._at:
            raise Died
        return result


class MortalRows(MemoryDekRows):
    """Rows whose writes are steps of `death`."""

    def __init__(self, rows: MemoryDekRows, death: Death) -> None:
        super().__init__()
        self._rows = rows
        self._death = death

    def epoch(self) -> int:
        return self._rows.epoch()

    def advance(self, epoch: int) -> None:
        self._death.step(lambda: self._rows.advance(epoch))

    def rewrap(self, tag: bytes, bucket: str, wrapped: bytes, epoch: int) -> None:
        self._death.step(lambda: self._rows.rewrap(tag, bucket, wrapped, epoch))

    def older_than(self, epoch: int, limit: int) -> Sequence[tuple[bytes, str, bytes, int]]:
        return self._rows.older_than(epoch, limit)


class MortalKeks:
    """Key-encryption keys whose making and destroying are steps of `death`."""

    def __init__(self, keks: KekStore, death: Death) -> None:
        self._keks = keks
        self._death = death

    def kek(self, epoch: int) -> bytes:
        return self._keks.kek(epoch)

    def make_kek(self, epoch: int) -> bytes:
        return self._death.step(lambda: self._keks.make_kek(epoch))

    def destroy_keks_before(self, epoch: int) -> int:
        return self._death.step(lambda: self._keks.destroy_keks_before(epoch))


def as_rows(rows: MemoryDekRows) -> DekRows:
    """The same, as the key ring sees it: mypy holds the fake to the protocol here."""
    return rows
