"""Time stamps of checkpoints: asked of `openssl ts`, kept when they hold, refused for their named reason, never in the way."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest
from cryptography.x509 import load_pem_x509_certificates
from hypothesis import given
from hypothesis import strategies as st
from ledger_world import START, TestClock, Where, make_parts, release
from structlog.testing import capture_logs
from tsa_world import FOR_STAMPS, Answer, Tsa, TsaServer, openssl, serving

from sluis.core.errors import BadInput, LedgerBroken
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.opening import Outside
from sluis.ledger.publishing import Folder
from sluis.ledger.stamping import Authority
from sluis.ledger.stamps import MOST_BYTES, check_reply, parse_authority
from sluis.wiring import SystemClock

NOTE = b"sluis.test/log/utrecht/2026\n1\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\n"
EVERY = timedelta(minutes=4)
LATER = EVERY + timedelta(seconds=30)
"""Less than the two clocks may lie apart, for the clock of `openssl ts` does not move with ours."""


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    """Our authority, with signers that it should never have issued."""
    made = Tsa(tmp_path_factory.mktemp("tsa") / "ours")
    made.issue("plain", "extendedKeyUsage=critical,emailProtection")
    made.issue("without", "keyUsage=critical,digitalSignature")
    made.issue("uncritical", "extendedKeyUsage=timeStamping")
    made.issue("also", f"extendedKeyUsage={FOR_STAMPS},emailProtection")
    return made


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    return Tsa(tmp_path_factory.mktemp("stranger") / "theirs", name="Another")


@pytest.fixture
def server(tsa: Tsa) -> Iterator[TsaServer]:
    with serving(lambda query: Answer(tsa.reply(query))) as running:
        yield running


@dataclass
class Stamped:
    """A log with an authority, a clock that shows the authority's time, and the folder where stamps are kept."""

    log: TransparencyLog
    clock: TestClock
    folder: Path

    def files(self) -> set[str]:
        return {file.name for file in (self.folder / "stamp").glob("*")}

    def grow(self) -> None:
        self.log.append(release())

    def round(self) -> list[str]:
        """One round; what it told the operator."""
        with capture_logs() as lines:
            self.log.tend()
        return [f"{line['part']}: {line['problem']}" for line in lines if line.get("id") == "log-03"]

    def problem(self) -> str:
        return self.log.health().stamp_problem


Opening = Callable[..., Stamped]


@pytest.fixture
def opened(where: Where, tsa: Tsa, server: TsaServer, tmp_path: Path) -> Opening:
    """Opens the log of this place, in either database, with our authority's address and certificate."""

    def start(*, at: datetime | None = None, roots: Path = tsa.ca) -> Stamped:
        clock = TestClock(at or SystemClock().now())
        authority = Authority(server.address, parse_authority(roots.read_bytes(), "ca"), EVERY)
        outside = Outside(folder=Folder(tmp_path / "public"), authority=authority, http=httpx2.Client(timeout=10))
        return Stamped(where(make_parts(clock=clock), outside), clock, tmp_path / "public")

    return start


# ---- asking and keeping --------------------------------------------------------------------------


def test_a_stamp_is_kept_beside_the_checkpoint_and_openssl_accepts_it(opened: Opening, server: TsaServer, tsa: Tsa) -> None:
    log = opened()
    log.grow()
    assert log.round() == []
    assert log.files() == {"1.checkpoint", "1.tsr", "index"}
    assert server.kinds == ["application/timestamp-query"]
    assert (log.folder / "stamp/1.checkpoint").read_text() == (log.folder / "checkpoint").read_text()
    verified = openssl(
        "ts", "-verify", "-data", log.folder / "stamp/1.checkpoint", "-in", log.folder / "stamp/1.tsr", "-CAfile", tsa.ca
    )
    assert b"Verification: OK" in verified
    stamp = log.log.health().stamp
    assert stamp is not None
    assert (stamp.size, stamp.authority) == (1, "CN=Test TSA")
    assert abs(stamp.at - log.clock.at) < timedelta(minutes=1)


def test_openssl_refuses_the_stamp_for_another_checkpoint(opened: Opening, tsa: Tsa) -> None:
    log = opened()
    log.grow()
    log.round()
    log.grow()
    log.round()
    with pytest.raises(subprocess.CalledProcessError):
        openssl("ts", "-verify", "-data", log.folder / "checkpoint", "-in", log.folder / "stamp/1.tsr", "-CAfile", tsa.ca)


def test_a_stamp_is_served_beside_the_checkpoint(opened: Opening) -> None:
    log = opened()
    log.grow()
    log.round()
    index, reply, text = (log.log.served(f"stamp/{name}") for name in ("index", "1.tsr", "1.checkpoint"))
    assert index is not None
    assert reply is not None
    assert text is not None
    assert (index.content, "immutable" in index.cache_control) == (b"1\n", False)
    assert (reply.content_type, "immutable" in reply.cache_control) == ("application/timestamp-reply", True)
    assert text.content_type.startswith("text/plain")
    for path in ("stamp/2.tsr", "stamp/01.tsr", "stamp/../checkpoint", "stamp/1.txt", "stamp/", "stamp/1.tsr/"):
        assert log.log.served(path) is None


def test_the_request_says_the_hash_and_a_fresh_nonce_and_nothing_else(opened: Opening, server: TsaServer) -> None:
    log = opened()
    log.grow()
    log.round()
    log.grow()
    log.clock.at += LATER
    log.round()
    first, second = server.asked
    stamped = (log.folder / "stamp/1.checkpoint").read_bytes()
    assert sha256(stamped).digest() in first
    assert len(first) < 80
    assert first[-20:] != second[-20:]


def test_an_empty_log_and_one_that_did_not_grow_are_not_stamped(opened: Opening, server: TsaServer) -> None:
    log = opened()
    log.round()
    assert server.asked == []
    log.grow()
    log.round()
    log.clock.at += 3 * LATER
    log.round()
    assert len(server.asked) == 1


def test_a_stamp_is_asked_once_in_so_much_time(opened: Opening, server: TsaServer) -> None:
    log = opened()
    for _ in range(5):
        log.grow()
        log.round()
    assert len(server.asked) == 1
    log.clock.at += LATER
    log.round()
    assert len(server.asked) == 2


def test_what_was_stamped_is_remembered_over_a_restart(opened: Opening, server: TsaServer) -> None:
    log = opened()
    log.grow()
    log.round()
    log.log.close()
    again = opened()
    again.grow()
    again.round()
    assert len(server.asked) == 1
    assert again.log.health().stamp == log.log.health().stamp
    again.clock.at += LATER
    again.round()
    assert again.files() == {"1.checkpoint", "1.tsr", "2.checkpoint", "2.tsr", "index"}
    assert (again.folder / "stamp/index").read_text() == "1\n2\n"


def test_two_brokers_on_one_folder_ask_for_one_stamp(opened: Opening, server: TsaServer) -> None:
    first, second = opened(), opened()
    first.grow()
    first.round()
    second.round()
    assert len(server.asked) == 1
    assert second.log.health().stamp == first.log.health().stamp


def test_a_stamp_that_died_before_its_listing_is_listed_at_the_next_start(opened: Opening) -> None:
    log = opened()
    log.grow()
    log.round()
    log.log.close()
    (log.folder / "stamp/index").unlink()
    opened()
    assert (log.folder / "stamp/index").read_text() == "1\n"


def test_with_a_new_authority_old_stamps_stay_and_the_next_entry_is_stamped_at_once(
    opened: Opening, server: TsaServer, stranger: Tsa
) -> None:
    log = opened()
    log.grow()
    log.round()
    log.log.close()
    before = (log.folder / "stamp/1.tsr").read_bytes()
    server.answer = lambda query: Answer(stranger.reply(query))
    again = opened(roots=stranger.ca)
    again.round()
    assert (log.folder / "stamp/1.tsr").read_bytes() == before
    again.grow()
    assert again.round() == []
    assert (log.folder / "stamp/index").read_text() == "1\n2\n"


def test_without_an_authority_nothing_is_asked(where: Where, tmp_path: Path) -> None:
    log = where(make_parts(), Outside(folder=Folder(tmp_path / "public")))
    log.append(release())
    log.tend()
    assert (log.health().stamp, log.health().stamp_problem) == (None, "")
    assert not (tmp_path / "public/stamp").exists()


# ---- an authority that fails or lies -------------------------------------------------------------


@dataclass(frozen=True)
class Liar:
    """What an authority may answer, and the reason for which we do not keep it."""

    name: str
    reason: str
    answer: Callable[[bytes, Tsa, Tsa], Answer]


def flipped(reply: bytes, at: int) -> bytes:
    return reply[:at] + bytes([reply[at] ^ 1]) + reply[at + 1 :]


LIARS = [
    Liar("of-another-checkpoint", "hash: ", lambda _, tsa, __: Answer(tsa.reply(tsa.query(b"another checkpoint")))),
    Liar("under-another-hash", "algorithm: ", lambda _, tsa, __: Answer(tsa.reply(tsa.query(NOTE, "sha512")))),
    Liar("by-a-stranger", "signature: ", lambda query, _, stranger: Answer(stranger.reply(query))),
    Liar("signature-changed", "signature: ", lambda query, tsa, _: Answer(flipped(tsa.reply(query), -3))),
    Liar("signer-of-mail", "certificate: ", lambda query, tsa, _: Answer(tsa.signed_by("plain", tsa.reply(query)))),
    Liar("signer-of-anything", "certificate: ", lambda query, tsa, _: Answer(tsa.signed_by("without", tsa.reply(query)))),
    Liar("usage-not-critical", "certificate: ", lambda query, tsa, _: Answer(tsa.signed_by("uncritical", tsa.reply(query)))),
    Liar("usage-not-alone", "certificate: ", lambda query, tsa, _: Answer(tsa.signed_by("also", tsa.reply(query)))),
    Liar("not-granted", "status: ", lambda query, tsa, _: Answer(tsa.reply(query, digests="sha512"))),
    Liar("truncated", "reply: ", lambda query, tsa, _: Answer(tsa.reply(query)[:-1])),
    Liar("with-a-tail", "reply: ", lambda query, tsa, _: Answer(tsa.reply(query) + b"\0")),
    Liar("garbage", "reply: ", lambda *_: Answer(bytes(range(256)) * 4)),
    Liar("empty", "reply: ", lambda *_: Answer(b"")),
    Liar("a-page", "reply: ", lambda *_: Answer(b"<html>log in</html>", headers={"Content-Type": "text/html"})),
    Liar("too-large", "more than a stamp", lambda query, tsa, _: Answer(tsa.reply(query) + bytes(MOST_BYTES))),
    Liar("error", "answers 500", lambda query, tsa, _: Answer(tsa.reply(query), status=500)),
]


@pytest.mark.parametrize("liar", LIARS, ids=lambda liar: liar.name)
def test_an_authority_that_lies_is_told_of_and_stops_nothing(
    liar: Liar, opened: Opening, server: TsaServer, tsa: Tsa, stranger: Tsa
) -> None:
    server.answer = lambda query: liar.answer(query, tsa, stranger)
    log = opened()
    log.grow()
    told = log.round()
    assert len(told) == 1
    assert told[0].startswith("stamp: ")
    assert liar.reason in told[0]
    assert liar.reason in log.problem()
    assert log.files() <= {"index"}
    assert log.log.health().problem == ""
    log.grow()  # a release goes on
    assert log.round() == []  # told once, and left alone for a while
    assert len(server.asked) == 1
    server.answer = lambda query: Answer(tsa.reply(query))
    log.clock.at += LATER
    assert log.round() == []
    assert (log.problem(), log.files()) == ("", {"2.checkpoint", "2.tsr", "index"})


def test_a_stamp_that_answers_another_request_is_refused(opened: Opening, server: TsaServer, tsa: Tsa) -> None:
    """A reply over the very checkpoint, from the right authority, that somebody had asked before."""
    log = opened()
    log.grow()
    (log.folder / "asked").write_text(log.log.state().checkpoint)
    old = tsa.reply(tsa.query((log.folder / "asked").read_bytes()))
    server.answer = lambda _: Answer(old)
    assert "nonce: " in log.round()[0]
    assert log.files() <= {"index"}


def test_a_redirect_is_not_followed(opened: Opening, server: TsaServer, tsa: Tsa) -> None:
    with serving(lambda query: Answer(tsa.reply(query))) as elsewhere:
        server.answer = lambda _: Answer(b"", status=307, headers={"Location": elsewhere.address})
        log = opened()
        log.grow()
        assert "answers 307" in log.round()[0]
        assert elsewhere.asked == []


def test_an_authority_that_is_away_is_told_of(path: Path, tsa: Tsa) -> None:
    with serving(lambda query: Answer(tsa.reply(query))) as gone:
        authority = Authority(gone.address, parse_authority(tsa.ca.read_bytes(), "ca"), EVERY)
    log = open_sqlite_log(path, make_parts(), Outside(folder=Folder(path.parent / "public"), authority=authority))
    log.append(release())
    log.tend()
    assert "does not answer" in log.health().stamp_problem
    log.append(release())
    log.close()


def test_an_authority_that_answers_drop_by_drop_is_left(opened: Opening, server: TsaServer) -> None:
    log = opened()
    log.grow()
    log.clock.step = timedelta(seconds=40)
    assert "too slowly" in log.round()[0]
    assert len(server.asked) == 1


def test_an_authority_whose_clock_is_far_from_ours_is_not_believed(opened: Opening) -> None:
    log = opened(at=START)
    log.grow()
    assert "time: " in log.round()[0]
    assert log.files() <= {"index"}


def test_a_folder_that_takes_no_stamp_stops_nothing(opened: Opening) -> None:
    log = opened()
    log.grow()
    (log.folder / "stamp").write_text("no folder")
    told = log.round()
    assert len(told) == 1
    log.grow()


# ---- what a reply may be -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good(tsa: Tsa) -> bytes:
    return tsa.reply(tsa.query(NOTE))


def test_a_reply_without_a_nonce_of_ours_to_compare_holds_later(good: bytes, tsa: Tsa) -> None:
    at, name = check_reply(good, NOTE, load_pem_x509_certificates(tsa.ca.read_bytes()))
    assert name == "CN=Test TSA"
    assert abs(at - SystemClock().now()) < timedelta(minutes=10)


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@given(data=st.data())
def test_a_changed_reply_is_refused_or_says_the_same(data: st.DataObject, good: bytes, tsa: Tsa) -> None:
    roots = load_pem_x509_certificates(tsa.ca.read_bytes())
    at = data.draw(st.integers(0, len(good) - 1))
    changed = good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at + 1 :]
    said = check_reply(good, NOTE, roots)
    with suppress(LedgerBroken):
        assert check_reply(changed, NOTE, roots) == said


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_no_parser_of_certificates_gets_out_with_an_error_of_its_own(good: bytes, tsa: Tsa) -> None:
    """Every byte of the reply in turn, changed in two ways: some make a parser raise what it does not document."""
    roots = load_pem_x509_certificates(tsa.ca.read_bytes())
    for at in range(len(good)):
        for changed in (flipped(good, at), good[:at] + b"\xff" + good[at + 1 :]):
            with suppress(LedgerBroken):
                check_reply(changed, NOTE, roots)


@given(reply=st.binary(max_size=200))
def test_any_bytes_are_refused_in_words(reply: bytes, tsa: Tsa) -> None:
    with pytest.raises(LedgerBroken):
        check_reply(reply, NOTE, load_pem_x509_certificates(tsa.ca.read_bytes()))


def test_a_bundle_without_certificates_is_bad_input() -> None:
    with pytest.raises(BadInput, match="no certificates"):
        parse_authority(b"-----BEGIN NOTHING-----", "SLUIS_LOG_TSA_CA")
