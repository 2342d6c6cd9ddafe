"""Who takes part: registering, changing and shutting out a partner, each on record in the log.

Laws of this file: a change is on record before it has effect, so that without the log nothing changes; shutting a partner out
has effect at once and is put on record after it, by us or by `settle`; the last entry about a partner says what stands in the
books, whoever changed them and however we died: `settle` compares the two and writes down what is owed. No entry names a person,
save in the cells of the operator and of the people who were registered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from sluis.core.entry import CellDraft, EntryDraft, Json, Kind, LoggedEntry, Receipt
from sluis.core.partner import Employee, Partner
from sluis.core.registration import registration_of
from sluis.flows.every import every
from sluis.ports.ambient import Clock
from sluis.ports.identity import PartnerDirectory
from sluis.ports.keeping import Employees
from sluis.ports.log import Ledger, LogQuery

SETTLED_AFTER = timedelta(minutes=1)
"""How old the last entry about a partner is before `settle` doubts it: somebody may be between the entry and the change."""
REGISTERED, CHANGED, REVOKED, PEOPLE, GONE = "geregistreerd", "gewijzigd", "ingetrokken", "medewerkers", "niet in de boeken"


class Shutting(Protocol):
    """What shutting somebody out needs of the world, and no more."""

    @property
    def clock(self) -> Clock:
        """The time."""
        ...

    @property
    def partners(self) -> PartnerDirectory:
        """The books of partners."""
        ...


class Enrolling(Shutting, Protocol):
    """What enrolling needs of the world; `Services` has it."""

    @property
    def ledger(self) -> Ledger:
        """The log."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """`Enrolling` for a command that has nothing else open."""

    clock: Clock
    partners: PartnerDirectory
    ledger: Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Something that was put on record after it had effect."""

    partner: str
    change: str
    receipt: Receipt = field(repr=False)


def enrol(partner: Partner, by: str, services: Enrolling) -> Receipt:
    """Register the partner or put it in the place of what stands there. `by` is the operator; `LedgerUnavailable`: no change."""
    before = services.partners.by_id(partner.id)
    change = REGISTERED if before is None else CHANGED
    receipt = services.ledger.append(_entry(change, partner, services.clock.now(), _was(before), by=by))
    # If we die here the log names a registration that has no effect: the operator does it again, or `settle` says what stands.
    services.partners.save(partner)
    return receipt


def enrol_people(partner: Partner, people: Sequence[Employee], by: str, services: Enrolling, employees: Employees) -> Receipt:
    """Add or replace people of a partner: that it happened and how many in the core, each person in his own cell."""
    at = services.clock.now()
    receipt = services.ledger.append(
        EntryDraft(
            kind=Kind.PARTNER_CHANGED,
            at=at,
            core={"provider": partner.oin, "partner": partner.id, "change": PEOPLE, "people": len(people)},
            cells=(_operator(by, at), *(_of_person(one, at) for one in people)),
        )  # fmt: skip - one value
    )
    # If we die between two of them the log names people who have no authority yet: the operator does it again.
    for one in people:
        employees.save(one)
    return receipt


def shut_out(partner: Partner, services: Shutting) -> Partner:
    """End its access now; the books alone are needed. What is owed to the log then is `note_shut_out`'s, or `settle`'s."""
    at = services.clock.now()
    if not partner.active(at) and partner.active_until is not None:
        return partner  # it ended before, and the log may be owed that still
    shut = replace(partner, active_until=at)
    services.partners.save(shut)
    return shut


def note_shut_out(before: Partner, shut: Partner, by: str, services: Enrolling) -> Receipt:
    """Put on record that its access ended. Raises `LedgerUnavailable`: it has ended all the same, and `settle` writes it down."""
    return services.ledger.append(_entry(REVOKED, shut, services.clock.now(), _was(before), by=by))


def settle(services: Enrolling) -> Sequence[Settled]:
    """Write down what stands in the books and not in the log, and what stands in the log and not in the books.

    It owes nothing to memory, so that it finds what another process left behind when it died, and what somebody changed in
    the database itself. Can be repeated; two that do it at once may write the same twice. Raises `LedgerUnavailable`.
    """
    at, said = services.clock.now(), _last_said(services)
    due = {name for name, entry in said.items() if entry.recorded <= at - SETTLED_AFTER}
    settled: list[Settled] = []
    kept = {partner.id: partner for partner in services.partners.all()}
    for partner in kept.values():
        last = said.get(partner.id)
        known = last.core.get("registration") if last is not None else None
        if known != registration_of(partner) and (last is None or partner.id in due):
            settled.append(_settled(partner, known, services))
    for name in sorted(due - kept.keys()):
        if (oin := said[name].core.get("provider")) and said[name].core.get("change") != GONE:
            core: dict[str, Json] = {"provider": oin, "partner": name, "change": GONE, "afterwards": True}
            receipt = services.ledger.append(EntryDraft(kind=Kind.PARTNER_CHANGED, at=at, core=core))
            settled.append(Settled(partner=name, change=GONE, receipt=receipt))
    return settled


def _settled(partner: Partner, known: Json, services: Enrolling) -> Settled:
    at = services.clock.now()
    ended = isinstance(known, Mapping) and known.get("active_until") is None and not partner.active(at)
    change = REGISTERED if known is None else REVOKED if ended else CHANGED
    draft = _entry(change, partner, at, known if isinstance(known, Mapping) else {})
    return Settled(partner=partner.id, change=change, receipt=services.ledger.append(draft))


def _was(before: Partner | None) -> Mapping[str, Json]:
    return {} if before is None else registration_of(before)


def _entry(change: str, partner: Partner, at: datetime, was: Mapping[str, Json], *, by: str = "") -> EntryDraft:
    """`by` is nobody when it is put on record afterwards: who did it is not known then."""
    now = registration_of(partner)
    core: dict[str, Json] = {
        "provider": partner.oin,
        "partner": partner.id,
        "change": change,
        "changed": [name for name in now if now[name] != was.get(name)],
        "registration": now,
        "afterwards": not by,
    }
    return EntryDraft(kind=Kind.PARTNER_CHANGED, at=at, core=core, cells=(_operator(by, at),) if by else ())


def _operator(by: str, at: datetime) -> CellDraft:
    data: dict[str, Json] = {"name": by, "role": "beheerder"}
    return CellDraft(role="actor", identifier=f"beheerder/{by}", bucket=str(at.year), data=data)


def _of_person(one: Employee, at: datetime) -> CellDraft:
    data: dict[str, Json] = {
        "user": one.user,
        "roles": sorted(one.roles),
        "screened_until": one.screened_until.isoformat(),
        "trained_until": one.trained_until.isoformat(),
        "deputises": {role: until.isoformat() for role, until in sorted(one.deputises.items())},
    }
    return CellDraft(role="actor", identifier=f"{one.partner}/{one.user}", bucket=str(at.year), data=data)


def _last_said(services: Enrolling) -> Mapping[str, LoggedEntry]:
    """The newest entry about the registration of each partner, by its id."""
    found: dict[str, LoggedEntry] = {}
    for entry in every(LogQuery(kinds=(Kind.PARTNER_CHANGED,), bare=True), services.ledger):
        if entry.core.get("change") != PEOPLE:
            found.setdefault(str(entry.core.get("partner")), entry)
    return found
