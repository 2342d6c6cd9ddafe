"""`sluis demo`: a synthetic region. Without options it tells its stories; with `--serve` it stays up for you to use."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from sluis.demo.stories import Unexpected
from sluis.demo.walk import keep_running, tell_stories


def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Keep the region running, with the portal.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the region lives.")] = Path("var/demo"),
    port: Annotated[int, typer.Option(help="Port to listen on with --serve; 0: any free one.")] = 8080,
    policies: Annotated[Path, typer.Option(help="The policy set.")] = Path("policies"),
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the region that is there.")] = False,
) -> None:
    """Tell the stories of the region on an empty log, and catch somebody who tampers with it."""
    if folder.exists() and not keep:
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        if serve:
            keep_running(folder, policies, port)
        else:
            tell_stories(folder, policies)
    except Unexpected as stopped:
        typer.echo(f"sluis demo: {stopped}", err=True)
        raise typer.Exit(1) from None
