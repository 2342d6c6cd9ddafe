"""`sluis policy key`, `sign` and `verify`: two people release a set."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from sluis.cli.policy_folder import fail, plain_console
from sluis.core.errors import BadInput, PolicyUnavailable
from sluis.policy_files.release import Declaration, moment
from sluis.policy_files.signing import PEOPLE, declare, new_key, read_key, read_trust, sign, verified

release = typer.Typer()
Folder = Annotated[Path, typer.Argument(help="Map met het beleid.")]


@release.command("key", epilog='Voorbeeld: sluis policy key mijn-sleutel.pem --name "A. Jansen"')
def key_command(
    file: Annotated[Path, typer.Argument(help="Nieuw bestand voor de geheime sleutel; alleen u kunt het lezen.")],
    name: Annotated[str, typer.Option("--name", help="Uw naam, zoals die onder het beleid komt.")],
) -> None:
    """Maak een sleutel om beleid mee te tekenen, en toon de regel voor de lijst van ondertekenaars."""
    try:
        public = new_key(file)
    except BadInput as error:
        fail([*map(str, error.flaws)])
    console = plain_console()
    console.print("voeg toe aan de lijst van ondertekenaars, onder 'ondertekenaars:'", markup=False)
    console.print(f'  - {{naam: "{name}", sleutel: "{public}"}}', markup=False)


FIRST = 'sluis policy sign nieuw --vorig policies --key a.pem --name "A. Jansen" --reason "Halt erbij" --valid-from 2027-01-01'
NEXT = 'sluis policy sign nieuw --key b.pem --name "B. Smit"'


@release.command("sign", epilog=f"Voorbeeld: {FIRST}   ·   de tweede: {NEXT}")
def sign_command(  # noqa: PLR0913, PLR0917 - one option for each thing that is declared
    directory: Folder,
    key: Annotated[Path, typer.Option("--key", help="Uw geheime sleutel.")],
    name: Annotated[str, typer.Option("--name", help="Uw naam, zoals in de lijst van ondertekenaars.")],
    reason: Annotated[str, typer.Option("--reason", help="Waarom dit beleid er komt; alleen de eerste noemt het.")] = "",
    valid_from: Annotated[str, typer.Option("--valid-from", help="Vanaf wanneer het geldt (2027-01-01).")] = "",
    valid_until: Annotated[str, typer.Option("--valid-until", help="Tot wanneer het geldt; zonder blijft het gelden.")] = "",
    advice: Annotated[str, typer.Option("--rac-advice", help="Kenmerk van het advies van de RAC.")] = "",
    deviation: Annotated[str, typer.Option("--deviation", help="Redenen om zonder of tegen advies te gaan.")] = "",
    previous: Annotated[Path | None, typer.Option("--vorig", help="Map met het beleid dat dit vervangt.")] = None,
) -> None:
    """Teken een beleidsset. De eerste verklaart wat het is en waarom; de tweede tekent die verklaring mee."""
    try:
        declaration = None
        if reason or valid_from or valid_until or advice or deviation or previous:
            wanted = Declaration(
                policy="",
                lists={},
                reason=reason,
                valid_from=moment(valid_from, "--valid-from"),
                valid_until=moment(valid_until, "--valid-until") if valid_until else None,
                rac_advice=advice,
                deviation=deviation,
            )
            declaration = declare(directory, wanted, previous)
        made = sign(directory, declaration, name=name, key=read_key(key))
    except BadInput as error:
        fail([*map(str, error.flaws), "er is niets getekend"])
    console = plain_console()
    for label, value in made.declaration.content().items():
        console.print(f"{label}: {value}", markup=False)
    missing = PEOPLE - len(made.signatures)
    names = ", ".join(one.name for one in made.signatures)
    console.print(f"getekend door {names}" + (f"; nog {missing} nodig" if missing > 0 else ""), markup=False)


@release.command("verify", epilog="Voorbeeld: sluis policy verify policies --trust ondertekenaars.yaml")
def verify_command(
    directory: Folder,
    trust: Annotated[Path, typer.Option("--trust", help="Lijst van ondertekenaars met hun openbare sleutels.")],
    on: Annotated[str, typer.Option("--op", help="Op welk moment het moet gelden; anders nu.")] = "",
) -> None:
    """Controleer of twee vertrouwde mensen het beleid vrijgaven en of het geldt. Geeft 0 als het mag, 1 als het niet geldt, 2 als
    er iets niet klopt.
    """  # noqa: D205 - the help is one sentence more
    try:
        at = moment(on, "--op") if on else datetime.now(UTC)  # noqa: TID251 - wiring.SystemClock would bring the database along
        found = verified(directory, read_trust(trust), at)
    except BadInput as error:
        fail([*map(str, error.flaws), "dit beleid wordt niet gebruikt"])
    except PolicyUnavailable as error:
        plain_console().print(f"geldt niet: {error}", markup=False)
        raise typer.Exit(1) from None
    plain_console().print(f"{found.policy}\ngetekend door {', '.join(found.signers)}; geldt", markup=False)
