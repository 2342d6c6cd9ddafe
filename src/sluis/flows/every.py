"""Every entry of the log that matches, however many there are: the port gives them by the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sluis.core.entry import LoggedEntry
from sluis.ports.log import Ledger, LogQuery

PAGE = 500


def every(query: LogQuery, ledger: Ledger) -> Iterator[LoggedEntry]:
    """The entries, newest first, read a page at a time as they are asked for; the query's own limit does not count."""
    query = replace(query, limit=PAGE)
    while page := ledger.entries(query):
        yield from page
        query = replace(query, before=page[-1].index)
