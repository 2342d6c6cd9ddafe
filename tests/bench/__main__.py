"""`make bench`: every measurement in one run, as ratios, into build/bench.json and a table.

Each `bench_*.py` beside this file has `run()`, which gives rows: name, ratio, better, ours, other, method, spread. A row of
which the peer could not be had says so in its method and has no ratio. Names may be given: `tests/bench redaction ledger`.
"""

from __future__ import annotations

import importlib.util
import json
import sys
import time
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
BARS = {
    "release_vs_echo": 0.50,
    "release_cold_vs_echo": 0.20,
    "release_pg_vs_echo": 0.35,
    "release_vs_naive": 25,
    "release_vs_naive_untexted": 10,
    "append_group_vs_single": 20,
    "append_group_vs_single_pg": 10,
    "append_vs_limit": 0.5,
    "append_growth": 1.10,
    "proof_growth": 2,
    "proof_vs_pymerkle": 20,
    "decide_vs_cedar": 3,
    "decide_growth": 1.5,
    "policy_diff": 1.0,
    "redact_vs_deduce": 15,
    "redact_vs_deduce@cold": 3,
    "redact_hostile": 20,
    "read_vs_orm": 6,
    "scale_growth": 0.85,
    "tail": 2.5,
    "workers": 1.6,
    "slow_disk": 0.8,
    "memory": 1.0,
    "start": 1.0,
}  # fmt: skip - one bar a name
"""What each ratio should reach (`better` says on which side)."""


def main(names: list[str]) -> None:
    """Run what was named, or everything."""
    paths = sorted(HERE.glob("bench_*.py"))
    chosen = [p for p in paths if not names or p.stem.removeprefix("bench_") in names]
    rows: list[dict[str, object]] = []
    for path in chosen:
        print(f"… {path.stem.removeprefix('bench_')}", file=sys.stderr, flush=True)
        began = time.perf_counter()
        rows += _load(path).run()
        print(f"  {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    build = Path("build")
    build.mkdir(exist_ok=True)
    (build / "bench.json").write_text(json.dumps(rows, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _show(rows)


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(path.name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def bar_of(name: str) -> float | None:
    """The bar of a row: its own, else that of the name before `@`."""
    return BARS.get(name, BARS.get(name.partition("@")[0]))


def _show(rows: list[dict[str, object]]) -> None:
    table = Table("name", "ratio", "bar", "ours", "other", "spread", "method")
    for row in rows:
        ratio, bar = row.get("ratio"), bar_of(str(row["name"]))
        higher = row.get("better") == "higher"
        held = isinstance(ratio, int | float) and bar is not None and (ratio >= bar if higher else ratio <= bar)
        colour = "green" if held else "yellow" if bar is None or ratio is None else "red"
        shown = f"{ratio:.2f}" if isinstance(ratio, int | float) else "–"
        sign = "≥" if higher else "≤"
        table.add_row(
            str(row["name"]),
            f"[{colour}]{shown}[/{colour}]",
            f"{sign} {bar}" if bar else "",
            str(row.get("ours", "")),
            str(row.get("other", "")),
            str(row.get("spread", "")),
            str(row.get("method", "")),
        )  # fmt: skip - one row
    Console(width=200).print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
