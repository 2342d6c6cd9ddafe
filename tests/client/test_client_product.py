"""The product's calls as a partner makes them: typed answers, problems as exceptions, receipts checked on the way in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import httpx2
import pytest

from sluis.client import (
    Access,
    AsyncSluisClient,
    CallFailed,
    PartnerKey,
    SluisClient,
    asks,
    check_place,
    check_released,
    heard,
    problems,
)
from sluis.core.errors import BadInput, LedgerBroken
from sluis.demo.region import key_of
from sluis.keys import LogSigner
from sluis.ledger.signing import verifier_key
from world.broker import GGZ, KNOWN, POLICE, PROBATION, STAFF, TOWN, UNKNOWN, Broker, Json, Told, question

QUESTION: Json = {
    "doel": "zvh-casus",
    "vrager": "politie",
    "verstrekker": "ggz",
    "gegevens": ["gezondheid.functioneel"],
    "casusstatus": "opgenomen",
}


def log_key(broker: Broker) -> str:
    """What the operator hands a partner at registration (`sluis audit verify` prints it)."""
    return str(verifier_key(LogSigner(broker.keepers.settings.origin, broker.keepers.key_files.log_seed)))


def partner(broker: Broker, name: str, *, key: str | None = None) -> SluisClient:
    """A client of that organisation that checks every receipt."""
    access = Access.with_dpop(broker.url, name, key_of(name, broker.region.partner_keys))
    return SluisClient(broker.url, replace(access, log_key=key or log_key(broker)), http=broker.http)


def asked(told: Told, name: str, *categories: str) -> Json:
    return {**question(told.case, *categories), "medewerker": STAFF[name]}


def test_a_dry_run_says_what_would_help(broker: Broker) -> None:
    advice = partner(broker, POLICE).do(asks.dry_run(QUESTION))
    assert advice.decision in {"weigeren", "voorleggen"}
    assert advice.policy.startswith("sha256:")
    assert {**advice.refused, **advice.referred}.keys() == {"gezondheid.functioneel"}


def test_a_release_comes_with_a_checked_receipt_and_shows_no_content_in_a_log_line(broker: Broker, told: Told) -> None:
    outcome = partner(broker, POLICE).do(asks.request(asked(told, POLICE)))
    assert isinstance(outcome, heard.Released)
    (item,) = outcome.bundle.categories["gezondheid.functioneel"].items
    advice = str(next(iter(item.fields.values())))
    assert advice not in repr(outcome)
    assert outcome.bundle.person not in repr(outcome)
    assert outcome.keep["gezondheid.functioneel"]


def test_a_waiting_request_is_judged_and_collected(broker: Broker, told: Told) -> None:
    probation, ggz = partner(broker, PROBATION), partner(broker, GGZ)
    waits = probation.do(asks.request(asked(told, PROBATION)))
    assert isinstance(waits, heard.Waiting)
    assert waits.referred
    assert waits.id in {one.id for one in ggz.do(asks.tasks(as_provider=True)).tasks}
    task = ggz.do(asks.task(waits.id))
    assert task.motivation
    assert "aan de deur" not in repr(task)
    again = probation.do(asks.collect(waits.id, STAFF[PROBATION]))
    assert isinstance(again, heard.Waiting)


def test_a_refusal_is_an_outcome_and_the_same_for_a_person_nobody_knows(broker: Broker) -> None:
    base: Json = {
        "doel": "vitaal-belang",
        "verstrekker": GGZ,
        "gegevens": ["gezondheid.functioneel"],
        "motivering": {"gezondheid.functioneel": "Wij staan aan de deur."},
        "medewerker": STAFF[POLICE],
    }
    found = [partner(broker, POLICE).do(asks.request({**base, "betrokkene": who})) for who in (KNOWN, UNKNOWN)]
    assert all(isinstance(one, heard.Refused) for one in found)
    assert found[0].refused == found[1].refused


def test_the_register_is_read_with_its_proofs(broker: Broker, told: Told) -> None:
    police = partner(broker, POLICE)
    page = police.do(asks.releases(count=1))
    assert len(page.entries) == 1
    entry = police.do(asks.release(told.release))
    assert entry.recipient == POLICE
    head = check_place(police.do(asks.proof(told.release)), log_key(broker), entry=told.release)
    assert head.origin == broker.keepers.settings.origin


def test_cases_contributions_and_consents(broker: Broker, told: Told) -> None:
    ggz = partner(broker, GGZ)
    assert told.case in {one.id for one in ggz.do(asks.cases()).cases}
    case = ggz.do(asks.case(told.case))
    assert TOWN in {one.organisation for one in case.participants}
    left = ggz.do(
        asks.contribute({"gegeven": "gezondheid.lvb", "velden": {"testscore": "61"}, "medewerker": STAFF[GGZ]}, told.case)
    )
    assert ggz.do(asks.withdraw("bijdragen", left.id, STAFF[GGZ])).id == left.id
    consent: Json = {
        "casus": told.case,
        "betrokkene": KNOWN,
        "ontvangers": [PROBATION],
        "doelen": ["zvh-casus"],
        "gegevens": ["gezondheid.lvb"],
        "uitleg": "In gewone taal uitgelegd.",
        "medewerker": STAFF[GGZ],
    }
    assert ggz.do(asks.consent(consent)).log.receipt.startswith("c2sp.org/tlog-proof@v1\n")
    led = partner(broker, TOWN).do(asks.appoint(told.case, {"trekker": TOWN, "medewerker": STAFF[TOWN]}))
    assert led.case.lead == TOWN


def test_the_same_key_gives_the_same_answer_and_another_question_under_it_is_refused(broker: Broker, told: Told) -> None:
    police = partner(broker, POLICE)
    first = police.do(asks.request(asked(told, POLICE)), key="nacht-0001")
    assert police.do(asks.request(asked(told, POLICE)), key="nacht-0001") == first
    with pytest.raises(problems.BadQuestion) as caught:
        police.do(asks.request(asked(told, POLICE, "gezondheid.lvb")), key="nacht-0001")
    assert (caught.value.status, caught.value.slug) == (422, "sleutel-al-gebruikt")


def test_problems_name_the_flaws_and_never_the_values(broker: Broker, told: Told) -> None:
    with pytest.raises(problems.BadQuestion) as caught:
        partner(broker, POLICE).do(asks.request({**asked(told, POLICE), "gegevens": "999900018"}))
    assert [flaw.name for flaw in caught.value.flaws] == ["gegevens"]
    assert "999900018" not in str(caught.value) + repr(caught.value.flaws)
    with pytest.raises(problems.Missing):
        partner(broker, POLICE).do(asks.task("bestaat-niet"))
    police = partner(broker, POLICE)
    narrow = SluisClient(broker.url, replace(police.access, scope="casussen"), http=broker.http)
    with pytest.raises(problems.NotPermitted) as refused:
        narrow.do(asks.tasks())
    assert refused.value.slug == "scope-ontbreekt"


def test_a_receipt_of_another_log_stops_the_answer(broker: Broker, told: Told) -> None:
    other = "sluis.example/log/veenstad/demo+2b8d0f5c+AWNsbm9lcnZvb3JldmVydmFsc3RlbG9nc2xldXRlbHM="
    with pytest.raises((LedgerBroken, BadInput)):
        partner(broker, POLICE, key=other).do(asks.request(asked(told, POLICE)))


def spoilt(answer: Json, *path: str, to: object) -> bytes:
    changed: Json = json.loads(json.dumps(answer))
    inner = changed
    for step in path[:-1]:
        found = inner[step]
        assert isinstance(found, dict)
        inner = found
    inner[path[-1]] = to
    return json.dumps(changed).encode()


def test_a_changed_bundle_or_a_borrowed_receipt_is_caught(broker: Broker, told: Told) -> None:
    police = broker.as_(POLICE)
    one, two = (police.post("/v1/verzoeken", question(told.case)).json() for _ in range(2))
    check_released(json.dumps(one).encode(), log_key(broker))
    for changed in (
        spoilt(one, "bundel", "betrokkene", to="een-ander"),
        spoilt(one, "bundelHash", to=two["bundelHash"]),
        spoilt(one, "logboek", "bewijs", to=two["logboek"]["bewijs"]),
        spoilt(one, "logboek", "registratie", to=two["logboek"]["registratie"]),
        spoilt(one, "logboek", "positie", to=two["logboek"]["positie"]),
    ):
        with pytest.raises(LedgerBroken):
            check_released(changed, log_key(broker))
    for nothing in (b"", b"[]", b"{}", b'{"bundel": 1e400}', spoilt(one, "bundel", to={"x": 2**60})):
        with pytest.raises(BadInput):
            check_released(nothing, log_key(broker))


# ---- both kinds of client, against answers that a test writes ------------------------------------

Handler = Callable[[httpx2.Request], httpx2.Response]


def says(*answers: httpx2.Response) -> Handler:
    left = list(answers)

    def handle(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth2/token":
            return httpx2.Response(200, json={"access_token": "t", "expires_in": 600})
        return left.pop(0)

    return handle


ACCESS = Access.with_dpop("https://sluis.example", "ggz", PartnerKey.generate("ES256"))
ADVICE = {
    "besluit": "weigeren",
    "gegevens": {},
    "geweigerd": {},
    "voorgelegd": {},
    "plichten": [],
    "regels": [],
    "grondslagen": {},
}


def sync(handler: Handler, waited: list[float]) -> SluisClient:
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    return SluisClient("https://sluis.example", ACCESS, http=http, wait=waited.append)


def test_too_many_calls_wait_as_long_as_the_broker_asks_and_not_for_ever() -> None:
    waited: list[float] = []
    busy, good = partial(httpx2.Response, 429), httpx2.Response(200, json={**ADVICE, "beleid": "sha256:0"})
    client = sync(says(busy(headers={"retry-after": "3"}), good), waited)
    assert client.do(asks.dry_run({})).decision == "weigeren"
    assert waited == [3.0]
    client = sync(says(busy(headers={"retry-after": "3600"})), waited)
    with pytest.raises(problems.TooOften):
        client.do(asks.dry_run({}))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, problems.BadQuestion),
        (401, problems.NotLetIn),
        (403, problems.NotPermitted),
        (404, problems.Missing),
        (409, problems.WrongMoment),
        (413, problems.BadQuestion),
        (500, problems.Unavailable),
        (503, problems.Unavailable),
    ],
)
def test_every_status_has_its_exception_also_without_a_document(status: int, kind: type[problems.Problem]) -> None:
    client = sync(says(*[httpx2.Response(status, text="<html>")] * 3), [])
    with pytest.raises(kind):
        client.do(asks.cases())


def test_an_answer_of_another_shape_is_no_value() -> None:
    client = sync(says(httpx2.Response(200, json={"besluit": "999900018"})), [])
    with pytest.raises(CallFailed) as caught:
        client.do(asks.dry_run({}))
    assert "999900018" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_async_client_does_the_same() -> None:
    import asyncio

    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    async def run() -> heard.Advice:
        good = httpx2.Response(200, json={**ADVICE, "beleid": "sha256:0", "nieuw": True})
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(says(httpx2.Response(429, headers={"retry-after": "2"}), good)))
        async with AsyncSluisClient("https://sluis.example", ACCESS, http=http, wait=wait) as client:
            return await client.do(asks.dry_run({}))

    assert asyncio.run(run()).policy == "sha256:0"
    assert waited == [2.0]
