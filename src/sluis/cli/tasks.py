"""`sluis tasks`: what waits too long for a human, and which roles nobody fills. A running broker looks for both by itself."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from sluis.cli.audit_export import AsJson, Data, opened, say
from sluis.flows.escalate import escalate as put_on_record
from sluis.flows.escalate import to_put_on_record
from sluis.flows.overdue import record_late_work, work_to_record

app = typer.Typer(help="What waits too long for a human at a provider, and which roles nobody fills.", no_args_is_help=True)


@app.command()
def escalate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is late and not on record yet; change nothing.")] = False,
    data: Data = None,
    json_lines: AsJson = False,
) -> None:
    """Put on record, once, what should have been judged, done or answered by now. It tells organisations, never a person."""
    with opened(data) as keepers:
        found = to_put_on_record(keepers.services) if dry_run else put_on_record(keepers.services)
        work = work_to_record(keepers.services) if dry_run else record_late_work(keepers.services)
    for task in found:
        request, due = task.request, task.due or task.request.at
        line = {"provider": request.provider, "requester": request.requester, "purpose": request.purpose}
        say({**line, "urgent": request.urgent, "due": f"{due:%Y-%m-%dT%H:%M:%SZ}", "entry": task.entry_id}, as_json=json_lines)
    for (partner, what), count in sorted(Counter((one.partner, one.what) for one in work).items()):
        say({"partner": partner, "what": what, "count": count}, as_json=json_lines)
    if not json_lines:
        typer.echo(f"{len(found) + len(work)} late{'; nothing was changed' if dry_run else ', now on record'}")


@app.command()
def vacancies(
    partner: Annotated[str, typer.Argument(help="Only of this organisation; without it, of every one that takes part.")] = "",
    data: Data = None,
    json_lines: AsJson = False,
) -> None:
    """Roles that nobody fills (`now`) or that nobody will fill thirty days from now. Exit status 1 when a role is empty now."""
    with opened(data) as keepers:
        found = [one for one in keepers.vacancies() if partner in {"", one.partner}]
    for one in found:
        until = f"{one.until:%Y-%m-%dT%H:%M:%SZ}" if one.until else None
        say({"partner": one.partner, "role": one.role or "nobody at all", "now": one.now, "until": until}, as_json=json_lines)
    if not json_lines:
        typer.echo(f"{len(found)} roles empty or soon empty")
    if any(one.now for one in found):
        raise typer.Exit(1)
