"""What Sluis keeps: people, cases, contributions, evidence, tasks, answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sluis.core.case import Case
from sluis.core.evidence import Evidence
from sluis.core.partner import Employee
from sluis.core.record import Contribution, Wanted
from sluis.core.request import Task
from sluis.core.search import SavedSearch


class Employees(Protocol):
    """The people of the partners, by the opaque user id that their organisation gives them."""

    def find(self, partner: str, user: str) -> Employee | None:
        """That person at that partner; None when there is none."""
        ...

    def of_partner(self, partner: str) -> Sequence[Employee]:
        """Everybody who was ever kept for that partner and not erased, in order of user id."""
        ...

    def save(self, employee: Employee) -> None:
        """Add or replace, durably."""
        ...


class Cases(Protocol):
    """The cases. Subject, own view and resolutions are kept encrypted under the person's key."""

    def find(self, case_id: str) -> Case | None:
        """The case with that id; None when there is none."""
        ...

    def of_partner(self, partner: str) -> Sequence[Case]:
        """The cases in which that organisation takes part or that it notified, newest first."""
        ...

    def save(self, case: Case) -> Case:
        """Write the case and return it with its next version, durably.

        Raises `WrongState` when the kept version is not `case.version`: somebody else changed it first.
        """
        ...

    def about(self, subject: str) -> Sequence[Case]:
        """Every case about that subject, oldest first; an unknown subject costs as much as a known one."""
        ...

    def ending(self, first_processed: datetime) -> Sequence[Case]:
        """The rejected cases, and those that were first processed at that moment or before it, oldest first."""
        ...

    def destroy(self, case: Case) -> int:
        """Remove the case with the contributions, evidence and tasks of it, from the files too; return how many rows.

        What is kept about its person beside it stays. Can be repeated: until the bytes are gone too, an empty case that nobody
        sees is left to name what is not finished. Raises `WrongState` when somebody else changed the case first.
        """
        ...


class Contributions(Protocol):
    """The records that providers deposited. Payloads are encrypted under the person's key."""

    def deposit(self, contribution: Contribution) -> None:
        """Keep it, durably."""
        ...

    def find(self, contribution_id: str) -> Contribution | None:
        """The contribution with that id, withdrawn or not; None when there is none."""
        ...

    def withdraw(self, contribution_id: str, at: datetime) -> None:
        """Take it back: it is never fetched again. Raises `NotFound`."""
        ...

    def matching(self, wanted: Wanted) -> Sequence[Contribution]:
        """What that provider deposited of these categories about that subject, for that case or (`case` None) for none.

        Withdrawn ones and those whose key was destroyed are not among them. Oldest first.
        """
        ...

    def destroy(self, doomed: Sequence[Contribution]) -> None:
        """Remove these, from the files too; no error for one that is gone."""
        ...

    def about(self, subject: str) -> Sequence[Contribution]:
        """Everything deposited about that subject by anyone: what a redactor must know, and what erasure must remove."""
        ...


class EvidenceBook(Protocol):
    """The evidence. Subject, user and ground are kept encrypted under the person's key."""

    def record(self, evidence: Evidence) -> None:
        """Keep it, durably."""
        ...

    def find(self, evidence_id: str) -> Evidence | None:
        """The evidence with that id, valid or not; None when there is none."""
        ...

    def withdraw(self, evidence_id: str, at: datetime) -> None:
        """From `at` it no longer counts. Raises `NotFound`."""
        ...

    def about(self, subject: str) -> Sequence[Evidence]:
        """All evidence about that subject, oldest first; an unknown subject costs as much as a known one."""
        ...


class Tasks(Protocol):
    """The requests that were referred to a human, and what became of them. Kept encrypted under the person's key."""

    def add(self, task: Task) -> None:
        """Keep it, durably."""
        ...

    def find(self, request_id: str) -> Task | None:
        """The task of that request; None when there is none."""
        ...

    def waiting_at(self, provider: str) -> Sequence[Task]:
        """The tasks that wait for a judgement of that provider, oldest first."""
        ...

    def of_requester(self, requester: str) -> Sequence[Task]:
        """The tasks of that requester, newest first."""
        ...

    def of_provider(self, provider: str) -> Sequence[Task]:
        """The tasks of that provider, whatever became of them, newest first."""
        ...

    def update(self, task: Task) -> Task:
        """Write it and return it with its next version; `WrongState` when somebody else changed it first."""
        ...


class SavedSearches(Protocol):
    """The searches of the register that officers keep. Name and filter are kept encrypted under the officer's key."""

    def add(self, search: SavedSearch) -> None:
        """Keep it, durably. Raises `WrongState` when its id is in use."""
        ...

    def of(self, officer: str) -> Sequence[SavedSearch]:
        """What that officer keeps, oldest first; what was sealed under a key that is gone is not among it."""
        ...

    def remove(self, officer: str, search_id: str) -> None:
        """Forget one. Raises `NotFound` when that officer keeps none with that id."""
        ...


class Answers(Protocol):
    """Idempotency: the answer to a POST that comes again is the answer that was given (sealed, for a day)."""

    def begin(self, partner: str, key: str, fingerprint: bytes, until: datetime) -> bytes | None:
        """None for the first, the kept answer for a repeat.

        Raises `AlreadyUsed` when the key came with another question, `WrongState` while the first is still under way.
        """
        ...

    def finish(self, partner: str, key: str, answer: bytes, *, about: str = "") -> None:
        """Keep the answer to the first; `about` is the blind index of the person it is about, and erasing him erases it."""
        ...

    def abandon(self, partner: str, key: str) -> None:
        """Forget a first that came to nothing, so that it can be tried again."""
        ...
