"""`/v1/opschalingen`: to whom one may pass a worry on, for what, and what that takes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from sluis.api import answers
from sluis.api.deps import Reading, Wired
from sluis.api.document import tells
from sluis.api.shapes.directory import CriterionTold, GivenTold, NeededTold, WaysUpTold, WayUpTold
from sluis.core.partner import Partner
from sluis.core.scaling import WayUp, ways_up
from sluis.core.terms import Vocabulary
from sluis.ports.services import Services

router = APIRouter(tags=["wegwijzer"])


@router.get("/opschalingen", **tells({200: WaysUpTold}))
def list_ways_up(
    caller: Reading,
    services: Wired,
    doel: Annotated[str, Query(max_length=64, description="Alleen voor dit doel")] = "",
) -> Response:
    """Bij wie de eigen organisatie een zorg kan neerleggen, waarvoor, en wat daarvoor nodig is.

    Berekend uit het beleid, voor het soort organisatie dat vraagt. Wat binnen een lopende casus gaat staat hier niet.
    """
    book, partner = services.rules.current(), caller.partner
    found = [_shape(way, partner, services) for way in ways_up(book, partner.kind) if doel in {"", way.purpose.id}]
    return answers.told(WaysUpTold(soort=partner.kind, beleid=book.policy, opschalingen=found))


def _shape(way: WayUp, asker: Partner, services: Services) -> WayUpTold:
    at, purpose = services.clock.now(), way.purpose
    known = [one.id for one in services.partners.all() if one.kind in way.kinds and one.active(at) and one.id != asker.id]
    return WayUpTold(
        doel=purpose.id,
        titel=purpose.title,
        wet=purpose.law,
        regel=way.rule.id,
        soorten=list(way.kinds),
        organisaties=known,
        gegevens=_given(way, services.rules.current().vocabulary),
        nodig=[NeededTold(uitleg=one.says, wat_helpt=list(one.facts), gegevens=list(one.categories)) for one in way.needs],
        criteria=[CriterionTold(criterium=name, tekst=says) for name, says in way.criteria.items()],
    )


def _given(way: WayUp, words: Vocabulary) -> list[GivenTold]:
    return [
        GivenTold(gegeven=name, titel=words.categories[name].title, precisie=precision.word)
        for name, precision in way.rule.gives.items()
    ]
