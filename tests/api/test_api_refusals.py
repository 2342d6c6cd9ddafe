"""A refusal does not tell whether somebody is known: same text, same fields, same size, same time."""

from __future__ import annotations

import itertools
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator, Mapping

import httpx2
import pytest

from world.broker import CLINIC, GGZ, KNOWN, POLICE, STAFF, TOWN, UNKNOWN, Broker, Json, Told, question

OWN = {"id", "logboek"}
"""What differs between any two answers: the handle of the request, and the place in the log."""
GROUND = {
    "toestemming-geprobeerd": "Ja, twee keer.",
    "ernstige-schade": "Dreiging.",
    "gewetensnood": "Ja.",
    "geen-andere-weg": "Nee.",
    "voorkomt-schade": "Ja.",
    "minimum-aan-wie": "Alleen bejegening.",
    "collega-geraadpleegd": "Ja.",
}  # fmt: skip - the seven questions


@pytest.fixture(scope="module")
def filled(broker: Broker, told: Told) -> Told:
    """The clinic and the GGZ know the one person and have never heard of the other."""
    for who in (CLINIC, GGZ):
        for category, fields in (("gezondheid.bestaat", {"in-zorg": True}), ("gezondheid.medicatie", {"middel": "x"})):
            body: Json = {"betrokkene": KNOWN, "gegeven": category, "velden": fields}
            given = broker.as_(who).post("/v1/bijdragen", body)
            assert given.status_code in {201, 400}, given.text
    return told


def asked(person: Mapping[str, str], provider: str, purpose: str, *categories: str, **more: object) -> Json:
    return {
        "doel": purpose,
        "verstrekker": provider,
        "betrokkene": person,
        "gegevens": list(categories),
        "motivering": dict.fromkeys(categories, "Is hij bij u bekend?"),
        **more,
    }  # fmt: skip - one body


QUESTIONS: Mapping[str, tuple[str, Callable[[Mapping[str, str]], Json]]] = {
    "is he in care": (POLICE, lambda p: asked(p, GGZ, "onbegrepen-gedrag", "gezondheid.bestaat")),
    "what does he take": (
        POLICE,
        lambda p: asked(p, CLINIC, "vitaal-belang", "gezondheid.medicatie", verklaringen={"acuut-gevaar": True}),
    ),
    "everything": (
        POLICE,
        lambda p: asked(p, CLINIC, "zvh-casus", "gezondheid.bestaat", "gezondheid.diagnose", "gezondheid.medicatie"),
    ),
    "intelligence": (TOWN, lambda p: asked(p, POLICE, "zvh-casus", "politie.artikel-12")),
    "before a human": (
        POLICE,
        lambda p: asked(
            p, GGZ, "vitaal-belang", "gezondheid.functioneel", verklaringen={"acuut-gevaar": True, "niet-aanspreekbaar": True}
        ),
    ),
}  # fmt: skip - one question a line


def same(one: httpx2.Response, other: httpx2.Response) -> None:
    """The two answers are the same in text, codes, fields, order and size."""
    first, second = one.json(), other.json()
    assert one.status_code == other.status_code
    assert list(first) == list(second)
    assert {k: v for k, v in first.items() if k not in OWN} == {k: v for k, v in second.items() if k not in OWN}
    assert len(first["id"]) == len(second["id"])
    assert set(first["logboek"]) == set(second["logboek"])
    assert sorted(one.headers) == sorted(other.headers)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("what", QUESTIONS)
def test_a_refusal_is_the_same_for_a_known_and_an_unknown_person(broker: Broker, what: str) -> None:
    who, ask = QUESTIONS[what]
    same(*(broker.as_(who).post("/v1/verzoeken", ask(person)) for person in (KNOWN, UNKNOWN)))


@pytest.mark.usefixtures("filled")
def test_the_size_of_a_refusal_depends_on_the_log_alone(broker: Broker) -> None:
    """The receipt grows with the log; without it the bytes are the same, to the byte."""
    who, ask = QUESTIONS["everything"]
    sizes = set()
    for person in (KNOWN, UNKNOWN, KNOWN, UNKNOWN):
        said = broker.as_(who).post("/v1/verzoeken", ask(person)).json()
        del said["logboek"]["bewijs"], said["logboek"]["positie"]
        sizes.add(len(json.dumps(said)))
    assert len(sizes) == 1


@pytest.mark.usefixtures("filled")
def test_a_judgement_that_is_declined_ends_as_for_an_unknown_person(broker: Broker) -> None:
    """Acceptance N04: referred, judged, declined; the final answer tells nothing."""
    who, ask = QUESTIONS["before a human"]
    finals = []
    for person in (KNOWN, UNKNOWN):
        waits = broker.as_(who).post("/v1/verzoeken", ask(person))
        assert waits.status_code == 202, waits.text
        facts = waits.json()["voorgelegd"]["gezondheid.functioneel"]["feiten"]
        no = [
            {"feit": f, "waarde": False, "gegevens": ["gezondheid.functioneel"], "gronden": {"overweging": "Nee."}} for f in facts
        ]
        judged = broker.as_(GGZ).post(f"/v1/verzoeken/{waits.json()['id']}/beoordelingen", {"oordelen": no})
        assert judged.status_code == 201, judged.text
        shown = broker.as_(who).get(f"/v1/verzoeken/{waits.json()['id']}").json()
        assert shown["status"] == "beslist"
        finals.append(broker.as_(who).post(f"/v1/verzoeken/{waits.json()['id']}/_ophalen", {}))
    assert finals[0].status_code == 403
    same(*finals)


def test_what_is_withheld_from_a_release_does_not_tell_whether_it_exists(broker: Broker, filled: Told) -> None:
    """The diagnosis is refused in the same words, whether the GGZ has one or not."""
    body = {**question(filled.case, "gezondheid.functioneel", "gezondheid.diagnose"), "medewerker": STAFF[POLICE]}
    before = broker.as_(POLICE).client.post("/v1/verzoeken", body).json()
    fields = {"diagnose": "iets", "vastgesteld": "2019-03-01"}
    left = broker.as_(GGZ).post(f"/v1/casussen/{filled.case}/bijdragen", {"gegeven": "gezondheid.diagnose", "velden": fields})
    assert left.status_code == 201
    after = broker.as_(POLICE).client.post("/v1/verzoeken", body).json()
    assert before["geweigerd"] == after["geweigerd"]
    assert before["bundel"]["gegevens"] == after["bundel"]["gegevens"]


# ---- time ----------------------------------------------------------------------------------------

PAIRS = 240
SMALLEST = 0.35
"""The effect that must be seen: a shift by 0.35 of the spread of one answer (Cohen's d of the paired differences).

With 240 pairs and a level of 1 in 10,000 a shift of that size is found with a power of over 0.9 (normal approximation:
0.35 · √240 = 5.4, against 3.89 for the level and 1.28 for the power). `test_the_test_of_time_finds…` plants such a shift.
"""
LEVEL = 3.89


def pairs(known: Iterator[float], unknown: Iterator[float]) -> list[float]:
    """The difference of each pair, the two in random order, so that whatever drifts hits both."""
    chance = random.Random(7)  # noqa: S311 - an order, no secret
    found = []
    for _ in range(PAIRS):
        first, second = (known, unknown) if chance.random() < 0.5 else (unknown, known)
        times = {id(one): next(one) for one in (first, second)}
        found.append(times[id(known)] - times[id(unknown)])
    return found


def score(differences: list[float]) -> float:
    """The signed-rank score of the differences in units of its own spread: a garbage collection in one of them is one rank."""
    ranked = sorted((d for d in differences if d), key=abs)
    signed = sum(rank if d > 0 else -rank for rank, d in enumerate(ranked, 1))
    n = len(ranked)
    return signed / (n * (n + 1) * (2 * n + 1) / 6) ** 0.5 if n else 0.0


def timed(broker: Broker, who: str, body: Json) -> Iterator[float]:
    caller = broker.as_(who)
    while True:
        began = time.perf_counter()
        caller.post("/v1/verzoeken", body)
        yield time.perf_counter() - began


@pytest.mark.usefixtures("filled")
@pytest.mark.slow
def test_a_refusal_takes_as_long_for_a_known_as_for_an_unknown_person(broker: Broker) -> None:
    """A machine that is busy now may fool one series, not three: a true difference is there in each."""
    who, ask = QUESTIONS["everything"]
    known, unknown = timed(broker, who, ask(KNOWN)), timed(broker, who, ask(UNKNOWN))
    for source in (known, unknown):
        list(itertools.islice(source, 10))  # warm
    scores = []
    for _ in range(3):
        scores.append(abs(score(pairs(known, unknown))))
        if scores[-1] < LEVEL:
            return
    pytest.fail(f"the two take different times: {scores}")


def test_the_test_of_time_finds_a_shift_of_a_third_of_the_spread_and_no_shift_where_there_is_none() -> None:
    found, false = 0, 0
    for seed in range(60):
        chance = random.Random(seed)  # noqa: S311 - an example, no secret
        noise = [chance.lognormvariate(0, 0.6) - chance.lognormvariate(0, 0.6) for _ in range(PAIRS)]
        spread = statistics.pstdev(noise)
        false += abs(score(noise)) >= LEVEL
        found += abs(score([d + SMALLEST * spread for d in noise])) >= LEVEL
    assert found >= 54, "power under 0.9"
    assert false == 0
