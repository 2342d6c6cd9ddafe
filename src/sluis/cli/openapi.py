"""`sluis openapi`: print the API document."""

from __future__ import annotations

import json

import typer
from fastapi import FastAPI

from sluis.api.application import routes_only
from sluis.api.document import describe


def openapi() -> None:
    """Print the document that a running broker serves at /v1/openapi.json."""
    described: FastAPI = routes_only()
    typer.echo(json.dumps(describe(described), indent=2, ensure_ascii=False))
