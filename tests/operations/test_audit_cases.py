"""`sluis audit cases` on a broker's own files: what would go, what goes, and a proof that names nobody."""

from __future__ import annotations

import json
from pathlib import Path

import structlog
from typer.testing import CliRunner

from fakes.ambient import NOON
from fakes.samples import a_case
from sluis.cli.audit_cases import ending
from sluis.core.case import CaseState
from sluis.core.entry import Kind
from sluis.demo.running import environment, free_port, prepare
from sluis.ports import LogQuery
from sluis.wiring import open_keepers
from world.people import ROOT


def test_the_dry_run_says_what_goes_and_the_run_destroys_it_with_a_proof(tmp_path: Path) -> None:
    # No broker runs: its own sweep would be as quick as the command.
    settings = prepare(tmp_path, ROOT / "policies", free_port()).settings
    keepers = open_keepers(settings)
    old = keepers.services.cases.save(a_case(at=NOON.replace(year=2015)))
    running = keepers.services.cases.save(a_case())
    keepers.close()
    env = {**environment(settings), "SLUIS_JSON_LOG": "true"}
    try:
        dry = CliRunner().invoke(ending, ["--dry-run", "--json"], env=env)
        assert dry.exit_code == 0, dry.output
        (told,) = [json.loads(line) for line in dry.output.splitlines()]
        assert (told["case"], told["destroy"]) == (old.id, "all")
        done = CliRunner().invoke(ending, ["--json"], env=env)
        assert "c2sp.org/tlog-proof@v1" in done.output
        assert CliRunner().invoke(ending, ["--dry-run"], env=env).output == ""
    finally:
        structlog.reset_defaults()
    keepers = open_keepers(settings)
    try:
        assert keepers.services.cases.find(old.id) is None
        kept = keepers.services.cases.find(running.id)
        assert kept is not None
        assert kept.state is CaseState.OPGENOMEN
        (entry,) = keepers.ledger.entries(LogQuery(kinds=(Kind.RETENTION_EXPIRED,)))
        assert old.id not in str(entry.core)
    finally:
        keepers.close()
