"""What every route depends on: the services, the caller with the scopes of that door, the header of a trace."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Protocol, cast

from fastapi import Depends
from starlette.requests import Request

from sluis.api.body import check_accepted
from sluis.api.shapes.asking import EmployeeGiven, PersonGiven
from sluis.core.partner import Caller
from sluis.flows.acting import Actor
from sluis.ports.services import Services

_TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}\Z")
_TRANSACTION = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z")


class Gate(Protocol):
    """Who lets partners in (implemented by `sluis.identity`)."""

    def caller(self, http: Request, *scopes: str) -> Caller:
        """The caller, who has all of `scopes`; raises when there is none."""
        ...


def services_of(http: Request) -> Services:
    """The services that this application was built with."""
    return cast("Services", http.app.state.services)


Wired = Annotated[Services, Depends(services_of)]


def needs(scope: str, also: str = "") -> Callable[[Request], Caller]:
    """A dependency: the partner whose token opens the door `scope`, and who takes JSON (or `also`) for an answer."""

    def caller(http: Request) -> Caller:
        gate = cast("Gate", http.app.state.gate)
        found = gate.caller(http, scope)
        check_accepted(http, also)
        return found

    caller.scope = scope  # type: ignore[attr-defined] # the test that walks all routes reads which door this is
    return caller


requesting = needs("verzoeken")
Requesting = Annotated[Caller, Depends(requesting)]
Casework = Annotated[Caller, Depends(needs("casussen"))]
Contributing = Annotated[Caller, Depends(needs("bijdragen"))]
Evidencing = Annotated[Caller, Depends(needs("bewijzen"))]
Emergency = Annotated[Caller, Depends(needs("noodinzagen"))]
Reading = Annotated[Caller, Depends(needs("verstrekkingen"))]
ReadingText = Annotated[Caller, Depends(needs("verstrekkingen", "text/plain"))]


def actor(caller: Caller, employee: EmployeeGiven) -> Actor:
    """Who acts: the partner of the token, and the employee whom that partner names."""
    return Actor(partner=caller.partner, user=employee.id, role=employee.rol)


def subject(person: PersonGiven | None, services: Services) -> str:
    """The blind index of a person; empty when none was given (the case then says who it is)."""
    return services.subjects.subject(person.identification()) if person else ""


def trace(http: Request) -> str:
    """The W3C trace of the call when it is well formed, else nothing."""
    given = http.headers.get("traceparent", "")
    return given if well_formed_trace(given) else ""


def transaction(http: Request) -> str:
    """The FSC transaction of the call (UUIDv7) when it is well formed, else nothing."""
    given = http.headers.get("fsc-transaction-id", "").lower()
    return given if _TRANSACTION.match(given) else ""


def well_formed_trace(given: str) -> bool:
    """Whether this is a W3C `traceparent` of version 00."""
    return _TRACE.match(given) is not None
