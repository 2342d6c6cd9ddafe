"""The login of the demonstration: it says what it is, and exists nowhere else."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from identity_officers import portal_page
from identity_world import ISSUER, MemorySessions, MovingClock
from starlette.testclient import TestClient

from sluis.core.errors import NotAllowed
from sluis.core.partner import Officer
from sluis.identity.addresses import Addresses
from sluis.identity.demo_login import DemoLogin, demo_router
from sluis.identity.front import Front, FrontRules
from sluis.identity.officer_routes import OfficerDoors
from sluis.identity.sessions import OfficerSessions

NOOR = Officer(subject="demo|noor", name="Noor (demo)", roles=frozenset({"privacy-officer"}))
LOOPBACK = "http://127.0.0.1:8080"


class DemoPortal:
    def __init__(self, address: str = ISSUER) -> None:
        self.clock = MovingClock()
        self.login = DemoLogin({"noor": NOOR}, self.clock, demo=True)
        keeper = OfficerSessions(sessions=MemorySessions(), addresses=Addresses(issuer=address, audience=""), clock=self.clock)
        self.reports: list[str] = []
        app = FastAPI()
        app.include_router(demo_router(self.login, OfficerDoors(sessions=keeper, base="/portaal", report=self.reports.append)))
        portal_page(app, keeper)
        self.address = address
        self.browser = TestClient(Front(app, FrontRules(version="1.0.0")), base_url=address, follow_redirects=False)

    def enter(self, password: str, user: str = "noor", origin: str | None = None) -> int:
        form = {"gebruiker": user, "wachtwoord": password}
        return self.browser.post("/portaal/aanmelden", data=form, headers={"origin": origin or self.address}).status_code


def test_outside_the_demonstration_there_is_no_such_login() -> None:
    with pytest.raises(NotAllowed):
        DemoLogin({"noor": NOOR}, MovingClock(), demo=False)


def test_the_form_says_that_it_is_a_demonstration_and_shows_no_password() -> None:
    portal = DemoPortal()
    answer = portal.browser.get("/portaal/aanmelden")
    assert "Demonstratie: dit is geen echte aanmelding" in answer.text
    assert portal.login.passwords["noor"] not in answer.text
    assert "form-action 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("address", [ISSUER, LOOPBACK])
def test_the_password_of_this_start_opens_a_session(address: str) -> None:
    portal = DemoPortal(address)
    assert portal.enter(portal.login.passwords["noor"]) == 303
    assert portal.browser.get("/portaal").json()["rollen"] == ["privacy-officer"]


def test_another_password_another_user_or_another_site_does_not() -> None:
    portal = DemoPortal()
    password = portal.login.passwords["noor"]
    assert portal.enter("x") == 403
    assert portal.enter(password, user="iemand") == 403
    assert portal.enter(password, user="") == 403
    assert portal.enter(password, origin="https://kwaad.example") == 403
    assert portal.browser.post("/portaal/aanmelden", json={}, headers={"origin": ISSUER}).status_code == 403
    assert portal.browser.get("/portaal").status_code == 401
    assert set(portal.reports) == {"demo-password"}


def test_passwords_are_made_at_each_start_and_kept_as_hashes() -> None:
    first, second = DemoPortal().login, DemoPortal().login
    assert first.passwords["noor"] != second.passwords["noor"]
    assert first.passwords["noor"] not in repr(first._accounts)
    assert first._accounts["noor"].hash != second._accounts["noor"].hash


def test_after_ten_tries_even_the_right_password_waits() -> None:
    portal = DemoPortal()
    password = portal.login.passwords["noor"]
    for _ in range(10):
        assert portal.enter("x") == 403
    assert portal.enter(password) == 403
    portal.clock.forward(minutes=1)
    assert portal.enter(password) == 303


def test_leaving_works_as_it_does_elsewhere() -> None:
    portal = DemoPortal()
    portal.enter(portal.login.passwords["noor"])
    csrf = portal.browser.get("/portaal").json()["csrf"]
    portal.browser.post("/portaal/afmelden", data={"csrf": csrf}, headers={"origin": ISSUER})
    assert portal.browser.get("/portaal").status_code == 401
