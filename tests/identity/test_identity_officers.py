"""Officers: what a login must have, how a session ends, and what is not believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from identity_officers import MAPPING, PROVIDER, ROLES, Portal
from identity_world import ISSUER
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from sluis.core.errors import BadInput
from sluis.identity.encoding import fingerprint
from sluis.identity.provider import EIDAS, ProviderRules
from sluis.identity.roles import role_mapping
from sluis.identity.tickets import Ticket, Tickets

RULES = ProviderRules(issuer=PROVIDER, client_id="sluis", redirect_uri=f"{ISSUER}/portaal/terug")


def said_no(portal: Portal, reason: str, **other: str) -> bool:
    """Whether this login ends without a session, for that reason."""
    browser = portal.browser()
    answer = portal.come_back(browser, **other)
    closed = answer.status_code == 403 and not portal.sessions.rows and browser.get("/portaal").status_code == 401
    return closed and portal.reports == [reason]


def test_an_officer_logs_in() -> None:
    portal = Portal()
    browser = portal.signed_in()
    said = browser.get("/portaal").json()
    assert said["rollen"] == ["privacy-officer"]
    assert said["wie"] == f"{PROVIDER}|a1"
    assert said["partner"] is None


def test_after_the_login_the_portal_opens() -> None:
    portal = Portal()
    assert portal.come_back(portal.browser()).headers["location"] == "/portaal/"


def test_a_login_asks_for_what_it_will_check() -> None:
    portal = Portal()
    url = urlsplit(portal.browser().get("/portaal/aanmelden").headers["location"])
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{PROVIDER}/auth"
    assert (asked["response_type"], asked["scope"], asked["code_challenge_method"]) == ("code", "openid", "S256")
    assert asked["acr_values"] == f"{EIDAS[1]} {EIDAS[2]}"
    assert asked["max_age"] == "3600"
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[name]) >= 43  # 256 bits
    assert "client_secret" not in asked


def test_every_login_is_fresh() -> None:
    portal = Portal()
    urls = [parse_qs(urlsplit(portal.browser().get("/portaal/aanmelden").headers["location"]).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert urls[0][name] != urls[1][name]


def test_our_assertion_at_the_provider_is_ps256_for_its_issuer_and_new_each_time() -> None:
    portal = Portal()
    for _ in range(2):
        portal.signed_in()
    shown = [form["client_assertion"] for path, form in portal.idp.asked if path == "/token"]
    published = KeySet.import_key_set(portal.browser().get("/portaal/sleutels").json())
    claims = [jwt.decode(text, published, algorithms=["PS256"]).claims for text in shown]
    assert {(each["iss"], each["sub"], each["aud"]) for each in claims} == {("sluis", "sluis", PROVIDER)}
    assert len({each["jti"] for each in claims}) == 2


def test_a_pushed_request_keeps_everything_out_of_the_browser() -> None:
    portal = Portal()
    portal.idp.metadata = {"pushed_authorization_request_endpoint": f"{PROVIDER}/par"}
    url = portal.browser().get("/portaal/aanmelden").headers["location"]
    assert parse_qs(urlsplit(url).query).keys() == {"client_id", "request_uri"}
    assert portal.signed_in().get("/portaal").status_code == 200


# ---- the answer ----------------------------------------------------------------------------------


def test_the_answer_must_come_from_the_provider_we_asked() -> None:
    assert said_no(Portal(), "answer-issuer", iss="https://kwaad.example")
    assert said_no(Portal(), "answer-issuer", iss="")
    silent = Portal(replace(RULES, names_itself=False))
    assert silent.come_back(silent.browser(), iss="").status_code == 303
    assert said_no(Portal(replace(RULES, names_itself=False)), "answer-issuer", iss="https://kwaad.example")


def test_the_state_must_be_ours_and_of_this_browser() -> None:
    assert said_no(Portal(), "state", state="x")
    assert said_no(Portal(), "state", state="")
    portal = Portal()
    start = portal.browser().get("/portaal/aanmelden")
    stolen = portal.idp.authorize(start.headers["location"])
    assert portal.browser().get("/portaal/terug", params=stolen).status_code == 403
    assert portal.reports == ["state"]


def test_a_doubled_parameter_is_no_answer() -> None:
    portal = Portal()
    browser = portal.browser()
    answer = portal.idp.authorize(browser.get("/portaal/aanmelden").headers["location"])
    doubled = urlencode([*answer.items(), ("state", answer["state"])])
    assert browser.get(f"/portaal/terug?{doubled}").status_code == 403


def test_an_answer_is_good_once() -> None:
    portal = Portal()
    browser = portal.browser()
    start = browser.get("/portaal/aanmelden")
    ticket = browser.cookies["__Host-sluis-aanmelding"]
    answer = portal.idp.authorize(start.headers["location"])
    assert browser.get("/portaal/terug", params=answer).status_code == 303
    again = portal.browser()
    again.cookies.set("__Host-sluis-aanmelding", ticket)
    assert again.get("/portaal/terug", params=answer).status_code == 403
    assert portal.reports == ["state-used"]


def test_a_login_that_takes_too_long_begins_again() -> None:
    portal = Portal()
    browser = portal.browser()
    answer = portal.idp.authorize(browser.get("/portaal/aanmelden").headers["location"])
    portal.clock.forward(minutes=11)
    assert browser.get("/portaal/terug", params=answer).status_code == 403


def test_a_no_of_the_provider_is_a_no() -> None:
    assert said_no(Portal(), "provider-said-no", error="access_denied")
    assert said_no(Portal(), "provider-said-no", code="")
    assert said_no(Portal(), "provider-refused", code="invented")


def test_what_the_provider_writes_is_never_shown() -> None:
    portal = Portal()
    answer = portal.come_back(portal.browser(), error="<script>CANARY-9999", error_description="CANARY-9999")
    assert "CANARY-9999" not in answer.text + str(portal.reports) + str(answer.headers)


# ---- the ID token --------------------------------------------------------------------------------

AT = int(Portal().clock.seconds)
BAD_CLAIMS: list[tuple[str, dict[str, object]]] = [
    ("id-token-issuer", {"iss": "https://kwaad.example"}),
    ("id-token-audience", {"aud": "ander"}),
    ("id-token-audience", {"aud": ["sluis", "ander"]}),
    ("id-token-audience", {"aud": None}),
    ("id-token-audience", {"azp": "ander"}),
    ("id-token-nonce", {"nonce": "x"}),
    ("id-token-nonce", {"nonce": None}),
    ("id-token-life", {"exp": AT + 301}),
    ("id-token-life", {"exp": AT - 10, "iat": AT - 100}),
    ("id-token", {"iat": AT + 600, "exp": AT + 700}),
    ("id-token", {"exp": "x"}),
    ("id-token", {"nbf": AT + 600}),
    ("level-too-low", {"acr": EIDAS[0]}),
    ("level-too-low", {"acr": "iets"}),
    ("level-too-low", {"acr": None}),
    ("level-too-low", {"acr": None, "amr": ["mfa", "hwk"]}),
    ("login-too-old", {"auth_time": AT - 3700}),
    ("id-token", {"auth_time": "x"}),
    ("id-token", {"auth_time": AT + 600}),
    ("no-role", {"groepen": []}),
    ("no-role", {"groepen": ["iets"]}),
    ("no-role", {"groepen": {"sluis-po": 1}}),
    ("no-organisation", {"sub": ""}),
    ("no-organisation", {"sub": 5}),
]


@pytest.mark.parametrize(("reason", "claims"), BAD_CLAIMS, ids=str)
def test_an_id_token_that_is_not_right_is_refused(reason: str, claims: dict[str, object]) -> None:
    portal = Portal()
    portal.idp.claims = claims
    assert said_no(portal, reason)


@pytest.mark.parametrize("name", ["iss", "sub", "aud", "exp", "iat", "nonce", "acr", "auth_time", "groepen"])
def test_an_id_token_without_a_claim_is_refused(name: str) -> None:
    portal = Portal()
    portal.idp.without = name
    assert portal.come_back(portal.browser()).status_code == 403
    assert len(portal.reports) == 1


@pytest.mark.parametrize(
    "header", [{"alg": "RS256"}, {"alg": "PS512"}, {"kid": "x"}, {"typ": "at+jwt"}, {"typ": "logout+jwt"}], ids=str
)
def test_an_id_token_under_another_algorithm_or_key_is_refused(header: dict[str, object]) -> None:
    portal = Portal()
    portal.idp.header = header
    assert said_no(portal, "id-token-signature")


def test_a_level_in_words_of_the_providers_own_counts_alone() -> None:
    portal = Portal(replace(RULES, minimum_acr="urn:eigen:hoog"))
    portal.idp.claims = {"acr": "urn:eigen:hoog"}
    assert portal.signed_in().get("/portaal").status_code == 200
    portal.idp.claims = {"acr": EIDAS[2]}
    assert portal.come_back(portal.browser()).status_code == 403


def test_rs256_is_a_setting() -> None:
    portal = Portal(replace(RULES, algorithms=("RS256",)))
    portal.idp.header = {"alg": "RS256"}
    assert portal.signed_in().get("/portaal").status_code == 200


def test_a_new_key_of_the_provider_is_fetched_at_most_once_a_minute() -> None:
    portal = Portal()
    portal.signed_in()
    portal.idp.key = RSAKey.generate_key(2048, {"kid": "new"})
    assert portal.come_back(portal.browser()).status_code == 403
    assert [path for path, _ in portal.idp.asked].count("/jwks") == 1
    portal.clock.forward(minutes=1)
    portal.signed_in()


def test_discovery_believes_the_configured_issuer_only() -> None:
    for metadata in ({"issuer": "https://kwaad.example"}, {"token_endpoint": "http://idp.example/token"}, {"jwks_uri": None}):
        portal = Portal()
        portal.idp.metadata = {**metadata}
        assert portal.browser().get("/portaal/aanmelden").status_code == 403
        assert portal.reports[0].startswith("discovery-")


def test_a_provider_that_is_down_lets_nobody_in() -> None:
    portal = Portal()
    portal.idp.down = True
    assert portal.browser().get("/portaal/aanmelden").status_code == 403
    assert portal.reports == ["provider-unreachable"]


# ---- roles ---------------------------------------------------------------------------------------

OF_PARTNERS: dict[str, object] = MAPPING | {"organisation_claim": "org", "organisations": {"0001": "politie", "0002": "ggz"}}


def test_an_officer_of_a_partner_is_of_that_partner_only() -> None:
    portal = Portal(mapping=OF_PARTNERS)
    portal.idp.claims = {"org": "0002"}
    assert portal.signed_in().get("/portaal").json()["partner"] == "ggz"


@pytest.mark.parametrize("org", [None, "0003", ["0001", "0002"], 5])
def test_an_officer_of_nowhere_or_of_two_places_sees_nothing(org: object) -> None:
    portal = Portal(mapping=OF_PARTNERS)
    portal.idp.claims = {"org": org}
    assert said_no(portal, "no-organisation")


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"claim": "g", "roles": {}},
        {"claim": "g", "roles": {"x": []}},
        {"claim": "g", "roles": {"x": ["baas"]}},
        {"claim": "", "roles": {"x": ["auditor"]}},
        {"claim": "g", "roles": {"x": ["auditor"]}, "extra": 1},
        {"claim": "g", "roles": {"x": ["auditor"]}, "organisation_claim": "o"},
        {"claim": "g", "roles": {"x": ["auditor"]}, "organisations": {"a": "b"}},
    ],
    ids=str,
)
def test_a_mapping_with_a_flaw_does_not_load(document: Mapping[str, object]) -> None:
    with pytest.raises(BadInput):
        role_mapping(document, ROLES)


# ---- sessions ------------------------------------------------------------------------------------


def test_the_session_cookie_is_for_this_host_and_no_script() -> None:
    portal = Portal()
    answer = portal.come_back(portal.browser())
    (cookie,) = [value for value in answer.headers.get_list("set-cookie") if value.startswith("__Host-sluis-sessie=")]
    for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    assert len(value) >= 32  # 192 bits
    assert fingerprint(value.encode()) in portal.sessions.rows
    assert value not in str(portal.sessions.rows)


def test_a_session_ends_when_idle_and_lives_when_used() -> None:
    portal = Portal()
    browser = portal.signed_in()
    for _ in range(3):
        portal.clock.forward(minutes=14)
        assert browser.get("/portaal").status_code == 200
    portal.clock.forward(minutes=15, seconds=1)
    assert browser.get("/portaal").status_code == 401
    assert not portal.sessions.rows


def test_a_session_ends_after_eight_hours_however_busy() -> None:
    portal = Portal()
    browser = portal.signed_in()
    for _ in range(48):
        portal.clock.forward(minutes=10)
        assert browser.get("/portaal").status_code == 200
    portal.clock.forward(seconds=1)
    assert browser.get("/portaal").status_code == 401


def test_a_new_login_makes_a_new_session_and_ends_the_old() -> None:
    portal = Portal()
    browser = portal.signed_in()
    old = browser.cookies["__Host-sluis-sessie"]
    assert portal.come_back(browser).status_code == 303
    assert browser.cookies["__Host-sluis-sessie"] != old
    assert portal.sessions.find(old) is None
    assert len(portal.sessions.rows) == 1


def test_a_planted_session_id_is_never_used() -> None:
    portal = Portal()
    browser = portal.browser()
    browser.cookies.set("__Host-sluis-sessie", "geplant")
    assert portal.come_back(browser).status_code == 303
    assert portal.sessions.find("geplant") is None


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ({"origin": ISSUER}, True),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"origin": "https://kwaad.example"}, False),
        ({"origin": "https://kwaad.example", "sec-fetch-site": "same-origin"}, False),
        ({"origin": "null", "sec-fetch-site": "cross-site"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "none"}, False),
        ({}, False),
    ],
)
def test_a_form_counts_from_our_own_page_with_the_token_of_the_session(headers: dict[str, str], *, good: bool) -> None:
    portal = Portal()
    browser = portal.signed_in()
    csrf = browser.get("/portaal").json()["csrf"]
    assert browser.post("/portaal/besluit", headers=headers | {"x-test-csrf": csrf}).status_code == (200 if good else 403)
    for wrong in ("", "x", portal.signed_in().get("/portaal").json()["csrf"]):
        assert browser.post("/portaal/besluit", headers=headers | {"x-test-csrf": wrong}).status_code == 403


def test_an_officer_leaves() -> None:
    portal = Portal()
    browser = portal.signed_in()
    csrf = browser.get("/portaal").json()["csrf"]
    assert browser.post("/portaal/afmelden", data={"csrf": "x"}, headers={"origin": ISSUER}).status_code == 403
    assert browser.get("/portaal").status_code == 200
    assert browser.post("/portaal/afmelden", data={"csrf": csrf}, headers={"origin": ISSUER}).status_code == 200
    assert not portal.sessions.rows
    assert browser.get("/portaal").status_code == 401
    assert browser.post("/portaal/afmelden", data={"csrf": csrf}, headers={"origin": ISSUER}).status_code == 200


# ---- back-channel logout -------------------------------------------------------------------------


def test_the_provider_ends_every_session_of_an_officer_and_of_nobody_else() -> None:
    portal = Portal()
    browsers = [portal.signed_in(), portal.signed_in()]
    portal.idp.claims = {"sub": "b2"}
    other = portal.signed_in()
    assert (
        portal.browser().post("/portaal/afmelden/aanbieder", data={"logout_token": portal.idp.logout_token()}).status_code == 200
    )
    assert [browser.get("/portaal").status_code for browser in [*browsers, other]] == [401, 401, 200]


def test_a_logout_token_is_good_once() -> None:
    portal = Portal()
    token = portal.idp.logout_token()
    assert [portal.browser().post("/portaal/afmelden/aanbieder", data={"logout_token": token}).status_code for _ in "ab"] == [
        200,
        400,
    ]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://kwaad.example"},
        {"aud": "ander"},
        {"events": {}},
        {"events": None},
        {"nonce": "x"},
        {"exp": AT - 60, "iat": AT - 100},
        {"exp": AT + 3600},
        {"sub": 5},
        {"jti": 5},
    ],
    ids=str,
)
def test_a_logout_token_that_is_not_right_ends_nothing(claims: dict[str, object]) -> None:
    portal = Portal()
    browser = portal.signed_in()
    token = portal.idp.logout_token(claims)
    assert portal.browser().post("/portaal/afmelden/aanbieder", data={"logout_token": token}).status_code == 400
    assert browser.get("/portaal").status_code == 200


def test_an_id_token_is_no_logout_token_and_nothing_is_neither() -> None:
    portal = Portal()
    portal.signed_in()
    for data in ({"logout_token": portal.idp.id_token("n")}, {"logout_token": "a.b.c"}, {}):
        assert portal.browser().post("/portaal/afmelden/aanbieder", data=data).status_code == 400
    assert portal.sessions.rows


# ---- tickets -------------------------------------------------------------------------------------


def test_a_ticket_cannot_be_read_changed_or_kept() -> None:
    clock = Portal().clock
    tickets = Tickets(secret=b"t" * 32, clock=clock)
    ticket = Ticket(state="s", nonce="n", verifier="geheim", began=clock.now().timestamp())
    sealed = tickets.seal(ticket)
    assert tickets.open(sealed) == ticket
    assert "geheim" not in sealed + repr(ticket)
    other = Tickets(secret=b"u" * 32, clock=clock)
    for text in ("", "x", "é", sealed[:-4] + "AAAA", other.seal(ticket)):
        assert tickets.open(text) is None
    clock.at += timedelta(minutes=10, seconds=1)
    assert tickets.open(sealed) is None
