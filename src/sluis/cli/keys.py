"""`sluis keys`: rotate the keys of a broker while it runs, and show what others need of them."""

from __future__ import annotations

from enum import StrEnum

import typer

from sluis.cli.partner import books
from sluis.identity.signing_keys import SigningKeys
from sluis.keys import KeyFiles
from sluis.ledger.signing import verifier_key
from sluis.settings import read_settings
from sluis.wiring import SystemClock
from sluis.wiring.log import log_keys

app = typer.Typer(help="Rotate the keys of this broker, or show its public log key.", no_args_is_help=True)


class Rotated(StrEnum):
    """Keys that can be rotated here; the log's own key has a road of its own (`sluis audit rotate`)."""

    TOKENS = "tokens"
    OFFICERS = "officers"
    PERSONS = "persons"


@app.command()
def rotate(which: Rotated) -> None:
    """Tokens: what access tokens are signed with. Officers: what the portal signs with at the identity provider.

    Persons: the key-encryption key around everybody's keys; older copies of the key table are dead from then on.
    """
    if which is Rotated.PERSONS:
        with books() as found:
            typer.echo(f"every person's key is wrapped anew: epoch {found.ring.rotate_kek()}")
        return
    made = SigningKeys(read_settings().keys / which.value, SystemClock()).rotate()
    typer.echo(f"key {made.kid} is published; it signs from {made.signs_from:%Y-%m-%dT%H:%M:%SZ}")


@app.command()
def show() -> None:
    """The public key of the audit log, for witnesses and for whoever verifies a receipt."""
    settings = read_settings()
    typer.echo(str(verifier_key(log_keys(settings, KeyFiles(settings.keys)).signer())))
