"""A program that appends until it is killed: `child_appender.py PATH THREADS COUNT [MOST_BYTES]`.

It prints `ack INDEX ENTRY_ID` after each receipt and `refused` for each append that raised; nothing else.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from pathlib import Path

from ledger_world import make_parts, release

from sluis.core.errors import LedgerUnavailable
from sluis.ledger.log import TransparencyLog, open_sqlite_log


def say(text: str) -> None:
    """One line in one write: two threads never mix their lines."""
    os.write(1, f"{text}\n".encode())


def append_many(log: TransparencyLog, count: int) -> None:
    """Append and say so, each only after its receipt."""
    for number in range(count):
        try:
            receipt = log.append(release(number))
        except LedgerUnavailable:
            say("refused")
        else:
            say(f"ack {receipt.index} {receipt.entry_id}")


def main() -> None:
    """Append with so many threads, so often each."""
    path, threads, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    log = open_sqlite_log(path, make_parts())
    if len(sys.argv) > 4:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
    say("open")
    if threads == 1:
        append_many(log, count)
    else:
        running = [threading.Thread(target=append_many, args=(log, count), daemon=True) for _ in range(threads)]
        for thread in running:
            thread.start()
        for thread in running:
            thread.join()


if __name__ == "__main__":
    main()
