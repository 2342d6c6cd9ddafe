"""Destroying a case: from the tables and from the bytes of the files, while its person's key lives on."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from fakes.ambient import NOON, SetClock
from fakes.databases import fresh_database
from fakes.samples import a_case, a_contribution, a_task, an_evidence, fresh
from fakes.store import Store
from sluis.core.case import Case, CaseState
from sluis.core.errors import StoreUnavailable
from sluis.store import Erasure

TABLES = ("cases", "contributions", "evidence", "tasks")


def filled(store: Store, subject: str) -> Case:
    """A case about that person with one of everything for it."""
    case = store.keepers.cases.save(a_case(subject=subject, partners=("ggz",)))
    store.keepers.contributions.deposit(a_contribution(subject=subject, case=case.id, naam="Hakan Doganberg"))
    store.keepers.evidence.record(replace(an_evidence(subject=subject), case=case.id))
    task = a_task(subject=subject)
    store.keepers.tasks.add(replace(task, request=replace(task.request, case=case.id)))
    return case


def sealed(store: Store, subject: str) -> list[bytes]:
    """The sealed payloads about that person."""
    tag = store.ring.tag("subject", subject)
    with store.database.read() as connection:
        return [
            bytes(row[0])
            for table in TABLES
            for row in connection.exec_driver_sql(f"SELECT payload FROM {table} WHERE person = ?", (tag,))  # noqa: S608 - four fixed names
        ]


def bytes_of(store: Store) -> bytes:
    file = store.database.file
    assert file is not None
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


def test_no_byte_of_a_destroyed_case_is_left_in_the_files_and_the_persons_key_is(embedded: Store) -> None:
    subject = fresh("onderwerp")
    case = filled(embedded, subject)
    traces = [piece for payload in sealed(embedded, subject) for piece in (payload[:40], payload[-40:])]
    assert len(traces) == 8
    assert all(trace in bytes_of(embedded) for trace in traces)
    assert embedded.keepers.cases.destroy(case) == 4
    assert [trace for trace in traces if trace in bytes_of(embedded)] == []
    assert embedded.rows.of(embedded.ring.tag("subject", subject)), "his other cases and the log still open"


def test_while_somebody_reads_the_old_state_an_empty_rejected_case_is_left_and_the_next_time_finishes_it(embedded: Store) -> None:
    subject = fresh("onderwerp")
    case = embedded.keepers.cases.save(replace(filled(embedded, subject), state=CaseState.GEEN))
    reader = sqlite3.connect(str(embedded.database.file), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM cases").fetchall()
    with pytest.raises(StoreUnavailable):
        embedded.keepers.cases.destroy(case)
    (left,) = embedded.keepers.cases.ending(NOON.replace(year=2000))
    assert (left.id, left.state, left.participants, left.own_view, left.resolutions) == (case.id, CaseState.GEEN, (), "", ())
    assert left.actions == ()
    assert list(embedded.keepers.contributions.about(subject)) == []
    reader.close()
    assert embedded.keepers.cases.destroy(left) == 1
    assert embedded.keepers.cases.find(case.id) is None
    assert embedded.keepers.cases.ending(NOON.replace(year=2000)) == []


@pytest.mark.parametrize(("before", "after"), [(CaseState.GEEN, CaseState.GEEN), (CaseState.AFGESLOTEN, CaseState.AFGESLOTEN)])
def test_a_case_that_ended_never_looks_like_one_that_was_turned_down(
    embedded: Store, before: CaseState, after: CaseState
) -> None:
    case = embedded.keepers.cases.save(replace(filled(embedded, fresh("onderwerp")), state=before))
    reader = sqlite3.connect(str(embedded.database.file), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM cases").fetchall()
    with pytest.raises(StoreUnavailable):
        embedded.keepers.cases.destroy(case)
    left = embedded.keepers.cases.find(case.id)
    assert left is not None
    assert (left.state, left.ends) == (after, replace(case, renewed={}).ends)
    reader.close()


def test_a_case_is_destroyed_from_the_tables_of_postgresql_too(tmp_path: Path) -> None:
    store = Store(fresh_database("postgresql", tmp_path), tmp_path, SetClock())
    case = filled(store, fresh("onderwerp"))
    assert store.keepers.cases.destroy(case) == 4
    with store.database.read() as connection:
        for table in (*TABLES, "case_parties"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0  # noqa: S608 - fixed names
    store.database.close()


def test_what_would_be_lost_with_the_keys_of_a_year_is_counted(store: Store) -> None:
    subject = fresh("onderwerp")
    erasure = Erasure(store.database, store.ring)
    case = filled(store, subject)
    bucket = str(case.first_processed.year)
    assert erasure.running_in(bucket) == 2
    assert erasure.running_in(str(int(bucket) - 1)) == 0
    store.keepers.cases.destroy(case)
    assert erasure.running_in(bucket) == 0
