"""The plain form of sealed payloads: values of the core to JSON and back, field by field.

What a payload says that a column says too (ids, states, moments of withdrawal, versions) comes from the column.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from sluis.core.evidence import Evidence
from sluis.core.handover import Declined, Handover, HandoverState
from sluis.core.partner import Employee, Officer
from sluis.core.record import Contribution, Record
from sluis.core.request import Request, RequestStatus, Task

Plain = dict[str, Any]
"""What JSON gives back: the one place in the store where a value has no type."""


_decoded: Final = json.JSONDecoder().decode
"""Not orjson's: that makes a float of a whole number beyond 64 bits and refuses an unpaired surrogate."""


def dumped(plain: Plain) -> bytes:
    """JSON in ASCII: holds every string, unpaired surrogates too."""
    return json.dumps(plain, separators=(",", ":")).encode()


def loaded(raw: bytes) -> Plain:
    """The object that was dumped."""
    plain: Plain = _decoded(raw.decode())
    return plain


def when(text: str | None) -> datetime | None:
    """The moment that was written; None for none."""
    return None if text is None else datetime.fromisoformat(text)


def written(at: datetime | None) -> str | None:
    """The moment as a payload writes it; None for none."""
    return None if at is None else at.isoformat()


def contribution_plain(contribution: Contribution) -> Plain:
    """What a contribution says beyond its columns."""
    record = contribution.record
    return {
        "subject": contribution.subject,
        "category": record.category,
        "provider": record.provider,
        "recorded": written(record.recorded),
        "fields": {name: dict(value) if isinstance(value, Mapping) else value for name, value in record.fields.items()},
        "prepared": list(record.prepared),
    }


def record_from(plain: Plain) -> Record:
    """The record that was deposited."""
    return Record(
        category=plain["category"],
        provider=plain["provider"],
        recorded=datetime.fromisoformat(plain["recorded"]),
        fields=MappingProxyType(plain["fields"]),
        prepared=tuple(plain["prepared"]),
    )


def evidence_plain(evidence: Evidence) -> Plain:
    """What a piece of evidence says beyond its columns."""
    return {
        "fact": evidence.fact,
        "value": evidence.value,
        "subject": evidence.subject,
        "provider": evidence.provider,
        "recipients": sorted(evidence.recipients),
        "purposes": sorted(evidence.purposes),
        "categories": None if evidence.categories is None else sorted(evidence.categories),
        "case": evidence.case,
        "recorded_by": evidence.recorded_by,
        "user": evidence.user,
        "valid_from": written(evidence.valid_from),
        "valid_until": written(evidence.valid_until),
        "ground": dict(evidence.ground),
    }


def evidence_from(plain: Plain, *, evidence_id: str, recorded: datetime, withdrawn: datetime | None) -> Evidence:
    """The evidence that was kept."""
    return Evidence(
        id=evidence_id,
        fact=plain["fact"],
        value=plain["value"],
        subject=plain["subject"],
        provider=plain["provider"],
        recipients=frozenset(plain["recipients"]),
        purposes=frozenset(plain["purposes"]),
        categories=None if plain["categories"] is None else frozenset(plain["categories"]),
        case=plain["case"],
        recorded_by=plain["recorded_by"],
        user=plain["user"],
        recorded=recorded,
        valid_from=datetime.fromisoformat(plain["valid_from"]),
        valid_until=when(plain["valid_until"]),
        withdrawn=withdrawn,
        ground=MappingProxyType(plain["ground"]),
    )


def task_plain(task: Task) -> Plain:
    """What a task says beyond its columns, the request included."""
    request = task.request
    return {
        "entry_id": task.entry_id,
        "waits_for": {category: list(whom) for category, whom in task.waits_for.items()},
        "due": written(task.due),
        "escalated": written(task.escalated),
        "handover": None if task.handover is None else _handover_plain(task.handover),
        "caller": request.caller,
        "user": request.user,
        "role": request.role,
        "purpose": request.purpose,
        "direction": request.direction,
        "subject": request.subject,
        "person": request.person,
        "case": request.case,
        "categories": request.categories,
        "motivation": dict(request.motivation),
        "statements": dict(request.statements),
        "urgent": request.urgent,
        "emergency": request.emergency,
        "trace": request.trace,
        "transaction": request.transaction,
    }


def request_from(plain: Plain, *, request_id: str, at: datetime, requester: str, provider: str) -> Request:
    """The request of a task."""
    return Request(
        id=request_id,
        at=at,
        requester=requester,
        provider=provider,
        caller=plain["caller"],
        user=plain["user"],
        role=plain["role"],
        purpose=plain["purpose"],
        direction=plain["direction"],
        subject=plain["subject"],
        person=plain["person"],
        case=plain["case"],
        categories=tuple(plain["categories"]),
        motivation=MappingProxyType(plain["motivation"]),
        statements=MappingProxyType(plain["statements"]),
        urgent=plain["urgent"],
        emergency=plain["emergency"],
        trace=plain["trace"],
        transaction=plain.get("transaction", ""),
    )


def task_from(plain: Plain, request: Request, *, status: str, version: int) -> Task:
    """The task that was kept."""
    return Task(
        request=request,
        status=RequestStatus(status),
        entry_id=plain["entry_id"],
        waits_for=MappingProxyType({category: tuple(whom) for category, whom in plain["waits_for"].items()}),
        due=when(plain["due"]),
        escalated=when(plain.get("escalated")),  # a task of before the clock ran has none
        handover=_handover_from(plain["handover"]) if plain.get("handover") else None,  # nor was there a handover
        version=version,
    )


def _handover_plain(handover: Handover) -> Plain:
    return {
        "talk": handover.talk.isoformat(),
        "role": handover.role,
        "due": written(handover.due),
        "state": handover.state,
        "answered": written(handover.answered),
        "declined": handover.declined,
        "overdue": written(handover.overdue),
    }


def _handover_from(plain: Plain) -> Handover:
    return Handover(
        talk=date.fromisoformat(plain["talk"]),
        role=plain["role"],
        due=datetime.fromisoformat(plain["due"]),
        state=HandoverState(plain["state"]),
        answered=when(plain["answered"]),
        declined=None if plain["declined"] is None else Declined(plain["declined"]),
        overdue=when(plain.get("overdue")),  # a handover of before this was recorded
    )


def employee_plain(employee: Employee) -> Plain:
    """Everything about an employee."""
    return {
        "partner": employee.partner,
        "user": employee.user,
        "roles": sorted(employee.roles),
        "screened_until": written(employee.screened_until),
        "trained_until": written(employee.trained_until),
        "deputises": {role: written(until) for role, until in sorted(employee.deputises.items())},
    }


def employee_from(plain: Plain) -> Employee:
    """The employee that was kept."""
    return Employee(
        partner=plain["partner"],
        user=plain["user"],
        roles=frozenset(plain["roles"]),
        screened_until=datetime.fromisoformat(plain["screened_until"]),
        trained_until=datetime.fromisoformat(plain["trained_until"]),
        deputises={role: datetime.fromisoformat(until) for role, until in plain["deputises"].items()},
    )


def officer_plain(officer: Officer, csrf: str) -> Plain:
    """Who an officer is, and the token of his forms."""
    return {
        "subject": officer.subject,
        "name": officer.name,
        "roles": sorted(officer.roles),
        "organisation": officer.organisation,
        "csrf": csrf,
    }


def officer_from(plain: Plain) -> Officer:
    """The officer of a session."""
    return Officer(
        subject=plain["subject"], name=plain["name"], roles=frozenset(plain["roles"]), organisation=plain["organisation"]
    )
