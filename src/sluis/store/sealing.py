"""What the store asks of keys, and how a payload is bound to its row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


class PayloadCipher(Protocol):
    """Sealing under the key of a person and a year (implemented by `sluis.keys.KeyRing`)."""

    def tag(self, role: str, identifier: str) -> bytes:
        """The blind index of a person: 16 bytes of a keyed hash."""
        ...

    def seal(self, tag: bytes, bucket: str, plain: bytes, aad: bytes) -> bytes:
        """The sealed bytes; the key is made, durably, when there is none."""
        ...

    def open_one(self, tag: bytes, bucket: str, sealed: bytes, aad: bytes) -> bytes | None:
        """The plain bytes; None when the key was destroyed. Raises `KeyUnavailable` when the bytes were changed."""
        ...

    def open_steadily(self, tag: bytes, sealed: Sequence[tuple[str, bytes, bytes]], at_least: int) -> list[bytes | None]:
        """Each (bucket, sealed, aad) opened as by `open_one`, at the cost of at least that many, keys looked up once."""
        ...

    def erase(self, tag: bytes, bucket: str | None) -> int:
        """Destroy the keys of a person; return how many there were."""
        ...


def bound(table: str, *columns: str | bytes | int | None) -> bytes:
    """The associated data of a payload: its table and columns, so that it opens in no other row and beside no other words."""
    parts = [b"sluis-store/v1|", table.encode()]
    for column in columns:  # in one loop: every payload that is opened passes here
        raw = b"-" if column is None else b"=" + (column if type(column) is bytes else str(column).encode())
        parts += (len(raw).to_bytes(4, "big"), raw)
    return b"".join(parts)


def year(moment: datetime) -> str:
    """The bucket of that moment: its year in UTC."""
    return str(moment.astimezone(UTC).year)


def micros(moment: datetime) -> int:
    """The moment as whole microseconds since 1970 UTC, exact."""
    return (moment - EPOCH) // _MICROSECOND


def moment(count: int) -> datetime:
    """The moment, aware, in UTC, of that many microseconds since 1970."""
    return EPOCH + count * _MICROSECOND


def maybe_micros(at: datetime | None) -> int | None:
    """As `micros`; None stays None."""
    return None if at is None else micros(at)


def maybe_moment(count: int | None) -> datetime | None:
    """As `moment`; None stays None."""
    return None if count is None else moment(count)
