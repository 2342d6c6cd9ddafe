"""A warm handover through the API: offered, on both lists, accepted, then collected; or declined with a reason."""

from __future__ import annotations

import pytest

from sluis.client import SluisClient, asks, casework, heard, problems
from world.broker import HOUSING, POLICE, STAFF, TOWN, Broker, Json, Told

SIGNAL: Json = {"bron": "wijkagent", "wat-te-doen": {"advies": "Kom niet alleen en bel eerst."}}


def body(case: str, **changed: object) -> Json:
    return {
        "verzoek": {
            "doel": "zvh-casus",
            "richting": "aanbod",
            "ontvanger": TOWN,
            "casus": case,
            "gegevens": ["risico.signaal"],
            "motivering": {"risico.signaal": "Om veilig te beginnen."},
            "medewerker": STAFF[POLICE],
            **changed,
        },
        "gesprekDatum": "2099-01-31",
        "rol": "wijkteam",
    }


def offered(broker: Broker, told: Told) -> tuple[SluisClient, SluisClient, str]:
    police, town = broker.as_(POLICE).client, broker.as_(TOWN).client
    given = police.do(casework.hand_over(body(told.case)))
    assert isinstance(given, heard.Waiting)
    return police, town, given.id


def test_a_handover_is_accepted_and_then_collected(broker: Broker, told: Told) -> None:
    left = {"gegeven": "risico.signaal", "velden": SIGNAL}
    assert broker.as_(POLICE).post(f"/v1/casussen/{told.case}/bijdragen", left).status_code == 201
    police, town, ident = offered(broker, told)
    (mine,) = (one for one in town.do(casework.handovers()).handovers if one.id == ident)
    assert (mine.giver, mine.receiver, mine.role, mine.status, mine.late) == (POLICE, TOWN, "wijkteam", "aangeboden", False)
    assert mine in police.do(casework.handovers(giving=True)).handovers
    with pytest.raises(problems.WrongMoment):
        town.do(asks.collect(ident, STAFF[TOWN]))
    answered = town.do(casework.answer_handover(ident, {"antwoord": "aannemen", "medewerker": STAFF[TOWN]}))
    assert answered.status == "aangenomen"
    assert isinstance(town.do(asks.collect(ident, STAFF[TOWN])), heard.Released)


def test_a_no_has_a_reason_from_the_list_and_the_giver_reads_it(broker: Broker, told: Told) -> None:
    police, town, ident = offered(broker, told)
    for wrong in (
        {"antwoord": "afwijzen"},
        {"antwoord": "aannemen", "reden": "al-betrokken"},
        {"antwoord": "afwijzen", "reden": "x"},
    ):
        with pytest.raises(problems.BadQuestion):
            town.do(casework.answer_handover(ident, {**wrong, "medewerker": STAFF[TOWN]}))
    town.do(casework.answer_handover(ident, {"antwoord": "afwijzen", "reden": "eerst-overleg", "medewerker": STAFF[TOWN]}))
    (mine,) = (one for one in police.do(casework.handovers(giving=True)).handovers if one.id == ident)
    assert (mine.status, mine.reason) == ("afgewezen", "eerst-overleg")
    with pytest.raises(problems.WrongMoment):
        town.do(asks.collect(ident, STAFF[TOWN]))


def test_a_question_is_no_handover_and_a_stranger_gets_no_answer(broker: Broker, told: Told) -> None:
    asked = body(told.case, richting="opvraag", verstrekker=TOWN, ontvanger=None)
    with pytest.raises(problems.BadQuestion):
        broker.as_(POLICE).client.do(casework.hand_over(asked))
    _, _, ident = offered(broker, told)
    yes = {"antwoord": "aannemen"}
    given = [broker.as_(HOUSING).post(f"/v1/overdrachten/{one}/antwoorden", yes) for one in (ident, "x" * 32)]
    assert [one.status_code for one in given] == [404, 404]
    assert given[0].content == given[1].content
