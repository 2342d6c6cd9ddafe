"""The log's side of its witnesses: asking them to cosign, and refusing to release when they have not for too long.

A cosignature is asked every so often, not per entry: what a witness adds is that history cannot be rewritten behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2

from sluis.core.errors import BadInput, LedgerBroken, LedgerUnavailable, SourceUnavailable
from sluis.core.note import Note, VerifierKey, parse_note, parse_signature
from sluis.core.quorum import TlogPolicy
from sluis.core.quorum import Witness as Named
from sluis.core.witness import AddCheckpoint, origin_path
from sluis.ledger.model import Keeper, Reader, SignedHead, from_micros, micros
from sluis.ledger.publishing import check_published
from sluis.ledger.reading import consistency, newest_checkpoint
from sluis.ledger.signing import signed_by, stamped
from sluis.ports.log import Asked

_KEPT = 1000
_TRIES = 3
_KEEP = "INSERT INTO cosigned VALUES (?, ?, ?)"
_FORGET = "DELETE FROM cosigned WHERE size = ? AND line = ?"
_FORGET_OLD = (
    "DELETE FROM cosigned WHERE size < (SELECT min(size) FROM (SELECT DISTINCT size FROM cosigned ORDER BY size DESC LIMIT ?) k)"
)


@dataclass(frozen=True, slots=True)
class Witnesses:
    """The witnesses of one log under its policy."""

    policy: TlogPolicy
    http: httpx2.Client
    reader: Reader
    keeper: Keeper
    origin: str

    def ask_all(self, now: datetime) -> list[Asked]:
        """Ask every witness that has an address for a cosignature under the newest checkpoint, and keep what it gives.

        Raises `LedgerBroken` when a witness knows another history than ours: that is no fault to wait out.
        """
        asked: list[Asked] = []
        for name, witness in self.policy.witnesses.items():
            if witness.url is None:
                continue
            try:
                asked.append(Asked(name, self._ask(name, witness, now)))
            except (SourceUnavailable, BadInput) as fault:
                asked.append(Asked(name, None, str(fault)))
        return asked

    def _ask(self, name: str, witness: Named, now: datetime) -> int:
        old = self._cosigned_last(witness.key)
        for _ in range(_TRIES):
            signed = newest_checkpoint(self.reader)
            if old > signed.size:
                raise LedgerBroken(
                    f"behind: witness `{name}` has cosigned {old} entries, the database has {signed.size}:"
                    " an old backup was restored (docs/runbooks/audit-log.md, `behind`)"
                )
            request = AddCheckpoint(old, consistency(self.reader, old, signed.size), signed.note)
            answer = self._post(f"{witness.url}/add-checkpoint", str(request))
            if answer.status_code == httpx2.codes.OK:
                return self._keep(witness.key, signed, answer.text, now)
            if answer.status_code == httpx2.codes.CONFLICT and _size(answer.text) != old:
                old = _size(answer.text)
                continue
            self._refuse(name, answer.status_code)
        raise SourceUnavailable(f"witness `{name}` cosigns for another writer of this log")

    def _refuse(self, name: str, status: int) -> None:
        if status in (httpx2.codes.CONFLICT, httpx2.codes.UNPROCESSABLE_CONTENT):
            raise LedgerBroken(
                f"fork: witness `{name}` has cosigned another history than this database holds"
                " (docs/runbooks/audit-log.md, `fork`)"
            )
        raise SourceUnavailable(f"witness `{name}` answers {status}")

    def _post(self, url: str, body: str) -> httpx2.Response:
        try:
            return self.http.post(url, content=body.encode())
        except httpx2.HTTPError as fault:
            raise SourceUnavailable(f"the witness does not answer: {type(fault).__name__}") from fault

    def _keep(self, key: VerifierKey, signed: SignedHead, lines: str, now: datetime) -> int:
        """Keep the lines that hold under the witness's key. What else the answer says is ignored."""
        note = Note(parse_note(signed.note).text, tuple(parse_signature(line) for line in lines.splitlines()))
        kept = [line for _, line in signed_by(note, [key])]
        if not kept:
            raise SourceUnavailable("the witness answers without its cosignature")
        there = [
            parse_signature(line) for (line,) in self.reader.rows("SELECT line FROM cosigned WHERE size = ?", (signed.size,))
        ]
        older = [line for line in there if (line.name, line.key_id) == (key.name, key.key_id)]
        forget = [*((_FORGET, (signed.size, str(line))) for line in older), (_FORGET_OLD, (_KEPT,))]
        self.keeper.write([*forget, *((_KEEP, (signed.size, str(line), micros(now))) for line in kept)])
        return signed.size

    def _cosigned_last(self, key: VerifierKey) -> int:
        """The newest size that this witness cosigned, as far as we remember; a wrong memory costs one question."""
        for size, line in self.reader.rows("SELECT size, line FROM cosigned ORDER BY size DESC LIMIT 100"):
            signature = parse_signature(line)
            if (signature.name, signature.key_id) == (key.name, key.key_id):
                return int(size)
        return 0

    def check_memory(self, keys: list[VerifierKey]) -> None:
        """At the start: compare the database with what each witness remembers. Raises `LedgerBroken`.

        A witness that does not answer proves nothing either way; `Freshness` deals with one that stays away.
        """
        for witness in self.policy.witnesses.values():
            if witness.url is None:
                continue
            try:
                answer = self.http.get(f"{witness.url}/{origin_path(self.origin)}")
            except httpx2.HTTPError:
                continue
            if answer.status_code == httpx2.codes.OK:
                check_published(self.reader, answer.text, self.origin, keys)


def _size(text: str) -> int:
    """The size in the body of a 409. Raises `BadInput` through `SourceUnavailable` when there is none."""
    digits = text.strip()
    if not digits.isascii() or not digits.isdecimal():
        raise SourceUnavailable("the witness answers 409 without a size")
    return int(digits)


@dataclass(slots=True)
class Freshness:
    """How old the newest checkpoint with a quorum of cosignatures may be before releases stop."""

    policy: TlogPolicy
    limit: timedelta
    reader: Reader
    newest: datetime | None = None

    def refresh(self) -> datetime:
        """The moment of the newest quorum; that of the first checkpoint while a young log has none."""
        first = self.reader.rows("SELECT min(signed_at) FROM checkpoint")[0][0]
        self.newest = self.seen() or from_micros(first)
        return self.newest

    def seen(self) -> datetime | None:
        """The moment of the newest quorum; None while there is none."""
        keys = [witness.key for witness in self.policy.witnesses.values()]
        rows = self.reader.rows(
            "SELECT c.size, c.note, k.line FROM cosigned k JOIN checkpoint c ON c.size = k.size ORDER BY c.size DESC LIMIT 200"
        )
        by_size: dict[int, tuple[str, list[str]]] = {}
        for size, note, line in rows:
            by_size.setdefault(size, (note, []))[1].append(line)
        for note, lines in by_size.values():
            at = self._quorum(note, lines, keys)
            if at is not None:
                return at
        return None

    def _quorum(self, note: str, lines: Sequence[str], keys: Sequence[VerifierKey]) -> datetime | None:
        """The moment at which the last cosignature that the quorum needs was made; None without a quorum."""
        found = signed_by(Note(parse_note(note).text, tuple(parse_signature(line) for line in lines)), keys)
        names = {witness.key: name for name, witness in self.policy.witnesses.items()}
        signed: set[str] = set()
        for stamp, name in sorted(((stamped(line), names[key]) for key, line in found), reverse=True):
            signed.add(name)
            if self.policy.satisfied(signed):
                return from_micros(stamp * 1_000_000)
        return None

    def check(self, now: datetime) -> None:
        """Raise `LedgerUnavailable` when no quorum has cosigned for too long."""
        newest = self.newest
        if newest is None or now - newest > self.limit:
            newest = self.refresh()
        if now - newest > self.limit:
            raise LedgerUnavailable("no quorum of witnesses has cosigned the log for too long; releases stop")
