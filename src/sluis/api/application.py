"""The partners' API as one application: routes, problems for every error, the OpenAPI document."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Final

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from sluis import events
from sluis.api.body import WrongFormat
from sluis.api.deps import Gate
from sluis.api.document import API_VERSION, describe
from sluis.api.problems import BAD_INPUT, BY_STATUS, answer, of_error
from sluis.api.routes import (
    actions,
    asking,
    authzen,
    cases,
    evidence,
    handovers,
    informing,
    meetings,
    public,
    register,
    scaling,
    timing,
)
from sluis.core.errors import Flaw, LedgerBroken, LedgerUnavailable, SluisError, SourceUnavailable, StoreUnavailable
from sluis.ports import Answers
from sluis.ports.services import Services

PREFIX = "/v1"
NO_TELEMETRY: Final[TelemetryConfig] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI's own telemetry sends queries and texts of exceptions along, as soon as a variable or another package turns it on."""


def routes_only() -> FastAPI:
    """The routes of the API without anything behind them: enough for the document."""
    app = FastAPI(
        title="Sluis",
        version=API_VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    for part in (asking, cases, informing, actions, meetings, handovers, evidence, register, scaling, timing):
        app.include_router(part.router, prefix=PREFIX)
    return app


def build(services: Services, gate: Gate, answers: Answers) -> FastAPI:
    """The API over these services, behind that gate; `answers` are those kept for whoever asks a second time."""
    app = routes_only()
    app.include_router(authzen.router)
    app.include_router(public.router)
    app.state.services = services
    app.state.gate = gate
    app.state.answers = answers
    app.add_api_route(f"{PREFIX}/openapi.json", _document(app), methods=["GET"], include_in_schema=False)
    app.add_exception_handler(SluisError, _sluis_error)
    app.add_exception_handler(WrongFormat, _wrong_format)
    app.add_exception_handler(RequestValidationError, _bad_parameters)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _unexpected)
    return app


def _document(app: FastAPI) -> Callable[[], Response]:
    def document() -> Response:
        """Het OpenAPI-document, zonder inloggen."""
        return Response(
            orjson.dumps(describe(app), option=orjson.OPT_INDENT_2),
            media_type="application/json",
            headers={"Access-Control-Allow-Origin": "*"},
        )

    return document


def _sluis_error(_http: Request, error: Exception) -> Response:
    if not isinstance(error, SluisError):  # Starlette's signature is wider than what it calls with
        raise error
    if isinstance(error, LedgerUnavailable):
        events.emit(events.LEDGER_FAILED, error=type(error.__cause__ or error).__name__)
    elif isinstance(error, StoreUnavailable):
        events.emit(events.STORE_FAILED, error=type(error.__cause__ or error).__name__)
    elif isinstance(error, SourceUnavailable):
        events.emit(events.SOURCE_FAILED, error=type(error.__cause__ or error).__name__)
    elif isinstance(error, LedgerBroken):
        events.emit(events.LEDGER_BROKEN)
    return of_error(error)


def _wrong_format(_http: Request, error: Exception) -> Response:
    return answer(BY_STATUS[getattr(error, "status", 415)])


def _bad_parameters(_http: Request, error: Exception) -> Response:
    """400 instead of 422, and never the value that was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    flaws = [
        Flaw(where=".".join(map(str, one["loc"])), what="heeft niet de goede vorm", mend="zie /v1/openapi.json") for one in found
    ]
    return answer(BAD_INPUT, flaws=flaws)


def _of_http(http: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    headers = dict(getattr(error, "headers", None) or {})
    if status == 405:  # noqa: PLR2004 - method not allowed
        headers["Allow"] = ", ".join(sorted(_allowed(http)))
    return answer(BY_STATUS.get(status, BY_STATUS[500]), headers=headers)


def _allowed(http: Request) -> set[str]:
    """Every method that some route has on this path: FastAPI's own answer names those of one route only."""
    return {
        method
        for route in iter_route_contexts(http.app.routes)
        if route.matches(http.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


def _unexpected(http: Request, error: Exception) -> Response:
    """A 500 tells a reference; the operator's log tells the kind of error and where, never its text: that may hold a value."""
    reference = secrets.token_hex(8)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    route = getattr(http.scope.get("route"), "path", "?")
    events.emit(events.UNEXPECTED, route=route, error=type(error).__name__, reference=reference, place=place)
    return answer(BY_STATUS[500], more={"instance": f"urn:sluis:fout:{reference}"})
