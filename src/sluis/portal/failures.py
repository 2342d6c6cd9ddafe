"""What an officer sees when something is refused or fails. No text of an exception gets out, save the flaws of his own input."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from starlette.responses import Response

from sluis.core import errors
from sluis.portal.frame import Frame
from sluis.portal.rendering import render


@dataclass(frozen=True, slots=True, kw_only=True)
class FailurePage:
    """One failure. `back` is where to go on, empty when there is nowhere."""

    template: ClassVar[str] = "failure.html"
    frame: Frame
    title: str
    text: str
    flaws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """How a failure is told: a status, and the name of its texts."""

    status: HTTPStatus
    name: str


UNEXPECTED = Failure(HTTPStatus.INTERNAL_SERVER_ERROR, "unexpected")
EXPIRED_FORM = Failure(HTTPStatus.FORBIDDEN, "form")
_UNAVAILABLE = Failure(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
FAILURES: dict[type[Exception], Failure] = {
    errors.LogPurpose: Failure(HTTPStatus.FORBIDDEN, "logdoel"),
    errors.NotAllowed: Failure(HTTPStatus.FORBIDDEN, "notallowed"),
    errors.NotFound: Failure(HTTPStatus.NOT_FOUND, "notfound"),
    errors.BadInput: Failure(HTTPStatus.UNPROCESSABLE_ENTITY, "badinput"),
    errors.WrongState: Failure(HTTPStatus.CONFLICT, "wrongstate"),
    errors.LedgerUnavailable: _UNAVAILABLE,
    errors.StoreUnavailable: _UNAVAILABLE,
    errors.PolicyUnavailable: _UNAVAILABLE,
    errors.SourceUnavailable: Failure(HTTPStatus.SERVICE_UNAVAILABLE, "source"),
    errors.KeyUnavailable: _UNAVAILABLE,
    errors.LedgerBroken: Failure(HTTPStatus.INTERNAL_SERVER_ERROR, "broken"),
}
STATUSES = {
    HTTPStatus.NOT_FOUND: FAILURES[errors.NotFound],
    HTTPStatus.METHOD_NOT_ALLOWED: Failure(HTTPStatus.METHOD_NOT_ALLOWED, "method"),
}


def failure_of(error: Exception) -> Failure:
    """How that error is told; what the table does not have is unexpected."""
    return next((FAILURES[kind] for kind in type(error).__mro__ if kind in FAILURES), UNEXPECTED)


def tell(failure: Failure, frame: Frame, flaws: tuple[errors.Flaw, ...] = ()) -> Response:
    """The page of a failure."""
    page = FailurePage(
        frame=frame,
        title=frame.say[f"fail_{failure.name}_title"],
        text=frame.say[f"fail_{failure.name}"],
        flaws=tuple(str(flaw) for flaw in flaws),
    )
    return render(page, failure.status)
