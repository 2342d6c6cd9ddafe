"""What a broker's answers say, as values: the Dutch words of the API by their English names.

Members that this version does not know are left alone, so that a broker may add some. What is about a person does not show in
`repr`, so that it cannot slip into a log line of the partner's program.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class Heard(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Refusal(Heard):
    """Why a category is not released, and what would help."""

    reason: str = Field(alias="reden")
    explanation: str = Field(alias="uitleg")
    helps: tuple[str, ...] = Field(alias="watHelpt")


class Referral(Heard):
    """Whose judgement a category waits for, and about which facts."""

    role: str = Field(alias="rol")
    facts: tuple[str, ...] = Field(alias="feiten")


class Duty(Heard):
    """A duty that comes with a release."""

    name: str = Field(alias="plicht")
    text: str = Field(alias="tekst")


class LogPlace(Heard):
    """Where it stands in the log; `receipt` is the `.tlog-proof` of that entry."""

    entry: str = Field(alias="registratie")
    index: int = Field(alias="positie")
    receipt: str = Field(alias="bewijs", repr=False)


class Item(Heard):
    """One record of a category, cut and redacted."""

    recorded: str = Field(alias="vastgelegdDatum")
    fields: Mapping[str, bool | int | str] = Field(alias="velden", repr=False)


class Category(Heard):
    """One category as it was released: up to which precision, and whether anything is known."""

    precision: str = Field(alias="precisie")
    exists: bool = Field(alias="bekend")
    items: tuple[Item, ...] = Field(alias="records", repr=False)


class Bundle(Heard):
    """What was released. `person` is a pseudonym, for this recipient and purpose alone."""

    request: str = Field(alias="verzoek")
    person: str = Field(alias="betrokkene", repr=False)
    purpose: str = Field(alias="doel")
    policy: str = Field(alias="beleid")
    categories: Mapping[str, Category] = Field(alias="gegevens", repr=False)


class Decided(Heard):
    """What every answer to a request says: per category why not, or who decides; the duties, the rules, the log."""

    id: str
    decision: str = Field(alias="besluit")
    refused: Mapping[str, Refusal] = Field(alias="geweigerd")
    referred: Mapping[str, Referral] = Field(default={}, alias="voorgelegd")
    within: str | None = Field(default=None, alias="antwoordBinnen")
    duties: tuple[Duty, ...] = Field(alias="plichten")
    rules: tuple[str, ...] = Field(alias="regels")
    policy: str = Field(alias="beleid")
    log: LogPlace = Field(alias="logboek")


class Released(Decided):
    """Something was released. `digest` is the hash of the bundle, as it stands in the log; `keep` says how long, by category."""

    bundle: Bundle = Field(alias="bundel", repr=False)
    digest: str = Field(alias="bundelHash")
    keep: Mapping[str, str] = Field(alias="bewaren")


class Waiting(Decided):
    """Nothing was released yet: a human decides first, or an offer stands ready. Ask again under `id`."""

    status: str


class Refused(Decided):
    """Nothing is released. The words are the same whether or not anything is known of the person."""


Outcome = Released | Waiting | Refused
"""What becomes of a request. A refusal is an outcome like the others, not an error."""


class Advice(Heard):
    """The answer to a dry run: what would be released, up to which precision and on which ground, and what would help."""

    decision: str = Field(alias="besluit")
    permitted: Mapping[str, str] = Field(alias="gegevens")
    refused: Mapping[str, Refusal] = Field(alias="geweigerd")
    referred: Mapping[str, Referral] = Field(alias="voorgelegd")
    duties: tuple[Duty, ...] = Field(alias="plichten")
    rules: tuple[str, ...] = Field(alias="regels")
    grounds: Mapping[str, tuple[str, ...]] = Field(alias="grondslagen")
    policy: str = Field(alias="beleid")


class Task(Heard):
    """A request that waits, or waited, for a human. Only the provider, who judges, reads the motivation."""

    id: str
    status: str
    purpose: str = Field(alias="doel")
    requester: str = Field(alias="vrager")
    provider: str = Field(alias="verstrekker")
    asked: datetime = Field(alias="ingediendOp")
    urgent: bool = Field(alias="spoed")
    due: datetime | None = Field(alias="uiterlijkOp")
    due_words: str | None = Field(alias="antwoordBinnen")
    late: bool = Field(alias="teLaat")
    escalated: datetime | None = Field(alias="geescaleerdOp")
    waits_for: Mapping[str, tuple[str, ...]] = Field(alias="wachtOp")
    motivation: Mapping[str, str] = Field(alias="motivering", repr=False)


class Tasks(Heard):
    """Requests: as requester the newest first, as provider what must be judged first."""

    tasks: tuple[Task, ...] = Field(alias="verzoeken")


class Participant(Heard):
    """An organisation in a case."""

    organisation: str = Field(alias="organisatie")
    since: datetime = Field(alias="sindsOp")
    third: bool = Field(alias="derde")
    signed: bool = Field(alias="geheimhoudingGetekend")


class Informing(Heard):
    """Whether the person of a case knows (AVG 14): `open`, `geinformeerd` or `uitgesteld`; the ground only for who sees to it."""

    status: str
    organisation: str = Field(alias="organisatie")
    due: date | None = Field(alias="uiterlijkDatum")
    late: bool = Field(alias="teLaat")
    on: date | None = Field(alias="datum")
    way: str | None = Field(alias="wijze")
    ground: str | None = Field(alias="grond")
    article: str | None = Field(alias="wet")


class Case(Heard):
    """A case without its content."""

    id: str
    status: str
    notifier: str = Field(alias="aanmelder")
    first_processed: datetime = Field(alias="eersteVerwerkingOp")
    participants: tuple[Participant, ...] = Field(alias="deelnemers")
    lead: str | None = Field(alias="trekker")
    co_leads: tuple[str, ...] = Field(alias="meetrekkers")
    informing: Informing | None = Field(alias="informeren")


class CaseOnRecord(Heard):
    """A case after an act, and the entry in the log that records the act."""

    case: Case = Field(alias="casus")
    entry: str = Field(alias="registratie")


class Cases(Heard):
    """The cases of one's own organisation."""

    cases: tuple[Case, ...] = Field(alias="casussen")


class OnRecord(Heard):
    """Something that was put on record."""

    id: str
    log: LogPlace = Field(alias="logboek")


class Entry(Heard):
    """A release in the register: what, by whom, to whom, why; never the content."""

    entry: str = Field(alias="registratie")
    recorded: datetime = Field(alias="vastgelegdOp")
    purpose: str = Field(alias="doel")
    provider: str = Field(alias="verstrekker")
    recipient: str = Field(alias="ontvanger")
    released: Mapping[str, str] = Field(alias="gegevens")
    refused: Mapping[str, str] = Field(alias="geweigerd")
    rules: tuple[str, ...] = Field(alias="regels")
    policy: str = Field(alias="beleid")
    digest: str = Field(alias="bundelHash")


class Register(Heard):
    """Releases, newest first; `following` is where the next page starts, None when this is the last."""

    entries: tuple[Entry, ...] = Field(alias="verstrekkingen")
    following: int | None = Field(alias="volgende")
