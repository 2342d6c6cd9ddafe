"""A person is erased: the command, the real keys, the real files. Afterwards nobody finds him, and every proof still holds."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

import httpx2
import pytest
from rich.console import Console

from sluis.core.entry import Kind
from sluis.demo import stories
from sluis.demo.region import DORUS, SEM
from sluis.demo.running import Region, clients, environment, free_port, prepare, running
from sluis.demo.showing import Show
from sluis.demo.stories import Teller
from sluis.ports import LogQuery
from sluis.wiring import Keepers, open_keepers

POLICIES = Path(__file__).parents[2] / "policies"
ONCE = "een-sleutel-van-de-politie"
TRACES = (b"Oldewarris", SEM.bsn.encode(), SEM.born.encode(), b"Groenhof")


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Region:
    """A region with two people in it, after its broker has stopped."""
    folder = tmp_path_factory.mktemp("wissen")
    folder.chmod(0o700)
    made = prepare(folder, POLICIES, free_port())
    with running(made, folder / "makelaar.log"):
        tell = Teller(clients(made), Show(Console(file=StringIO())))
        case = stories.open_case(tell)
        stories.deposit(tell, case)
        stories.partial_release(tell, case)
        stories.emergency(tell)
        assert asked_once_more(made, case).status_code == 201
    (folder / "casus").write_text(case)
    return made


def asked_once_more(region: Region, case: str) -> httpx2.Response:
    """The police ask the GGZ in that case, each time under the same key."""
    body = {
        "doel": "zvh-casus",
        "verstrekker": stories.GGZ,
        "casus": case,
        "gegevens": ["gezondheid.functioneel"],
        "motivering": {"gezondheid.functioneel": "Wij komen bij hem aan de deur en willen escalatie voorkomen."},
        "medewerker": stories.EMPLOYEES[stories.POLICE],
    }
    return clients(region)[stories.POLICE].request("POST", "/v1/verzoeken", json=body, headers={"Idempotency-Key": ONCE})


def kept_answers(keepers: Keepers, person: bytes | None) -> list[bytes]:
    """What is kept of answers about that person, or (None) about nobody, sealed."""
    asked = "SELECT payload FROM answers WHERE person IS ?"
    with keepers.database.read() as connection:
        return [row[0] for row in connection.exec_driver_sql(asked, (person,))]


def index_of(region: Region, bsn: str) -> str:
    keepers = open_keepers(region.settings)
    try:
        return keepers.keys.subject({"bsn": bsn})
    finally:
        keepers.close()


def erase(region: Region, given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sluis", "audit", "erase", "--ground", "AVG 17 lid 1 onder d", "--approver", "fg-regio"]
    return subprocess.run(
        command, input=given + "\n", env=environment(region.settings), capture_output=True, text=True, check=False
    )


def files(region: Region) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(region.settings.data.rglob("*")) if path.is_file())


def tags(keepers: Keepers, subject: str) -> tuple[bytes, bytes]:
    tag = keepers.keys.tag("subject", subject)
    return tag, tag.hex().encode()


def test_an_erased_person_is_nowhere_and_every_proof_still_holds(region: Region) -> None:
    subject, other = index_of(region, SEM.bsn), index_of(region, DORUS.bsn)
    keepers = open_keepers(region.settings)
    before = keepers.ledger.entries(LogQuery(subject=subject, kinds=(Kind.RELEASE_AUTHORISED,)))
    others_before = len(keepers.ledger.entries(LogQuery(subject=other)))
    marks = (*tags(keepers, subject), subject.encode())
    answers = kept_answers(keepers, marks[0])
    assert len(answers) > 10, "every call of the stories had a key, so that each answer about him is kept for a day"
    assert kept_answers(keepers, None) == [], "and no answer of a person is kept as if it were about nobody"
    keepers.close()
    assert before, "the story released something about him"

    done = erase(region, SEM.bsn)

    assert done.returncode == 0, done.stderr
    assert SEM.bsn not in done.stdout + done.stderr
    left = files(region)
    assert [trace for trace in (*TRACES, *marks) if trace in left] == []
    assert [sealed for sealed in answers if sealed[:40] in left or sealed[-40:] in left] == []
    keepers = open_keepers(region.settings)
    try:
        keepers.ledger.verify()
        again = keepers.ledger.entry(before[0].entry_id)
        assert again.core == before[0].core
        assert [data for role, data in again.cells if role == "subject"] == [None]
        assert keepers.ledger.receipt(before[0].entry_id).leaf == keepers.ledger.receipt(before[0].entry_id).leaf
        assert keepers.services.contributions.about(subject) == []
        assert len(keepers.ledger.entries(LogQuery(subject=other))) == others_before
        (certificate, *_) = keepers.ledger.entries(LogQuery(kinds=(Kind.ERASURE_EXECUTED,)))
        assert certificate.core["ground"] == "AVG 17 lid 1 onder d"
    finally:
        keepers.close()


def test_the_answer_that_was_given_before_is_neither_given_again_nor_made_again(region: Region) -> None:
    folder = region.settings.data.parent
    with running(region, folder / "makelaar-daarna.log"):
        again = asked_once_more(region, (folder / "casus").read_text())
    assert (again.status_code, again.json()["type"]) == (422, "/problemen/sleutel-al-gebruikt")


def test_erasing_again_is_harmless(region: Region) -> None:
    assert erase(region, SEM.bsn).returncode == 0


def test_a_number_that_is_none_is_refused_without_repeating_it(region: Region) -> None:
    done = erase(region, "999900019")
    assert done.returncode == 2
    assert "999900019" not in done.stdout + done.stderr
