"""The catalogue of operational log events: id, level, the fields each may carry. Never a personal value.

This is the operator's log (standard error, JSON or text), not the audit log. An event outside the catalogue, or a field that
its event does not list, is a programming error and raises; so nothing can slip into a log line by accident.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum

import structlog


class Level(StrEnum):
    """How urgent an event is for the operator."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of log line. `fields` lists what it may carry: codes, counts, route templates, ids of organisations."""

    id: str
    level: Level
    text: str
    fields: frozenset[str] = frozenset()


def _event(ident: str, level: Level, text: str, *fields: str) -> Event:
    event = Event(ident, level, text, frozenset(fields))
    CATALOGUE[ident] = event
    return event


CATALOGUE: dict[str, Event] = {}
"""Every event by id; `docs/operations.md` names them all, and a test holds it to that."""

STARTED = _event("app-01", Level.INFO, "the broker has started", "version", "policy", "log_size", "store")
STOPPED = _event("app-02", Level.INFO, "the broker has stopped")
REQUEST = _event("http-01", Level.INFO, "answered", "method", "route", "status", "milliseconds")
UNEXPECTED = _event("http-02", Level.ERROR, "an unexpected error became a 500", "route", "error", "reference", "place")
DRY_RUN = _event("ask-01", Level.INFO, "a dry run was answered", "partner", "purpose", "outcome")
TOKEN_REFUSED = _event("auth-01", Level.WARNING, "a token or its proof was refused", "route", "error")
LOGIN_REFUSED = _event("auth-02", Level.WARNING, "an officer's login was refused", "error")
POLICY_ACTIVATED = _event("policy-01", Level.INFO, "a policy set is in force", "policy", "rules")
POLICY_REFUSED = _event("policy-02", Level.ERROR, "a policy set was refused; the last good one stays", "policy", "flaws")
LEDGER_FAILED = _event("log-01", Level.ERROR, "the audit log could not write: nothing is released", "error")
LEDGER_BROKEN = _event("log-02", Level.ERROR, "the audit log does not verify", "position")
LEDGER_LAGS = _event(
    "log-03", Level.WARNING, "the audit log is not published, cosigned or stamped as it should be", "part", "problem"
)
TEXT_WITHHELD = _event("redact-01", Level.WARNING, "a text was withheld after the proof pass", "texts")
STORE_FAILED = _event("store-01", Level.ERROR, "the database did not answer", "error")
SOURCE_FAILED = _event("source-01", Level.WARNING, "a source did not answer", "provider", "error")
OVERDUE = _event("clock-01", Level.WARNING, "requests waited longer for a human than they should", "provider", "count")
OVERDUE_WORK = _event("clock-02", Level.WARNING, "actions or handovers of cases passed their day", "partner", "what", "count")
PARTNER_SETTLED = _event("partner-01", Level.WARNING, "a change of a partner was put on record afterwards", "partner", "change")
FLAGGED = _event("review-01", Level.WARNING, "a screening rule hit; what it hit waits for a review", "rule", "count")
UNSCREENED = _event("review-02", Level.ERROR, "the numbers of the screening rules cannot be read: no round is made", "flaws")
VACANT = _event(
    "staff-01", Level.WARNING, "partners have roles that nobody fills, or will fill soon", "partners", "vacant", "soon"
)
DELIVERY_UNKNOWN = _event("share-01", Level.WARNING, "a release was recorded and its delivery is unknown", "entry")


def emit(event: Event, **values: str | float) -> None:
    """Write one line of that event. Raises ValueError for a field that the event does not list.

    A line that the stream does not take (its disk is full, its reader is gone) is lost: that must not cost anybody his answer.
    """
    stray = values.keys() - event.fields
    if stray:
        raise ValueError(f"event {event.id} carries no {', '.join(sorted(stray))}")
    logger = structlog.get_logger("sluis")
    with suppress(OSError):
        getattr(logger, event.level.value)(event.text, id=event.id, **values)


def configure(*, json: bool) -> None:
    """Set how lines look: JSON for machines, plain text for a terminal. Called once, when the process starts."""
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer()
    for talkative in ("authlib", "httpx2", "httpcore2"):
        # At DEBUG they write tokens and whole addresses, whatever level somebody gives the rest of the process.
        logging.getLogger(talkative).setLevel(logging.WARNING)  # noqa: TID251 - silencing others is no logging
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def silence() -> None:
    """Drop every line: for commands that speak for themselves."""
    structlog.configure(processors=[_drop], cache_logger_on_first_use=False)


def _drop(_logger: object, _method: str, _event: object) -> str:
    raise structlog.DropEvent
