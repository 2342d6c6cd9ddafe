"""`sluis audit screen`: put every question in the log through the screening rules. A running broker does it each hour."""

from __future__ import annotations

from typing import Annotated

import typer

from sluis.cli.audit_export import AsJson, Data, opened, say
from sluis.cli.verifying import verifying
from sluis.flows.screening import screen as screen_log

screening = typer.Typer()
"""The command of this file, to be joined to `sluis audit`."""


@screening.command()
def screen(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would hit; put nothing on record.")] = False,
    data: Data = None,
    json_lines: AsJson = False,
) -> None:
    """Screen what came since the last round; each hit waits in the review queue. It tells rules and entries, never a person."""
    with opened(data) as keepers, verifying("screening") as told:
        done = screen_log(keepers.screening(), keepers.services, dry_run=dry_run, told=lambda seen: told(seen, seen))
    for hit in done.hits:
        row = hit.row
        line = {"rule": hit.rule.value, "entry": row.entry_id, "provider": row.provider, "recipient": row.recipient}
        say({**line, "purpose": row.purpose, "count": hit.count, "bound": hit.bound}, as_json=json_lines)
    if not json_lines:
        end = "nothing was changed" if dry_run else f"{done.added} now in the review queue"
        typer.echo(f"{done.questions} questions screened, {len(done.hits)} hits; {end}")
