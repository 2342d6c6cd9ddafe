"""Proofs that we did not make: a choice of transparency-dev/merkle's cases, most of them wrong in one named way."""

from __future__ import annotations

import json
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path

import pytest

from sluis.core.errors import LedgerBroken
from sluis.core.proof import TreeHead, check_consistency, check_inclusion

FILE = json.loads((Path(__file__).parents[1] / "vectors" / "merkle-proofs.json").read_text())


@dataclass(frozen=True)
class Case:
    """One file of theirs: numbers, hashes, and whether a verifier refuses it."""

    file: str
    numbers: tuple[int, int]
    hashes: tuple[bytes, bytes]
    proof: tuple[bytes, ...]
    refused: bool


def cases(kind: str, numbers: tuple[str, str], hashes: tuple[str, str]) -> list[Case]:
    return [
        Case(
            file=row["file"],
            numbers=(row[numbers[0]], row[numbers[1]]),
            hashes=(b64decode(row[hashes[0]]), b64decode(row[hashes[1]])),
            proof=tuple(map(b64decode, row["proof"])),
            refused=row["refused"],
        )
        for row in FILE[kind]
    ]


CONSISTENCY = cases("consistency", ("old", "new"), ("old_root", "new_root"))
INCLUSION = cases("inclusion", ("index", "size"), ("leaf", "root"))


def named(case: Case) -> str:
    return case.file.removesuffix(".json").replace("/", "-")


def consistency(case: Case) -> None:
    old, new = (TreeHead(*head) for head in zip(case.numbers, case.hashes, strict=True))
    check_consistency(old=old, new=new, proof=case.proof)


def inclusion(case: Case) -> None:
    (index, size), (leaf, root) = case.numbers, case.hashes
    check_inclusion(leaf=leaf, index=index, proof=case.proof, head=TreeHead(size, root))


@pytest.mark.parametrize("case", [case for case in CONSISTENCY if not case.refused], ids=named)
def test_a_consistency_proof_of_others_holds(case: Case) -> None:
    consistency(case)


@pytest.mark.parametrize("case", [case for case in CONSISTENCY if case.refused], ids=named)
def test_a_consistency_proof_of_others_that_is_wrong_is_refused(case: Case) -> None:
    with pytest.raises(LedgerBroken, match="consistency: "):
        consistency(case)


@pytest.mark.parametrize("case", [case for case in INCLUSION if not case.refused], ids=named)
def test_an_inclusion_proof_of_others_holds(case: Case) -> None:
    inclusion(case)


@pytest.mark.parametrize("case", [case for case in INCLUSION if case.refused], ids=named)
def test_an_inclusion_proof_of_others_that_is_wrong_is_refused(case: Case) -> None:
    with pytest.raises(LedgerBroken, match="inclusion: "):
        inclusion(case)


def test_no_case_from_size_zero_is_let_through() -> None:
    from_nothing = [case for case in CONSISTENCY if case.numbers[0] == 0]
    assert len(from_nothing) == 5
    assert all(case.refused for case in from_nothing)
