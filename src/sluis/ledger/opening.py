"""What a log is compared with before it may write: its own head, its folder, its witnesses, the clock.

A mistake here is not one lost entry: a log that goes on from an old backup signs a second history. So what can be made
again (tiles) is made again, and everything else refuses, with a message that names the chapter of the runbook.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta

import httpx2

from sluis.core.errors import LedgerBroken, LedgerUnavailable
from sluis.core.merkle import Frontier
from sluis.core.note import VerifierKey, parse_vkey
from sluis.core.quorum import TlogPolicy
from sluis.ledger.model import LogParts, Reader, micros, peaks_of, raw
from sluis.ledger.publishing import Folder, check_published, missing_tiles, publish, published_size
from sluis.ledger.reading import newest_checkpoint
from sluis.ledger.signing import verifier_key, verify_checkpoint
from sluis.ledger.stamping import Authority

FORMAT = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What stands outside the database: the folder it is published to, its witnesses, and who stamps its checkpoints.

    `freshest` is how old the newest quorum may be before releases stop; `every` how many seconds lie between two rounds
    of publishing and asking (0: none by itself, `TransparencyLog.tend` does one).
    """

    folder: Folder | None = None
    policy: TlogPolicy | None = None
    http: httpx2.Client | None = None
    freshest: timedelta | None = None
    every: float = 0.0
    authority: Authority | None = None


def first_key(reader: Reader) -> VerifierKey:
    """The key under which the log was opened."""
    rows = reader.rows("SELECT value FROM meta WHERE name = 'vkey'")
    if not rows:
        raise LedgerBroken("key: the log does not name its first key")
    return parse_vkey(rows[0][0])


def known_keys(reader: Reader) -> list[VerifierKey]:
    """The keys that may have signed checkpoints: the first, and each that a `log.key_rotated` entry has announced."""
    rows = reader.rows("SELECT core FROM entry WHERE kind = 'log.key_rotated' ORDER BY seq")
    return [first_key(reader), *(parse_vkey(json.loads(raw(core))["core"]["new"]) for (core,) in rows)]


def check_opening(reader: Reader, parts: LogParts) -> None:
    """Refuse to open a log that is not ours or does not hold together. Raises `LedgerBroken` or `LedgerUnavailable`."""
    meta: dict[str, str] = dict(reader.rows("SELECT name, value FROM meta"))
    if meta.get("format") != FORMAT or meta.get("origin") != parts.origin:
        raise LedgerBroken(f"origin: this is not the log `{parts.origin}` in format {FORMAT}")
    keys = known_keys(reader)
    if verifier_key(parts.signer) not in keys:
        raise LedgerBroken("key: the configured checkpoint key is not the key of this log (docs/runbooks/audit-log.md, `key`)")
    size, peaks, recorded = reader.rows("SELECT size, peaks, recorded FROM head")[0]
    head = verify_checkpoint(newest_checkpoint(reader).note, parts.origin, keys).head
    if (head.size, head.root) != (size, Frontier(size, peaks_of(peaks)).root()):
        raise LedgerBroken(
            f"head: the log stands at {size}, its newest checkpoint at {head.size}, or their roots differ"
            " (docs/runbooks/audit-log.md, `head`)"
        )
    if micros(parts.clock.now()) < recorded - parts.clock_slack * 1_000_000:
        raise LedgerUnavailable(
            "the clock stands before the newest entry of the log: set the clock, then start again"
            " (docs/runbooks/audit-log.md, `clock`)"
        )


def check_folder(reader: Reader, folder: Folder, origin: str) -> int:
    """Compare the database with its folder, and mend the folder: it is derived. Return how far the folder goes.

    Raises `LedgerBroken` when the folder is ahead of the database, or of another history.
    """
    keys, text = known_keys(reader), folder.checkpoint()
    if text is None:
        return publish(reader, folder, 0)
    check_published(reader, text, origin, keys)
    size = published_size(folder, origin, keys)
    return publish(reader, folder, 0 if missing_tiles(folder, size) else size)
