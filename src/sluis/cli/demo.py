"""`sluis demo`: a synthetic region. Without options it tells its stories; with `--serve` it stays up for you to use."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from sluis.core.errors import BadInput, Flaw
from sluis.demo.stories import Unexpected
from sluis.demo.walk import keep_running, tell_stories
from sluis.settings import private_folder

REGION = frozenset({"data", "partners", "sleutels", "makelaar.log"})
"""What a demo leaves in its folder, and the only things that the next one removes."""


def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Keep the region running, with the portal.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the region lives.")] = Path("var/demo"),
    port: Annotated[int, typer.Option(help="Port to listen on with --serve; 0: any free one.")] = 8080,
    policies: Annotated[Path, typer.Option(help="The policy set.")] = Path("policies"),
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the region that is there.")] = False,
) -> None:
    """Tell the stories of the region on an empty log, and catch somebody who tampers with it."""
    if not keep:
        _forget(folder)
    private_folder(folder, "--folder")
    try:
        if serve:
            keep_running(folder, policies, port)
        else:
            tell_stories(folder, policies)
    except Unexpected as stopped:
        typer.echo(f"sluis demo: {stopped}", err=True)
        raise typer.Exit(1) from None


def _forget(folder: Path) -> None:
    """Remove the region of an earlier time. Raises `BadInput` for a folder in which something else lives: it stays whole."""
    if not folder.exists():
        return
    if not folder.is_dir() or not {entry.name for entry in folder.iterdir()} <= REGION:
        raise BadInput(
            Flaw(where="--folder", what="it is there, and no demo made it", mend="name a new folder, or one of a demo")
        )
    shutil.rmtree(folder)
