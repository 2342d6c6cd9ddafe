"""Keepers in memory, with behaviour: the promises of `sluis.ports.keeping`, and two ways to fail.

`fails="before-commit"`: a write raises `StoreUnavailable` and nothing is kept. `fails="after-commit"`: it raises although the
change is kept, as when the connection is lost at COMMIT. `fails` can be set and cleared at any time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import RLock
from typing import Literal

from sluis.core.case import Case, CaseState
from sluis.core.errors import AlreadyUsed, NotFound, StoreUnavailable, WrongState
from sluis.core.evidence import Evidence
from sluis.core.partner import Employee
from sluis.core.record import Contribution, Wanted
from sluis.core.request import RequestStatus, Task
from sluis.ports.ambient import Clock

Fails = Literal["before-commit", "after-commit", "read"] | None
LEASE = timedelta(minutes=2)


class Memory:
    """What fails on demand. `"read"` makes every read and write fail, as a database that is gone."""

    def __init__(self, fails: Fails = None) -> None:
        self.fails: Fails = fails
        self._lock = RLock()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction at a time."""
        if self.fails in {"before-commit", "read"}:
            raise StoreUnavailable("there is no connection to the database")
        with self._lock:
            yield
        if self.fails == "after-commit":
            raise StoreUnavailable("the connection was lost")

    def reading(self) -> None:
        """Raise when reads fail too."""
        if self.fails == "read":
            raise StoreUnavailable("there is no connection to the database")


class MemoryEmployees(Memory):
    """`Employees` in memory."""

    def __init__(self, *kept: Employee, fails: Fails = None) -> None:
        super().__init__(fails)
        self.kept = {(employee.partner, employee.user): employee for employee in kept}

    def find(self, partner: str, user: str) -> Employee | None:
        self.reading()
        return self.kept.get((partner, user))

    def of_partner(self, partner: str) -> Sequence[Employee]:
        self.reading()
        return sorted((one for one in self.kept.values() if one.partner == partner), key=lambda one: one.user)

    def save(self, employee: Employee) -> None:
        with self.writing():
            self.kept[employee.partner, employee.user] = employee


class MemoryCases(Memory):
    """`Cases` in memory."""

    def __init__(self, *kept: Case, fails: Fails = None, beside: Beside | None = None) -> None:
        super().__init__(fails)
        self.kept = {case.id: case for case in kept}
        self.beside = beside or (MemoryContributions(), MemoryEvidence(), MemoryTasks())

    def find(self, case_id: str) -> Case | None:
        self.reading()
        return self.kept.get(case_id)

    def of_partner(self, partner: str) -> Sequence[Case]:
        self.reading()
        mine = [case for case in self.kept.values() if case.notifier == partner or case.participant(partner) is not None]
        return sorted(sorted(mine, key=lambda case: case.id), key=lambda case: case.first_processed, reverse=True)

    def save(self, case: Case) -> Case:
        with self.writing():
            there = self.kept.get(case.id)
            if (0 if there is None else there.version) != case.version or (there is not None and case.version == 0):
                raise WrongState("the case was changed by somebody else first")
            kept = replace(case, version=case.version + 1)
            self.kept[case.id] = kept
        return kept

    def about(self, subject: str) -> Sequence[Case]:
        self.reading()
        mine = [case for case in self.kept.values() if case.subject == subject]
        return sorted(mine, key=lambda case: (case.first_processed, case.id))

    def ending(self, first_processed: datetime) -> Sequence[Case]:
        self.reading()
        found = [c for c in self.kept.values() if c.state is CaseState.GEEN or c.first_processed <= first_processed]
        return sorted(found, key=lambda case: (case.first_processed, case.id))

    def destroy(self, case: Case) -> int:
        contributions, evidence, tasks = self.beside
        with self.writing():
            there = self.kept.get(case.id)
            if there is None or there.version != case.version:
                raise WrongState("the case was changed by somebody else first")
            before = self._size()
            del self.kept[case.id]
            contributions.kept = {key: one for key, one in contributions.kept.items() if one.case != case.id}
            evidence.kept = {key: one for key, one in evidence.kept.items() if one.case != case.id}
            tasks.kept = {key: one for key, one in tasks.kept.items() if one.request.case != case.id}
            return before - self._size()

    def _size(self) -> int:
        return len(self.kept) + sum(len(keeper.kept) for keeper in self.beside)


class MemoryContributions(Memory):
    """`Contributions` in memory."""

    def __init__(self, *kept: Contribution, fails: Fails = None) -> None:
        super().__init__(fails)
        self.kept = {contribution.id: contribution for contribution in kept}

    def deposit(self, contribution: Contribution) -> None:
        with self.writing():
            if contribution.id in self.kept:
                raise WrongState("a contribution with this id is kept already")
            self.kept[contribution.id] = contribution

    def find(self, contribution_id: str) -> Contribution | None:
        self.reading()
        return self.kept.get(contribution_id)

    def withdraw(self, contribution_id: str, at: datetime) -> None:
        with self.writing():
            there = self.kept.get(contribution_id)
            if there is None:
                raise NotFound("no such contribution")
            self.kept[contribution_id] = replace(there, withdrawn=there.withdrawn or at)

    def destroy(self, doomed: Sequence[Contribution]) -> None:
        with self.writing():
            for one in doomed:
                self.kept.pop(one.id, None)

    def matching(self, wanted: Wanted) -> Sequence[Contribution]:
        return [
            kept
            for kept in self.about(wanted.subject)
            if kept.provider == wanted.provider
            and kept.case == wanted.case
            and kept.record.category in wanted.categories
            and kept.withdrawn is None
        ]

    def about(self, subject: str) -> Sequence[Contribution]:
        self.reading()
        return sorted((c for c in self.kept.values() if c.subject == subject), key=lambda c: (c.deposited, c.id))


class MemoryEvidence(Memory):
    """`EvidenceBook` in memory."""

    def __init__(self, *kept: Evidence, fails: Fails = None) -> None:
        super().__init__(fails)
        self.kept = {evidence.id: evidence for evidence in kept}

    def record(self, evidence: Evidence) -> None:
        with self.writing():
            if evidence.id in self.kept:
                raise WrongState("evidence with this id is kept already")
            self.kept[evidence.id] = evidence

    def find(self, evidence_id: str) -> Evidence | None:
        self.reading()
        return self.kept.get(evidence_id)

    def withdraw(self, evidence_id: str, at: datetime) -> None:
        with self.writing():
            there = self.kept.get(evidence_id)
            if there is None:
                raise NotFound("no such evidence")
            self.kept[evidence_id] = replace(there, withdrawn=at if there.withdrawn is None else min(at, there.withdrawn))

    def about(self, subject: str) -> Sequence[Evidence]:
        self.reading()
        return sorted((e for e in self.kept.values() if e.subject == subject), key=lambda e: (e.recorded, e.id))


class MemoryTasks(Memory):
    """`Tasks` in memory."""

    def __init__(self, *kept: Task, fails: Fails = None) -> None:
        super().__init__(fails)
        self.kept = {task.request.id: task for task in kept}

    def add(self, task: Task) -> None:
        with self.writing():
            if task.request.id in self.kept:
                raise WrongState("this request is in the books already")
            self.kept[task.request.id] = task

    def find(self, request_id: str) -> Task | None:
        self.reading()
        return self.kept.get(request_id)

    def waiting_at(self, provider: str) -> Sequence[Task]:
        self.reading()
        waiting = (t for t in self.kept.values() if t.request.provider == provider and t.status is RequestStatus.VOORGELEGD)
        return sorted(waiting, key=lambda task: (task.request.at, task.request.id))

    def of_requester(self, requester: str) -> Sequence[Task]:
        self.reading()
        mine = sorted((t for t in self.kept.values() if t.request.requester == requester), key=lambda task: task.request.id)
        return sorted(mine, key=lambda task: task.request.at, reverse=True)

    def of_provider(self, provider: str) -> Sequence[Task]:
        self.reading()
        mine = sorted((t for t in self.kept.values() if t.request.provider == provider), key=lambda task: task.request.id)
        return sorted(mine, key=lambda task: task.request.at, reverse=True)

    def update(self, task: Task) -> Task:
        with self.writing():
            there = self.kept.get(task.request.id)
            if there is None or there.version != task.version:
                raise WrongState("the task was changed by somebody else first")
            kept = replace(task, version=task.version + 1)
            self.kept[task.request.id] = kept
        return kept


Beside = tuple[MemoryContributions, MemoryEvidence, MemoryTasks]
"""What is kept for cases beside the cases themselves."""


@dataclass(slots=True)
class _Answer:
    fingerprint: bytes
    begun: datetime
    until: datetime
    answer: bytes | None = None
    about: str = ""


class MemoryAnswers(Memory):
    """`Answers` in memory."""

    def __init__(self, clock: Clock, *, fails: Fails = None) -> None:
        super().__init__(fails)
        self.kept: dict[tuple[str, str], _Answer] = {}
        self._clock = clock

    def begin(self, partner: str, key: str, fingerprint: bytes, until: datetime) -> bytes | None:
        now = self._clock.now()
        with self.writing():
            there = self.kept.get((partner, key))
            if there is None or there.until <= now or (there.answer is None and there.begun <= now - LEASE):
                self.kept[partner, key] = _Answer(fingerprint, now, until)
                there = None
        if there is None:
            return None
        if there.fingerprint != fingerprint:
            raise AlreadyUsed("this key came with another question before")
        if there.answer is None:
            raise WrongState("the first request with this key is still under way")
        return there.answer

    def finish(self, partner: str, key: str, answer: bytes, *, about: str = "") -> None:
        with self.writing():
            there = self.kept.get((partner, key))
            if there is not None and there.answer is None:
                there.answer, there.about = answer, about

    def abandon(self, partner: str, key: str) -> None:
        with self.writing():
            there = self.kept.get((partner, key))
            if there is not None and there.answer is None:
                del self.kept[partner, key]
