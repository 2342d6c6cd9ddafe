"""What only PostgreSQL can do wrong: election, fence, settings, sessions that die, roles."""

from __future__ import annotations

import os
from dataclasses import replace

import psycopg
import pytest
from ledger_world import Where, make_parts, plain, release
from psycopg.conninfo import make_conninfo

from sluis.core.errors import LedgerUnavailable, StoreUnavailable
from sluis.ledger.log import TransparencyLog, open_postgres_log
from sluis.ledger.model import Writer
from sluis.ledger.postgres import Place, PostgresReader, PostgresWriter, grants
from sluis.ledger.prepare import prepare
from sluis.ledger.sequencer import build


@pytest.fixture
def place(dsn: str) -> Place:
    return Place(dsn=dsn, schema=f"log_{os.urandom(6).hex()}", timeout=2)


def admin(place: Place) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(place.dsn, autocommit=True)


def stale(writer: Writer, log: TransparencyLog) -> None:
    """A batch built on a head that has moved in between."""
    head = writer.begin()
    writer.recover()
    log.append(plain())
    writer.begin()
    writer.commit(build(head, [prepare(plain(), log.parts)], log.parts))


def test_a_batch_on_a_head_that_has_moved_is_refused(where: Where) -> None:
    log, other = where(make_parts()), where(make_parts(timeout=1))
    with pytest.raises(LedgerUnavailable, match="another sequencer has moved the log"):
        stale(other.database.writer, log)
    other.database.writer.recover()
    other.append(plain())
    assert log.verify().size == 2


def test_a_sequencer_waits_for_its_turn_and_gives_up_in_time(place: Place) -> None:
    log = open_postgres_log(place, make_parts(timeout=1))
    with admin(place) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (place.lock,))
        with pytest.raises(LedgerUnavailable):
            log.append(plain())
        holder.execute("SELECT pg_advisory_unlock_all()")
    log.append(plain())
    log.verify()
    log.close()


def test_a_dead_session_confirms_nothing_and_the_next_goes_on(place: Place) -> None:
    log = open_postgres_log(place, make_parts())
    log.append(plain())
    with admin(place) as other:
        live = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        other.execute(f"SELECT pg_terminate_backend(pid) {live}")
    with pytest.raises(LedgerUnavailable):
        log.append(plain(1))
    assert log.append(plain(2)).index == 1
    log.verify()
    log.close()


def test_a_server_that_is_not_there_confirms_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    place = Place(dsn=f"host={tmp_path_factory.mktemp('nothing')} dbname=x", schema="x", timeout=1)
    with pytest.raises(LedgerUnavailable):
        open_postgres_log(place, make_parts())
    with pytest.raises(StoreUnavailable):
        PostgresReader(place).rows("SELECT 1")


def test_a_session_that_was_told_not_to_sync_syncs_nevertheless(place: Place) -> None:
    lazy = replace(place, dsn=make_conninfo(place.dsn, options="-c synchronous_commit=off"))
    log = open_postgres_log(lazy, make_parts())
    writer = log.database.writer
    assert isinstance(writer, PostgresWriter)
    assert writer._link.execute("SHOW synchronous_commit").fetchone() == ("on",)
    log.close()


def test_a_server_that_could_tear_its_pages_is_refused(place: Place) -> None:
    with admin(place) as server:
        server.execute("ALTER SYSTEM SET full_page_writes = off")
        server.execute("SELECT pg_reload_conf()")
        try:
            while server.execute("SHOW full_page_writes").fetchone() == ("on",):
                pass
            with pytest.raises(LedgerUnavailable, match="full_page_writes = off"):
                open_postgres_log(place, make_parts())
        finally:
            server.execute("ALTER SYSTEM RESET full_page_writes")
            server.execute("SELECT pg_reload_conf()")
            while server.execute("SHOW full_page_writes").fetchone() == ("off",):
                pass


def test_the_writing_role_can_append_and_nothing_else(place: Place) -> None:
    open_postgres_log(place, make_parts()).close()
    writer, eraser = f"w_{place.schema}", f"e_{place.schema}"
    with admin(place) as server:
        server.execute(f"CREATE ROLE {writer} LOGIN; CREATE ROLE {eraser} LOGIN")
        for grant in grants(place.schema, writer=writer, eraser=eraser):
            server.execute(grant)
    mine = replace(place, dsn=make_conninfo(place.dsn, user=writer))
    log = open_postgres_log(mine, make_parts())
    log.append(release())
    log.verify()
    log.close()
    with psycopg.connect(mine.dsn, autocommit=True) as link:
        link.execute(f"SET search_path TO {place.schema}")
        for statement in ("UPDATE cell SET ct = NULL", "DELETE FROM entry", "UPDATE checkpoint SET note = ''", "DROP TABLE node"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                link.execute(statement)
    with psycopg.connect(make_conninfo(place.dsn, user=eraser), autocommit=True) as link:
        link.execute(f"SET search_path TO {place.schema}")
        link.execute("UPDATE cell SET ct = NULL, tag = NULL")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute("UPDATE cell SET commitment = ''")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            link.execute("INSERT INTO node VALUES (99, '')")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET purpose = ''",
        "DELETE FROM entry",
        "TRUNCATE cell",
        "DELETE FROM cell",
        "UPDATE cell SET commitment = ''",
        "UPDATE cell SET ct = 'x'",
        "UPDATE cell SET tag = 'x'",
        "UPDATE node SET hash = ''",
        "DELETE FROM checkpoint",
    ],
)
def test_the_guard_rails_stop_the_owner_too(statement: str, place: Place) -> None:
    log = open_postgres_log(place, make_parts())
    log.append(release())
    with admin(place) as link:
        link.execute(f"SET search_path TO {place.schema}")
        with pytest.raises(psycopg.errors.RaiseException, match=r"append-only|only be erased"):
            link.execute(statement)
    log.verify()
    log.close()
