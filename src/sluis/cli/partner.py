"""`sluis partner`: who takes part. Each change comes from a file that somebody else can read first; `--dry-run` only reads.

Each change is on record in the audit log before it has effect. Only `revoke` needs no log: a partner that must be kept out now is
kept out, and the running broker writes that down as soon as the log can be written.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sluis import events
from sluis.cli import integration
from sluis.cli.registration import read_partner, read_people
from sluis.core.errors import NotFound, SluisError, WrongState
from sluis.core.partner import Partner
from sluis.flows.enrolling import Register, enrol, enrol_people, note_shut_out, shut_out
from sluis.keys import KeyFiles, KeyRing
from sluis.policy_files import load
from sluis.settings import Settings, private_folder, read_settings
from sluis.store import Database, StoredEmployees, StoredPartners, StoredPersonKeys, upgrade
from sluis.wiring import SystemClock, database_url
from sluis.wiring.log import open_logs

app = typer.Typer(
    help="For the operator: register, list and revoke partners and their people. For the developer of a partner: the others.",
    no_args_is_help=True,
)
for command in (integration.keys, integration.token, integration.ask, integration.fetch, integration.verify):
    app.command(rich_help_panel="At the partner")(command)
_PIPED = 200  # columns when nobody's terminal says how wide it is: ids are not cut off
By = Annotated[str, typer.Option("--by", help="Who does this, as the log will say; else the account on this machine.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the file and say what would change; change nothing.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The books of the broker whose settings are in the environment; its log when it is asked for."""

    settings: Settings
    key_files: KeyFiles
    partners: StoredPartners
    employees: StoredEmployees
    ring: KeyRing
    clock: SystemClock

    @contextmanager
    def on_record(self) -> Iterator[Register]:
        """The books with the log. Raises `SluisError` when the log is not fit for use: then nothing is changed."""
        events.silence()  # this command says itself what happened
        logs = open_logs(self.settings, self.key_files, self.ring, self.clock)
        try:
            yield Register(clock=self.clock, partners=self.partners, ledger=logs.ledger)
        finally:
            logs.close()


@contextmanager
def books() -> Iterator[Books]:
    """The books, open for as long as the block lasts. Raises `SluisError` when the database or the keys are not fit for use."""
    settings = read_settings()
    private_folder(settings.data, "SLUIS_DATA")
    database = Database(database_url(settings))
    try:
        upgrade(database)
        clock, key_files = SystemClock(), KeyFiles(settings.keys)
        ring = KeyRing(key_files, StoredPersonKeys(database), clock)
        yield Books(
            settings=settings,
            key_files=key_files,
            partners=StoredPartners(database),
            employees=StoredEmployees(database, ring),
            ring=ring,
            clock=clock,
        )  # fmt: skip - one value
    finally:
        database.close()


@app.command()
def register(
    file: Annotated[Path, typer.Argument(help="TOML; see deploy/partner.example.toml.")],
    replacing: Annotated[bool, typer.Option("--replace", help="The partner is there already: put this in its place.")] = False,
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Add a partner, with its public keys and the certificates it may present."""
    kinds = load(read_settings().policies).vocabulary.kinds
    partner = read_partner(file, kinds=kinds, at=SystemClock().now())
    with books() as found:
        before = found.partners.by_id(partner.id)
        if before is not None and not replacing:
            raise WrongState("this partner is registered already: use --replace")
        if not dry_run:
            with found.on_record() as office:
                enrol(partner, by or _account(), office)
    _tell(partner, "checked; nothing was changed" if dry_run else "replaced" if before else "registered")


@app.command("list")
def list_partners() -> None:
    """Show every partner, those that were revoked included."""
    table = Table("id", "OIN", "kind", "name", "profile", "keys", "certificates", "state")
    now = SystemClock().now()
    with books() as found:
        for one in found.partners.all():
            keys = one.keys.get("keys")
            count = str(len(keys)) if isinstance(keys, list) else "0"
            state = "active" if one.active(now) else "not active"
            table.add_row(one.id, one.oin, one.kind, one.name, one.profile.value, count, str(len(one.certificates)), state)
    out = Console()
    (out if out.is_terminal else Console(width=_PIPED)).print(table)


@app.command()
def revoke(partner: Annotated[str, typer.Argument(help="Id of the partner.")], by: By = "", dry_run: DryRun = False) -> None:
    """End a partner's access now: its tokens are refused from the next call on. What it may read in the log stays on record."""
    with books() as found:
        one = _existing(partner, found)
        told = "would be revoked; nothing was changed" if dry_run else _revoked(one, by or _account(), found)
    _tell(one, told)


@app.command()
def employees(
    partner: Annotated[str, typer.Argument(help="Id of the partner that vouches for them.")],
    file: Annotated[Path, typer.Argument(help="TOML; see deploy/employees.example.toml.")],
    by: By = "",
    dry_run: DryRun = False,
) -> None:
    """Add or replace people of a partner. A day in the past takes somebody's authority away."""
    with books() as found:
        one = _existing(partner, found)
        people = read_people(file, partner=one.id)
        if not dry_run:
            with found.on_record() as office:
                enrol_people(one, people, by or _account(), office, found.employees)
    _tell(one, f"{len(people)} employees {'checked; nothing was changed' if dry_run else 'kept'}")


def _revoked(one: Partner, by: str, found: Books) -> str:
    """Shut it out first, with the books alone; the log may be what was attacked, or down."""
    shut = shut_out(one, found)
    try:
        with found.on_record() as office:
            note_shut_out(one, shut, by, office)
    except SluisError as fault:
        return f"revoked; NOT on record yet ({fault}): the broker writes it down as soon as the log can be written"
    return "revoked"


def _account() -> str:
    """The account on this machine."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"


def _existing(partner: str, found: Books) -> Partner:
    one = found.partners.by_id(partner)
    if one is None:
        raise NotFound("there is no partner with that id")
    return one


def _tell(partner: Partner, what: str) -> None:
    typer.echo(f"{partner.id} ({partner.kind}, OIN {partner.oin}): {what}")
