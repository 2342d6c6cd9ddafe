"""Asking a time-stamping authority (RFC 3161) for a stamp on the newest checkpoint, and keeping it in the log's folder.

Once an hour or a day, never per entry: a checkpoint covers all entries before it. What the authority answers is checked in
full before it is kept. It can fail or lie as it likes: that is told to the operator, and stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2
from cryptography.x509 import Certificate
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from sluis.core.errors import LedgerBroken, SourceUnavailable
from sluis.core.note import parse_checkpoint, parse_note
from sluis.ledger.model import Reader
from sluis.ledger.publishing import FOR_EVER, SHORT, Folder, Served, cosigned_checkpoint
from sluis.ledger.reading import newest_checkpoint
from sluis.ledger.stamps import INDEX, MOST_BYTES, SLACK, Stamp, check_reply, check_stamp, is_stamp, stamp_paths
from sluis.ports import Clock

_AGAIN = timedelta(minutes=5)
"""How long a failing authority is left alone: the witnesses are asked in the same thread."""
_PATIENCE = timedelta(seconds=30)
_HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Authority:
    """A time-stamping authority: its address, the certificates that lead to it, and how long lies between two stamps."""

    url: str
    roots: tuple[Certificate, ...]
    every: timedelta


class Stamping:
    """The stamps of one log. One thread at a time. `newest` is the last good one; `problem` why there is no newer, else empty."""

    def __init__(self, authority: Authority, folder: Folder, reader: Reader, clock: Clock, http: httpx2.Client) -> None:
        self._authority, self._folder, self._reader, self._clock, self._http = authority, folder, reader, clock, http
        self.problem = ""
        self.newest: Stamp | None = None
        self._covered = 0
        write_index(folder)
        self._due = self._remember(clock.now())

    def round(self) -> None:
        """Have the newest checkpoint stamped when it is time, and the log has grown since. A failure is only remembered."""
        now = self._clock.now()
        size = newest_checkpoint(self._reader).size
        if now < self._due or size <= self._covered:
            return
        self._due = self._remember(now)  # another broker may have been first
        if now < self._due or size <= self._covered:
            return
        try:
            self.newest = self._stamp(cosigned_checkpoint(self._reader).encode(), now)
        except (SourceUnavailable, LedgerBroken, OSError) as fault:
            self.problem, self._due = str(fault), now + min(_AGAIN, self._authority.every)
        else:
            self._covered = self.newest.head.size
            self.problem, self._due = "", now + self._authority.every

    def _remember(self, now: datetime) -> datetime:
        """Look at the folder again, and say from when on the next stamp is due.

        A newest stamp that does not hold is left alone, for whoever verifies, and counts for no time: the next is due at once.
        """
        sizes = kept_sizes(self._folder)
        if not sizes or sizes[-1] == self._covered:
            return now if self.newest is None else min(self.newest.at, now) + self._authority.every
        self._covered, self.newest = sizes[-1], None
        try:
            self.newest = check_stamp(self._covered, lambda path: read_stamp(self._folder, path), self._authority.roots)
        except LedgerBroken:
            return now
        return min(self.newest.at, now) + self._authority.every

    def _stamp(self, text: bytes, now: datetime) -> Stamp:
        """A stamp of these bytes, checked and kept. Raises `SourceUnavailable`, `LedgerBroken`, OSError."""
        request = TimestampRequestBuilder(text, HashAlgorithm.SHA256).build()
        reply = self._ask(request.as_bytes(), now)
        at, name = check_reply(reply, text, self._authority.roots, request.nonce)
        if not now - SLACK <= at <= self._clock.now() + SLACK:
            raise LedgerBroken("time: the authority's clock and ours lie more than five minutes apart")
        found = Stamp(parse_checkpoint(parse_note(text.decode()).text), at, name)
        keep_stamp(self._folder, found.head.size, text, reply)
        return found

    def _ask(self, request: bytes, now: datetime) -> bytes:
        """What the authority answers, read up to a limit and for half a minute. Raises `SourceUnavailable`."""
        try:
            with self._http.stream(
                "POST", self._authority.url, content=request, headers=_HEADERS, follow_redirects=False
            ) as answer:
                if answer.status_code != httpx2.codes.OK:  # a redirect too: another address is another authority
                    raise SourceUnavailable(f"the time-stamping authority answers {answer.status_code}")
                reply = bytearray()
                for part in answer.iter_raw():
                    reply += part
                    if len(reply) > MOST_BYTES:
                        raise SourceUnavailable("the time-stamping authority answers more than a stamp")
                    if self._clock.now() > now + _PATIENCE:
                        raise SourceUnavailable("the time-stamping authority answers too slowly")
        except httpx2.HTTPError as fault:
            raise SourceUnavailable(f"the time-stamping authority does not answer: {type(fault).__name__}") from fault
        return bytes(reply)


def kept_sizes(folder: Folder) -> list[int]:
    """The sizes of which the folder has a reply, smallest first."""
    paths = (f"stamp/{file.name}" for file in (folder.root / "stamp").glob("*.tsr"))
    return sorted(int(path[len("stamp/") : -len(".tsr")]) for path in paths if is_stamp(path))


def keep_stamp(folder: Folder, size: int, text: bytes, reply: bytes) -> None:
    """Put a stamp in place: the checkpoint, the reply over it, then the list in which it is found."""
    for path, content in zip(stamp_paths(size), (text, reply), strict=True):
        folder.write(path, content)
    # If we die here the stamp is there and not listed: the next start lists it.
    write_index(folder)


def write_index(folder: Folder) -> None:
    """List the stamps that the folder has, where the list does not."""
    listed = "".join(f"{size}\n" for size in kept_sizes(folder)).encode()
    if listed != (read_stamp(folder, INDEX) or b""):
        folder.write(INDEX, listed)


def copy_stamps(source: Folder, target: Folder) -> None:
    """Put every stamp of one folder in another, as it is."""
    for size in kept_sizes(source):
        for path in stamp_paths(size):
            target.write(path, read_stamp(source, path) or b"")
    write_index(target)


def read_stamp(folder: Folder, path: str) -> bytes | None:
    """What stands at a path of a stamp; None when nothing does."""
    try:
        return (folder.root / path).read_bytes() if is_stamp(path) else None
    except FileNotFoundError:
        return None


def served_stamp(folder: Folder | None, path: str) -> Served | None:
    """A stamp as the log serves it beside its checkpoint; None when there is no such thing."""
    content = None if folder is None else read_stamp(folder, path)
    if content is None:
        return None
    if path.endswith(".tsr"):
        return Served(content, "application/timestamp-reply", FOR_EVER)
    return Served(content, "text/plain; charset=utf-8", SHORT if path == INDEX else FOR_EVER)
