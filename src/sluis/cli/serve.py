"""`sluis serve`: run the broker."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from sluis import events
from sluis.app import broker
from sluis.core.errors import BadInput, Flaw
from sluis.settings import read_settings
from sluis.wiring import open_keepers


def serve(
    data: Annotated[Path | None, typer.Option(help="Folder of the databases; else SLUIS_DATA.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; else SLUIS_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; else SLUIS_PORT.")] = None,
    socket: Annotated[Path | None, typer.Option(help="Listen on this Unix socket instead.")] = None,
) -> None:
    """Run the broker until it is stopped. Settings come from SLUIS_… variables (docs/operations.md)."""
    given = {name: value for name, value in {"data": data, "host": host, "port": port}.items() if value is not None}
    settings = read_settings(**given)
    events.configure(json=settings.json_log)
    if settings.core is not None:
        _stay_on(settings.core)  # before there is any thread: each inherits it
    keepers = open_keepers(settings)
    # The word lists and the policy set live as long as the process: the collector need not look at them again.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        broker(keepers),
        host=settings.host,
        port=settings.port,
        uds=str(socket) if socket else None,
        proxy_headers=False,  # only `Front` reads what a proxy says, and only from listed addresses
        server_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=10,
    )


def _stay_on(core: int) -> None:
    """Keep this process on one core: only one of its threads runs Python at a time, and handing over between cores is dear.

    Raises `BadInput` where there is no such core, or a system that cannot do it.
    """
    try:
        os.sched_setaffinity(0, {core})
    except (OSError, AttributeError):
        flaw = Flaw(where="SLUIS_CORE", what="there is no such core here", mend="0 is the first; leave it out for any core")
        raise BadInput(flaw) from None
