"""Witnesses: what they cosign, what they refuse and keep as evidence, and what the log does without them."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from ledger_world import ORIGIN, MemoryVault, TestClock, TestSigner, Where, make_parts, plain, release
from structlog.testing import capture_logs

from sluis.core.entry import Kind
from sluis.core.errors import LedgerBroken, LedgerUnavailable
from sluis.core.note import parse_note, parse_signature
from sluis.core.quorum import TlogPolicy, parse_policy
from sluis.core.witness import AddCheckpoint, origin_path
from sluis.ledger.log import TransparencyLog, open_sqlite_log
from sluis.ledger.model import LogParts
from sluis.ledger.opening import Outside
from sluis.ledger.reading import consistency
from sluis.ledger.signing import LogLine, WitnessLine, signed_by, verifier_key
from sluis.ledger.witness import Witness
from sluis.ledger.witness_server import make_server
from sluis.ledger.witnessing import Freshness

FG = "fg.ggz.test/witness"
HTTP = httpx2.Client(timeout=5)


@dataclass
class Running:
    """A witness on loopback, with its address."""

    witness: Witness
    url: str

    def policy(self) -> TlogPolicy:
        return parse_policy(f"witness fg {self.witness.key()} {self.url}\nquorum fg\n")


@pytest.fixture
def witness(tmp_path: Path, parts: LogParts) -> Witness:
    return Witness(tmp_path / "witness.db", TestSigner(FG, b"fg"), {ORIGIN: [verifier_key(TestSigner())]}, parts.clock)


@pytest.fixture
def running(witness: Witness) -> Iterator[Running]:
    server = make_server(witness, ("127.0.0.1", 0), lambda _: None)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield Running(witness, f"http://127.0.0.1:{server.server_address[1]}/w")
    server.shutdown()
    thread.join()
    server.server_close()


def body(log: TransparencyLog, old: int) -> bytes:
    return str(AddCheckpoint(old, consistency(log.reader, old, log.state().size), log.state().checkpoint)).encode()


def grow(log: TransparencyLog, count: int = 5) -> TransparencyLog:
    for number in range(count):
        log.append(plain(number))
    return log


def test_a_witness_cosigns_what_extends_what_it_cosigned(log: TransparencyLog, witness: Witness) -> None:
    old = 0
    for _ in range(3):
        grow(log)
        answer = witness.add_checkpoint(body(log, old))
        assert answer.status == 200
        note = parse_note(log.state().checkpoint).with_signatures(parse_signature(answer.text.rstrip("\n")))
        assert len(signed_by(note, [witness.key()])) == 1
        old = log.state().size
    assert parse_note(witness.newest(origin_path(ORIGIN)).text).text == parse_note(log.state().checkpoint).text
    assert witness.add_checkpoint(body(log, old)).status == 200  # the same again, with a new time
    assert witness.evidence() == []


def test_a_witness_that_was_asked_about_another_size_says_its_own(log: TransparencyLog, witness: Witness) -> None:
    witness.add_checkpoint(body(grow(log), 0))
    answer = witness.add_checkpoint(body(grow(log), 0))
    assert (answer.status, answer.text, answer.content_type) == (409, "5\n", "text/x.tlog.size")


def test_a_witness_refuses_a_wrong_proof(log: TransparencyLog, witness: Witness) -> None:
    witness.add_checkpoint(body(grow(log), 0))
    grow(log)
    assert witness.add_checkpoint(str(AddCheckpoint(5, (), log.state().checkpoint)).encode()).status == 422
    assert witness.add_checkpoint(str(AddCheckpoint(5, (bytes(32),) * 3, log.state().checkpoint)).encode()).status == 422
    assert len(witness.evidence()) == 1, "the two checkpoints, whatever was said to prove"
    assert witness.add_checkpoint(body(log, 5)).status == 200


def test_a_proof_from_nothing_must_be_empty(log: TransparencyLog, witness: Witness) -> None:
    grow(log)
    assert witness.add_checkpoint(str(AddCheckpoint(0, (bytes(32),), log.state().checkpoint)).encode()).status == 422


def test_a_rewritten_history_is_refused_and_kept_as_evidence(log: TransparencyLog, witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(body(grow(log), 0))
    forged = grow(open_sqlite_log(tmp_path / "forged.db", make_parts()), 8)
    answer = witness.add_checkpoint(body(forged, 5))
    assert answer.status == 422
    (found,) = witness.evidence()
    assert found.offered == forged.state().checkpoint
    assert parse_note(found.known).text == parse_note(log.state().checkpoint).text
    forged.close()


def test_two_heads_of_one_size_are_refused_and_kept_as_evidence(log: TransparencyLog, witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(body(grow(log), 0))
    forged = grow(open_sqlite_log(tmp_path / "forged.db", make_parts()), 5)
    answer = witness.add_checkpoint(body(forged, 5))
    assert (answer.status, answer.text) == (409, "5\n")
    assert witness.add_checkpoint(body(forged, 5)).status == 409
    assert [found.status for found in witness.evidence()] == [409], "kept once, however often it is offered"
    forged.close()


def test_a_witness_knows_its_logs_and_their_keys(log: TransparencyLog, witness: Witness, tmp_path: Path) -> None:
    grow(log)
    asked = body(log, 0).decode()
    assert witness.add_checkpoint(asked.replace(ORIGIN, "elders").encode()).status == 404
    stranger = make_parts(signer=TestSigner(seed=b"stranger"))
    forged = grow(open_sqlite_log(tmp_path / "forged.db", stranger))
    assert witness.add_checkpoint(body(forged, 0)).status == 403
    forged.close()
    broken = asked.replace("\n5\n", "\n6\n")
    assert witness.add_checkpoint(broken.encode()).status == 403
    assert witness.newest(origin_path("elders")).status == 404
    assert witness.newest(origin_path(ORIGIN)).status == 404


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:0],
        lambda text: text.replace("old 0", "old 00"),
        lambda text: text.replace("old 0", "old -1"),
        lambda text: text.replace("old 0", "0"),
        lambda text: text.replace("old 0", "old 6"),
        lambda text: text.replace("old 0", "old 0\nnot base64!"),
        lambda text: text.replace("old 0", "old 0\nAAAA"),
        lambda text: text.replace("old 0", "old 0" + "\nAAAA" * 64),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text + "\x00",
    ],
)
def test_a_malformed_request_is_refused(change: Callable[[str], str], log: TransparencyLog, witness: Witness) -> None:
    grow(log)
    assert witness.add_checkpoint(change(body(log, 0).decode()).encode()).status == 400


def test_bytes_that_are_no_text_are_refused(witness: Witness) -> None:
    assert witness.add_checkpoint(b"\xff\xfe").status == 400


def test_a_witness_remembers_over_a_restart(log: TransparencyLog, witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(body(grow(log), 0))
    again = Witness(tmp_path / "witness.db", TestSigner(FG, b"fg"), {ORIGIN: [verifier_key(TestSigner())]}, TestClock())
    assert again.add_checkpoint(body(log, 0)).status == 409
    assert again.add_checkpoint(body(log, 5)).status == 200


def test_of_two_requests_at_once_one_is_told_to_ask_again(log: TransparencyLog, witness: Witness) -> None:
    grow(log, 3)
    first, second = body(log, 0), body(grow(log, 3), 0)
    found: list[int] = []
    asking = [
        threading.Thread(target=lambda raw=raw: found.append(witness.add_checkpoint(raw).status)) for raw in (first, second)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert sorted(found) == [200, 409]


def test_the_log_collects_cosignatures_and_serves_them(where: Where, running: Running) -> None:
    log = where(make_parts(), Outside(policy=running.policy(), http=HTTP))
    grow(log).tend()
    grow(log).tend()
    log.tend()
    checkpoint = log.served("checkpoint")
    assert checkpoint is not None
    note = parse_note(checkpoint.content.decode())
    assert len(note.signatures) == 2
    assert len(signed_by(note, [running.witness.key()])) == 1
    assert [(asked.name, asked.size) for asked in log.tender.asked] == [("fg", 10)]
    log.verify()


def test_a_log_that_forgot_what_was_cosigned_asks_once_more(where: Where, running: Running) -> None:
    log = where(make_parts(), Outside(policy=running.policy(), http=HTTP))
    grow(log).tend()
    log.database.keeper.write([("DELETE FROM cosigned", ())])
    grow(log).tend()
    assert log.tender.asked[0].size == 10


def test_releases_stop_without_a_quorum_and_refusals_go_on(where: Where, running: Running) -> None:
    clock = TestClock()
    outside = Outside(policy=running.policy(), http=HTTP, freshest=timedelta(hours=4))
    log = where(make_parts(clock=clock), outside)
    log.append(release())
    clock.at += timedelta(hours=5)
    with pytest.raises(LedgerUnavailable, match="quorum"):
        log.append(release(1))
    log.append(plain())
    log.tend()  # the witness's clock is the test's other clock: it stands where the test began
    with pytest.raises(LedgerUnavailable, match="quorum"):
        log.append(release(2))
    log.append(release(3, kind=Kind.RELEASE_REFUSED))
    assert log.state().size == 3


def test_releases_go_on_once_the_quorum_is_fresh(where: Where, tmp_path: Path) -> None:
    clock = TestClock()
    parts = make_parts(clock=clock)
    witness = Witness(tmp_path / "w.db", TestSigner(FG, b"fg"), {ORIGIN: [verifier_key(TestSigner())]}, clock)
    policy = parse_policy(f"witness fg {witness.key()}\nquorum fg\n")
    log = where(parts, Outside(policy=policy, freshest=timedelta(hours=4)))
    clock.at += timedelta(hours=5)
    with pytest.raises(LedgerUnavailable, match="quorum"):
        log.append(release())
    answer = witness.add_checkpoint(body(log, 0))
    log.database.keeper.write([("INSERT INTO cosigned VALUES (?, ?, ?)", (0, answer.text.rstrip("\n"), 0))])
    log.append(release())
    log.verify()


@pytest.mark.parametrize(("quorum", "hours"), [("any", 1), ("2", 3), ("all", 5)])
def test_the_quorum_is_as_old_as_the_line_that_completes_it(quorum: str, hours: int, log: TransparencyLog) -> None:
    lines = {f"fg{number}": WitnessLine(TestSigner(f"fg{number}.test", bytes([number]))) for number in range(3)}
    grow(log)
    text = parse_note(log.state().checkpoint).text
    now = TestClock().at
    for (_, line), age in zip(lines.items(), (1, 3, 5), strict=True):
        row = (5, str(line.line(text, now - timedelta(hours=age))), 0)
        log.database.keeper.write([("INSERT INTO cosigned VALUES (?, ?, ?)", row)])
    witnesses = "".join(f"witness {name} {line.key()}\n" for name, line in lines.items())
    policy = parse_policy(f"{witnesses}group all-fgs {quorum} {' '.join(lines)}\nquorum all-fgs\n")
    assert Freshness(policy, timedelta(hours=4), log.reader).refresh() == now - timedelta(hours=hours)


def test_a_witness_that_does_not_answer_is_named(where: Where, running: Running) -> None:
    policy = parse_policy(f"witness fg {running.witness.key()} http://127.0.0.1:9/w\nquorum fg\n")
    log = where(make_parts(), Outside(policy=policy, http=HTTP))
    with capture_logs() as told:
        for _ in range(3):
            log.tend()
    (asked,) = log.health().witnesses
    assert asked.size is None
    assert "does not answer" in asked.problem
    assert [(line["id"], line["part"], line["problem"]) for line in told] == [("log-03", "fg", asked.problem)], "told once"


def test_a_restored_backup_is_refused_because_the_witness_remembers(path: Path, tmp_path: Path, running: Running) -> None:
    outside = Outside(policy=running.policy(), http=HTTP)
    log = grow(open_sqlite_log(path, make_parts(), outside))
    log.tend()
    log.close()
    shutil.copy(path, tmp_path / "backup.db")
    log = grow(open_sqlite_log(path, make_parts(), outside))
    log.tend()
    log.close()
    with pytest.raises(LedgerBroken, match=r"behind: .*an old backup was restored"):
        open_sqlite_log(tmp_path / "backup.db", make_parts(), outside)


def test_a_fork_is_refused_because_the_witness_remembers(path: Path, tmp_path: Path, running: Running) -> None:
    outside = Outside(policy=running.policy(), http=HTTP)
    log = grow(open_sqlite_log(path, make_parts(), outside))
    log.tend()
    log.close()
    forged = grow(open_sqlite_log(tmp_path / "forged.db", make_parts()), 9)
    forged.close()
    with pytest.raises(LedgerBroken, match="fork"):
        open_sqlite_log(tmp_path / "forged.db", make_parts(), outside)


def test_a_fork_that_shows_while_running_stops_the_log(path: Path, tmp_path: Path, running: Running) -> None:
    outside = Outside(policy=running.policy(), http=HTTP)
    forged = open_sqlite_log(tmp_path / "forged.db", make_parts(), outside)
    log = grow(open_sqlite_log(path, make_parts(), outside))
    log.tend()
    log.close()
    grow(forged, 9)
    with capture_logs() as told:
        for _ in range(3):
            with pytest.raises(LedgerBroken, match="fork"):
                forged.tend()
    assert [line["id"] for line in told] == ["log-02"]
    assert forged.health().broken.startswith("fork: witness `fg`")
    with pytest.raises(LedgerUnavailable, match="stopped"):
        forged.append(plain())
    assert len(running.witness.evidence()) == 1
    forged.close()


def test_a_witness_on_the_network_says_little(running: Running) -> None:
    assert HTTP.get(running.url).status_code == 404
    assert HTTP.post(f"{running.url}/other", content=b"x").status_code == 404
    assert HTTP.post(f"{running.url}/add-checkpoint", content=b"x").status_code == 400
    assert HTTP.post(f"{running.url}/add-checkpoint", content=b"x" * 100_001).status_code == 400
    assert HTTP.post(f"{running.url}/add-checkpoint", content=b"x").status_code == 400


def test_a_witness_that_cannot_remember_does_not_cosign(running: Running, log: TransparencyLog, tmp_path: Path) -> None:
    grow(log)
    db = sqlite3.connect(tmp_path / "witness.db")
    db.execute("DROP TABLE seen")
    db.close()
    assert HTTP.post(f"{running.url}/add-checkpoint", content=body(log, 0)).status_code == 503


def test_cosignature_lines_hold_only_for_their_text_and_key() -> None:
    signer = TestSigner(FG, b"fg")
    line = WitnessLine(signer).line("o\n1\nx\n", TestClock().now())
    note = parse_note(f"o\n1\nx\n\n{line}\n")
    assert len(signed_by(note, [WitnessLine(signer).key()])) == 1
    assert signed_by(note, [LogLine(signer).key()]) == []
    with pytest.raises(LedgerBroken):
        signed_by(replace(note, text="o\n2\nx\n"), [WitnessLine(signer).key()])


def test_the_vault_of_the_tests_is_not_asked_by_a_witness(witness: Witness, log: TransparencyLog) -> None:
    vault = log.parts.vault
    assert isinstance(vault, MemoryVault)
    witness.add_checkpoint(body(grow(log), 0))
    assert vault.keys == {}
