"""How the broker serves as a whole: its slowest answers, two processes on one log, a slow disk, many cases and a long log.

As in `bench_release.py`: real processes, one call over loopback, sides interleaved round by round.
"""

from __future__ import annotations

import os
import secrets
import statistics
import tempfile
from pathlib import Path

from bench_ledger import fill
from bench_release import CONNECTIONS, METHOD, ROUNDS, SECONDS, Row, compared, interleaved
from release_load import load, together
from release_world import SLOW, prepare, release, running
from sqlalchemy import insert

from sluis.store.sealing import micros
from sluis.store.tables import case_parties, cases, person_keys
from sluis.wiring import Keepers, open_keepers

ENTRIES = int(os.environ.get("SLUIS_BENCH_SCALE_ENTRIES", "100000"))
CASES = int(os.environ.get("SLUIS_BENCH_SCALE_CASES", "100000"))
SPREAD = 50


def tails(folder: Path) -> list[Row]:
    """The slowest answers beside the usual ones, at 64 and at 256 connections."""
    # A 99th percentile that is not the one slowest answer needs longer rounds.
    kept, rows, longer = prepare(folder), list[Row](), max(3.0, SECONDS)
    with running(kept) as broker:
        call = release(kept, broker.url)
        load(call, connections=CONNECTIONS, seconds=SECONDS)
        for connections, name in ((64, "tail"), (256, "tail@256")):
            found = [load(call, connections=connections, seconds=longer) for _ in range(max(2, ROUNDS // 2))]
            p50, p99 = (statistics.median(values) for values in zip(*((one.p50, one.p99) for one in found), strict=True))
            rows.append(
                {
                    "name": name,
                    "ratio": round(statistics.median(one.p99 / one.p50 for one in found), 2),
                    "better": "lower",
                    "ours": round(p99, 1),
                    "other": round(p50, 1),
                    "method": f"ms until the answer, 99 % beside 50 %, {connections} connections, rounds of {longer:g} s",
                    "spread": round((max(one.p99 for one in found) - min(one.p99 for one in found)) / p99, 2),
                }
            )
    return rows


def workers(folder: Path) -> Row:
    """Two processes on one store and one log, half of the connections each, beside one with all of them."""
    kept, two, one = prepare(folder), list[float](), list[float]()
    with running(kept, core=0) as first, running(kept, core=1) as second:
        calls = [release(kept, first.url), release(kept, second.url)]
        for number in range(ROUNDS + 1):
            both = together(calls, connections=CONNECTIONS, seconds=SECONDS).rate
            alone = load(calls[0], connections=CONNECTIONS, seconds=SECONDS).rate
            if number:
                two.append(both)
                one.append(alone)
    keepers = open_keepers(kept.settings)
    try:
        size = keepers.ledger.verify().size
    finally:
        keepers.close()
    method = (
        f"two processes on one SQLite log beside one, {CONNECTIONS} connections; the log of {size} entries verified afterwards"
    )
    return compared("workers", two, one, f"{method}; the load generator runs on the same cores")


def slow_disk(folder: Path) -> Row:
    """The broker with 2 ms added to each sync beside itself."""
    slow, fast = prepare(folder / "slow"), prepare(folder / "fast")
    with running(slow, SLOW) as hindered, running(fast) as free:
        found = interleaved({"slow": release(slow, hindered.url), "fast": release(fast, free.url)})
    return compared(
        "slow_disk", found["slow"], found["fast"], f"{METHOD}; 2 ms of sleep after each commit of the log, in its process"
    )


def scale(folder: Path) -> Row:
    """Many cases and a long log beside few and a short one."""
    large, small = prepare(folder / "large", cases=SPREAD), prepare(folder / "small", cases=SPREAD)
    for kept, others, entries in ((large, CASES, ENTRIES), (small, 1_000, 0)):
        keepers = open_keepers(kept.settings)
        try:
            fill(keepers.ledger, entries)
            crowd(keepers, others)
        finally:
            keepers.close()
    with running(large) as many, running(small) as few:
        found = interleaved({"large": release(large, many.url), "small": release(small, few.url)})
    method = f"{METHOD}; {CASES} cases and {ENTRIES} entries beside 1,000 and none; {SPREAD} cases are asked for in turn"
    return compared("scale_growth", found["large"], found["small"], method)


def crowd(keepers: Keepers, others: int) -> None:
    """Put that many rows of cases of others in the tables. Nobody opens them, so noise stands in their payloads."""
    first = micros(keepers.services.clock.now())
    with keepers.database.write() as connection:
        for start in range(0, others, 10_000):
            made = [(secrets.token_urlsafe(24), secrets.token_bytes(16)) for _ in range(min(10_000, others - start))]
            row = {"bucket": "2026", "state": "opgenomen", "first_processed": first, "version": 1, "payload": bytes(600)}
            connection.execute(insert(cases), [{"id": name, "person": person, **row} for name, person in made])
            connection.execute(insert(case_parties), [{"case_id": name, "partner": "om-veenstad"} for name, _ in made])
            keys = [{"tag": person, "bucket": "2026", "wrapped": bytes(40), "epoch": 1} for _, person in made]
            connection.execute(insert(person_keys), keys)


def run() -> list[Row]:
    """The rows of serving."""
    with tempfile.TemporaryDirectory(prefix="sluis-bench-", dir=os.environ.get("SLUIS_BENCH_DIR")) as name:
        folder = Path(name)
        return [*tails(folder / "tails"), workers(folder / "workers"), slow_disk(folder), scale(folder)]
