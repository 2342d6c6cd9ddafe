"""The one place that names concrete keepers and reads the clock. Everything else is handed what it needs."""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sluis import events
from sluis.core.duties import CARRIED
from sluis.core.errors import BadInput, Flaw, PolicyUnavailable
from sluis.core.quorum import parse_policy
from sluis.core.rules import Rulebook
from sluis.keys import KeyFiles, KeyRing, LogSigner
from sluis.ledger.log import TransparencyLog, open_postgres_log, open_sqlite_log
from sluis.ledger.model import LogParts
from sluis.ledger.opening import Outside
from sluis.ledger.postgres import Place
from sluis.ledger.publishing import Folder
from sluis.policy_files import load
from sluis.policy_files.tables import load_tables
from sluis.ports.services import Services
from sluis.redaction.engine import load as load_redactor
from sluis.settings import Settings
from sluis.sources import StoredSource
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
    StoredSessions,
    StoredTasks,
    upgrade,
)
from sluis.wiring.partners import PartnerDoors, PartnerStores, partner_doors

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


@dataclass(frozen=True, slots=True)
class LoadedRules:
    """A policy set that was read when the broker started (port `Rules`)."""

    rulebook: Rulebook | None

    def current(self) -> Rulebook:
        """The set in force. Raises `PolicyUnavailable` when there is none."""
        if self.rulebook is None:
            raise PolicyUnavailable("no policy set was loaded")
        return self.rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """Everything that one broker process holds open. `close` ends it in the right order."""

    settings: Settings
    services: Services
    ledger: TransparencyLog
    database: Database
    keys: KeyRing
    key_files: KeyFiles
    answers: StoredAnswers
    sessions: StoredSessions
    replay: StoredReplay
    doors: PartnerDoors

    def sweep(self) -> int:
        """Remove what has had its time: used-once marks, kept answers and their keys; return how much. Harmless to repeat."""
        return Erasure(self.database, self.keys).sweep(self.services.clock.now())

    def subject(self, given: str) -> str:
        """The index of a person, from a citizen service number or the index itself. Raises `BadInput`."""
        return given if _INDEX.fullmatch(given) else self.keys.subject({"bsn": given})

    def forget(self, subject: str) -> Erased:
        """Remove everything kept about a person, and the keys it was kept under; return how much there was."""
        return Erasure(self.database, self.keys).erase(subject)

    def close(self) -> None:
        """Stop the sequencer, then give back the connections."""
        self.ledger.close()
        self.database.close()


def open_keepers(settings: Settings) -> Keepers:
    """Open the stores, the log, the keys and the policy set. Raises `SluisError` when one of them is not fit for use."""
    clock = SystemClock()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(database_url(settings))
    upgrade(database)
    key_files = KeyFiles(settings.keys)
    ring = KeyRing(key_files, StoredPersonKeys(database), clock)
    ledger = open_ledger(settings, key_files, ring, clock)
    services = _services(settings, database, ring, ledger, clock)
    replay = StoredReplay(database, clock)
    stores = PartnerStores(directory=services.partners, replay=replay, issuances=StoredIssuances(database))
    return Keepers(
        settings=settings,
        services=services,
        ledger=ledger,
        database=database,
        keys=ring,
        key_files=key_files,
        answers=StoredAnswers(database, ring, clock),
        sessions=StoredSessions(database, ring, SystemIds()),
        replay=replay,
        doors=partner_doors(settings, stores, key_files, clock),
    )  # fmt: skip - one value


def open_ledger(settings: Settings, key_files: KeyFiles, ring: KeyRing, clock: SystemClock) -> TransparencyLog:
    """The audit log: in its own SQLite file, or in its own schema of the PostgreSQL database."""
    parts = LogParts(
        origin=settings.origin,
        clock=clock,
        signer=LogSigner(settings.origin, key_files.log_seed),
        vault=ring,
        chance=os.urandom,
        timeout=settings.append_seconds,
    )
    outside = _outside(settings)
    if settings.database:
        schema = "log_" + "".join(c if c.isalnum() else "_" for c in settings.origin.lower())
        return open_postgres_log(
            Place(dsn=database_url(settings), schema=schema, timeout=settings.append_seconds), parts, outside
        )
    return open_sqlite_log(log_path(settings), parts, outside)


def _outside(settings: Settings) -> Outside:
    """What keeps the log honest from outside: the folder it is published to, its witnesses, and how fresh they must be."""
    policy = None
    if settings.trust_policy is not None:
        try:
            policy = parse_policy(settings.trust_policy.read_text(encoding="utf-8"))
        except OSError as cause:
            flaw = Flaw(where="SLUIS_TRUST_POLICY", what="cannot be read", mend="give a tlog-policy file")
            raise BadInput(flaw) from cause
    return Outside(
        folder=Folder(settings.data / "logboek-openbaar"),
        policy=policy,
        freshest=timedelta(hours=settings.witness_hours) if settings.witness_hours else None,
        every=settings.publish_seconds,
    )


def log_path(settings: Settings) -> Path:
    """The file of the embedded audit log."""
    return settings.data / "logboek.sqlite"


def database_url(settings: Settings) -> str:
    """The address of the main database, with its password from the file. Raises `BadInput` when that cannot be read."""
    if not settings.database:
        return f"sqlite:///{settings.data / 'sluis.sqlite'}"
    if settings.database_password_file is None:
        return settings.database
    try:
        password = settings.database_password_file.read_text(encoding="utf-8").strip()
    except OSError as cause:
        flaw = Flaw(where="SLUIS_DATABASE_PASSWORD_FILE", what="cannot be read", mend="give a file that the broker may read")
        raise BadInput(flaw) from cause
    user, at, rest = settings.database.removeprefix("postgresql://").partition("@")
    return f"postgresql://{user}:{password}{at}{rest}"


def _services(settings: Settings, database: Database, ring: KeyRing, ledger: TransparencyLog, clock: SystemClock) -> Services:
    rulebook = load(settings.policies).carrying(CARRIED)
    events.emit(events.POLICY_ACTIVATED, policy=rulebook.policy, rules=len(rulebook.rules))
    contributions = StoredContributions(database, ring)
    return Services(
        clock=clock,
        ids=SystemIds(),
        rules=LoadedRules(rulebook),
        ledger=ledger,
        source=StoredSource(contributions),
        redactor=load_redactor(),
        partners=StoredPartners(database),
        employees=StoredEmployees(database, ring),
        cases=StoredCases(database, ring),
        contributions=contributions,
        evidence=StoredEvidence(database, ring),
        tasks=StoredTasks(database, ring),
        subjects=ring,
        tables=load_tables(settings.policies),
        seed=_seed,
    )


def _seed() -> bytes:
    return os.urandom(32)
