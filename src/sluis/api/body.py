"""Reading a body: JSON and nothing else, every key once, exact types. Whatever is wrong is said at once, never repeated."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from sluis.core.errors import BadInput, Flaw

Shape = TypeVar("Shape", bound=BaseModel)

_DUTCH = {
    "missing": ("ontbreekt", "vul dit in"),
    "extra_forbidden": ("bestaat niet", "laat dit weg"),
    "string_pattern_mismatch": ("heeft niet de goede vorm", "zie het schema in /v1/openapi.json"),
    "string_too_long": ("is te lang", "maak het korter"),
    "string_too_short": ("is leeg", "vul dit in"),
    "too_long": ("zijn er te veel", "stuur er minder"),
    "too_short": ("zijn er te weinig", "stuur er ten minste een"),
    "literal_error": ("is geen toegestane waarde", "zie het schema in /v1/openapi.json"),
    "timezone_aware": ("heeft geen tijdzone", "bijvoorbeeld 2026-01-31T12:00:00Z"),
}
_OTHERWISE = ("heeft niet het goede type", "zie het schema in /v1/openapi.json")


class WrongFormat(Exception):
    """The body is not JSON, or the caller accepts no JSON."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


def body(shape: type[Shape]) -> Callable[[Request], Awaitable[Shape]]:
    """A dependency that reads a body of that shape. Raises `BadInput` with every flaw, or `WrongFormat`."""

    async def read(http: Request) -> Shape:
        """The body of this request."""
        check_sent(http)
        return parse(shape, await http.body())

    return read


def check_sent(http: Request) -> None:
    """Return when the body is sent as JSON; raise `WrongFormat` (415) otherwise."""
    if http.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise WrongFormat(415)


def check_accepted(http: Request, also: str = "") -> None:
    """Return when the caller takes JSON, or the media type `also`; raise `WrongFormat` (406) otherwise."""
    accepted = {part.partition(";")[0].strip().lower() for part in http.headers.get("accept", "*/*").split(",")}
    if not accepted & {"*/*", "application/*", "application/json", "application/problem+json", "", also}:
        raise WrongFormat(406)


def parse(shape: type[Shape], raw: bytes) -> Shape:
    """The shape in those bytes. Raises `BadInput` with every flaw."""
    try:
        json.loads(raw, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
    except (ValueError, RecursionError) as cause:
        raise BadInput(Flaw(where="body", what="is geen geldige JSON", mend="elke sleutel een keer, UTF-8, geen NaN")) from cause
    try:
        return shape.model_validate_json(raw)
    except ValidationError as cause:
        raise BadInput(*_flaws(cause, _words(shape))) from None


def _no_key_twice(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _no_constant(_: str) -> object:
    raise ValueError("no JSON number")


def _flaws(error: ValidationError, words: frozenset[str]) -> list[Flaw]:
    """Every flaw, by place. A place made of keys that the caller chose is cut to what the schema knows."""
    flaws = []
    for one in error.errors(include_input=False, include_url=False, include_context=False):
        kind = one["type"]
        what, mend = (one["msg"].removeprefix("Value error, "), "") if kind == "value_error" else _DUTCH.get(kind, _OTHERWISE)
        flaws.append(Flaw(where=_place(one["loc"], words), what=what, mend=mend))
    return flaws or [Flaw(where="body", what=_OTHERWISE[0], mend=_OTHERWISE[1])]


def _place(location: Sequence[int | str], words: frozenset[str]) -> str:
    # An unknown key, or the key of a mapping, is text of the caller: it may hold anything, so it is not repeated.
    steps = [str(step) if isinstance(step, int) or step in words else "(sleutel)" for step in location]
    return ".".join(steps) or "body"


@cache
def _words(shape: type[BaseModel]) -> frozenset[str]:
    """Every key name that the schema of this shape knows: only those are ever named in a flaw."""
    schema = shape.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return frozenset(name for part in parts for name in part.get("properties", {}))
