"""Doing a POST once: a repeat with the same `Idempotency-Key` gets the answer that was given, and nothing happens twice.

Laws of this file: the key is claimed before anything is done, and the answer is kept, sealed, before it leaves; when either
cannot be written down the caller gets 503 and no data. A first that came to nothing is forgotten, so that it can be tried
again. The same key with another body is refused (422); a repeat while the first is under way is told to wait (409). What is
kept is kept about somebody: the work says about whom, and erasing that person erases the answer.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, cast

import orjson
from fastapi import Depends, Header
from starlette.requests import Request
from starlette.responses import Response

from sluis.core.errors import BadInput, Flaw
from sluis.core.partner import Caller
from sluis.ports import Answers, Clock

KEPT = timedelta(days=1)
KEY = r"^[\x21-\x7e]{1,255}$"
Work = Callable[[], tuple[str, Response]]
"""What is done once: it gives the blind index of whom the answer is about (empty: nobody) with the answer."""
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=KEY,
        description="Een eigen, willekeurige sleutel: hetzelfde bericht met dezelfde sleutel wordt een keer uitgevoerd",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One call, with its key if it has one. `fingerprint` is what a repeat must have in common with the first."""

    answers: Answers
    clock: Clock
    key: str | None
    fingerprint: bytes

    def __call__(self, caller: Caller, work: Work) -> Response:
        """The answer of `work`, or the one that was kept. Raises `AlreadyUsed`, `WrongState`, and what `work` raises."""
        if self.key is None:
            return work()[1]
        owner = caller.partner.id
        kept = self.answers.begin(owner, self.key, self.fingerprint, self.clock.now() + KEPT)
        if kept is not None:
            return _unpacked(kept)
        finished = False
        try:
            about, answer = work()
            # If we die here the log says what happened and nobody has the answer: the repeat is told to wait, and then does
            # it again, on record. The log may over-report, never under-report.
            self.answers.finish(owner, self.key, _packed(answer), about=about)
            finished = True
        finally:
            if not finished:
                self.answers.abandon(owner, self.key)
        return answer


def once_of(http: Request, raw: bytes) -> Once:
    """How this call is done once. Raises `BadInput` for a key that does not have the form of one."""
    keys = http.headers.getlist("idempotency-key")
    key = keys[-1] if keys else None  # as FastAPI reads a header that stands there twice
    if key is not None and re.fullmatch(KEY, key) is None:
        raise BadInput(Flaw(where="header.Idempotency-Key", what="heeft niet de goede vorm", mend="zie /v1/openapi.json"))
    return _of(http, key, raw)


async def once(http: Request, key: Key = None) -> Once:
    """A dependency: how this call is done once."""
    return _of(http, key, await http.body())


def _of(http: Request, key: str | None, raw: bytes) -> Once:
    place = f"{http.method} {http.url.path}\n".encode()
    return Once(
        answers=cast("Answers", http.app.state.answers),
        clock=cast("Clock", http.app.state.services.clock),
        key=key,
        fingerprint=hashlib.sha256(place + raw).digest(),
    )


OnceOnly = Annotated[Once, Depends(once)]


def _packed(answer: Response) -> bytes:
    kept = {"status": answer.status_code, "type": answer.media_type, "location": answer.headers.get("location")}
    return orjson.dumps(kept) + b"\n" + bytes(answer.body)


def _unpacked(kept: bytes) -> Response:
    head, _, body = kept.partition(b"\n")
    said = orjson.loads(head)
    headers = {"Location": said["location"]} if said["location"] else {}
    return Response(body, said["status"], headers, said["type"])
