"""`sluis witness`: the witness that the FG of a partner runs, so that the operator of a log cannot rewrite it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from sluis.core.errors import BadInput, Flaw
from sluis.core.note import VerifierKey, parse_vkey
from sluis.keys.signing import LogSigner
from sluis.ledger.model import from_micros
from sluis.ledger.witness import Witness
from sluis.ledger.witness_server import make_server
from sluis.settings import private_folder
from sluis.wiring import SystemClock

app = typer.Typer(help="A witness for the audit logs of others.", no_args_is_help=True)
Folder = Annotated[Path, typer.Option("--data", help="Folder of the witness: its key, its memory, logs.txt.")]
Name = Annotated[str, typer.Option(help="Name of the witness: a URL without scheme, e.g. fg.ggz-noord.nl/witness.")]


@app.command()
def init(name: Name, data: Folder) -> None:
    """Make the key of a new witness and print its vkey, for the policy files of the logs that it will watch."""
    private_folder(data, "--data")
    try:
        handle = os.open(data / "seed", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError as fault:
        raise BadInput(Flaw(where=str(data), what="a witness lives here already", mend="give another folder")) from fault
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(32))
        file.flush()
        os.fsync(file.fileno())
    (data / "logs.txt").touch(mode=0o600)
    print(open_witness(name, data).key())
    print(f"Put the vkey of each log to watch on a line of {data / 'logs.txt'}.", file=sys.stderr)


@app.command()
def serve(
    name: Name,
    data: Folder,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8090,
) -> None:
    """Cosign what extends what was cosigned before, and refuse the rest. Runs until it is stopped."""
    server = make_server(open_witness(name, data), (host, port), lambda line: print(line, file=sys.stderr, flush=True))
    print(f"listening on http://{host}:{server.server_address[1]}", file=sys.stderr, flush=True)
    try:
        server.serve_forever()
    finally:
        server.server_close()


@app.command()
def evidence(name: Name, data: Folder) -> None:
    """Print what was refused although the log had signed it: proof of a split view. Exit 1 when there is any."""
    found = open_witness(name, data).evidence()
    for one in found:
        said = {"at": from_micros(one.at).isoformat(), "origin": one.origin, "status": one.status}
        print(json.dumps({**said, "offered": one.offered, "known": one.known}, ensure_ascii=False))
    if found:
        raise typer.Exit(1)


def open_witness(name: str, data: Path) -> Witness:
    """The witness in that folder. Raises `BadInput` when it was not initialised, or logs.txt cannot be understood."""
    try:
        seed, lines = (data / "seed").read_bytes(), (data / "logs.txt").read_text().splitlines()
    except OSError as fault:
        raise BadInput(Flaw(where=str(data), what="no witness lives here", mend="run `sluis witness init`")) from fault
    keys = [parse_vkey(line) for line in lines if line.strip() and not line.startswith("#")]
    logs: dict[str, list[VerifierKey]] = {}
    for key in keys:
        logs.setdefault(key.name, []).append(key)
    return Witness(data / "witness.sqlite", LogSigner(name, seed), logs, SystemClock())
