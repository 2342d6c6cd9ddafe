"""Time stamps as an auditor meets them: `sluis audit verify`, `head` and `show`, offline, against a certificate of his own."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog
from ledger_world import TestClock, TestSigner, make_parts, plain, release
from test_ledger_cli import run
from tsa_world import Answer, Tsa, serving

from sluis.core.errors import BadInput, LedgerBroken
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.opening import Outside
from sluis.ledger.publishing import Folder, cosigned_checkpoint
from sluis.ledger.signing import verifier_key
from sluis.ledger.stamping import keep_stamp
from sluis.settings import read_settings
from sluis.wiring import SystemClock, open_keepers

VKEY = str(verifier_key(TestSigner()))


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    return Tsa(tmp_path_factory.mktemp("tsa") / "ours")


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    return Tsa(tmp_path_factory.mktemp("stranger") / "theirs", name="Another")


@dataclass
class Books:
    """A log in the files that a broker has, stamped after 2 and after 5 of its 7 entries."""

    file: Path
    folder: Path
    tsa: Tsa
    log: TransparencyLog

    def grow(self, entries: int) -> None:
        for number in range(entries):
            self.log.append(release(number))

    def stamp(self) -> None:
        text = cosigned_checkpoint(self.log.reader).encode()
        keep_stamp(Folder(self.folder), self.log.state().size, text, self.tsa.reply(self.tsa.query(text)))

    def verify(self, *more: object) -> list[dict[str, object]]:
        return lines(run("verify", "--log", self.file, "--json", *more).stdout)


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def books_at(place: Path, tsa: Tsa, clock: TestClock) -> Books:
    folder = place / "logboek-openbaar"
    log = open_sqlite_log(place / "logboek.sqlite", make_parts(clock=clock), Outside(folder=Folder(folder)))
    return Books(place / "logboek.sqlite", folder, tsa, log)


@pytest.fixture
def books(tmp_path: Path, tsa: Tsa) -> Iterator[Books]:
    found = books_at(tmp_path, tsa, TestClock(SystemClock().now() - timedelta(hours=1)))
    for entries in (2, 3):
        found.grow(entries)
        found.stamp()
    found.grow(2)
    found.log.tend()
    yield found
    found.log.close()


def test_verify_says_until_which_moment_how_much_of_the_log_existed(books: Books) -> None:
    stamps, summary = books.verify("--tsa-ca", books.tsa.ca)
    assert {**stamps, "existed_by": ""} == {
        "stamps": 2,
        "checked": True,
        "entries": 5,
        "existed_by": "",
        "authority": "CN=Test TSA",
    }
    assert abs(datetime.fromisoformat(str(stamps["existed_by"])) - SystemClock().now()) < timedelta(minutes=5)
    assert (summary["size"], summary["flaws"]) == (7, 0)


def test_without_a_certificate_the_stamps_are_counted_and_not_believed(books: Books) -> None:
    assert books.verify()[0] == {"stamps": 2, "checked": False}


def test_the_published_log_says_the_same_to_whoever_has_only_that(books: Books, tmp_path: Path) -> None:
    copy = tmp_path / "mirror"
    assert run("publish", copy, "--log", books.file).exit_code == 0
    expected = books.verify("--tsa-ca", books.tsa.ca)[0]
    for place in (books.folder, copy):
        said = run("verify", "--published", place, "--vkey", VKEY, "--tsa-ca", books.tsa.ca, "--json")
        stamps, summary = lines(said.stdout)
        assert (said.exit_code, stamps, summary["flaws"]) == (0, expected, 0)


def test_an_entry_comes_with_the_moment_by_which_it_existed(books: Books) -> None:
    for entry, entries in ((0, 2), (1, 2), (2, 5), (4, 5)):
        stamp = lines(run("show", entry, "--log", books.file, "--tsa-ca", books.tsa.ca).stdout)[0]["stamp"]
        assert isinstance(stamp, dict)
        assert stamp["entries"] == entries
    assert "stamp" not in lines(run("show", 5, "--log", books.file, "--tsa-ca", books.tsa.ca).stdout)[0]
    assert "stamp" not in lines(run("show", 0, "--log", books.file).stdout)[0]


def test_head_says_it_too(books: Books) -> None:
    said = lines(run("head", "--log", books.file, "--tsa-ca", books.tsa.ca, "--json").stdout)[0]
    stamp = said["stamp"]
    assert isinstance(stamp, dict)
    assert (said["size"], stamp["entries"]) == (7, 5)
    assert "stamp" not in lines(run("head", "--log", books.file, "--json").stdout)[0]


def refused(books: Books, *more: object) -> dict[str, object]:
    """The one flaw that is found in the file, with the same found by whoever has only the folder."""
    result = run("verify", "--log", books.file, "--json", "--tsa-ca", books.tsa.ca, *more)
    assert isinstance(result.exception, LedgerBroken)
    flaw = lines(result.stdout)[0]
    far = run("verify", "--published", books.folder, "--vkey", VKEY, "--tsa-ca", books.tsa.ca, "--json")
    assert isinstance(far.exception, LedgerBroken)
    assert lines(far.stdout)[0] == flaw
    return flaw


def test_a_stamp_of_another_checkpoint_is_named(books: Books) -> None:
    (books.folder / "stamp/2.tsr").write_bytes((books.folder / "stamp/5.tsr").read_bytes())
    assert refused(books) == {"where": "stamp 2", "what": "hash: it is a stamp of something else"}


def test_a_checkpoint_that_was_changed_after_its_stamp_is_named(books: Books) -> None:
    file = books.folder / "stamp/2.checkpoint"
    file.write_text(file.read_text().replace("\n2\n", "\n3\n"))
    assert str(refused(books)["what"]).startswith("checkpoint: it is that of 3")


def test_a_checkpoint_that_is_none_is_named(books: Books) -> None:
    (books.folder / "stamp/2.checkpoint").write_bytes(b"\xff")
    assert refused(books) == {"where": "stamp 2", "what": "checkpoint: the stamped bytes are none"}


def test_a_stamp_that_is_listed_and_gone_is_named(books: Books) -> None:
    (books.folder / "stamp/5.tsr").unlink()
    assert str(refused(books)["what"]).startswith("missing: ")


def test_stamps_that_were_all_taken_away_are_missed_when_asked_for(books: Books) -> None:
    (books.folder / "stamp/index").unlink()
    assert str(run("verify", "--log", books.file, "--tsa-ca", books.tsa.ca).exception) == "stamps: the log has none"
    assert run("verify", "--log", books.file).exit_code == 0


def test_a_list_of_stamps_that_cannot_be_read_is_named(books: Books) -> None:
    (books.folder / "stamp/index").write_text("2\n../../etc/passwd\n")
    assert "index cannot be read" in str(run("verify", "--log", books.file).exception)


def test_another_authority_than_the_auditors_proves_nothing_to_him(books: Books, stranger: Tsa) -> None:
    result = run("verify", "--log", books.file, "--json", "--tsa-ca", stranger.ca)
    assert isinstance(result.exception, LedgerBroken)
    assert str(lines(result.stdout)[0]["what"]).startswith("signature: ")
    assert lines(result.stdout)[-1]["flaws"] == 2


def test_a_history_that_was_rewritten_after_its_stamp_is_named(books: Books, tmp_path: Path) -> None:
    """All signatures of the new history are right, and a new stamp is too; the old stamp is what stands against it."""
    (tmp_path / "other").mkdir()
    other = books_at(tmp_path / "other", books.tsa, TestClock(SystemClock().now() - timedelta(hours=1)))
    other.grow(7)
    other.log.tend()
    for size in (2, 5):
        text, reply = ((books.folder / f"stamp/{size}{end}").read_bytes() for end in (".checkpoint", ".tsr"))
        keep_stamp(Folder(other.folder), size, text, reply)
    assert refused(other) == {"where": "stamp 2", "what": "root: the entries before it do not give the stamped root"}
    other.log.close()


def test_a_history_that_was_cut_short_after_its_stamp_is_named(books: Books, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = books_at(tmp_path / "other", books.tsa, TestClock(SystemClock().now() - timedelta(hours=1)))
    other.grow(1)
    other.log.tend()
    text, reply = ((books.folder / f"stamp/5{end}").read_bytes() for end in (".checkpoint", ".tsr"))
    keep_stamp(Folder(other.folder), 5, text, reply)
    assert refused(other) == {"where": "stamp 5", "what": "missing: it covers 5 entries, the log has 1"}
    other.log.close()


def test_a_stamp_of_another_log_is_named(books: Books) -> None:
    text = books.log.state().checkpoint.replace("utrecht", "gelderland").encode()
    keep_stamp(Folder(books.folder), 7, text, books.tsa.reply(books.tsa.query(text)))
    assert refused(books) == {"where": "stamp 7", "what": "origin: it is a stamp of another log"}


def test_an_entry_that_says_it_is_younger_than_its_stamp_is_named(tmp_path: Path, tsa: Tsa) -> None:
    ahead = books_at(tmp_path, tsa, TestClock(SystemClock().now() + timedelta(hours=1)))
    ahead.grow(1)
    ahead.stamp()
    said = ahead.verify("--tsa-ca", tsa.ca)
    assert said[0] == {"where": "stamp 1", "what": "time: an entry that it covers says that it was recorded later"}
    ahead.log.close()


def test_a_certificate_that_cannot_be_read_is_bad_input(books: Books, tmp_path: Path) -> None:
    assert isinstance(run("verify", "--log", books.file, "--tsa-ca", tmp_path / "none.pem").exception, BadInput)
    assert isinstance(run("verify", "--log", books.file, "--tsa-ca", books.file).exception, BadInput)


# ---- as a broker is set up -----------------------------------------------------------------------


def test_a_broker_that_is_told_of_an_authority_has_its_log_stamped_by_itself(tmp_path: Path, tsa: Tsa) -> None:
    data = tmp_path / "data"
    with serving(lambda query: Answer(tsa.reply(query))) as authority:
        told = {"log_tsa": authority.address, "log_tsa_ca": tsa.ca}
        settings = read_settings(mode="demo", data=data, keys=data / "keys", publish_seconds=0.05, **told)
        keepers = open_keepers(settings)
        keepers.ledger.append(plain())
        until(lambda: keepers.ledger.health().stamp is not None)
        served = keepers.ledger.served("stamp/1.tsr")
        keepers.close()
    assert served is not None
    env = {"SLUIS_MODE": "demo", "SLUIS_DATA": str(data), "SLUIS_KEYS": str(data / "keys")}
    configured = {"SLUIS_LOG_TSA": authority.address, "SLUIS_LOG_TSA_CA": str(tsa.ca)}
    assert lines(run("verify", "--json", env=env).stdout)[0] == {"stamps": 1, "checked": False}
    assert lines(run("verify", "--json", env={**env, **configured}).stdout)[0]["entries"] == 1
    assert lines(run("verify", "--json", "--tsa-ca", tsa.ca, env=env).stdout)[0]["entries"] == 1
    structlog.reset_defaults()


def until(true: Callable[[], bool]) -> None:
    """Wait for what a thread does; a minute at most."""
    patience = threading.Event()
    for _ in range(1200):
        if true():
            return
        patience.wait(0.05)
    raise AssertionError("it did not come about")


@pytest.mark.parametrize(
    ("given", "flaw"),
    [
        ({"log_tsa": "https://tsa.test"}, "together"),
        ({"log_tsa_ca": "/etc/ca.pem"}, "together"),
        ({"log_tsa": "ldap://tsa.test", "log_tsa_ca": "/etc/ca.pem"}, "SLUIS_LOG_TSA"),
        ({"log_tsa": "https://us:secret@tsa.test", "log_tsa_ca": "/etc/ca.pem"}, "SLUIS_LOG_TSA"),
        ({"log_tsa_hours": 0}, "SLUIS_LOG_TSA_HOURS"),
    ],
)
def test_settings_of_an_authority_that_do_not_fit_stop_the_broker(given: dict[str, object], flaw: str) -> None:
    with pytest.raises(BadInput, match=flaw) as refused:
        read_settings(mode="demo", **given)
    assert "secret" not in str(refused.value)


def test_a_bundle_that_is_not_there_stops_the_broker_before_it_listens(tmp_path: Path) -> None:
    told = {"log_tsa": "https://tsa.test", "log_tsa_ca": tmp_path / "none.pem"}
    with pytest.raises(BadInput, match="SLUIS_LOG_TSA_CA"):
        open_keepers(read_settings(mode="demo", data=tmp_path / "data", keys=tmp_path / "data" / "keys", **told))
