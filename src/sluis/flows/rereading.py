"""An officer of the giving side reads again which text a release let go, and what was taken out of it and why.

Nothing is kept of a release (`docs/decisions/0003`), so this is made anew: from the records of the released categories as the
provider has them now, cut to the precision that is on record, redacted again with a fresh seed.

Laws of this file: whoever received, and whoever only oversees, never sees what was taken out; that content was read is on record
before anything is fetched; nothing is fetched beyond the released categories of this one person; nothing is kept of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sluis.core.duties import OWN_ACTIONS
from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, LoggedEntry
from sluis.core.errors import NotAllowed, NotFound
from sluis.core.partner import Officer
from sluis.core.precision import Ladder, cut
from sluis.core.record import Known, Record, Wanted
from sluis.core.verdict import Precision, TextMode
from sluis.flows.audit import Aim
from sluis.flows.export import reach_of
from sluis.flows.passages import FoundText, ReadText, read_text, redacted
from sluis.ports.log import LogQuery
from sluis.ports.services import Services

_PLAN = "plan.afspraken"
_OPEN = frozenset({TextMode.MASK, TextMode.STRICT})
_NOTHING: Mapping[str, Json] = {}


class State(StrEnum):
    """What came of reading again: read; or the person was erased; or the entry no longer leads to a person and a provider."""

    READ = "gelezen"
    ERASED = "gewist"
    UNTRACEABLE = "onvindbaar"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCategory:
    """A released category: how many records the provider has of it now, and their texts.

    `partly`: of these records only the recipient's own part went, which is not worked out again, so no text is shown.
    """

    id: str
    precision: Precision
    records: int
    partly: bool = False
    texts: tuple[ReadText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reread:
    """What was read again. `texts` counts the different texts that were redacted now; the entry says how many went then.

    `later` counts records that were made after the release and so were no part of it; `redactor` is the version of now.
    """

    entry: LoggedEntry
    state: State
    categories: tuple[ReadCategory, ...] = ()
    texts: int = 0
    later: int = 0
    redactor: str = ""


def may_reread(officer: Officer, entry: LoggedEntry, services: Services) -> bool:
    """Whether this officer may see what went out of that release: the provider's own, or the coordinating one; no recipient."""
    if entry.kind is not Kind.RELEASE_AUTHORISED:
        return False
    own = None
    if officer.organisation:
        partner = services.partners.by_id(officer.organisation)
        if partner is None or partner.oin == entry.core.get("recipient"):
            return False
        own = partner.oin
    return "coordinerend-fg" in officer.roles or ("fg" in officer.roles and own is not None and own == entry.core.get("provider"))


def reread(officer: Officer, entry_id: str, aim: Aim, services: Services) -> Reread:
    """Read again what that release let go, on record before anything is fetched.

    Raises `NotFound` for an entry out of reach or that is no release, `NotAllowed` for an officer who may not see what was taken
    out, and `LedgerUnavailable`, `SourceUnavailable`, `StoreUnavailable`, `KeyUnavailable`, `PolicyUnavailable`: then nothing
    was shown.
    """
    own = reach_of(officer, services)
    entry = services.ledger.entry(entry_id)
    parties = {entry.core.get("provider"), entry.core.get("recipient")}
    if entry.kind is not Kind.RELEASE_AUTHORISED or (own is not None and own not in parties):
        raise NotFound("no such release")
    if not may_reread(officer, entry, services):
        raise NotAllowed("what was taken out is for the provider and the coordinating privacy officer only")
    # If we die after this, the log says that content was read that nobody saw: it may over-report.
    services.ledger.append(_reading(officer, entry, aim, services))
    cell = next((data for role, data in entry.cells if role == "subject"), _NOTHING)
    if cell is None:
        return Reread(entry=entry, state=State.ERASED)
    subject, provider = _subject_of(entry, cell, services), _party_of(GIVER, entry, cell, services)
    if subject is None or provider is None:
        return Reread(entry=entry, state=State.UNTRACEABLE)
    whose = _Whose(subject, provider, _party_of(TAKER, entry, cell, services) or "")
    return _read_again(entry, _recorded(entry, cell), whose, services)


GIVER, TAKER = ("provider", "verstrekker"), ("recipient", "vrager")
"""The two sides of a release, as the core of its entry and as the question in its cell name them."""


@dataclass(frozen=True, slots=True)
class _Whose:
    """Whom a release was about (his blind index), who gave it and who got it."""

    subject: str = field(repr=False)
    provider: str
    recipient: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    """What the entry says of the release: per category its precision and how its free text was treated."""

    case: str | None
    released: Mapping[str, Precision]
    modes: Mapping[str, TextMode]
    partly: frozenset[str]


def _reading(officer: Officer, entry: LoggedEntry, aim: Aim, services: Services) -> EntryDraft:
    at = services.clock.now()
    data: dict[str, Json] = {
        "officer": officer.subject,
        "roles": sorted(officer.roles),
        "entry": entry.entry_id,
        "content": True,
    }
    cell = CellDraft(role="actor", identifier=officer.subject, bucket=str(at.year), data=data)
    return EntryDraft(kind=Kind.LOG_VIEWED, at=at, core={"aim": aim.value}, cells=(cell,))


def _subject_of(entry: LoggedEntry, cell: Mapping[str, Json], services: Services) -> str | None:
    """Whom the release is about, as the entry or its case says; None unless the log itself finds this entry under that person."""
    said, case_id = cell.get("subject"), cell.get("case")
    if not isinstance(said, str):
        case = services.cases.find(case_id) if isinstance(case_id, str) else None
        said = case.subject if case is not None else None
    if not said:
        return None
    found = services.ledger.entries(LogQuery(subject=said, before=entry.index + 1, limit=1))
    return said if found and found[0].entry_id == entry.entry_id else None


def _party_of(side: tuple[str, str], entry: LoggedEntry, cell: Mapping[str, Json], services: Services) -> str | None:
    """The one organisation on that side of the release; None when none, or more than one, answers to what is on record."""
    kind = _table(cell, "question").get(side[1])
    named = [partner for partner in services.partners.all() if partner.oin == entry.core.get(side[0])]
    alike = [partner.id for partner in named if kind in {None, partner.kind}]
    return alike[0] if len(alike) == 1 else None


def _recorded(entry: LoggedEntry, cell: Mapping[str, Json]) -> _Recorded:
    steps, ways = {step.word: step for step in Precision}, {mode.value: mode for mode in TextMode}
    said = _table(cell, "texts")
    released = {name: steps[word] for name, word in _table(cell, "released").items() if isinstance(word, str) and word in steps}
    duties = entry.core.get("duties")
    own_only = isinstance(duties, Sequence) and OWN_ACTIONS in duties
    case = cell.get("case")
    return _Recorded(
        case=case if isinstance(case, str) else None,
        released=released,
        # An entry of before this was recorded: strict, which takes out the most.
        modes={name: ways.get(str(said.get(name)), TextMode.STRICT) for name in released},
        partly=frozenset({_PLAN} if own_only else ()),
    )


def _table(data: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = data.get(name)
    return value if isinstance(value, Mapping) else _NOTHING


def _read_again(entry: LoggedEntry, recorded: _Recorded, whose: _Whose, services: Services) -> Reread:
    fetched, known = _fetched(recorded, whose, services)
    kept = [record for record in fetched if record.recorded <= entry.recorded]
    found = [one for record in sorted(kept, key=lambda r: (r.category, r.recorded)) for one in _texts(record, recorded, services)]
    strict = any(recorded.modes[record.category] is TextMode.STRICT for record in kept)
    opened = list(dict.fromkeys(one.text for one in found if one.opened))
    gone = redacted(opened, known, services, strict=strict)
    categories = tuple(
        ReadCategory(
            id=name,
            precision=precision,
            records=sum(record.category == name for record in kept),
            partly=name in recorded.partly,
            texts=tuple(read_text(one, gone) for one in found if one.category == name),
        )
        for name, precision in recorded.released.items()
    )
    return Reread(
        entry=entry,
        state=State.READ,
        categories=categories,
        texts=len(opened),
        later=len(fetched) - len(kept),
        redactor=services.redactor.version,
    )


def _fetched(recorded: _Recorded, whose: _Whose, services: Services) -> tuple[Sequence[Record], Sequence[Known]]:
    """What the provider has now of the released categories, and the known values; where only `bestaat` left, nothing is asked."""
    # The same question as at the release, `bestaat` included: a record of it may have made the whole release strict.
    names = tuple(recorded.released)
    if all(precision <= Precision.BESTAAT for precision in recorded.released.values()):
        return (), ()
    wanted = Wanted(
        subject=whose.subject, provider=whose.provider, case=recorded.case, categories=names, recipient=whose.recipient
    )
    records = [record for record in services.source.fetch(wanted) if record.category in names]
    return records, services.source.known_values(wanted)


def _texts(record: Record, recorded: _Recorded, services: Services) -> Iterator[FoundText]:
    """The free texts of a record, as the release cut them."""
    category = services.rules.current().vocabulary.categories.get(record.category)
    if category is None or record.category in recorded.partly:
        return
    ladder = Ladder(today=record.recorded.date())  # no free text depends on the day or on a table
    for name, steps in category.fields.items():
        operation = steps.get(recorded.released[record.category], "weg")
        left = cut(record.fields.get(name), operation, f"{record.category}.{name}", ladder)
        if left is not None and left.text:
            opened = recorded.modes[record.category] in _OPEN
            yield FoundText(
                category=record.category, name=name, recorded=record.recorded.date(), text=str(left.value), opened=opened
            )
