"""The person objects, told by the command line beside the running broker: what he contests does not leave over HTTP any more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from sluis.cli.audit import app
from sluis.core.errors import NotAllowed
from sluis.demo.running import environment
from world.broker import GGZ, KNOWN, POLICE, STAFF, TOWN, Broker, question, told_stories

OFFICER = f"fg/ilse@{GGZ}"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """A broker of its own: an objection stands in the way of everybody's stories."""
    with Broker(tmp_path_factory.mktemp("bezwaar")) as made:
        yield made
    structlog.reset_defaults()


def audit(broker: Broker, *words: str, given: str = "") -> Result:
    env = {**environment(broker.region.settings), "SLUIS_JSON_LOG": "true"}
    return CliRunner().invoke(app, list(words), env=env, input=given)


def test_an_objection_holds_until_it_was_answered_and_is_listed_with_its_day(broker: Broker, tmp_path: Path) -> None:
    case = told_stories({one: broker.as_(one) for one in STAFF}).case
    words = tmp_path / "woorden.txt"
    words.write_text("De politie hoeft niet te weten hoe het met mij gaat.", "utf-8")
    made = audit(
        broker,
        "claim",
        "bezwaar",
        *("--bsn-file", "-", "--officer", OFFICER, "--participant", GGZ, "--owner", "mr. Vos", "--text", str(words)),
        given=KNOWN["bsn"] + "\n",
    )
    assert made.exit_code == 0, made.exception
    assert KNOWN["bsn"] not in made.output
    claim = made.stdout.split("entry: ")[1].split()[0]
    asked = broker.as_(POLICE).post("/v1/verzoeken", question(case))
    assert asked.status_code in {202, 403}, "his consent counts no more"
    (listed,) = map(json.loads, audit(broker, "claims", "--officer", OFFICER, "--json").stdout.splitlines())
    assert (listed["right"], listed["participant"], listed["entry"], listed["late"]) == ("bezwaar", GGZ, claim, False)
    assert audit(broker, "claims", "--officer", f"fg/anne@{TOWN}", "--json").stdout == ""

    reasons = ("--text", "-", "--officer")
    other = audit(broker, "claim-answer", claim, *reasons, f"fg/anne@{TOWN}", "--rejected", given="nee")
    assert isinstance(other.exception, NotAllowed)
    done = audit(
        broker, "claim-answer", claim, *reasons, OFFICER, "--rejected", given="Wij wogen uw belang tegen dat van de buren."
    )
    assert done.exit_code == 0, done.exception
    assert audit(broker, "claims", "--officer", OFFICER).stdout == ""
    assert broker.as_(POLICE).post("/v1/verzoeken", question(case)).status_code == 201


def test_what_was_granted_holds_until_it_is_ended_after_the_person_was_told(broker: Broker, tmp_path: Path) -> None:
    case = told_stories({one: broker.as_(one) for one in STAFF}).case
    words = tmp_path / "woorden.txt"
    words.write_text("Dit klopt niet; kijk het eerst na.", "utf-8")
    options = ("--bsn-file", "-", "--officer", OFFICER, "--participant", GGZ, "--owner", "mr. Vos", "--text", str(words))
    made = audit(broker, "claim", "beperking", *options, "--category", "gezondheid.functioneel", given=KNOWN["bsn"] + "\n")
    claim = made.stdout.split("entry: ")[1].split()[0]
    granted = audit(broker, "claim-answer", claim, "--text", "-", "--officer", OFFICER, "--granted", given="Wij kijken het na.")
    assert "holds: True" in granted.stdout
    asked = broker.as_(POLICE).post("/v1/verzoeken", question(case))
    assert (asked.status_code, asked.json()["geweigerd"]["gezondheid.functioneel"]["reden"]) == (403, "verstrekker")
    ended = audit(broker, "claim-end", claim, "--text", "-", "--officer", OFFICER, given="Nagekeken; hij hoorde het gisteren.")
    assert "holds: False" in ended.stdout
    assert broker.as_(POLICE).post("/v1/verzoeken", question(case)).status_code == 201
