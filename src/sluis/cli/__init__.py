"""The command `sluis`: one module a topic, no logic of its own.

Only the topic that is asked for is imported, so that `sluis redact` and `sluis policy` start without the web server.
"""

from __future__ import annotations

import importlib
import sys

import typer

from sluis import __version__
from sluis.core.errors import BadInput, SluisError

TOPICS = {
    "policy": "decide, check, compare, explain and sign the policy files",
    "redact": "redact Dutch free text",
    "audit": "verify, prove and show the audit log",
    "witness": "a witness for the audit logs of others",
    "serve": "run the broker",
    "partner": "register, list and revoke partners; at the partner: keys, token, ask, fetch, verify",
    "tasks": "what waits too long for a human, and which roles nobody fills",
    "keys": "rotate the keys of this broker",
    "demo": "a synthetic region: tell its stories, or keep it running",
    "openapi": "print the API document",
}
"""Every topic with what it does; each lives in the module of that name beside this file: as `app` when it has commands of its
own, else as the function of that name."""


def main() -> None:
    """Run the command. Exit status 2 for bad input, 1 for what went wrong otherwise; never a stack trace for either."""
    try:
        program(sys.argv[1:])(prog_name="sluis")
    except BadInput as error:
        for flaw in error.flaws:
            typer.echo(f"sluis: {flaw}", err=True)
        raise SystemExit(2) from None
    except SluisError as error:
        typer.echo(f"sluis: {error}", err=True)
        raise SystemExit(1) from None


def program(arguments: list[str]) -> typer.Typer:
    """The command with the topic of these arguments loaded, and the others named."""
    root = typer.Typer(
        help="Sluis, the broker between care and safety partners.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    root.callback()(_version)
    asked = next((word for word in arguments if not word.startswith("-")), "")
    for topic, summary in TOPICS.items():
        if topic == asked:
            _load(root, topic, summary)
        else:
            root.command(topic, help=summary)(_named_only)
    return root


def _load(root: typer.Typer, topic: str, summary: str) -> None:
    module = importlib.import_module(f"sluis.cli.{topic}")
    if hasattr(module, "app"):
        root.add_typer(module.app, name=topic, help=summary)
    else:
        root.command(topic)(getattr(module, topic))


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"sluis {__version__}")
        raise typer.Exit


def _version(
    version: bool = typer.Option(False, "--version", help="Print the version and stop.", is_eager=True, callback=_print_version),
) -> None:
    """Sluis, the broker between care and safety partners."""


def _named_only() -> None:
    """Stand in the list of topics; the topic that is asked for is loaded in its place."""
