"""A policy set that two invented people have signed, for brokers that run as in production."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from sluis.policy_files.release import Declaration
from sluis.policy_files.signing import declare, new_key, read_key, sign

SHIPPED = Path(__file__).parents[2] / "policies"
SIGNERS = ("Ilse de Groot", "Bas Tol")
FROM = datetime(2026, 1, 1, tzinfo=UTC)


def signed_set(folder: Path) -> tuple[Path, Path]:
    """The shipped set, copied into `folder` and released by two people; where it is, and the file that trusts them."""
    policies, trust = folder / "policies", folder / "ondertekenaars.yaml"
    shutil.copytree(SHIPPED, policies, ignore=shutil.ignore_patterns("release*"))
    keys = [folder / f"ondertekenaar-{number}.pem" for number, _ in enumerate(SIGNERS)]
    rows = [f'  - {{naam: "{name}", sleutel: "{new_key(path)}"}}' for name, path in zip(SIGNERS, keys, strict=True)]
    trust.write_text("\n".join(["ondertekenaars:", *rows, ""]), encoding="utf-8")
    wanted = Declaration(policy="", lists={}, reason="eerste set", valid_from=FROM, rac_advice="RAC 2026-01")
    first = declare(policies, wanted, None)
    sign(policies, first, name=SIGNERS[0], key=read_key(keys[0]))
    sign(policies, None, name=SIGNERS[1], key=read_key(keys[1]))
    return policies, trust
