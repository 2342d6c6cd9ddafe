"""Problems of a broker (RFC 9457) as exceptions. They say which kind, where and how to mend it; never a value that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import httpx2
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sluis.client.talk import CallFailed


class Wrong(BaseModel):
    """One thing that is wrong with what was sent: where, what, and how to mend it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    reason: str
    mend: str = ""


class Document(BaseModel):
    """The problem as the broker wrote it; `kind` leads to its page."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    kind: str = Field(default="about:blank", alias="type")
    title: str = ""
    detail: str = ""
    instance: str = ""
    flaws: tuple[Wrong, ...] = Field(default=(), alias="invalidParams")


class Problem(CallFailed):
    """The broker answered with a problem. `slug` names its kind (`docs/partner/`), `flaws` what is wrong with the input."""

    def __init__(self, status: int, document: Document) -> None:
        slug = document.kind.rpartition("/")[2]
        super().__init__(status, slug)
        self.slug = slug
        self.title = document.title
        self.detail = document.detail
        self.reference = document.instance
        self.flaws = document.flaws


class BadQuestion(Problem):
    """400, 413, 415 or 422: what was sent cannot be understood, or belongs to another key. Sending it again does not help."""


class NotLetIn(Problem):
    """401: there is no valid token, although a new one was fetched. Look at the keys and the clock."""


class NotPermitted(Problem):
    """403: this door, organisation or employee may not do this."""


class Missing(Problem):
    """404: it does not exist, or is not yours."""


class WrongMoment(Problem):
    """409: the state does not admit this, or the first of two calls under one key is still under way."""


class TooOften(Problem):
    """429, after waiting as long as the broker asked."""


class Unavailable(Problem):
    """500 or 503: nothing was released. The same call, under the same `Idempotency-Key`, may be made later."""


KINDS: Final[Mapping[int, type[Problem]]] = MappingProxyType(
    {
        401: NotLetIn,
        403: NotPermitted,
        404: Missing,
        409: WrongMoment,
        429: TooOften,
    }
)


def problem_of(answer: httpx2.Response) -> Problem:
    """The exception for an answer of 400 or more; an answer that is no problem document is one without a kind."""
    try:
        document = Document.model_validate_json(answer.content)
    except ValidationError:
        document = Document()
    kind = KINDS.get(answer.status_code, Unavailable if answer.is_server_error else BadQuestion)
    return kind(answer.status_code, document)
