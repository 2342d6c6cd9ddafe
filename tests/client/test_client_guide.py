"""The partner's guide does what it says: its blocks, in their order, in a shell, against a broker that runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sluis.api import answers
from sluis.api.problems import BY_STATUS, PROBLEMS
from sluis.demo import notes
from sluis.demo.region import DORUS, key_of
from sluis.demo.running import environment
from world.broker import CLINIC, GGZ, POLICE, PROBATION, TOWN, Process, opened, question, running
from world.people import ROOT

GUIDE = (ROOT / "docs" / "partner" / "README.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.slow
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONFIG = 'address = "{url}"\nclient_id = "{name}"\nkey = "{name}.json"\n'


@dataclass
class Reader:
    """Somebody who does what the guide says, in a folder of his own."""

    folder: Path
    process: Process
    said: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)

    def environ(self) -> Mapping[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SLUIS_")}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {**clean, **environment(self.process.region.settings), **self.given, "PATH": path}

    def shell(self, lines: str) -> None:
        for line in lines.strip().splitlines():
            done = subprocess.run(
                ["sh", "-c", line], cwd=self.folder, env=self.environ(), capture_output=True, text=True, timeout=120, check=False
            )
            assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
            self.said[line] = done.stdout
        if (answer := self.folder / "antwoord.json").exists():
            self.given["REGISTRATIE"] = str(json.loads(answer.read_text(encoding="utf-8"))["logboek"]["registratie"])

    def write(self, text: str) -> None:
        first, _, rest = text.partition("\n")
        if first == "# sluis-partner.toml":
            rest = rest.replace("ADRES", self.process.url)
            rest = rest.replace("LOGSLEUTEL", (self.folder / "logsleutel.txt").read_text(encoding="utf-8").strip())
        (self.folder / first.removeprefix("# ")).write_text(rest, encoding="utf-8")

    def python(self, code: str) -> None:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.folder,
            env=self.environ(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        self.said["python"] = done.stdout


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """The guide, done from the first block to the last."""
    folder = tmp_path_factory.mktemp("partner")
    with running(tmp_path_factory.mktemp("makelaar")) as process:
        call = {name: process.client(name) for name in (POLICE, TOWN, GGZ, PROBATION, CLINIC)}
        kept = (("gezondheid.medicatie", notes.MEDICATION), ("gezondheid.bestaat", notes.IN_CARE))
        for category, fields in kept:
            left = {"betrokkene": {"bsn": DORUS.bsn}, "gegeven": category, "velden": fields}
            assert call[CLINIC].post("/v1/bijdragen", left).status_code == 201
        waits = call[PROBATION].post("/v1/verzoeken", question(opened(call)))
        assert waits.status_code == 202
        made = Reader(folder, process, given={"VERZOEK": waits.json()["id"]})
        for name, config in ((GGZ, "verstrekker.toml"), (PROBATION, "vrager.toml")):
            (folder / config).write_text(CONFIG.format(url=process.url, name=name), encoding="utf-8")
            key_of(name, process.region.partner_keys).save(folder / f"{name}.json")
        for language, text in BLOCK.findall(GUIDE):
            {"sh": made.shell, "toml": made.write, "yaml": made.write, "python": made.python}[language](text)
        yield made


def test_every_block_of_the_guide_works(reader: Reader) -> None:
    answer = json.loads((reader.folder / "antwoord.json").read_text(encoding="utf-8"))
    assert answer["bundel"]["gegevens"].keys() == {"gezondheid.medicatie", "gezondheid.bestaat"}
    claims = json.loads(reader.said["sluis partner token"])
    assert claims["client_id"] == "ambulance-voorbeeld"
    assert "jkt" in claims["cnf"]
    assert json.loads(reader.said["sluis partner ask --dry-run toets.yaml"])["besluit"] == "verstrekken"
    assert json.loads(reader.said["sluis partner verify antwoord.json"])["bundle"] is True
    assert json.loads(reader.said["sluis partner verify bewijs.tlog-proof"])["bundle"] is False
    judged = json.loads(reader.said['sluis partner ask oordeel.yaml --request "$VERZOEK" --config verstrekker.toml'])
    assert judged["status"] == "beslist"
    assert "bundel" in json.loads(reader.said['sluis partner ask ophalen.yaml --request "$VERZOEK" --config vrager.toml'])
    assert reader.said["python"].startswith("exact 1 ")


def run(reader: Reader, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sluis", "partner", *words],
        cwd=reader.folder,
        env=reader.environ(),
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_asking_again_under_the_same_key_gives_the_same_answer(reader: Reader) -> None:
    again = run(reader, "ask", "verzoek.yaml", "--key", "rit-2291-1")
    assert json.loads(again.stdout) == json.loads((reader.folder / "antwoord.json").read_text(encoding="utf-8"))


def test_the_exit_status_tells_a_refusal_and_a_flaw_and_neither_repeats_the_person(reader: Reader) -> None:
    text = (reader.folder / "verzoek.yaml").read_text(encoding="utf-8")
    refused = run(reader, "ask", "-", given=text.replace("gezondheid.bestaat", "gezondheid.diagnose").replace("true", "false"))
    assert (refused.returncode, json.loads(refused.stdout)["besluit"]) == (4, "weigeren")
    wrong = run(reader, "ask", "-", given=text.replace('"999900043"', "999900043"))
    assert wrong.returncode == 2
    assert "betrokkene.bsn" in wrong.stderr
    assert "999900043" not in wrong.stderr + wrong.stdout
    assert run(reader, "ask", "-", given="{[").returncode == 2
    assert run(reader, "ask", "-", given="[]").returncode == 2


def test_what_was_changed_afterwards_does_not_verify(reader: Reader) -> None:
    answer = (reader.folder / "antwoord.json").read_text(encoding="utf-8")
    changed = run(reader, "verify", "-", given=answer.replace('"exact"', '"bestaat"'))
    assert changed.returncode == 1
    assert "bundle" in changed.stderr
    assert run(reader, "verify", "-", given="c2sp.org/tlog-proof@v1\n").returncode == 2


def test_a_private_key_is_never_overwritten_or_shown(reader: Reader) -> None:
    before = (reader.folder / "sleutel.json").read_bytes()
    again = run(reader, "keys", "sleutel.json")
    assert again.returncode == 2
    assert (reader.folder / "sleutel.json").read_bytes() == before
    secret = json.loads(before)["d"]
    assert not any(secret in text for text in reader.said.values())


def test_the_headers_for_one_call_let_it_in(reader: Reader) -> None:
    import httpx2

    url = f"{reader.process.url}/v1/doelen"
    shown = run(reader, "token", "--headers", "GET", url).stdout.splitlines()
    headers = dict(line.split(": ", 1) for line in shown)
    assert httpx2.get(url, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("config", "word"),
    [
        ("geen TOML", "TOML"),
        ('address = "http://127.0.0.1:1"\nclient_id = "a"\nkey = "weg.json"\n', "private key"),
        ('address = "http://127.0.0.1:1"\nclient_id = "a"\nkey = "sleutel.json"\nwachtwoord = "x"\n', "wachtwoord"),
        ('address = "http://127.0.0.1:1"\nclient_id = "a"\nkey = "sleutel.json"\ncertificate = "weg.pem"\n', "certificate"),
        ('address = "http://127.0.0.1:1"\nclient_id = "a"\nkey = "sleutel.json"\n', ""),
    ],
)
def test_a_configuration_that_does_not_work_is_told_plainly(reader: Reader, config: str, word: str) -> None:
    (reader.folder / "kapot.toml").write_text(config, encoding="utf-8")
    done = run(reader, "fetch", "--config", "kapot.toml")
    assert done.returncode in {1, 2}
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_every_problem_has_its_row_in_the_table() -> None:
    rows = set(re.findall(r"^\| (\d{3}) \| `([a-z-]+)` \|", GUIDE, re.MULTILINE))
    known = {(str(one.status), one.slug) for one in (*PROBLEMS.values(), *BY_STATUS.values(), answers.REFUSED)}
    assert rows == known
