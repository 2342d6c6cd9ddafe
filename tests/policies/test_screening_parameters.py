"""The numbers of the screening rules: one file, read strictly, no part of a policy set."""

from __future__ import annotations

from pathlib import Path

import pytest

from sluis.core.errors import PolicyFileError
from sluis.core.rules import Rulebook
from sluis.core.screening import Limits, Parameters, RuleName
from sluis.policy_files.screening import FILE, screening
from world.people import ROOT

KINDS = {"politie", "college"}


def written(folder: Path, text: str) -> Path:
    (folder / FILE).parent.mkdir()
    (folder / FILE).write_text(text)
    return folder


def test_what_is_shipped_has_every_rule_and_the_numbers_that_sluis_brings(shipped: Rulebook) -> None:
    found = screening(ROOT / "policies", shipped.vocabulary.kinds)
    assert "politie" in found.day_and_night
    assert found == Parameters(day_and_night=found.day_and_night)
    text = (ROOT / "policies" / FILE).read_text()
    assert all(f"\n{rule.value}: {{aan: ja" in text for rule in RuleName)


def test_without_a_file_the_numbers_are_those_that_sluis_brings(tmp_path: Path) -> None:
    assert screening(tmp_path, KINDS) == Parameters()


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    text = (
        "omvang: {factor: 9, minstens: 40}\naftasten: {aan: nee}\nbuiten-werktijd: {van: 8, tot: 18, dag-en-nacht: [politie]}\n"
    )
    found = screening(written(tmp_path, text), KINDS)
    assert found == Parameters(
        rules=frozenset(RuleName) - {RuleName.PROBING},
        user=Limits(factor=9, least=40),
        opens=8,
        closes=18,
        day_and_night=frozenset({"politie"}),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("zoekgedrag: {vraag: 3}\n", "onbekende sleutel 'vraag'"),
        ("snuffelen: {aan: ja}\n", "onbekende sleutel 'snuffelen'"),
        ("zoekgedrag: {vragen: 1}\n", "'vragen' is te laag"),
        ("zoekgedrag: {vragen: veel}\n", "hier hoort een geheel getal"),
        ("zoekgedrag: {aan: misschien}\n", "onbekend woord 'misschien'"),
        ("zoekgedrag: 10\n", "hier hoort een tabel"),
        ("buiten-werktijd: {dag-en-nacht: [piraten]}\n", "onbekend soort 'piraten'"),
        ("buiten-werktijd: {van: 20, tot: 8}\n", "de werktijd klopt niet"),
        ("buiten-werktijd: {van: 20, tot: 25}\n", "de werktijd klopt niet"),
        ("verleden: {dagen: 1000}\n", "zo ver kijken de regels niet terug"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PolicyFileError, match=told) as refused:
        screening(written(tmp_path, text), KINDS)
    assert "regels.yaml" in refused.value.flaws[0].where
