"""The audit log, as the settings say: in a file or a schema of its own, with its witnesses, after the logs of earlier years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from ssl import RAND_bytes

from sluis.core.errors import BadInput, Flaw
from sluis.core.quorum import TlogPolicy, parse_policy
from sluis.keys import KeyFiles
from sluis.ledger.family import LogFamily
from sluis.ledger.log import TransparencyLog, open_postgres_log, open_sqlite_log
from sluis.ledger.model import Keeper, LogParts, Reader
from sluis.ledger.opening import Outside
from sluis.ledger.postgres import Place, PostgresKeeper, PostgresReader
from sluis.ledger.publishing import Folder
from sluis.ledger.reader import LogReading
from sluis.ledger.rotating import open_retired, succeed
from sluis.ledger.sqlite import SqliteKeeper
from sluis.ledger.stamping import Authority
from sluis.ledger.stamps import parse_authority
from sluis.ports.ambient import Clock
from sluis.ports.log import CellVault
from sluis.settings import Settings
from sluis.wiring.log_keys import LogKeys


@dataclass(frozen=True, slots=True, kw_only=True)
class Logs:
    """The log that is written to, the retired ones before it, and all of them as one `Ledger`.

    `forgetting` reaches the rows of the retired logs: erasing a person goes through all years.
    """

    current: TransparencyLog
    retired: tuple[LogReading, ...]
    ledger: LogFamily | TransparencyLog
    forgetting: tuple[Keeper, ...]

    def years_before(self) -> list[tuple[Reader, Keeper]]:
        """The retired logs, for who ends a retention period in them."""
        return [(log.reader, keeper) for log, keeper in zip(self.retired, self.forgetting, strict=True)]

    def close(self) -> None:
        """Finish what is waiting and let go of the databases."""
        self.current.close()
        for log in self.retired:
            log.reader.close()


def open_logs(settings: Settings, key_files: KeyFiles, vault: CellVault, clock: Clock) -> Logs:
    """Open the logs; a successor that is new and empty gets its first entry, which names the log before it.

    Raises `LedgerUnavailable`, `LedgerBroken` and `BadInput`: the broker then does not start.
    """
    making = _Making(settings, key_files, vault, clock)
    retired = tuple(making.retired(place) for place in _places(settings)[:-1])
    current = making.current(_places(settings)[-1])
    if retired and current.state().size == 0:
        # If we die before this the successor is still empty, and the next start does it.
        succeed(retired[-1], current, clock.now())
    ledger = LogFamily(retired, current) if retired else current
    forgetting = tuple(making.forgetting(place) for place in _places(settings)[:-1])
    return Logs(current=current, retired=retired, ledger=ledger, forgetting=forgetting)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the log of one origin lives: the first has the plain names, a successor carries its origin in them."""

    origin: str
    mark: str


def _places(settings: Settings) -> list[_Place]:
    origins = (*settings.earlier_origins, settings.origin)
    return [_Place(origin, _mark(settings, origin, first=number == 0)) for number, origin in enumerate(origins)]


def _mark(settings: Settings, origin: str, *, first: bool) -> str:
    """What tells the files of this log from those of others: nothing for the first.

    A successor stays one when the logs before it have had their time and are gone from the settings: its files say so.
    """
    mark = f"-{_plain(origin, '-')}"
    there = (settings.keys / f"log-signer{mark}.key", settings.data / f"logboek-openbaar{mark}")
    return "" if first and not any(path.exists() for path in there) else mark


def _plain(origin: str, joint: str) -> str:
    return "".join(c if c.isalnum() else joint for c in origin.lower())


def log_path(settings: Settings) -> Path:
    """The file of the embedded audit log that is written to."""
    return log_paths(settings)[-1]


def log_paths(settings: Settings) -> list[Path]:
    """The files of the embedded audit logs of all years, oldest first; with PostgreSQL only what is beside them exists."""
    return [settings.data / f"logboek{place.mark}.sqlite" for place in _places(settings)]


def log_keys(settings: Settings, key_files: KeyFiles) -> LogKeys:
    """The key files of the log that is written to."""
    place = _places(settings)[-1]
    return LogKeys(key_files, place.origin, place.mark)


def database_url(settings: Settings) -> str:
    """The address of the main database, with its password from the file. Raises `BadInput` when that cannot be read."""
    if not settings.database:
        return f"sqlite:///{settings.data / 'sluis.sqlite'}"
    if settings.database_password_file is None:
        return settings.database
    password = _text(settings.database_password_file, "SLUIS_DATABASE_PASSWORD_FILE").strip()
    user, at, rest = settings.database.removeprefix("postgresql://").partition("@")
    return f"postgresql://{user}:{password}{at}{rest}"


@dataclass(frozen=True, slots=True)
class _Making:
    """What opening a log needs."""

    settings: Settings
    key_files: KeyFiles
    vault: CellVault
    clock: Clock

    def current(self, place: _Place) -> TransparencyLog:
        outside = self._outside(place)
        if self.settings.database:
            return open_postgres_log(self._schema(place), self._parts(place), outside)
        return open_sqlite_log(self._file(place), self._parts(place), outside)

    def retired(self, place: _Place) -> LogReading:
        if self.settings.database:
            return LogReading(PostgresReader(self._schema(place)), self._parts(place), self._folder(place))
        return open_retired(self._file(place), self._parts(place), self._folder(place))

    def forgetting(self, place: _Place) -> Keeper:
        if self.settings.database:
            return PostgresKeeper(self._schema(place))
        return SqliteKeeper(self._file(place), self.settings.append_seconds)

    def _parts(self, place: _Place) -> LogParts:
        keys = LogKeys(self.key_files, place.origin, place.mark)
        return LogParts(
            origin=place.origin,
            clock=self.clock,
            signer=keys.signer(),
            vault=self.vault,
            # OpenSSL's generator: seeded by the system, anew in a forked child. A call to the system for each salt lets go of
            # the interpreter, and under load that costs more than all the hashing (docs/decisions/0035).
            chance=RAND_bytes,
            also=keys.further(post_quantum=self.settings.post_quantum),
            timeout=self.settings.append_seconds,
        )  # fmt: skip - one value

    def _file(self, place: _Place) -> Path:
        return self.settings.data / f"logboek{place.mark}.sqlite"

    def _folder(self, place: _Place) -> Folder:
        return Folder(self.settings.data / f"logboek-openbaar{place.mark}")

    def _schema(self, place: _Place) -> Place:
        schema = f"log_{_plain(place.origin, '_')}"
        return Place(dsn=database_url(self.settings), schema=schema, timeout=self.settings.append_seconds)

    def _outside(self, place: _Place) -> Outside:
        settings = self.settings
        return Outside(
            folder=self._folder(place),
            policy=_trust(settings),
            freshest=timedelta(hours=settings.witness_hours) if settings.witness_hours else None,
            every=settings.publish_seconds,
            authority=_authority(settings),
        )


def published_folder(log: Path) -> Path:
    """The folder to which the log in that file is published."""
    return log.with_name(log.stem.replace("logboek", "logboek-openbaar", 1))


def _authority(settings: Settings) -> Authority | None:
    if settings.log_tsa_ca is None:
        return None
    where = "SLUIS_LOG_TSA_CA"
    roots = parse_authority(_text(settings.log_tsa_ca, where).encode(), where)
    return Authority(settings.log_tsa, roots, timedelta(hours=settings.log_tsa_hours))


def _trust(settings: Settings) -> TlogPolicy | None:
    if settings.trust_policy is None:
        return None
    return parse_policy(_text(settings.trust_policy, "SLUIS_TRUST_POLICY"))


def _text(path: Path, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as cause:
        raise BadInput(Flaw(where=where, what="cannot be read", mend="give a file that the broker may read")) from cause
