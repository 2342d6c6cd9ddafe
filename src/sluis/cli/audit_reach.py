"""What the commands of `sluis audit` work on: a log in a file, or the broker's own, with what is published of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sluis import events
from sluis.ledger.offline import Kept, open_kept
from sluis.ledger.opening import first_key
from sluis.settings import Settings, read_settings
from sluis.wiring import Keepers, log_path, open_keepers
from sluis.wiring.log import log_paths, published_folder


def settings_of(data: Path | None) -> Settings:
    """The settings of the environment, with that data folder when one was given. Raises `BadInput`."""
    return read_settings(**({} if data is None else {"data": data}))


@contextmanager
def kept_log(given: Path | None) -> Iterator[Kept]:
    """The log in the file that was given, else the configured one, to be read."""
    if given is None:
        settings = settings_of(None)
        if settings.database:
            with opened_keepers(None) as keepers:
                yield Kept(keepers.ledger.reader, settings.origin, first_key(keepers.ledger.reader))
            return
        given = log_path(settings)
    kept = open_kept(given)
    try:
        yield kept
    finally:
        kept.reader.close()


@contextmanager
def kept_years(given: Path | None) -> Iterator[list[tuple[Kept, Path]]]:
    """The log in the file that was given, else the configured ones of all years, oldest first; each with its published folder."""
    settings = None if given is not None else settings_of(None)
    if settings is None or not settings.database:
        files = [given] if given is not None else log_paths(settings_of(None))
        with ExitStack() as opened:
            yield [(opened.enter_context(kept_log(file)), published_folder(file)) for file in files]
        return
    with opened_keepers(None) as keepers:
        logs = (*keepers.logs.retired, keepers.ledger)
        kept = [Kept(log.reader, log.parts.origin, first_key(log.reader)) for log in logs]
        yield list(zip(kept, map(published_folder, log_paths(settings)), strict=True))


def folder_of(log: Path | None) -> Path:
    """The folder to which that log is published, else the configured one."""
    return published_folder(log_path(settings_of(None)) if log is None else log)


@contextmanager
def opened_keepers(data: Path | None) -> Iterator[Keepers]:
    """Everything that a broker holds, for a command that writes to the log. Raises `SluisError` when it is not fit for use."""
    events.silence()  # this command says itself what happened, on an output that programs read
    keepers = open_keepers(settings_of(data))
    try:
        yield keepers
    finally:
        keepers.close()
