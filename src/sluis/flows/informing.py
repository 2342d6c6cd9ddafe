"""Telling the person of a case that his data are processed, or putting on record why not yet (AVG 14, BGS 1.3; seed S10).

Laws of this file: a public participant or who leads says it, and it is on record before it counts; a ground has an owner and a
day; that nothing was said in time is seen in the case and counted for officers, and holds up nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sluis.core.agreements import leads
from sluis.core.case import Case, CaseState, inform
from sluis.core.entry import Json, Receipt
from sluis.core.errors import BadInput, Flaw, NotAllowed
from sluis.core.informing import ARTICLES, LONGEST, Ground, Informed, Informing, Postponed, Way
from sluis.core.partner import Partner
from sluis.flows.acting import Actor, authorised
from sluis.flows.cases import case_for, record_change
from sluis.flows.establishing import position
from sluis.ports.services import Services


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """That he was told: the day, the way, the organisation that did, and in words what matters of it."""

    on: date
    way: Way
    by: str
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff:
    """That he is not told yet: the ground, who looks at it again and when, and in words why the ground is there."""

    ground: Ground
    owner: str
    review: date
    words: str = field(repr=False)


def tell_person(case_id: str, given: Telling, actor: Actor, services: Services) -> tuple[Case, Receipt]:
    """Put on record that the person was told. Raises `BadInput`, `NotFound`, `NotAllowed`, `WrongState`."""
    at = services.clock.now()
    case = _case(case_id, actor, services)
    if given.on > at.date():
        raise BadInput(Flaw(where="datum", what="ligt in de toekomst", mend="de dag waarop hij het hoorde"))
    said = Informed(on=given.on, way=given.way, by=given.by, recorded=at, words=given.words.strip())
    data: dict[str, Json] = {"on": given.on.isoformat(), "way": given.way.value, "by": given.by}
    return _kept("betrokkene geïnformeerd", case, said, (data, actor), services)


def put_off(case_id: str, given: PutOff, actor: Actor, services: Services) -> tuple[Case, Receipt]:
    """Put on record why the person is not told yet, or that the ground still stands. Raises what `tell_person` raises."""
    at = services.clock.now()
    case = _case(case_id, actor, services)
    today = at.date()
    flaws = []
    if not today < given.review <= today + LONGEST:
        mend = "noem een latere dag, ten hoogste een half jaar vooruit"
        flaws.append(Flaw(where="herzienDatum", what="ligt niet in het komende half jaar", mend=mend))
    if not given.words.strip():
        flaws.append(Flaw(where="toelichting", what="ontbreekt", mend="schrijf op waarom deze grond er is"))
    if flaws:
        raise BadInput(*flaws)
    said = Postponed(ground=given.ground, owner=given.owner, review=given.review, recorded=at, words=given.words.strip())
    data: dict[str, Json] = {
        "ground": given.ground.value,
        "article": ARTICLES[given.ground],
        "owner": given.owner,
        "review": given.review.isoformat(),
    }
    return _kept("informeren uitgesteld", case, said, (data, actor), services)


def may_inform(case: Case, partner: Partner, services: Services) -> bool:
    """Whether that organisation tells the person of this case, and so sees on which ground he was not told yet."""
    seat = case.participant(partner.id)
    if case.state is not CaseState.OPGENOMEN or seat is None or seat.third:
        return False
    return leads(case, partner.id) or position(partner, services.rules.current().vocabulary).public


def _case(case_id: str, actor: Actor, services: Services) -> Case:
    case = case_for(case_id, actor, services)
    authorised(actor, services, services.clock.now())
    # A case that was not admitted yet fails on its state, below.
    if case.state is CaseState.OPGENOMEN and not may_inform(case, actor.partner, services):
        raise NotAllowed("a public participant of the case, or who leads it, tells the person")
    return case


def _kept(
    change: str, case: Case, said: Informing, how: tuple[dict[str, Json], Actor], services: Services
) -> tuple[Case, Receipt]:
    """All of it goes into the person's cell: on which ground he is not told must not be read beside the log's entries."""
    data, actor = how
    return record_change(change, inform(case, said), actor, services, {**data, "reasons": said.words})
