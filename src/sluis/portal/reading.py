"""Reading what the log holds without trusting its shape: old entries, erased persons and other formats read as nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sluis.core.entry import Json, LoggedEntry

NOTHING: Mapping[str, Json] = {}


def text(data: Mapping[str, Json], name: str) -> str:
    """The text under that name; empty when there is none."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def number(data: Mapping[str, Json], name: str) -> int:
    """The whole number under that name; 0 when there is none."""
    value = data.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def flag(data: Mapping[str, Json], name: str) -> bool:
    """Whether the value under that name is true."""
    return data.get(name) is True


def words(value: Json) -> tuple[str, ...]:
    """The texts in a list; empty for anything else."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(item for item in value if isinstance(item, str))


def table(data: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    """The mapping under that name; empty when there is none."""
    value = data.get(name)
    return value if isinstance(value, Mapping) else NOTHING


def texts(data: Mapping[str, Json], name: str) -> dict[str, str]:
    """The texts in the mapping under that name."""
    return {key: value for key, value in table(data, name).items() if isinstance(value, str)}


def cell(entry: LoggedEntry, role: str) -> Mapping[str, Json] | None:
    """What the entry says of the person in that role: None when he was erased, empty when the entry has no such person."""
    for kept, data in entry.cells:
        if kept == role:
            return data
    return NOTHING


def has_cell(entry: LoggedEntry, role: str) -> bool:
    """Whether the entry is about a person in that role, erased or not."""
    return any(kept == role for kept, _ in entry.cells)
