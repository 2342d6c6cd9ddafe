"""Every table of the store, and nothing else: no relationships, no logic.

Laws of this file: a column holds organisations, handles without meaning, keyed hashes, states, counts and moments; what says
something about a person is in `payload`, sealed under that person's key. `person` is the tag of the person whose key that is,
`bucket` the year of the key. Moments are whole microseconds since 1970 UTC: the same number in both databases, exact, sortable.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, Text, inspect
from sqlmodel import Field, SQLModel


def _text(*, key: bool = False, nullable: bool = False) -> Column[str]:
    return Column(Text, primary_key=key, nullable=nullable)


def _moment(*, nullable: bool = False) -> Column[int]:
    return Column(BigInteger, nullable=nullable)


def _bytes(*, key: bool = False, nullable: bool = False) -> Column[bytes]:
    return Column(LargeBinary, primary_key=key, nullable=nullable)


class PartnerRow(SQLModel, table=True):
    """A partner organisation: public keys, certificates, doors and dates. Nothing personal."""

    __tablename__ = "partners"
    id: str = Field(sa_column=_text(key=True))
    client_id: str = Field(sa_column=Column(Text, nullable=False, unique=True))
    oin: str = Field(sa_column=_text())
    kind: str = Field(sa_column=_text())
    name: str = Field(sa_column=_text())
    profile: str = Field(sa_column=_text())
    keys: str = Field(sa_column=_text())
    certificates: str = Field(sa_column=_text())
    scopes: str = Field(sa_column=_text())
    active_from: int = Field(sa_column=_moment())
    active_until: int | None = Field(sa_column=_moment(nullable=True))


class EmployeeRow(SQLModel, table=True):
    """A person at a partner, by the tag of (partner, user); roles and dates are in the payload."""

    __tablename__ = "employees"
    person: bytes = Field(sa_column=_bytes(key=True))
    bucket: str = Field(sa_column=_text())
    partner: str = Field(sa_column=Column(Text, nullable=False, index=True))
    payload: bytes = Field(sa_column=_bytes())


class CaseRow(SQLModel, table=True):
    """A case; subject, participants, own view and resolutions are in the payload."""

    __tablename__ = "cases"
    id: str = Field(sa_column=_text(key=True))
    person: bytes = Field(sa_column=Column(LargeBinary, nullable=False, index=True))
    bucket: str = Field(sa_column=_text())
    state: str = Field(sa_column=_text())
    first_processed: int = Field(sa_column=_moment())
    version: int = Field(sa_column=Column(Integer, nullable=False))
    payload: bytes = Field(sa_column=_bytes())


class CasePartyRow(SQLModel, table=True):
    """Which organisations see a case: its notifier and its participants."""

    __tablename__ = "case_parties"
    case_id: str = Field(sa_column=_text(key=True))
    partner: str = Field(sa_column=Column(Text, primary_key=True, index=True))


class ContributionRow(SQLModel, table=True):
    """A deposited record. `category_tag` is a keyed hash of person and category: it finds, and tells nothing."""

    __tablename__ = "contributions"
    __table_args__ = (Index("ix_contributions_wanted", "person", "provider", "category_tag"),)
    id: str = Field(sa_column=_text(key=True))
    person: bytes = Field(sa_column=_bytes())
    bucket: str = Field(sa_column=_text())
    provider: str = Field(sa_column=_text())
    case_id: str | None = Field(sa_column=_text(nullable=True))
    category_tag: bytes = Field(sa_column=_bytes())
    deposited: int = Field(sa_column=_moment())
    withdrawn: int | None = Field(sa_column=_moment(nullable=True))
    payload: bytes = Field(sa_column=_bytes())


class EvidenceRow(SQLModel, table=True):
    """A piece of evidence; even which fact it proves is in the payload."""

    __tablename__ = "evidence"
    id: str = Field(sa_column=_text(key=True))
    person: bytes = Field(sa_column=Column(LargeBinary, nullable=False, index=True))
    bucket: str = Field(sa_column=_text())
    recorded: int = Field(sa_column=_moment())
    withdrawn: int | None = Field(sa_column=_moment(nullable=True))
    payload: bytes = Field(sa_column=_bytes())


class TaskRow(SQLModel, table=True):
    """A request in the books."""

    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_provider", "provider", "status", "at"), Index("ix_tasks_requester", "requester", "at"))
    id: str = Field(sa_column=_text(key=True))
    person: bytes = Field(sa_column=Column(LargeBinary, nullable=False, index=True))
    bucket: str = Field(sa_column=_text())
    requester: str = Field(sa_column=_text())
    provider: str = Field(sa_column=_text())
    status: str = Field(sa_column=_text())
    at: int = Field(sa_column=_moment())
    version: int = Field(sa_column=Column(Integer, nullable=False))
    payload: bytes = Field(sa_column=_bytes())


class AnswerRow(SQLModel, table=True):
    """An idempotency key (hashed, with its owner) and the sealed answer that was given, for a day.

    `person` is whom the answer is about, so that erasing him reaches it; None while it is under way and when it is about nobody.
    An empty payload is an answer that was erased: a repeat is told so, and nothing is done a second time.
    """

    __tablename__ = "answers"
    id: bytes = Field(sa_column=_bytes(key=True))
    person: bytes | None = Field(sa_column=Column(LargeBinary, nullable=True, index=True))
    bucket: str = Field(sa_column=_text())
    fingerprint: bytes = Field(sa_column=_bytes())
    begun: int = Field(sa_column=_moment())
    until: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    payload: bytes | None = Field(sa_column=_bytes(nullable=True))


class ReplayRow(SQLModel, table=True):
    """The hash of something that may be used once, until a moment."""

    __tablename__ = "replay"
    id: bytes = Field(sa_column=_bytes(key=True))
    until: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))


class IssuanceRow(SQLModel, table=True):
    """A token that was issued: its id, to whom, bound to what; never the token."""

    __tablename__ = "issuances"
    id: str = Field(sa_column=_text(key=True))
    partner: str = Field(sa_column=_text())
    expires: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    binding: str = Field(sa_column=_text())
    revoked: int = Field(sa_column=Column(Integer, nullable=False))


class SessionRow(SQLModel, table=True):
    """An officer's session by the hash of its id; who it is is in the payload."""

    __tablename__ = "sessions"
    id: bytes = Field(sa_column=_bytes(key=True))
    person: bytes = Field(sa_column=Column(LargeBinary, nullable=False, index=True))
    bucket: str = Field(sa_column=_text())
    started: int = Field(sa_column=_moment())
    last_seen: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))
    payload: bytes = Field(sa_column=_bytes())


class SavedSearchRow(SQLModel, table=True):
    """A search that an officer keeps; its name and its filter are in the payload."""

    __tablename__ = "saved_searches"
    id: str = Field(sa_column=_text(key=True))
    person: bytes = Field(sa_column=Column(LargeBinary, nullable=False, index=True))
    bucket: str = Field(sa_column=_text())
    saved: int = Field(sa_column=_moment())
    payload: bytes = Field(sa_column=_bytes())


class PersonKeyRow(SQLModel, table=True):
    """The key of a person and bucket, wrapped under the key-encryption key of `epoch`."""

    __tablename__ = "person_keys"
    tag: bytes = Field(sa_column=_bytes(key=True))
    bucket: str = Field(sa_column=Column(Text, primary_key=True, index=True))
    wrapped: bytes = Field(sa_column=_bytes())
    epoch: int = Field(sa_column=Column(Integer, nullable=False, index=True))


class KeyEpochRow(SQLModel, table=True):
    """One row: the epoch under which new keys must be wrapped."""

    __tablename__ = "key_epoch"
    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    epoch: int = Field(sa_column=Column(Integer, nullable=False))


def _table(row: type[SQLModel]) -> Table:
    table = inspect(row).local_table
    assert isinstance(table, Table)
    return table


partners = _table(PartnerRow)
employees = _table(EmployeeRow)
cases = _table(CaseRow)
case_parties = _table(CasePartyRow)
contributions = _table(ContributionRow)
evidence = _table(EvidenceRow)
tasks = _table(TaskRow)
answers = _table(AnswerRow)
replay = _table(ReplayRow)
issuances = _table(IssuanceRow)
sessions = _table(SessionRow)
saved_searches = _table(SavedSearchRow)
person_keys = _table(PersonKeyRow)
key_epoch = _table(KeyEpochRow)

ABOUT_A_SUBJECT = (cases, contributions, evidence, tasks)
"""The tables whose `person` is the subject of a case: what erasing a subject empties."""
