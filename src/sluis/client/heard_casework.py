"""What a broker's answers around a case meeting say, as values."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from sluis.client.heard import Heard, LogPlace


class Feedback(Heard):
    """What became of a case that one's own organisation notified: `aangemeld`, `opgenomen` or `afgewezen`."""

    id: str
    became: str = Field(alias="uitkomst")
    since: datetime = Field(alias="sindsOp")


class KnownElsewhere(Heard):
    """Whether another house has a running case of this person. No also stands for: not allowed to ask."""

    hit: bool = Field(alias="treffer")
    log: LogPlace = Field(alias="logboek")


class Action(Heard):
    """An action of a case meeting without its words: whose it is, by which day, and how it is with it."""

    id: str
    case: str = Field(alias="casus")
    owner: str = Field(alias="eigenaar")
    role: str | None = Field(alias="rol")
    due: date = Field(alias="uiterlijkDatum")
    status: str
    late: bool = Field(alias="teLaat")
    written_by: str = Field(alias="opgesteldDoor")
    agreed: datetime = Field(alias="afgesprokenOp")
    settled_by: str | None = Field(alias="afgerondDoor")
    settled: datetime | None = Field(alias="afgerondOp")


class ActionOnRecord(Heard):
    """An action after a change, and the entry in the log that records it."""

    action: Action = Field(alias="actie")
    entry: str = Field(alias="registratie")


class Actions(Heard):
    """Actions: the open ones first, the earliest day on top."""

    actions: tuple[Action, ...] = Field(alias="acties")


class AgendaLine(Heard):
    """A category of a party: whether it may be contributed, to whom, and else why not and what would help."""

    category: str = Field(alias="gegeven")
    title: str = Field(alias="titel")
    recipients: tuple[str, ...] = Field(alias="aan")
    decision: str = Field(alias="besluit")
    precision: str | None = Field(alias="precisie")
    explanation: str = Field(alias="uitleg")
    helps: tuple[str, ...] = Field(alias="watHelpt")


class AgendaParty(Heard):
    """A participant and what it may contribute."""

    organisation: str = Field(alias="organisatie")
    lines: tuple[AgendaLine, ...] = Field(alias="gegevens")


class AgendaPoint(Heard):
    """A case on the list."""

    case: str = Field(alias="casus")
    lead: str | None = Field(alias="trekker")
    co_leads: tuple[str, ...] = Field(alias="meetrekkers")
    open_actions: int = Field(alias="openActies")
    late_actions: int = Field(alias="teLateActies")
    informing_late: bool = Field(alias="informerenTeLaat")
    parties: tuple[AgendaParty, ...] = Field(alias="partijen")
    entry: str = Field(alias="registratie")


class Agenda(Heard):
    """The list for a case meeting: cases with late actions first."""

    day: date = Field(alias="datum")
    purpose: str = Field(alias="doel")
    policy: str = Field(alias="beleid")
    points: tuple[AgendaPoint, ...] = Field(alias="casussen")


class Handover(Heard):
    """A warm handover without its content: from whom to whom, the day of the talk, and whether it was accepted."""

    id: str
    status: str
    giver: str = Field(alias="gever")
    receiver: str = Field(alias="ontvanger")
    role: str | None = Field(alias="rol")
    purpose: str = Field(alias="doel")
    case: str | None = Field(alias="casus")
    talk: date = Field(alias="gesprekDatum")
    offered: datetime = Field(alias="aangebodenOp")
    due: datetime = Field(alias="uiterlijkOp")
    late: bool = Field(alias="teLaat")
    waits_for_judgement: bool = Field(alias="wachtOpOordeel")
    answered: datetime | None = Field(alias="beantwoordOp")
    reason: str | None = Field(alias="reden")


class Handovers(Heard):
    """Handovers: what waits for an answer first, the earliest due on top."""

    handovers: tuple[Handover, ...] = Field(alias="overdrachten")


class Needed(Heard):
    """A condition in words, what would help to meet it, and for which categories it is asked."""

    says: str = Field(alias="uitleg")
    helps: tuple[str, ...] = Field(alias="watHelpt")
    categories: tuple[str, ...] = Field(alias="gegevens")


class GivenUp(Heard):
    """A category that may go along, and how precise at most."""

    category: str = Field(alias="gegeven")
    title: str = Field(alias="titel")
    precision: str = Field(alias="precisie")


class Criterion(Heard):
    """A criterion for admission, in plain words (BGS 2.20(1))."""

    criterion: str = Field(alias="criterium")
    text: str = Field(alias="tekst")


class WayUp(Heard):
    """A way to pass a worry on: for what, to which kinds and organisations, what may go along and what that takes."""

    purpose: str = Field(alias="doel")
    title: str = Field(alias="titel")
    law: str = Field(alias="wet")
    rule: str = Field(alias="regel")
    kinds: tuple[str, ...] = Field(alias="soorten")
    organisations: tuple[str, ...] = Field(alias="organisaties")
    gives: tuple[GivenUp, ...] = Field(alias="gegevens")
    needs: tuple[Needed, ...] = Field(alias="nodig")
    criteria: tuple[Criterion, ...]


class WaysUp(Heard):
    """The ways up of one's own kind of organisation, by the policy in force."""

    kind: str = Field(alias="soort")
    policy: str = Field(alias="beleid")
    ways: tuple[WayUp, ...] = Field(alias="opschalingen")
