"""`sluis audit cases`: the cases whose time is over, and their destruction.

The broker does the same by itself once an hour; this command shows beforehand what that will be, and prints the proofs.
"""

from __future__ import annotations

from typing import Annotated

import typer

from sluis.cli.audit_export import AsJson, Data, opened, say
from sluis.core.receipt import receipt_text
from sluis.flows.retention import end, endings

ending = typer.Typer()
"""The commands of this file, to be joined to `sluis audit`."""


@ending.command("cases")
def cases(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be destroyed.")] = False,
    data: Data = None,
    json_lines: AsJson = False,
) -> None:
    """Destroy the rejected cases and those whose term is over, and print a proof of each that names nobody."""
    with opened(data) as keepers:
        for one in endings(keepers.services):
            what = f"{len(one.lapsed)} contributions" if one.lapsed else "all"
            say({"case": one.case.id, "ground": one.ground, "destroy": what}, as_json=json_lines)
            if not dry_run:
                print(receipt_text(end(one, keepers.services)), end="")
