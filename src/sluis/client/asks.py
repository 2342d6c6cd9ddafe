"""The product's calls, without sending anything: each says what goes out and reads what comes back. Both clients `do` them.

Bodies are mappings with the words of the API (`docs/partner/`): what a partner's own program holds, and what stands in a file
for `sluis partner ask`. The broker checks them, and `problems.BadQuestion` names every flaw.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import TypeAdapter, ValidationError

from sluis.client.heard import (
    Advice,
    Case,
    CaseOnRecord,
    Cases,
    Entry,
    OnRecord,
    Outcome,
    Refused,
    Register,
    Released,
    Task,
    Tasks,
    Waiting,
)
from sluis.client.problems import problem_of
from sluis.client.receipts import check_place, check_released
from sluis.client.talk import Call, CallFailed, once_only

T = TypeVar("T")
Body = Mapping[str, object]
ACCEPTED: Final = 202
REFUSED: Final = "geweigerd"
"""The last part of a refusal's `type`: a 403 that is an outcome of the rules, not an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Generic[T]):
    """One call of the product. `read` gives the value of a good answer; `check` holds it against the log's key."""

    method: str
    path: str
    read: Callable[[httpx2.Response], T] = field(repr=False)
    body: object = field(default=None, repr=False)
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    accept: str = "application/json"
    once: bool = True
    check: Callable[[httpx2.Response, T, str], object] | None = None

    def call(self, address: str, key: str | None) -> Call:
        """What goes out; `key` is the caller's own `Idempotency-Key`, else a new one is made where one counts."""
        headers = {"Accept": self.accept}
        if self.method == "POST" and self.once:
            headers |= {"Idempotency-Key": key} if key else once_only()
        return Call(method=self.method, url=address + self.path, json=self.body, params=self.params, headers=headers)

    def answer(self, given: httpx2.Response, log_key: str | None) -> T:
        """The value of that answer, with its receipt checked when the log's key is given. Raises `Problem`, `LedgerBroken`."""
        value = self.read(given)
        if log_key is not None and self.check is not None:
            self.check(given, value, log_key)
        return value


def dry_run(question: Body) -> Ask[Advice]:
    """May I ask this? No person, nothing on record."""
    return Ask(method="POST", path="/v1/verzoeken/_toets", body=question, once=False, read=read_as(Advice))


def request(question: Body) -> Ask[Outcome]:
    """Ask for data, or offer them (`richting: aanbod`)."""
    return deciding("/v1/verzoeken", question)


def emergency(question: Body) -> Ask[Outcome]:
    """Ask in acute danger; always reviewed afterwards."""
    return deciding("/v1/noodinzagen", question)


def collect(request_id: str, who: Body) -> Ask[Outcome]:
    """Fetch what was judged, or offered: it is decided again, now."""
    return deciding(f"/v1/verzoeken/{part(request_id)}/_ophalen", {"medewerker": who})


def tasks(*, as_provider: bool = False) -> Ask[Tasks]:
    """The requests that wait: one's own, or those that one has to judge."""
    params = {"rol": "verstrekker" if as_provider else "vrager"}
    return Ask(method="GET", path="/v1/verzoeken", params=params, read=read_as(Tasks))


def task(request_id: str) -> Ask[Task]:
    """How it is with a request."""
    return Ask(method="GET", path=f"/v1/verzoeken/{part(request_id)}", read=read_as(Task))


def judge(request_id: str, judgements: Body) -> Ask[Task]:
    """Put the judgement of a professional on record."""
    return Ask(method="POST", path=f"/v1/verzoeken/{part(request_id)}/beoordelingen", body=judgements, read=read_as(Task))


def notify_case(notification: Body) -> Ask[CaseOnRecord | Waiting | Refused]:
    """Notify a case: itself a release, decided as one."""
    return Ask(method="POST", path="/v1/casussen", body=notification, read=_notified)


def cases() -> Ask[Cases]:
    """The cases of one's own organisation."""
    return Ask(method="GET", path="/v1/casussen", read=read_as(Cases))


def case(case_id: str) -> Ask[Case]:
    """One case, without its content."""
    return Ask(method="GET", path=f"/v1/casussen/{part(case_id)}", read=read_as(Case))


def act_on_case(case_id: str, act: str, body: Body) -> Ask[CaseOnRecord]:
    """An act on a case: `opnamebesluiten`, `sluitingen`, `deelnemers`, `geheimhoudingen` or `verlengingen`."""
    return Ask(method="POST", path=f"/v1/casussen/{part(case_id)}/{part(act)}", body=body, read=read_as(CaseOnRecord))


def appoint(case_id: str, leads: Body) -> Ask[CaseOnRecord]:
    """Appoint who leads a case."""
    return Ask(method="PUT", path=f"/v1/casussen/{part(case_id)}/regie", body=leads, read=read_as(CaseOnRecord))


def contribute(contribution: Body, case_id: str | None = None) -> Ask[OnRecord]:
    """Leave a record, for a case or from one's own file."""
    return _recording(f"/v1/casussen/{part(case_id)}/bijdragen" if case_id else "/v1/bijdragen", contribution)


def consent(given: Body) -> Ask[OnRecord]:
    """Put a consent on record: for these recipients, purposes and categories, and nothing else."""
    return _recording("/v1/toestemmingen", given)


def weighing(given: Body) -> Ask[OnRecord]:
    """Put a weighing, a decision or a promise on record, with its grounds."""
    return _recording("/v1/afwegingen", given)


def withdraw(what: str, record_id: str, who: Body) -> Ask[OnRecord]:
    """Take back a contribution (`bijdragen`), a consent (`toestemmingen`) or a weighing (`afwegingen`)."""
    return _recording(f"/v1/{part(what)}/{part(record_id)}/intrekkingen", {"medewerker": who})


def releases(*, before: int | None = None, count: int = 50) -> Ask[Register]:
    """One's own releases in the register, given or received, newest first."""
    params = {"aantal": str(count)} | ({} if before is None else {"voor": str(before)})
    return Ask(method="GET", path="/v1/verstrekkingen", params=params, read=read_as(Register))


def release(entry: str) -> Ask[Entry]:
    """One release in the register."""
    return Ask(method="GET", path=f"/v1/verstrekkingen/{part(entry)}", read=read_as(Entry))


def proof(entry: str) -> Ask[str]:
    """The receipt of a release against the newest head of the log."""
    return Ask(
        method="GET",
        path=f"/v1/verstrekkingen/{part(entry)}/bewijs",
        accept="text/plain",
        read=_text,
        check=lambda _, text, key: check_place(text, key, entry=entry),
    )


def part(given: str) -> str:
    """That text as one part of a path: what somebody else gave cannot lead to another door."""
    return quote(given, safe="")


def deciding(path: str, body: Body) -> Ask[Outcome]:
    """A call that the rules decide on: released, waiting or refused, with its receipt checked."""
    return Ask(method="POST", path=path, body=body, read=_outcome, check=_check_outcome)


def _recording(path: str, body: Body) -> Ask[OnRecord]:
    return Ask(
        method="POST",
        path=path,
        body=body,
        read=read_as(OnRecord),
        check=lambda _, kept, key: check_place(kept.log.receipt, key, entry=kept.log.entry, index=kept.log.index),
    )


def read_as(shape: type[T]) -> Callable[[httpx2.Response], T]:
    """A reader of good answers of that shape."""
    return lambda given: _shaped(_good(given), shape)


def _good(given: httpx2.Response) -> httpx2.Response:
    if not given.is_success:
        raise problem_of(given)
    return given


def _shaped(given: httpx2.Response, shape: type[T]) -> T:
    try:
        return TypeAdapter(shape).validate_json(given.content)
    except ValidationError:
        # Not `from cause`: its text could name what was released.
        raise CallFailed(given.status_code, "the answer does not have the shape of this version") from None


def _outcome(given: httpx2.Response) -> Outcome:
    if _was_refused(given):
        return _shaped(given, Refused)
    if _good(given).status_code == ACCEPTED:
        return _shaped(given, Waiting)
    return _shaped(given, Released)


def _notified(given: httpx2.Response) -> CaseOnRecord | Waiting | Refused:
    if _was_refused(given):
        return _shaped(given, Refused)
    if _good(given).status_code == ACCEPTED:
        return _shaped(given, Waiting)
    return _shaped(given, CaseOnRecord)


def _was_refused(given: httpx2.Response) -> bool:
    return given.status_code == httpx2.codes.FORBIDDEN and problem_of(given).slug == REFUSED


def _check_outcome(given: httpx2.Response, value: Outcome, log_key: str) -> None:
    if isinstance(value, Released):
        check_released(given.content, log_key)
    else:
        check_place(value.log.receipt, log_key, entry=value.log.entry, index=value.log.index)


def _text(given: httpx2.Response) -> str:
    return _good(given).text
