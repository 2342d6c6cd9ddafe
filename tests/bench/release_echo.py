"""What the framework itself costs: a FastAPI route with a body and an answer of the release's size, and nothing else.

Run as `release_echo.py PORT ANSWER`, in the environment of the project, under the same server as the broker.
"""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel


class Employee(BaseModel):
    """Who asks."""

    id: str
    rol: str


class Asked(BaseModel):
    """The body of a request."""

    doel: str
    verstrekker: str
    casus: str
    gegevens: list[str]
    motivering: dict[str, str]
    medewerker: Employee


class Item(BaseModel):
    """One record."""

    vastgelegdDatum: str  # noqa: N815 - the name on the wire
    velden: dict[str, bool | int | str]


class Category(BaseModel):
    """One category."""

    precisie: str
    bekend: bool
    records: list[Item]


class Bundle(BaseModel):
    """What is released."""

    verzoek: str
    betrokkene: str
    gegevens: dict[str, Category]


class Answer(BaseModel):
    """An answer; what the broker's has more is in `rest`, as text of the same size."""

    bundel: Bundle
    bewaren: dict[str, str]
    plichten: list[dict[str, str]]
    regels: list[str]
    rest: str


def application(whole: Answer) -> FastAPI:
    """The route, and nothing before or behind it."""
    app = FastAPI()

    @app.post("/v1/verzoeken")
    async def echo(_asked: Asked) -> Answer:
        return whole

    return app


def of_size(raw: bytes) -> Answer:
    """That answer of the broker, filled up to its size."""
    found = Answer.model_validate_json(raw.replace(b"{", b'{"rest":"",', 1))
    return found.model_copy(update={"rest": "x" * max(0, len(raw) - len(found.model_dump_json()))})


if __name__ == "__main__":
    uvicorn.run(
        application(of_size(Path(sys.argv[2]).read_bytes())), port=int(sys.argv[1]), access_log=False, log_level="warning"
    )
