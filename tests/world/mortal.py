"""A process that dies at a chosen step: each call of any keeper is one step, and death comes before it or after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TypeVar

from fakes.keys import Death, Died
from sluis.ports.services import FieldTables, Services

__all__ = ["Death", "Died", "Journal", "mortal"]

Keeper = TypeVar("Keeper")
_NO_STEPS = {"clock", "ids", "tables", "seed"}


class Journal(Death):
    """A death that also writes down which step was which, as `keeper.method`."""

    def __init__(self, at: int = 0, *, after: bool = False) -> None:
        super().__init__(at, after=after)
        self.names: list[str] = []


class _Mortal:
    """Any keeper, each call of which is a step."""

    def __init__(self, name: str, keeper: object, journal: Journal) -> None:
        self._name, self._keeper, self._journal = name, keeper, journal

    def __getattr__(self, method: str) -> object:
        found = getattr(self._keeper, method)
        if not callable(found):
            return found

        def call(*given: object, **named: object) -> object:
            self._journal.names.append(f"{self._name}.{method}")
            return self._journal.step(lambda: found(*given, **named))

        return call


def mortal(services: Services, journal: Journal) -> Services:
    """The services with every call of a keeper a step of `journal`."""
    wrapped: dict[str, object] = {}
    for one in fields(Services):
        keeper = getattr(services, one.name)
        wrapped[one.name] = keeper if one.name in _NO_STEPS else _Mortal(one.name, keeper, journal)
    seed: Callable[[], bytes] = services.seed
    wrapped["seed"] = lambda: journal.step(seed)
    tables: Callable[[], FieldTables] = services.tables
    return Services(**{**wrapped, "tables": tables})  # type: ignore[arg-type] # the wrappers answer to every port
