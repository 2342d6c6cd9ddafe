"""JSON lines of whole entries, with everything their cells still say: for officers who check lawfulness (F01), and no other form.

It is the one form with what people wrote in free text, and so may hold names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from sluis.core.books import Event
from sluis.core.entry import Json, LoggedEntry
from sluis.exports.frame import moment

INDEX = "subject"
"""Where a cell keeps the log's own index of a person, for the portal: it joins all that is recorded of him, and never leaves."""


def whole_lines(pairs: Iterable[tuple[LoggedEntry, Event]]) -> Iterator[str]:
    """One line per entry."""
    for entry, event in pairs:
        names = [person.pseudonym for person in event.persons]
        line = {
            "index": entry.index,
            "id": entry.entry_id,
            "kind": entry.kind.value,
            "started": moment(event.started),
            "recorded": moment(entry.recorded),
            "core": entry.core,
            "persons": [_said(data, name) for data, name in zip(_cells(entry, "subject"), names, strict=True)],
            "actors": [_said(data, "") for data in _cells(entry, "actor")],
            "withheld": event.withheld,
        }
        yield json.dumps(line, ensure_ascii=False, default=dict) + "\n"


def _cells(entry: LoggedEntry, role: str) -> list[Mapping[str, Json] | None]:
    return [data for kept, data in entry.cells if kept == role]


def _said(data: Mapping[str, Json] | None, pseudonym: str) -> Json:
    if data is None:
        return {"erased": True}
    said = {name: value for name, value in data.items() if name != INDEX}
    return {**({"pseudonym": pseudonym} if pseudonym else {}), **said}
