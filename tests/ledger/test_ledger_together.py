"""The log under everything at once: verified while it grows, and through any order of appends, erasures and restarts."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_world import START, MemoryVault, TestClock, Where, make_parts, plain, release

from sluis.core.merkle import leaf_hash
from sluis.core.note import parse_checkpoint, parse_note
from sluis.core.proof import check_consistency, check_inclusion
from sluis.ledger.erasing import Order, Person, erase_person
from sluis.ledger.log import open_sqlite_log
from sluis.ledger.reading import consistency

ORDER = Order(ground="AVG 17", approver="fg-3", at=START)


def test_a_log_verifies_while_it_grows(where: Where) -> None:
    log, stop = where(make_parts()), threading.Event()

    def grow() -> None:
        while not stop.is_set():
            log.append(release())

    threads = [threading.Thread(target=grow) for _ in range(4)]
    for thread in threads:
        thread.start()
    sizes = [log.verify().size for _ in range(10)]
    stop.set()
    for thread in threads:
        thread.join()
    assert sizes == sorted(sizes)
    assert log.verify().size >= sizes[-1]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 6)),
        st.tuples(st.just("erase"), st.integers(0, 2)),
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("wait"), st.integers(1, 90)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_whatever_happens_every_receipt_and_every_head_stays_true(steps: list[tuple[str, int]]) -> None:
    vault, clock = MemoryVault(), TestClock()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "audit.db"
        log = open_sqlite_log(path, make_parts(vault=vault, clock=clock))
        given_out = []
        for step, number in steps:
            if step == "append":
                tickets = [log.submit(release(n, subject=f"burger-{n % 3}")) for n in range(number)]
                given_out += [ticket.wait(10) for ticket in tickets]
            elif step == "erase":
                given_out.append(erase_person(log, Person(role="subject", identifier=f"burger-{number}"), ORDER).receipt)
            elif step == "restart":
                log.close()
                log = open_sqlite_log(path, make_parts(vault=vault, clock=clock))
            else:
                clock.at += timedelta(days=number)
        now = parse_checkpoint(parse_note(log.verify().checkpoint).text).head
        for receipt in given_out:
            head = parse_checkpoint(parse_note(receipt.checkpoint).text).head
            check_inclusion(leaf=leaf_hash(receipt.leaf), index=receipt.index, proof=receipt.proof, head=head)
            check_consistency(old=head, new=now, proof=consistency(log.reader, head.size, now.size))
        assert [receipt.index for receipt in given_out] == list(range(now.size))
        log.close()


def test_batches_reach_half_of_those_who_wait(path: Path) -> None:
    log = open_sqlite_log(path, make_parts(timeout=60))
    threads = [threading.Thread(target=lambda: [log.append(plain(n)) for n in range(20)]) for _ in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    batches = log.reader.rows("SELECT epoch FROM head")[0][0]
    assert log.verify().size == 64 * 20
    assert 64 * 20 / batches >= 8  # at 64 callers; 32 on a quiet machine, less where threads wait for a core
    log.close()
