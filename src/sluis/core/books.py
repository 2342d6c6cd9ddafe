"""The two books, as projections of log entries: what a data subject may see, and everything for the four aims.

Laws of this file: the disclosure register shows releases and nothing else, names organisations and never a user, and leaves out
what is withheld at that moment; a refusal and a failed release are not in it; both books come from the same entries, and an
entry whose person was erased still reads, without that person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sluis.core.entry import Json, Kind, LoggedEntry

RELEASES = (Kind.RELEASE_AUTHORISED, Kind.KNOWN_ASKED, Kind.HANDOVER_ACCEPTED)
"""The kinds by which data can have left: a hit is a release too."""
REGISTER = (*RELEASES, Kind.RELEASE_DELIVERED, Kind.RELEASE_FAILED)
"""The kinds that the disclosure register is made from."""
WITHHOLDING = (Kind.WITHHOLD_SET, Kind.WITHHOLD_LIFTED)
"""The kinds that say what a subject may not see yet."""
_NOTHING: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the log keeps of an entry beside what it says: when it began, and a pseudonym per cell (empty once erased)."""

    started: datetime | None = None
    pseudonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom an event is about, under the name that this one reader has for him."""

    pseudonym: str = ""
    erased: bool = False
    person: str = ""
    case: str = ""
    request: str = ""
    released: Mapping[str, str] = field(default_factory=dict, repr=False)
    refused: Mapping[str, str] = field(default_factory=dict, repr=False)
    referred: Mapping[str, str] = field(default_factory=dict, repr=False)
    retention: Mapping[str, str] = field(default_factory=dict, repr=False)
    grounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    facts: Mapping[str, Json] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acted, as his organisation calls him. In the processing log only."""

    pseudonym: str = ""
    erased: bool = False
    user: str = field(default="", repr=False)
    role: str = ""
    organisation: str = ""
    trace: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry as the processing log shows it, without what people wrote in free text. Every standard is rendered from this."""

    index: int
    entry_id: str
    kind: Kind
    started: datetime
    recorded: datetime
    core: Mapping[str, Json]
    persons: tuple[Person, ...] = field(default=(), repr=False)
    actor: Actor | None = field(default=None, repr=False)
    withheld: str = ""

    def text(self, name: str) -> str:
        """The text under that name of the core; empty when there is none."""
        return text(self.core, name)

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts in the list under that name of the core."""
        return words(self.core.get(name))

    def flag(self, name: str) -> bool:
        """Whether the core says true under that name."""
        return self.core.get(name) is True

    def each(self) -> tuple[tuple[int, Person | None], ...]:
        """Each person with his number; one line without a person when the event is about nobody."""
        return tuple(enumerate(self.persons)) or ((0, None),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """A line of the disclosure register. `delivered` is None while it is unknown whether the answer arrived."""

    entry_id: str
    at: datetime
    provider: str
    recipient: str
    purpose: str
    person: str = ""
    categories: Mapping[str, str]
    policy: str = ""
    grounds: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    retention: Mapping[str, str] = field(default_factory=dict)
    emergency: bool = False
    delivered: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Withholding:
    """A participant's objection to telling the subject about its part: dated, owned, to be looked at again.

    `release` None stands for its whole part, empty `categories` for every category.
    """

    id: str
    participant: str
    ground: str
    owner: str
    since: datetime
    review: date | None
    release: str | None = None
    categories: frozenset[str] = frozenset()
    lifted: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether it was set and not lifted at that moment. A review date that has passed lifts nothing by itself."""
        return self.since <= at and (self.lifted is None or at < self.lifted)

    def covers(self, entry_id: str, parties: frozenset[str]) -> bool:
        """Whether that release is in the part of this participant."""
        return self.participant in parties and self.release in {None, entry_id}


def text(data: Mapping[str, Json], name: str) -> str:
    """The text under that name; empty for anything else, so that an old entry stays readable."""
    value = data.get(name)
    return value if isinstance(value, str) else ""


def words(value: Json) -> tuple[str, ...]:
    """The texts in a list; empty for anything else."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return ()
    return tuple(item for item in value if isinstance(item, str))


def _table(data: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = data.get(name)
    return value if isinstance(value, Mapping) else _NOTHING


def _texts(data: Mapping[str, Json], name: str) -> dict[str, str]:
    return {key: value for key, value in _table(data, name).items() if isinstance(value, str)}


def _cell(entry: LoggedEntry, role: str) -> Mapping[str, Json]:
    return next((data for kept, data in entry.cells if kept == role and data is not None), _NOTHING)


def event_of(entry: LoggedEntry, outside: Outside | None = None, withholdings: Sequence[Withholding] = ()) -> Event:
    """The event that an entry records; `outside` is what the log keeps beside it."""
    kept = outside or Outside()
    names = (*kept.pseudonyms, *("" for _ in entry.cells))
    told = [(role, data, name) for (role, data), name in zip(entry.cells, names, strict=False)]
    return Event(
        index=entry.index,
        entry_id=entry.entry_id,
        kind=entry.kind,
        started=kept.started or entry.recorded,
        recorded=entry.recorded,
        core=entry.core,
        persons=tuple(_person(data, name) for role, data, name in told if role == "subject"),
        actor=next((_actor(data, name) for role, data, name in told if role == "actor"), None),
        withheld=_withheld(entry, withholdings),
    )


def _person(data: Mapping[str, Json] | None, pseudonym: str) -> Person:
    if data is None:
        return Person(erased=True)
    return Person(
        pseudonym=pseudonym,
        person=text(data, "person"),
        case=text(data, "case"),
        request=text(data, "request"),
        released=_texts(data, "released"),
        refused=_texts(data, "refused"),
        referred=_texts(data, "referred"),
        retention=_texts(data, "retention"),
        grounds={name: words(several) for name, several in _table(data, "grounds").items()},
        facts=_table(_table(data, "question"), "feiten"),
    )


def _actor(data: Mapping[str, Json] | None, pseudonym: str) -> Actor:
    if data is None:
        return Actor(erased=True)
    return Actor(
        pseudonym=pseudonym,
        user=text(data, "user") or text(data, "officer"),
        role=text(data, "role") or ", ".join(words(data.get("roles"))),
        organisation=text(data, "organisation"),
        trace=text(data, "trace"),
    )


def _withheld(entry: LoggedEntry, withholdings: Sequence[Withholding]) -> str:
    """`vertrouwelijk` while something about the entry is withheld, `opgeheven` after that, else nothing."""
    over = [one for one in withholdings if one.covers(entry.entry_id, _parties(entry))]
    if any(one.lifted is None for one in over):
        return "vertrouwelijk"
    return "opgeheven" if over else ""


def _parties(entry: LoggedEntry) -> frozenset[str]:
    return frozenset({text(entry.core, "provider"), text(entry.core, "recipient")})


def withholdings_of(entries: Iterable[LoggedEntry]) -> tuple[Withholding, ...]:
    """Every objection in these entries, oldest first, with the moment at which it was lifted."""
    told = sorted((one for one in entries if one.kind in WITHHOLDING), key=lambda one: one.index)
    found: dict[str, Withholding] = {}
    for entry in told:
        about = text(entry.core, "about")
        if entry.kind is Kind.WITHHOLD_SET:
            found[entry.entry_id] = _withholding(entry)
        elif about in found and found[about].lifted is None:
            found[about] = replace(found[about], lifted=entry.recorded)
    return tuple(found.values())


def _withholding(entry: LoggedEntry) -> Withholding:
    said = _cell(entry, "subject")
    review = text(entry.core, "review_date")
    return Withholding(
        id=entry.entry_id,
        participant=text(entry.core, "provider"),
        ground=text(entry.core, "ground"),
        owner=text(_cell(entry, "actor"), "owner"),
        since=entry.recorded,
        review=date.fromisoformat(review) if review else None,
        release=text(entry.core, "about") or None,
        categories=frozenset(words(said.get("categories"))),
    )


def disclosures(entries: Iterable[LoggedEntry], at: datetime) -> tuple[Disclosed, ...]:
    """The disclosure register that these entries give at that moment, newest first.

    `entries` holds the releases with what became of them (`REGISTER`) and the objections (`WITHHOLDING`).
    """
    kept = sorted(entries, key=lambda one: one.index)
    objections = [one for one in withholdings_of(kept) if one.holds(at)]
    arrived: dict[str, bool] = {}
    for entry in kept:
        if entry.kind in {Kind.RELEASE_DELIVERED, Kind.RELEASE_FAILED}:
            arrived[text(entry.core, "about")] = entry.kind is Kind.RELEASE_DELIVERED
    lines = (line for entry in reversed(kept) if entry.kind in RELEASES for line in _lines(entry, objections))
    return tuple(replace(line, delivered=arrived.get(line.entry_id)) for line in lines if arrived.get(line.entry_id) is not False)


def _lines(entry: LoggedEntry, objections: Sequence[Withholding]) -> Iterator[Disclosed]:
    """A line for each person of a release, without the categories that are withheld from him."""
    over = [one for one in objections if one.covers(entry.entry_id, _parties(entry))]
    for person in event_of(entry).persons:
        shown = {name: step for name, step in person.released.items() if not any(_hides(one, name) for one in over)}
        if shown:
            yield Disclosed(
                entry_id=entry.entry_id,
                at=entry.recorded,
                provider=text(entry.core, "provider"),
                recipient=text(entry.core, "recipient"),
                purpose=text(entry.core, "purpose"),
                person=person.person,
                categories=shown,
                policy=text(entry.core, "policy"),
                grounds=tuple(dict.fromkeys(ground for name in shown for ground in person.grounds.get(name, ()))),
                conditions=words(entry.core.get("duties")),
                retention={name: term for name, term in person.retention.items() if name in shown},
                emergency=entry.core.get("emergency") is True,
            )


def _hides(objection: Withholding, category: str) -> bool:
    return not objection.categories or category in objection.categories
