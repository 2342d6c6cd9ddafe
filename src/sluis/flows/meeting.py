"""Before a case meeting: per case and per party what it may contribute, to whom, why not, and what would help (seed S2).

Laws of this file: it decides as a real question of that day would be decided, with the facts on record; supposed is only that
each will say then why, through somebody who may; it reads what Sluis holds around the person and
never case data, so it says nothing of whether anybody holds anything; only who leads the case gets it, on record before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from sluis.core.action import ActionState
from sluis.core.agreements import leads
from sluis.core.case import Case, CaseState
from sluis.core.decision import decide
from sluis.core.entry import Kind, Receipt
from sluis.core.errors import BadInput, Flaw, NotAllowed
from sluis.core.question import Question, Truth
from sluis.core.request import Request
from sluis.core.verdict import Deny, Reason, Verdict
from sluis.flows.acting import Actor, act_entry, authorised
from sluis.flows.cases import case_for, cases_of
from sluis.flows.establishing import parties_of, question_of
from sluis.ports.services import Services

PURPOSE = "zvh-casus"
MOST_CASES = 50
MOTIVATION = "Voorbereiding van het casusoverleg."
"""Supposed for every category: whoever asks in the meeting motivates it then."""
NEVER = frozenset({Reason.GEGEVEN, Reason.DERDEN})
"""Reasons that no party can do anything about: what a kind of party never contributes is no point of the agenda."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One category of one party: the same verdict towards each of `recipients`."""

    category: str
    recipients: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A participant with what it may contribute, what waits for its judgement and what stays."""

    partner: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A case on the agenda: how many actions of before are open and late, and whether telling the person is late (AVG 14)."""

    case: Case = field(repr=False)
    open_actions: int
    late_actions: int
    informing_late: bool
    parties: tuple[Party, ...]
    receipt: Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Around which everything is decided: the moment, who prepares it, the world, and what kinds of parties ever contribute."""

    at: datetime
    actor: Actor
    services: Services
    kinds: dict[str, str] = field(default_factory=dict)
    ever: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)


def agenda(on: date, case_ids: Sequence[str], actor: Actor, services: Services) -> Sequence[Point]:
    """The list for a meeting on that day, of these cases or (none named) of all that the actor leads; late actions first.

    Raises `BadInput` for a day that is over and for too many cases, `NotFound`, and `NotAllowed` for a case it does not lead.
    """
    now = services.clock.now()
    authorised(actor, services, now)
    if on < now.date():
        raise BadInput(Flaw(where="datum", what="ligt in het verleden", mend="noem vandaag of een latere dag"))
    cases = _cases(case_ids, actor, services)
    if len(cases) > MOST_CASES:
        raise BadInput(Flaw(where="casussen", what="zijn er te veel", mend=f"noem er ten hoogste {MOST_CASES}"))
    at = max(now, datetime.combine(on, time(12), UTC))
    table = _Table(at=at, actor=actor, services=services)
    found = [_point(case, table) for case in cases]
    return sorted(found, key=_order)


def _order(point: Point) -> tuple[int, bool, datetime, str]:
    return -point.late_actions, not point.informing_late, point.case.first_processed, point.case.id


def _cases(case_ids: Sequence[str], actor: Actor, services: Services) -> list[Case]:
    if not case_ids:
        return [c for c in cases_of(actor, services) if c.state is CaseState.OPGENOMEN and leads(c, actor.partner.id)]
    named = [case_for(case_id, actor, services) for case_id in dict.fromkeys(case_ids)]
    if not all(leads(case, actor.partner.id) for case in named):
        raise NotAllowed("who leads the case asks for its list")
    return named


def _point(case: Case, table: _Table) -> Point:
    services, at = table.services, table.at
    # If we die after this, the log says that a list was made which nobody has: it may over-report.
    receipt = services.ledger.append(
        act_entry(
            Kind.DECISION_EVALUATED,
            table.actor,
            services.clock.now(),
            subject=case.subject,
            core={"purpose": PURPOSE, "policy": services.rules.current().policy, "meeting": at.date().isoformat()},
            data={"case": case.id},
        )  # fmt: skip - one value
    )
    seats = [seat.partner for seat in case.participants if not seat.third and _comes(seat.partner, table)]
    waiting = [one for one in case.actions if one.state is ActionState.OPEN]
    today = services.clock.now().date()
    return Point(
        case=case,
        open_actions=len(waiting),
        late_actions=sum(one.late(today) for one in waiting),
        informing_late=case.informing_late(today),
        parties=tuple(Party(partner=seat, lines=_lines(case, seat, seats, table)) for seat in seats),
        receipt=receipt,
    )


def _comes(partner_id: str, table: _Table) -> bool:
    """Whether that organisation takes part then; its kind is known to the table from here on."""
    if partner_id not in table.kinds:
        partner = table.services.partners.by_id(partner_id)
        table.kinds[partner_id] = partner.kind if partner is not None and partner.active(table.at) else ""
    return bool(table.kinds[partner_id])


def _lines(case: Case, provider: str, seats: Iterable[str], table: _Table) -> tuple[Line, ...]:
    verdicts = {seat: _verdicts(case, provider, seat, table) for seat in seats if seat != provider}
    lines: dict[tuple[str, str], Line] = {}
    for seat, per_category in verdicts.items():
        for category, verdict in per_category.items():
            alike = (category, repr(verdict))
            before = lines[alike].recipients if alike in lines else ()
            lines[alike] = Line(category=category, recipients=(*before, seat), verdict=verdict)
    order = list(table.services.rules.current().vocabulary.categories)
    return tuple(sorted(lines.values(), key=lambda line: (order.index(line.category), line.recipients)))


def _verdicts(case: Case, provider: str, recipient: str, table: _Table) -> Mapping[str, Verdict]:
    sides = (provider, recipient)
    categories = _ever(case, sides, table)
    if not categories:
        return {}
    return decide(_question(case, sides, categories, table), table.services.rules.current()).verdicts


def _ever(case: Case, sides: tuple[str, str], table: _Table) -> tuple[str, ...]:
    """What that kind of party ever contributes to that kind, decided once for the whole list: most kinds have few categories."""
    kinds = tuple(table.kinds[side] for side in sides)
    if kinds not in table.ever:
        rulebook = table.services.rules.current()
        everything = _question(case, sides, tuple(rulebook.vocabulary.categories), table)
        decided = decide(replace(everything, case_state=CaseState.OPGENOMEN), rulebook).verdicts
        table.ever[kinds] = tuple(name for name, verdict in decided.items() if not _never(verdict))
    return table.ever[kinds]


def _question(case: Case, sides: tuple[str, str], categories: tuple[str, ...], table: _Table) -> Question:
    at, actor, services = table.at, table.actor, table.services
    request = Request(
        id=case.id,
        at=at,
        caller=actor.partner.id,
        user=actor.user,
        role=actor.role,
        purpose=PURPOSE,
        direction="opvraag",
        requester=sides[1],
        provider=sides[0],
        subject=case.subject,
        person="betrokkene",
        case=case.id,
        categories=categories,
        motivation=dict.fromkeys(categories, MOTIVATION),
    )
    asked = question_of(request, case, parties_of(request, services, at), services, at)
    return replace(asked, facts={**asked.facts, "gebruiker-bevoegd": Truth.WAAR})


def _never(verdict: Verdict) -> bool:
    return isinstance(verdict, Deny) and verdict.reason in NEVER
