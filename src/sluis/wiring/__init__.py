"""The one place that names concrete keepers and reads the clock. Everything else is handed what it needs."""

from __future__ import annotations

import os
import re
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sluis import events
from sluis.core.request import Task
from sluis.core.screening import Parameters
from sluis.core.staffing import Vacancy
from sluis.flows import retention
from sluis.flows.enrolling import Settled, settle
from sluis.flows.escalate import escalate
from sluis.flows.overdue import record_late_work
from sluis.flows.screening import Screened, screen
from sluis.flows.staffing import vacancies_everywhere
from sluis.keys import KeyFiles, KeyRing
from sluis.ledger.log import TransparencyLog
from sluis.policy_files.screening import screening
from sluis.ports.log import Ledger
from sluis.ports.services import Services
from sluis.redaction.engine import load as load_redactor
from sluis.settings import Settings, private_folder
from sluis.sources import PlanSource, StoredSource
from sluis.store import (
    Database,
    Erased,
    Erasure,
    StoredAnswers,
    StoredCases,
    StoredContributions,
    StoredEmployees,
    StoredEvidence,
    StoredIssuances,
    StoredPartners,
    StoredPersonKeys,
    StoredReplay,
    StoredSearches,
    StoredSessions,
    StoredTasks,
    upgrade,
)
from sluis.wiring.log import Logs, database_url, log_path, open_logs
from sluis.wiring.partners import PartnerDoors, PartnerStores, partner_doors
from sluis.wiring.policies import watch_policies

__all__ = ["Keepers", "SystemClock", "SystemIds", "database_url", "log_path", "open_keepers"]

_INDEX = re.compile(r"[0-9a-f]{32}")


class SystemClock:
    """The clock of this machine (port `Clock`)."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that reads the clock


class SystemIds:
    """Random handles from the operating system (port `Ids`)."""

    def public(self) -> str:
        """192 random bits, base64url."""
        return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """Everything that one broker process holds open. `close` ends it in the right order."""

    settings: Settings
    services: Services
    logs: Logs
    database: Database
    keys: KeyRing
    key_files: KeyFiles
    answers: StoredAnswers
    sessions: StoredSessions
    replay: StoredReplay
    doors: PartnerDoors

    @property
    def ledger(self) -> TransparencyLog:
        """The log that is written to."""
        return self.logs.current

    def sweep(self) -> int:
        """Remove what has had its time: used-once marks, kept answers, keys, cases; return how much. Harmless to repeat.

        Of several brokers one ends cases in the same half hour: two would put the same end on record twice.
        """
        now = self.services.clock.now()
        swept = Erasure(self.database, self.keys).sweep(now)
        mine = self.replay.first_use("ronde", "sluis", "bewaartermijnen", now + timedelta(minutes=30))
        return swept + (len(retention.sweep(self.services)) if mine else 0)

    def escalate(self, round_lasts: timedelta) -> Sequence[Task]:
        """Put on record what waits too long for a human, tell the operator how much, and return it.

        Of several brokers one makes each round.
        """
        until = self.services.clock.now() + round_lasts
        # If we die within the round, the next one goes on; two rounds at once would record twice, and harm nobody.
        late = escalate(self.services) if self.replay.first_use("ronde", "sluis", "termijnen", until) else ()
        for provider, count in Counter(task.request.provider for task in late).items():
            events.emit(events.OVERDUE, provider=provider, count=count)
        self._late_work()
        return late

    def _late_work(self) -> None:
        """The same for actions and handovers, once an hour: their terms are days, and every case is opened to look."""
        until = self.services.clock.now() + timedelta(hours=1)
        # If we die within the round, what is left goes on record an hour later.
        found = record_late_work(self.services) if self.replay.first_use("ronde", "sluis", "afspraken", until) else ()
        for (partner, what), count in Counter((one.partner, one.what) for one in found).items():
            events.emit(events.OVERDUE_WORK, partner=partner, what=what, count=count)

    def screening(self) -> Parameters:
        """The numbers of the screening rules, as they stand in the folder of the rules now. Raises `PolicyFileError`."""
        return screening(self.settings.policies, self.services.rules.current().vocabulary.kinds)

    def screen(self, round_lasts: timedelta) -> Screened | None:
        """Screen what came into the log since the last round; None when another broker makes this one.

        Files that cannot be read stop the round before it begins: nothing is screened by other numbers than were set.
        """
        parameters, until = self.screening(), self.services.clock.now() + round_lasts
        # If we die within the round, the next one goes on from what is on record.
        if not self.replay.first_use("ronde", "sluis", "toetsing", until):
            return None
        done = screen(parameters, self.services)
        for rule, count in done.per_rule().items():
            events.emit(events.FLAGGED, rule=rule.value, count=count)
        return done

    def settle(self, round_lasts: timedelta) -> Sequence[Settled]:
        """Put on record what of the partners is owed to the log; return what it was. Of several brokers one makes each round."""
        until = self.services.clock.now() + round_lasts
        return settle(self.services) if self.replay.first_use("ronde", "sluis", "deelnemers", until) else ()

    def vacancies(self) -> Sequence[Vacancy]:
        """The roles of partners that nobody fills, or will fill soon; the operator is told how many, while there are any."""
        found = vacancies_everywhere(self.services)
        if found:
            empty = sum(one.now for one in found)
            partners = len({one.partner for one in found})
            events.emit(events.VACANT, partners=partners, vacant=empty, soon=len(found) - empty)
        return found

    def subject(self, given: str) -> str:
        """The index of a person, from a citizen service number or the index itself. Raises `BadInput`."""
        return given if _INDEX.fullmatch(given) else self.keys.subject({"bsn": given})

    def running_in(self, bucket: str) -> int:
        """How many cases and contributions to cases would be lost with the keys of that bucket."""
        return Erasure(self.database, self.keys).running_in(bucket)

    def forget(self, subject: str) -> Erased:
        """Remove everything kept about a person, and the keys it was kept under; return how much there was."""
        return Erasure(self.database, self.keys).erase(subject)

    def close(self) -> None:
        """Stop the sequencer, then give back the connections."""
        self.logs.close()
        self.database.close()


def open_keepers(settings: Settings) -> Keepers:
    """Open the stores, the log, the keys and the policy set. Raises `SluisError` when one of them is not fit for use."""
    clock = SystemClock()
    private_folder(settings.data, "SLUIS_DATA")
    database = Database(database_url(settings))
    upgrade(database)
    key_files = KeyFiles(settings.keys)
    ring = KeyRing(key_files, StoredPersonKeys(database), clock)
    logs = open_logs(settings, key_files, ring, clock)
    services = _services(settings, database, ring, logs.ledger, clock)
    replay = StoredReplay(database, clock)
    stores = PartnerStores(directory=services.partners, replay=replay, issuances=StoredIssuances(database))
    return Keepers(
        settings=settings,
        services=services,
        logs=logs,
        database=database,
        keys=ring,
        key_files=key_files,
        answers=StoredAnswers(database, ring, clock),
        sessions=StoredSessions(database, ring, SystemIds()),
        replay=replay,
        doors=partner_doors(settings, stores, key_files, clock),
    )  # fmt: skip - one value


def _services(settings: Settings, database: Database, ring: KeyRing, ledger: Ledger, clock: SystemClock) -> Services:
    rules = watch_policies(settings, ledger, clock)
    contributions = StoredContributions(database, ring)
    cases, partners = StoredCases(database, ring), StoredPartners(database)
    return Services(
        clock=clock,
        ids=SystemIds(),
        rules=rules,
        ledger=ledger,
        source=PlanSource(StoredSource(contributions), cases, partners),
        redactor=load_redactor(),
        partners=partners,
        employees=StoredEmployees(database, ring),
        cases=cases,
        contributions=contributions,
        evidence=StoredEvidence(database, ring),
        tasks=StoredTasks(database, ring),
        searches=StoredSearches(database, ring),
        subjects=ring,
        tables=lambda: rules.released().tables,
        seed=_seed,
    )


def _seed() -> bytes:
    return os.urandom(32)
