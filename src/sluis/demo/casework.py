"""The stories around a case meeting: the list beforehand, actions, a warm handover, a notification that is turned down."""

from __future__ import annotations

from datetime import timedelta

from sluis.client import casework
from sluis.client.talk import local_clock
from sluis.demo import notes
from sluis.demo.region import DORUS
from sluis.demo.stories import EMPLOYEES, GGZ, POLICE, PROBATION, TOWN, Teller, Unexpected, person

SHOWN = ("gezondheid.functioneel", "politie.artikel-8", "reclassering.toezicht", "wonen.situatie")


def meeting(tell: Teller, case: str) -> None:
    """S2: one lead, two co-leads, and a list that says beforehand what each may contribute."""
    tell.show.story("S2", "Vooraf weten wat ieder mag inbrengen, daarna wie wat doet")
    leads = {"trekker": TOWN, "meetrekkers": [POLICE, PROBATION], "medewerker": EMPLOYEES[TOWN]}
    tell.put(TOWN, f"/v1/casussen/{case}/regie", leads)
    tell.show.done("gemeente trekt, politie en reclassering trekken mee")
    asked = {"datum": _in_days(7), "casussen": [case], "medewerker": EMPLOYEES[TOWN]}
    (point,) = tell.clients[TOWN].do(casework.agenda(asked)).points
    rows = [
        (party.organisation, line.category, line.explanation, ", ".join(line.recipients))
        for party in point.parties
        for line in party.lines
        if line.category in SHOWN
    ]
    tell.show.rows(f"{TOWN} vraagt de lijst voor het overleg over een week", ("wie", "gegeven", "mag het", "aan"), rows)
    _agree(tell, case)


def _agree(tell: Teller, case: str) -> None:
    town, ggz = tell.clients[TOWN], tell.clients[GGZ]
    given = {"wat": notes.ACTION, "eigenaar": GGZ, "rol": "behandelaar", "uiterlijkDatum": _in_days(14)}
    action = town.do(casework.agree(case, {**given, "medewerker": EMPLOYEES[TOWN]})).action
    tell.show.done(f"afgesproken: {action.owner} ({action.role}) doet het, uiterlijk over twee weken; de lijst noemt geen inhoud")
    question: dict[str, object] = {
        "doel": "zvh-casus",
        "verstrekker": TOWN,
        "casus": case,
        "gegevens": ["plan.afspraken"],
        "motivering": {"plan.afspraken": "Om de afspraak uit te voeren."},
    }  # fmt: skip - one value
    tell.ask(GGZ, "haalt de woorden van haar eigen afspraken op", question, 201)
    done = ggz.do(casework.settle(case, action.id, {"uitkomst": "gedaan", "medewerker": EMPLOYEES[GGZ]})).action
    tell.show.done(f"afgemeld door {done.settled_by}: {done.status}")


def handover(tell: Teller, case: str) -> None:
    """S3: a warm handover from the police to probation, collected only once it was accepted."""
    tell.show.story("S3", "Een warme overdracht: een gesprek, het minimum, en iemand die ja zegt")
    signal: dict[str, object] = {"gegeven": "risico.signaal", "velden": notes.SIGNAL}
    tell.call(POLICE, f"/v1/casussen/{case}/bijdragen", signal, 201)
    offer: dict[str, object] = {
        "doel": "zvh-casus",
        "richting": "aanbod",
        "ontvanger": PROBATION,
        "casus": case,
        "gegevens": ["risico.signaal"],
        "motivering": {"risico.signaal": "Zij nemen het contact over en moeten veilig kunnen beginnen."},
        "medewerker": EMPLOYEES[POLICE],
    }  # fmt: skip - one value
    police, probation = tell.clients[POLICE], tell.clients[PROBATION]
    police.do(casework.hand_over({"verzoek": offer, "gesprekDatum": _in_days(3), "rol": "toezichthouder"}))
    waits = probation.do(casework.handovers()).handovers[0]
    tell.call(PROBATION, f"/v1/verzoeken/{waits.id}/_ophalen", {}, 409)
    tell.show.done("voor het ja van de ontvanger komt er niets uit")
    probation.do(casework.answer_handover(waits.id, {"antwoord": "aannemen", "medewerker": EMPLOYEES[PROBATION]}))
    given = tell.call(PROBATION, f"/v1/verzoeken/{waits.id}/_ophalen", {}, 201)
    tell.show.answer(PROBATION, "neemt de overdracht aan en haalt op", given)


def turned_down(tell: Teller) -> None:
    """S1: a notification that is not admitted is destroyed; its notifier hears a status and nothing else."""
    tell.show.story("S1", "Een melding die niet wordt opgenomen, wordt vernietigd")
    notified = tell.call(TOWN, "/v1/casussen", {**notes.TURNED_DOWN, "betrokkene": person(DORUS), "contactpunt": POLICE}, 201)
    case = str(notified.json()["casus"]["id"])
    why = {"besluit": "afwijzen", "motivering": "Een partij kan dit alleen: geen criminogene factoren op meer leefgebieden."}
    tell.call(POLICE, f"/v1/casussen/{case}/opnamebesluiten", why, 201)
    if tell.clients[TOWN].get(f"/v1/casussen/{case}").status_code != 404:  # noqa: PLR2004 - not found
        raise Unexpected("a rejected case is still there")
    told = tell.clients[TOWN].do(casework.feedback(case))
    tell.show.done(f"de casus bestaat niet meer; de aanmelder hoort alleen: {told.became}")


def _in_days(days: int) -> str:
    return (local_clock() + timedelta(days=days)).date().isoformat()
