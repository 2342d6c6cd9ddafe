"""Erasing a person: from the tables, from the keys, and from the bytes of the files."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from fakes.ambient import NOON, SetClock
from fakes.databases import fresh_database
from fakes.samples import a_contribution, a_session, fresh
from fakes.store import Store
from sluis.core.errors import AlreadyUsed, KeyUnavailable, StoreUnavailable
from sluis.core.record import Wanted
from sluis.store.sealing import bound

SECRETS = (
    "Doganberg",
    "999990019",
    "Özdemir",
    "veilig aan te bellen",
    "wonen.situatie",
    "gezondheid",
    "toestemming",
    "herhaald geweld",
)


def bytes_of(store: Store) -> bytes:
    """Everything that the files of an embedded store hold, the write-ahead log too."""
    file = store.database.file
    assert file is not None
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


def forms(secret: str) -> list[bytes]:
    """How a text would look in a file: in UTF-8, in UTF-16, escaped."""
    return [secret.encode(), secret.encode("utf-16-le"), secret.encode("ascii", "backslashreplace")]


def test_nothing_about_a_person_is_readable_in_the_files_even_before_erasure(embedded: Store) -> None:
    subject = fresh("onderwerp-in-klaar")
    embedded.fill(subject)
    embedded.keepers.sessions.open(a_session("https://inlog.example|ambtenaar-9"))
    content = bytes_of(embedded)
    for secret in (*SECRETS, subject, "ambtenaar-9", "F. Groot", "formulier-bewijs", "u-3", "u-7"):
        assert not [form for form in forms(secret) if form in content], secret


def test_after_erasure_no_byte_of_person_tag_or_key_is_left_in_the_files(embedded: Store) -> None:
    subject, other = fresh("onderwerp"), fresh("onderwerp")
    embedded.fill(subject, other)
    tag, other_tag = embedded.ring.tag("subject", subject), embedded.ring.tag("subject", other)
    wrapped = [row[0] for row in embedded.rows.of(tag).values()]
    category = embedded.ring.tag("category", f"{subject}|wonen.situatie")
    with embedded.database.read() as connection:
        sealed = [
            row[0]
            for table in ("cases", "contributions", "evidence", "tasks")
            for row in connection.exec_driver_sql(f"SELECT payload FROM {table} WHERE person = ?", (tag,))  # noqa: S608 - four fixed names
        ]
    traces = [tag, category, *wrapped, *(payload[:40] for payload in sealed), *(payload[-40:] for payload in sealed)]
    before = bytes_of(embedded)
    assert len(sealed) == 4
    assert wrapped
    assert all(trace in before for trace in traces)
    erased = embedded.erasure.erase(subject)
    assert (erased.rows, erased.keys) == (4, 1)
    after = bytes_of(embedded)
    assert [trace for trace in traces if trace in after] == []
    assert other_tag in after


def test_an_erased_person_is_nowhere_and_another_is_untouched(store: Store) -> None:
    subject, other = fresh("onderwerp"), fresh("onderwerp")
    store.fill(subject, other)
    about_other = list(store.keepers.contributions.about(other))
    erased = store.erasure.erase(subject)
    assert (erased.rows, erased.keys) == (4, 1)
    assert list(store.keepers.contributions.about(subject)) == []
    assert list(store.keepers.evidence.about(subject)) == []
    assert [case.subject for case in store.keepers.cases.of_partner("ggz")] == [other]
    assert [task.request.subject for task in store.keepers.tasks.waiting_at("ggz")] == [other]
    assert list(store.keepers.contributions.about(other)) == about_other
    with store.database.read() as connection:
        parties = connection.exec_driver_sql("SELECT count(DISTINCT case_id) FROM case_parties").scalar()
    assert parties == 1


def test_erasing_again_removes_nothing_and_is_no_error(store: Store) -> None:
    subject = fresh("onderwerp")
    store.fill(subject)
    store.erasure.erase(subject)
    again = store.erasure.erase(subject)
    assert (again.rows, again.keys) == (0, 0)


def test_an_erasure_that_died_after_the_keys_leaves_rows_that_nobody_can_read(store: Store) -> None:
    subject = fresh("onderwerp")
    store.fill(subject)
    store.ring.erase(store.ring.tag("subject", subject), None)
    assert list(store.keepers.contributions.about(subject)) == []
    assert list(store.keepers.evidence.about(subject)) == []
    assert list(store.keepers.cases.of_partner("ggz")) == []
    assert list(store.keepers.tasks.waiting_at("ggz")) == []
    erased = store.erasure.erase(subject)
    assert (erased.rows, erased.keys) == (4, 0)


def test_a_contribution_whose_key_was_destroyed_does_not_match(store: Store) -> None:
    contribution = a_contribution()
    store.keepers.contributions.deposit(contribution)
    wanted = Wanted(subject=contribution.subject, provider="ggz", case=None, categories=("wonen.situatie",))
    assert list(store.keepers.contributions.matching(wanted)) == [contribution]
    store.ring.erase(store.ring.tag("subject", contribution.subject), "2026")
    assert list(store.keepers.contributions.matching(wanted)) == []
    assert store.keepers.contributions.find(contribution.id) is None


def test_an_erasure_whose_traces_cannot_be_wiped_yet_says_so_and_can_be_repeated(embedded: Store) -> None:
    subject = fresh("onderwerp")
    embedded.fill(subject)
    reader = sqlite3.connect(str(embedded.database.file), isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM cases").fetchall()
    with pytest.raises(StoreUnavailable):
        embedded.erasure.erase(subject)
    assert list(embedded.keepers.contributions.about(subject)) == []
    reader.close()
    embedded.erasure.erase(subject)
    assert embedded.ring.tag("subject", subject) not in bytes_of(embedded)


def answered(store: Store, key: str, answer: bytes, about: str = "") -> None:
    """A POST of the GGZ with that key, and the answer that was kept."""
    store.keepers.answers.begin("ggz", key, b"vraag", store.clock.now() + timedelta(days=1))
    store.keepers.answers.finish("ggz", key, answer, about=about)


def test_an_answer_about_an_erased_person_is_never_given_again_and_never_made_again(store: Store) -> None:
    subject, other, until = fresh("onderwerp"), fresh("onderwerp"), store.clock.now() + timedelta(days=1)
    answered(store, "zijn", b"over hem", subject)
    answered(store, "haar", b"over haar", other)
    answered(store, "niemand", b"over niemand")
    assert store.keepers.answers.begin("ggz", "zijn", b"vraag", until) == b"over hem"
    erased = store.erasure.erase(subject)
    assert (erased.rows, erased.keys) == (1, 1)
    for question in (b"vraag", b"een andere vraag"):
        with pytest.raises(AlreadyUsed, match="erased"):
            store.keepers.answers.begin("ggz", "zijn", question, until)
    assert store.keepers.answers.begin("ggz", "haar", b"vraag", until) == b"over haar"
    assert store.keepers.answers.begin("ggz", "niemand", b"vraag", until) == b"over niemand"


def test_an_answer_that_was_under_way_during_an_erasure_is_not_kept_and_not_made_twice(store: Store) -> None:
    until = store.clock.now() + timedelta(days=1)
    assert store.keepers.answers.begin("ggz", "onderweg", b"vraag", until) is None
    subject = fresh("onderwerp")
    store.erasure.erase(subject)
    store.keepers.answers.finish("ggz", "onderweg", b"over hem, van voor het wissen", about=subject)
    with pytest.raises(AlreadyUsed, match="erased"):
        store.keepers.answers.begin("ggz", "onderweg", b"vraag", until)
    store.clock.move(timedelta(days=1))
    assert store.keepers.answers.begin("ggz", "onderweg", b"vraag", until + timedelta(days=1)) is None


def test_of_an_erased_answer_no_byte_is_left_in_the_files(embedded: Store) -> None:
    subject = fresh("onderwerp")
    answered(embedded, "zijn", b"over hem" * 20, subject)
    with embedded.database.read() as connection:
        row = connection.exec_driver_sql("SELECT person, fingerprint, payload FROM answers").one()
    traces = [row.person, row.fingerprint, row.payload[:40], row.payload[-40:]]
    assert all(trace in bytes_of(embedded) for trace in traces)
    embedded.erasure.erase(subject)
    assert [trace for trace in traces if trace in bytes_of(embedded)] == []


def test_what_was_asked_is_no_bare_hash_that_others_can_compute(embedded: Store) -> None:
    answered(embedded, "zijn", b"antwoord", fresh("onderwerp"))
    with embedded.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT fingerprint FROM answers").scalar_one()
    assert kept != b"vraag"
    assert kept == embedded.ring.tag("vraag", b"vraag".hex())


def test_what_has_ended_is_swept_out_and_what_runs_stays(store: Store) -> None:
    keepers = store.keepers
    keepers.answers.begin("ggz", "oud", b"v", NOON - timedelta(days=1))
    keepers.answers.finish("ggz", "oud", b"antwoord")
    keepers.answers.begin("ggz", "nieuw", b"v", NOON.replace(year=2027))
    keepers.replay.first_use("dpop", "ggz", "oud", NOON)
    keepers.issuances.record(token_id="oud", partner="ggz", expires=NOON, binding="")
    keepers.sessions.open(a_session(at=NOON.replace(year=2025)))
    kept = keepers.sessions.open(a_session())
    assert len(store.rows.of(store.ring.tag("antwoorden", "ggz"))) == 1
    assert store.erasure.sweep(NOON) == 5
    assert not store.rows.of(store.ring.tag("antwoorden", "ggz"))
    assert store.erasure.sweep(NOON) == 0
    assert keepers.sessions.find(kept) is not None


@pytest.mark.parametrize("column", ["provider", "case_id", "category_tag", "deposited", "person"])
def test_a_payload_does_not_open_beside_changed_columns(embedded: Store, column: str) -> None:
    one, two = (
        a_contribution(subject="zelfde"),
        a_contribution("politie.melding", subject="zelfde", case="casus-2", provider="om"),
    )
    other = a_contribution(subject="ander", at=NOON.replace(month=4))
    for contribution in (one, two, other):
        embedded.keepers.contributions.deposit(contribution)
    donor = other.id if column in {"person", "deposited"} else two.id
    with embedded.database.write() as connection:
        connection.exec_driver_sql(
            f"UPDATE contributions SET {column} = (SELECT {column} FROM contributions WHERE id = ?) WHERE id = ?",  # noqa: S608 - fixed names
            (donor, one.id),
        )
    with pytest.raises(KeyUnavailable):
        embedded.keepers.contributions.find(one.id)


def test_the_parts_of_what_binds_a_payload_never_run_into_one_another() -> None:
    assert bound("t", "ab", "c") != bound("t", "a", "bc")
    assert bound("t", None) != bound("t", "")
    assert bound("t", 1, None) != bound("t", None, 1)


def test_after_erasure_the_tables_of_postgresql_hold_no_byte_of_tag_or_key(tmp_path: Path) -> None:
    """Its write-ahead log is the operator's, as `docs/data.md` says; what the tables leave behind is ours."""
    store = Store(fresh_database("postgresql", tmp_path), tmp_path, SetClock())
    subject, other = fresh("onderwerp"), fresh("onderwerp")
    store.fill(subject, other)
    tag = store.ring.tag("subject", subject)
    traces = [tag, *(row[0] for row in store.rows.of(tag).values()), store.ring.tag("category", f"{subject}|wonen.situatie")]

    def on_disk() -> bytes:
        with store.database.read() as connection:
            connection.exec_driver_sql("CHECKPOINT")
            where = "SELECT setting || '/base/' || oid FROM pg_settings, pg_database WHERE name = 'data_directory'"
            folder = connection.exec_driver_sql(f"{where} AND datname = current_database()").scalar_one()
        return b"".join(path.read_bytes() for path in Path(folder).iterdir() if path.is_file())

    before = on_disk()
    assert all(trace in before for trace in traces)
    store.erasure.erase(subject)
    after = on_disk()
    assert [trace for trace in traces if trace in after] == []
    assert store.ring.tag("subject", other) in after
    store.database.close()
