"""Outside the demo a broker decides by a signed set only; a change is on record before it decides; a worse one never gets in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sluis.core.entry import Kind
from sluis.core.errors import BadInput, LedgerUnavailable, PolicyFileError
from sluis.policy_files.signing import unsigned
from sluis.ports import LogQuery
from sluis.settings import Mode, Settings, read_settings
from sluis.wiring import Keepers, open_keepers
from sluis.wiring.policies import Announcer
from world.signing import SHIPPED, SIGNERS, signed_set


def production(folder: Path, policies: Path, trust: Path | None) -> Settings:
    return read_settings(
        mode=Mode.PRODUCTION,
        public_url="https://sluis.example",
        data=folder / "data",
        keys=folder / "keys",
        policies=policies,
        policy_trust=trust,
    )


@pytest.fixture
def keepers(tmp_path: Path) -> Iterator[Keepers]:
    """A broker as in production, on a signed set."""
    policies, trust = signed_set(tmp_path)
    made = open_keepers(production(tmp_path, policies, trust))
    yield made
    made.close()


def test_the_log_names_the_set_and_how_many_signed_before_it_decides(keepers: Keepers) -> None:
    (entry,) = keepers.ledger.entries(LogQuery(kinds=(Kind.POLICY_ACTIVATED,)))
    assert entry.core["policy"] == keepers.services.rules.current().policy
    assert entry.core["signatures"] == 2
    assert entry.core["rac_advice"] == "RAC 2026-01"
    assert {str(data["signer"]) for _, data in entry.cells if data} == set(SIGNERS)


def test_in_production_nobody_starts_without_saying_who_may_sign(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="policy_trust"):
        production(tmp_path, SHIPPED, None)


def test_a_set_that_nobody_signed_stops_the_start(tmp_path: Path) -> None:
    _, trust = signed_set(tmp_path)
    with pytest.raises(PolicyFileError, match="niet ondertekend"):
        open_keepers(production(tmp_path, SHIPPED, trust))


def test_a_rule_that_changes_under_a_running_broker_changes_nothing(keepers: Keepers) -> None:
    before = keepers.services.rules.current().policy
    file = keepers.settings.policies / "politie.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("grof", "exact"), encoding="utf-8")
    assert keepers.services.rules.current().policy == before


def test_starting_again_on_the_same_set_is_no_change(keepers: Keepers) -> None:
    settings = keepers.settings
    again = open_keepers(settings)
    try:
        assert len(again.ledger.entries(LogQuery(kinds=(Kind.POLICY_ACTIVATED,)))) == 1
    finally:
        again.close()


def test_a_change_that_the_log_cannot_hold_does_not_take_effect(keepers: Keepers) -> None:
    class Dead:
        """A log that cannot write."""

        def append(self, _draft: object) -> object:
            raise LedgerUnavailable("the disk is full")

    announcer = Announcer(Dead(), keepers.services.clock)  # type: ignore[arg-type] # the half of the port that is called
    with pytest.raises(LedgerUnavailable):
        announcer.activated(unsigned(SHIPPED))
