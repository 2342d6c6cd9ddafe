"""`/v1/overleggen`: what each party may contribute, before the meeting."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from sluis.api import answers
from sluis.api.body import body
from sluis.api.deps import Casework, Wired, actor
from sluis.api.document import reads, tells
from sluis.api.shapes.meetings import AgendaGiven, AgendaLineTold, AgendaPartyTold, AgendaPointTold, AgendaTold
from sluis.core.terms import Vocabulary
from sluis.core.verdict import Outcome, Permit, Precision, Refer
from sluis.flows.meeting import PURPOSE, Line, Party, Point, agenda

router = APIRouter(tags=["overleggen"])
MAY: Mapping[Precision, str] = MappingProxyType(
    {
        Precision.EXACT: "Mag worden ingebracht.",
        Precision.FUNCTIONEEL: "Mag, als advies of signaal in gewone woorden.",
        Precision.GROF: "Mag, op hoofdlijnen.",
        Precision.BESTAAT: "Mag, alleen of het er is.",
    }
)
"""A permission in the words of a meeting."""


@router.post("/overleggen/_lijst", **reads(AgendaGiven), **tells({200: AgendaTold}))
def make_agenda(caller: Casework, given: Annotated[AgendaGiven, Depends(body(AgendaGiven))], services: Wired) -> Response:
    """De lijst voor een casusoverleg: per casus en deelnemer wat die mag inbrengen, bij wie, en anders wat zou helpen.

    Getoetst met de feiten die zijn vastgelegd, op de dag van het overleg; er worden geen gegevens gelezen. Alleen voor wie de
    regie heeft. Aangenomen is dat ieder dan motiveert wat hij vraagt.
    """
    found = agenda(given.datum, given.casussen, actor(caller, given.medewerker), services)
    rulebook = services.rules.current()
    points = [_point(point, rulebook.vocabulary) for point in found]
    return answers.told(AgendaTold(datum=given.datum.isoformat(), doel=PURPOSE, beleid=rulebook.policy, casussen=points))


def _point(point: Point, words: Vocabulary) -> AgendaPointTold:
    return AgendaPointTold(
        casus=point.case.id,
        trekker=point.case.lead,
        meetrekkers=list(point.case.co_leads),
        open_acties=point.open_actions,
        te_late_acties=point.late_actions,
        informeren_te_laat=point.informing_late,
        partijen=[_party(party, words) for party in point.parties],
        registratie=point.receipt.entry_id,
    )


def _party(party: Party, words: Vocabulary) -> AgendaPartyTold:
    return AgendaPartyTold(organisatie=party.partner, gegevens=[_line(line, words) for line in party.lines])


def _line(line: Line, words: Vocabulary) -> AgendaLineTold:
    verdict = line.verdict
    title, to = words.categories[line.category].title, list(line.recipients)
    if isinstance(verdict, Permit):
        outcome, says, helps = Outcome.VERSTREKKEN, MAY.get(verdict.precision, "Mag."), []
    elif isinstance(verdict, Refer):
        facts = "; ".join(words.facts[name].nl for name in verdict.facts)
        outcome, says, helps = Outcome.VOORLEGGEN, f"Eerst beslist een {verdict.role}: {facts}", list(verdict.facts)
    else:
        outcome, says, helps = Outcome.WEIGEREN, verdict.explanation, list(verdict.helps)
    return AgendaLineTold(
        gegeven=line.category,
        titel=title,
        aan=to,
        besluit=outcome.value,
        precisie=verdict.precision.word if isinstance(verdict, Permit) else None,
        uitleg=says,
        wat_helpt=helps,
    )
