"""The stories of the demo, told by real HTTP calls of the partners: S12, S1, S3, S4, S7; a case meeting is in `casework`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from sluis.client import SluisClient
from sluis.demo import notes
from sluis.demo.region import DORUS, NOBODY, ORGANISATIONS, SEM, Person
from sluis.demo.showing import Body, Show

EMPLOYEES = {one.id: {"id": one.user, "rol": one.role} for one in ORGANISATIONS}
POLICE, GGZ, TOWN = "politie-veenstad", "ggz-de-linde", "gemeente-veenstad"
PROBATION, CLINIC, AMBULANCE, HOUSING = "reclassering-veenstad", "kompas", "ambulance-veenstad", "de-brink"


class Unexpected(Exception):
    """A step of the demo went otherwise than told."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells: the clients of the organisations, and how it is shown."""

    clients: Mapping[str, SluisClient]
    show: Show

    def call(self, who: str, path: str, body: Mapping[str, object], expected: int) -> httpx2.Response:
        """A POST by that organisation, with its employee named. Raises `Unexpected` on another status."""
        given = self.clients[who].post(path, {**body, "medewerker": EMPLOYEES[who]})
        return _expect(given, expected, path)

    def put(self, who: str, path: str, body: Mapping[str, object]) -> httpx2.Response:
        """A PUT by that organisation. Raises `Unexpected` unless it succeeds."""
        return _expect(self.clients[who].request("PUT", path, json=dict(body)), 200, path)

    def ask(self, who: str, question: str, body: Mapping[str, object], expected: int) -> Body:
        """A request, shown with its answer."""
        return self.show.answer(who, question, self.call(who, "/v1/verzoeken", body, expected))


def _expect(given: httpx2.Response, expected: int, path: str) -> httpx2.Response:
    if given.status_code != expected:
        raise Unexpected(f"{path} gave {given.status_code}, expected {expected}: {given.text[:400]}")
    return given


def person(one: Person) -> dict[str, str]:
    """How a call names a person."""
    return {"bsn": one.bsn}


def may_i_ask(tell: Teller) -> None:
    """S12: "may I ask this?", without a name and without a trace."""
    tell.show.story("S12", "Mag ik dit vragen?")
    tell.show.say(
        "Een wijkagent twijfelt. Zonder een naam te noemen toetst zij de vraag. Er wordt niets vastgelegd dan een telling."
    )
    question: dict[str, object] = {
        "doel": "zvh-casus",
        "vrager": "politie",
        "verstrekker": "ggz",
        "casusstatus": "opgenomen",
        "gegevens": ["gezondheid.functioneel", "gezondheid.diagnose"],
        "feiten": {
            "gebruiker-bevoegd": "waar",
            "motivering": "waar",
            "vrager-betrokken": "waar",
            "verstrekker-betrokken": "waar",
        },
    }  # fmt: skip - one value
    given = tell.clients[POLICE].post("/v1/verzoeken/_toets", question)
    tell.show.answer(POLICE, "toetst: wat mag ik de GGZ vragen?", _expect(given, 200, "_toets"))


def open_case(tell: Teller) -> str:
    """S1: from notification to admission; the id of the case."""
    tell.show.story("S1", "Een casus in het Zorg- en Veiligheidshuis")
    tell.show.say("De gemeente meldt Sem aan. Voor opname wordt bij niemand iets opgevraagd.")
    given = tell.call(
        TOWN,
        "/v1/casussen",
        {
            "betrokkene": person(SEM),
            "contactpunt": POLICE,
            "gegevens": notes.NOTIFICATION,
            "criteria": ["a", "b", "c", "d"],
            "motivering": "Oplopende overlast en zorgmijding tegelijk; geen partij lost dit alleen op.",
            "eigenVisie": "Sem wil in zijn huis blijven en rust aan de deur.",
            "feitenGetoetst": True,
        },
        201,
    )  # fmt: skip - one value
    case = str(given.json()["casus"]["id"])
    tell.ask(
        POLICE,
        "vraagt voor opname al een diagnose",
        {
            "doel": "zvh-casus",
            "verstrekker": GGZ,
            "gegevens": ["gezondheid.diagnose"],
            "casus": case,
            "motivering": {"gezondheid.diagnose": "Wij willen weten wat er speelt."},
        },
        403,
    )  # fmt: skip - one value
    tell.call(POLICE, f"/v1/casussen/{case}/opnamebesluiten", {"besluit": "opnemen", "motivering": "Voldoet aan BGS 2.20."}, 201)
    for organisation in (GGZ, PROBATION):
        tell.call(TOWN, f"/v1/casussen/{case}/deelnemers", {"organisatie": organisation}, 201)
    tell.show.done("aangemeld, opgenomen door publieke deelnemers; GGZ en reclassering betrokken")
    return case


def deposit(tell: Teller, case: str) -> None:
    """What the organisations leave for the case."""
    left: list[tuple[str, str, notes.Fields]] = [
        *((POLICE, "politie.artikel-8", record) for record in notes.POLICE_INCIDENTS),
        (GGZ, "identiteit.basis", notes.IDENTITY),
        (GGZ, "contact.gegevens", notes.CONTACT),
        (GGZ, "gezondheid.functioneel", notes.FUNCTIONAL),
        (GGZ, "gezondheid.diagnose", notes.DIAGNOSIS),
        (GGZ, "gezondheid.lvb", notes.LVB),
        (TOWN, "wonen.situatie", notes.HOUSING),
        (TOWN, "financien.schulden", notes.DEBTS),
    ]
    for organisation, category, fields in left:
        tell.call(organisation, f"/v1/casussen/{case}/bijdragen", {"gegeven": category, "velden": fields}, 201)
    tell.show.done(f"{len(left)} bijdragen neergelegd; elk blijft van wie hem neerlegde")


def partial_release(tell: Teller, case: str) -> None:
    """A refusal that does not tell whether somebody is known; consent; then a lawful partial release."""
    tell.show.story("S1", "Weigeren zonder te verraden, en na toestemming het minimum")
    asked = ["gezondheid.functioneel", "gezondheid.diagnose"]
    why = dict.fromkeys(asked, "Wij komen bij hem aan de deur en willen escalatie voorkomen.")
    sector: dict[str, object] = {
        "doel": "onbegrepen-gedrag",
        "verstrekker": GGZ,
        "gegevens": ["gezondheid.bestaat"],
        "motivering": {"gezondheid.bestaat": "Is hij bij u bekend?"},
    }  # fmt: skip - one value
    known = tell.ask(POLICE, "vraagt buiten de casus: is Sem bij u bekend?", {**sector, "betrokkene": person(SEM)}, 403)
    unknown = tell.ask(POLICE, "stelt dezelfde vraag over iemand die niemand kent", {**sector, "betrokkene": person(NOBODY)}, 403)
    if known["geweigerd"] != unknown["geweigerd"] or known["detail"] != unknown["detail"]:
        raise Unexpected("the two refusals differ")
    tell.show.done("beide weigeringen zijn woordelijk gelijk")
    tell.call(
        GGZ,
        "/v1/toestemmingen",
        {
            "casus": case,
            "betrokkene": person(SEM),
            "ontvangers": [POLICE, TOWN],
            "doelen": ["zvh-casus"],
            "gegevens": ["gezondheid.functioneel", "gezondheid.lvb"],
            "uitleg": "In gewone taal uitgelegd, geen drang, zus erbij.",
        },
        201,
    )  # fmt: skip - one value
    tell.show.done("Sem geeft toestemming: wel hoe je met hem omgaat, niet de diagnose")
    body: dict[str, object] = {"doel": "zvh-casus", "verstrekker": GGZ, "casus": case, "gegevens": asked, "motivering": why}
    tell.ask(POLICE, "vraagt de GGZ in de casus", body, 201)


def simple_language(tell: Teller, case: str) -> None:
    """S3: use simple language, never a score."""
    tell.show.story("S3", "Onopvallend anders: gebruik korte zinnen, nooit een score")
    body: dict[str, object] = {
        "doel": "zvh-casus",
        "verstrekker": GGZ,
        "casus": case,
        "gegevens": ["gezondheid.lvb"],
        "motivering": {"gezondheid.lvb": "Wij gaan hem verhoren over een bedreiging."},
    }  # fmt: skip - one value
    answer = tell.ask(POLICE, "vraagt hoe zij met hem moet praten", body, 201)
    if "testscore" in str(answer["bundel"]):
        raise Unexpected("a test score left")
    tell.show.done("het advies gaat mee, de testscore niet")


def urgency(tell: Teller, case: str) -> None:
    """S4: urgency shortens the time and widens nothing; a request referred to a human, decided, then released."""
    tell.show.story("S4", "Spoed verkort de tijd en verruimt niets; een mens beslist")
    asked = ["gezondheid.functioneel"]
    body: dict[str, object] = {
        "doel": "zvh-casus",
        "verstrekker": GGZ,
        "casus": case,
        "gegevens": asked,
        "motivering": {"gezondheid.functioneel": "Hij staat onder toezicht en dreigt uit te vallen."},
    }  # fmt: skip - one value
    calm = tell.ask(PROBATION, "vraagt de GGZ, zonder toestemming", body, 202)
    urgent = tell.ask(PROBATION, "vraagt hetzelfde met spoed", {**body, "spoed": True}, 202)
    tell.show.done(f"zelfde besluit; gewoon {calm['antwoordBinnen']}, met spoed {urgent['antwoordBinnen']}")
    ground = {
        "toestemming-geprobeerd": "Twee keer besproken, hij weigert zonder reden.",
        "ernstige-schade": "Concrete dreiging naar de buurvrouw.",
        "gewetensnood": "Zwijgen is voor mij niet te verantwoorden.",
        "geen-andere-weg": "De crisisdienst is geprobeerd en kwam niet binnen.",
        "voorkomt-schade": "Met dit advies kan het toezicht de spanning op tijd zien.",
        "minimum-aan-wie": "Alleen bejegening en crisisafspraken, alleen aan de toezichthouder.",
        "collega-geraadpleegd": "Besproken met de geneesheer; aantekening gemaakt.",
    }
    judgement = {"oordelen": [{"feit": "conflict-van-plichten", "waarde": True, "gegevens": asked, "gronden": ground}]}
    tell.call(GGZ, f"/v1/verzoeken/{urgent['id']}/beoordelingen", judgement, 201)
    tell.show.done("de behandelaar heeft de zeven vragen beantwoord en besluit te spreken")
    given = tell.call(PROBATION, f"/v1/verzoeken/{urgent['id']}/_ophalen", {}, 201)
    tell.show.answer(PROBATION, "haalt op", given)


def emergency(tell: Teller) -> str:
    """S7: an emergency disclosure, which lands in the review queue; the id of its release in the log."""
    tell.show.story("S7", "De dakloze man met ghb: nu handelen, daarna verantwoorden")
    for category, fields in (
        ("gezondheid.medicatie", notes.MEDICATION),
        ("gezondheid.bestaat", notes.IN_CARE),
        ("gezondheid.verslaving", notes.APPROACH),
    ):  # fmt: skip - one value
        tell.call(CLINIC, "/v1/bijdragen", {"betrokkene": person(DORUS), "gegeven": category, "velden": fields}, 201)
    request: dict[str, object] = {
        "doel": "vitaal-belang",
        "verstrekker": CLINIC,
        "betrokkene": person(DORUS),
        "gegevens": ["gezondheid.medicatie", "gezondheid.bestaat"],
        "verklaringen": {"acuut-gevaar": True, "niet-aanspreekbaar": True},
        "medewerker": EMPLOYEES[AMBULANCE],
    }  # fmt: skip - one value
    body = {"grond": "Bewusteloos in de opvang, vermoeden van ghb; toediening zonder gegevens is gevaarlijk.", "verzoek": request}
    given = _expect(tell.clients[AMBULANCE].post("/v1/noodinzagen", body), 201, "noodinzagen")
    answer = tell.show.answer(AMBULANCE, "doet een noodinzage", given)
    tell.show.done("verstrekt, met de plicht de noodzaak achteraf te motiveren; de noodinzage staat in de beoordeelrij van de FG")
    police: dict[str, object] = {**request, "gegevens": ["gezondheid.medicatie"], "medewerker": EMPLOYEES[POLICE]}
    refused = _expect(tell.clients[POLICE].post("/v1/verzoeken", police), 403, "verzoeken")
    tell.show.answer(POLICE, "vraagt in dezelfde nacht de medicatie", refused)
    place = answer["logboek"]
    return str(place["registratie"]) if isinstance(place, Mapping) else ""


def own_register(tell: Teller, release: str) -> str:
    """A partner reads its own releases and takes the proof; the receipt's text."""
    proof = _expect(tell.clients[AMBULANCE].get(f"/v1/verstrekkingen/{release}/bewijs"), 200, "bewijs")
    hidden = tell.clients[HOUSING].get(f"/v1/verstrekkingen/{release}")
    _expect(hidden, 404, "verstrekkingen")
    tell.show.done("de ambulancedienst haalt haar ontvangstbewijs op; voor de woningcorporatie bestaat de verstrekking niet")
    return proof.text
