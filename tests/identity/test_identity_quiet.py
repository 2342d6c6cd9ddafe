"""What must not be seen: secrets in logs, and in the shape or the time of a refusal, whether a partner exists."""

from __future__ import annotations

import logging
import random
import statistics
import time

import pytest
from identity_officers import Portal
from identity_world import API, CERTIFICATE, START, TOKEN_URL, asks, cert, ec_key, partner

from sluis.client.keys import ASSERTION_TYPE, PartnerKey
from sluis.identity.assertions import NotAuthenticated

CANARY = "999990019"  # a number of the shape of a BSN that belongs to nobody


def test_no_token_assertion_proof_or_canary_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("authlib").setLevel(logging.INFO)  # noqa: TID251 - what the settings do for every log level of ours
    at = asks()
    key = PartnerKey(key=ec_key(), algorithm="ES256")
    assertion, proof = at.assertion("ggz", "ES256"), key.proof("POST", TOKEN_URL, START)
    token = at.ask(assertion, {"dpop": proof}, scope="verzoeken").json()["access_token"]
    used = key.proof("GET", API, START, token=token)
    headers = {"authorization": f"DPoP {token}", "dpop": used, "x-request-id": CANARY}
    assert at.replica.web.get(f"/v1/ik?bsn={CANARY}", headers=headers).status_code == 200
    at.ask(at.assertion(claims={"sub": CANARY, "iss": CANARY}), cert(CERTIFICATE), scope=CANARY, client_id=CANARY)
    at.replica.web.get("/v1/ik", headers={"authorization": f"Bearer {CANARY}"})
    at.replica.web.get("/boem")
    portal = Portal()
    portal.signed_in()
    portal.come_back(portal.browser(), error=CANARY)
    own = [record for record in caplog.records if not record.name.startswith(("httpx2", "httpcore2"))]  # the test's own browser
    text = "\n".join(f"{record.getMessage()} {record.args} {record.exc_text}" for record in own)
    for secret in (token, assertion, proof, used, CANARY, *portal.sessions.rows):
        assert secret not in text


def test_no_refusal_repeats_what_was_sent() -> None:
    at = asks()
    answers = [
        at.ask(at.assertion(claims={"sub": CANARY, "iss": CANARY}), cert(CERTIFICATE)),
        at.ask(at.assertion(), cert(CERTIFICATE), scope=CANARY),
        at.ask(at.assertion(), cert(CERTIFICATE), client_id=CANARY),
        at.replica.web.post("/oauth2/token", data={"grant_type": CANARY}),
        at.replica.web.get(f"/{CANARY}"),
        at.replica.web.get("/v1/ik", headers={"authorization": f"Bearer {CANARY}"}),
        at.replica.web.post("/oauth2/token", content=f"{CANARY}=1&{CANARY}=2"),
    ]
    for answer in answers:
        assert answer.status_code >= 400
        assert CANARY not in answer.text + str(answer.headers)


def gap(first: list[float], second: list[float]) -> float:
    """The difference of the medians, in parts of the smaller."""
    medians = sorted((statistics.median(first), statistics.median(second)))
    return (medians[1] - medians[0]) / medians[0]


@pytest.mark.slow
@pytest.mark.parametrize("algorithm", ["PS256", "ES256"])
def test_the_time_of_a_refusal_does_not_tell_a_known_partner_from_an_unknown_one(algorithm: str) -> None:
    """A permutation test at the 0.1 % level on 600 refusals of each kind, in random order.

    Its power is shown on the same sample: were one kind 30 % slower, the test would see it. A gap below 15 % of a refusal
    (some 15 microseconds) is called none. Keys are of the size that our client makes; other sizes take other times.
    """
    at = asks()
    rng = random.Random(7)  # noqa: S311 - the order of a test
    own, other = (PartnerKey.generate(algorithm).key for _ in "ab")
    at.replica.world.directory.save(partner("politie", own))
    order = ["politie", "niemand"] * 600
    rng.shuffle(order)
    taken: dict[str, list[float]] = {"politie": [], "niemand": []}
    for name in order:
        form = {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": at.assertion(name, algorithm, key=other, kid=own.kid or ""),
        }
        began = time.perf_counter()
        with pytest.raises(NotAuthenticated):
            at.replica.issuing.assertions.partner(form)
        taken[name].append(time.perf_counter() - began)

    def seen(known: list[float], unknown: list[float]) -> bool:
        everything, found = known + unknown, gap(known, unknown)
        by_chance = 0
        for _ in range(1000):
            rng.shuffle(everything)
            by_chance += gap(everything[:600], everything[600:]) >= found
        return by_chance <= 1

    assert seen([each * 1.3 for each in taken["politie"]], taken["niemand"])
    assert gap(taken["politie"], taken["niemand"]) < 0.15 or not seen(taken["politie"], taken["niemand"])
